#include "rule/dns_view.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

static enum dns_state state_of(const struct observation *o)
{
	static const enum dns_state states[OUTCOME_COUNT] = {
	    [OUTCOME_OK] = DNS_ANSWERED,        [OUTCOME_NODATA] = DNS_ANSWERED, [OUTCOME_NXDOMAIN] = DNS_ANSWERED,
	    [OUTCOME_SERVFAIL] = DNS_ERROR,     [OUTCOME_PROTOCOL] = DNS_ERROR,  [OUTCOME_REFUSED] = DNS_SILENT,
	    [OUTCOME_TIMEOUT] = DNS_SILENT,     [OUTCOME_RESET] = DNS_SILENT,    [OUTCOME_CLOSED] = DNS_SILENT,
	    [OUTCOME_UNREACHABLE] = DNS_SILENT,
	};
	/* REFUSED by the server itself, not by ICMP. */
	if (o->outcome == OUTCOME_REFUSED && observation_has(o, FACT_DNS_RCODE, 0))
		return DNS_ERROR;
	return states[o->outcome];
}

static enum dns_role role_of(const char *name)
{
	static const struct {
		const char *name;
		enum dns_role role;
	} roles[] = {
	    {"authoritative", DNS_ROLE_AUTHORITATIVE}, {"resolver", DNS_ROLE_RESOLVER}, {"parent", DNS_ROLE_PARENT}};
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (str_equal(roles[i].name, name))
			return roles[i].role;
	return DNS_ROLE_OTHER;
}

static const char *text_or_empty(const struct observation *o, enum fact_key key)
{
	const char *text = observation_text(o, key, 0);
	return text != NULL ? text : "";
}

static void add_entry(struct dns_view *view, const struct observation *o, size_t index)
{
	view->entries = xgrow(view->entries, view->count, &view->room, sizeof *view->entries);
	struct dns_entry *entry = &view->entries[view->count++];
	*entry = (struct dns_entry){
	    .o = o,
	    .index = index,
	    .question = text_or_empty(o, FACT_DNS_QUESTION),
	    .type = text_or_empty(o, FACT_DNS_TYPE),
	    .purpose = text_or_empty(o, FACT_DNS_PURPOSE),
	    .zone = text_or_empty(o, FACT_DNS_ZONE),
	    .server = text_or_empty(o, FACT_DNS_SERVER),
	    .address = o->address,
	    .role = role_of(observation_text(o, FACT_DNS_ROLE, 0)),
	    .state = state_of(o),
	};
	entry->is_trusted = entry->state == DNS_ANSWERED && entry->address != NULL &&
	                    (entry->role != DNS_ROLE_AUTHORITATIVE || observation_flag(o, FACT_DNS_AA, 0));
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

int dns_entry_compare_servers(const struct dns_entry *a, const struct dns_entry *b)
{
	int order = compare_texts(a->server, b->server);
	order = order != 0 ? order : compare_texts(a->address, b->address);
	return order != 0 ? order : compare_texts(a->o->vantage, b->o->vantage);
}

/* RFC 1982: serials go round. Of equal ones the first server's, whichever answered first. */
static bool is_newer(const struct dns_entry *entry, const struct dns_entry *than)
{
	int64_t a = observation_int_or(entry->o, FACT_DNS_SOA_SERIAL, 0, 0);
	int64_t b = observation_int_or(than->o, FACT_DNS_SOA_SERIAL, 0, 0);
	if (a == b)
		return dns_entry_compare_servers(entry, than) < 0;
	return ((uint32_t)a - (uint32_t)b) < UINT32_C(0x80000000);
}

static void find_newest(struct dns_view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (entry->role == DNS_ROLE_AUTHORITATIVE && entry->is_trusted && str_equal(entry->type, "SOA") &&
		    observation_has(entry->o, FACT_DNS_SOA_SERIAL, 0) &&
		    (view->newest == NULL || is_newer(entry, view->newest)))
			view->newest = entry;
	}
}

/* What the zone's own servers say of a name that nobody published. */
static void ask_zone(const struct dns_view *view, bool *is_denied, bool *has_wildcard)
{
	*is_denied = *has_wildcard = false;
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (entry->role != DNS_ROLE_AUTHORITATIVE || !entry->is_trusted || !str_equal(entry->purpose, "wildcard"))
			continue;
		*is_denied = *is_denied || entry->o->outcome != OUTCOME_OK;
		*has_wildcard = *has_wildcard || entry->o->outcome == OUTCOME_OK;
	}
}

bool dns_view_is_rewriter(const struct dns_view *view, const char *address)
{
	bool is_denied, has_wildcard;
	ask_zone(view, &is_denied, &has_wildcard);
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (entry->role != DNS_ROLE_RESOLVER || entry->o->outcome != OUTCOME_OK ||
		    !str_equal(entry->purpose, "control") || !str_equal(entry->address, address))
			continue;
		if (!str_in_domain(entry->question, view->domain) || (is_denied && !has_wildcard))
			return true;
	}
	return false;
}

bool dns_view_denies_made_up(const struct dns_view *view)
{
	bool is_denied, has_wildcard;
	ask_zone(view, &is_denied, &has_wildcard);
	return is_denied && !has_wildcard;
}

static void distrust(struct dns_view *view, const char *resolver)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->entries[i].role == DNS_ROLE_RESOLVER && str_equal(view->entries[i].address, resolver))
			view->entries[i].is_trusted = false;
}

static void distrust_rewriters(struct dns_view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (entry->role == DNS_ROLE_RESOLVER && entry->is_trusted && str_equal(entry->purpose, "control") &&
		    dns_view_is_rewriter(view, entry->address))
			distrust(view, entry->address);
	}
}

bool dns_view_init(struct dns_view *view, const struct evidence *evidence, const struct policy *policy,
                   struct findings *findings)
{
	*view = (struct dns_view){.evidence = evidence, .policy = policy, .findings = findings, .domain = policy->domain};
	if (policy->domain == NULL)
		return false;
	for (size_t i = 0; i < evidence->count; i++) {
		const struct observation *o = evidence->observations[i];
		bool is_dns = str_equal(o->probe, "dns") || str_equal(o->probe, "ttl") ||
		              (str_equal(o->probe, "autodiscover") && observation_has(o, FACT_DNS_QUESTION, 0));
		if (is_dns && str_equal_nocase(o->target, policy->domain))
			add_entry(view, o, i);
	}
	find_newest(view);
	distrust_rewriters(view);
	return view->count > 0;
}

void dns_view_clear(struct dns_view *view)
{
	free(view->entries);
	*view = (struct dns_view){0};
}

static bool is_question(const struct dns_entry *entry, const char *name, const char *type)
{
	return str_equal_nocase(entry->question, name) && str_equal(entry->type, type);
}

/* What a cache is asked without recursion, or a made-up name, is no answer for the zone. */
static bool can_count(const struct dns_entry *entry)
{
	if (!entry->is_trusted || (entry->role != DNS_ROLE_AUTHORITATIVE && entry->role != DNS_ROLE_RESOLVER))
		return false;
	return !str_equal(entry->purpose, "cache") && !str_equal(entry->purpose, "control");
}

/* Asked for its TTL alone: no word on what the migration needs. */
static bool is_for_ttl(const struct dns_entry *entry)
{
	return str_equal(entry->purpose, "ttl");
}

static const struct dns_entry *find_best(const struct dns_view *view, const char *name, const char *type, bool with_ttls)
{
	const struct dns_entry *best = NULL;
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (!can_count(entry) || !is_question(entry, name, type) || (is_for_ttl(entry) && !with_ttls))
			continue;
		if (entry->role == DNS_ROLE_AUTHORITATIVE && view->newest != NULL && dns_entry_compare_servers(entry, view->newest) == 0)
			return entry;
		if (best == NULL || (best->role == DNS_ROLE_RESOLVER && entry->role == DNS_ROLE_AUTHORITATIVE))
			best = entry;
	}
	return best;
}

const struct dns_entry *dns_view_best(const struct dns_view *view, const char *name, const char *type)
{
	return find_best(view, name, type, false);
}

const struct dns_entry *dns_view_best_ttl(const struct dns_view *view, const char *name, const char *type)
{
	return find_best(view, name, type, true);
}

const struct dns_entry *dns_view_best_below(const struct dns_view *view, const char *prefix, const char *type)
{
	char *name = xasprintf("%s%s", prefix, view->domain);
	const struct dns_entry *best = dns_view_best(view, name, type);
	free(name);
	return best;
}

bool dns_view_asked(const struct dns_view *view, const char *name, const char *type)
{
	for (size_t i = 0; i < view->count; i++)
		if (is_question(&view->entries[i], name, type) && !is_for_ttl(&view->entries[i]))
			return true;
	return false;
}

bool dns_entry_is_negative(const struct dns_entry *entry)
{
	return entry != NULL && entry->is_trusted && entry->o->outcome != OUTCOME_OK;
}

struct finding *dns_view_add(const struct dns_view *view, enum finding_id id, const char *subject,
                             const char *format, ...)
{
	va_list arguments;
	struct buf summary;
	buf_init(&summary, 4096);
	va_start(arguments, format);
	buf_vprintf(&summary, format, arguments);
	va_end(arguments);
	struct finding *finding =
	    findings_add(view->findings, view->policy, id, subject != NULL ? subject : view->domain, "%s", summary.bytes);
	finding_arg(finding, "domain", view->domain);
	buf_clear(&summary);
	return finding;
}

void dns_entry_say(struct buf *out, const struct dns_entry *entry)
{
	if (entry->role == DNS_ROLE_RESOLVER)
		buf_printf(out, "resolver %s", entry->address);
	else if (entry->server[0] != '\0' && entry->address != NULL)
		buf_printf(out, "%s (%s)", entry->server, entry->address);
	else
		buf_puts(out, entry->address != NULL ? entry->address : entry->server);
}

char *dns_entry_source(const struct dns_entry *entry)
{
	if (entry->role != DNS_ROLE_RESOLVER)
		return xstrdup("");
	/* The ladder by itself asks as clients do, no server of the zone; and the zone's servers do not hold what is above it. */
	if (str_equal(entry->o->probe, "autodiscover") || str_equal(entry->purpose, "organization"))
		return xasprintf(", as resolver %s says", entry->address);
	return xasprintf(", as resolver %s says; no authoritative server answered", entry->address);
}
