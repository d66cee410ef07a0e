/* The zone's own servers: each answers, with authority, with one serial, as the parent names them. */
#include <inttypes.h>
#include <string.h>

#include "base/str.h"
#include "rule/authority.h"
#include "rule/dns_rows.h"
#include "rule/ns_server.h"
#include "rule/rules.h"

enum { SAID_BYTES = 1024 };

static int64_t serial_of(const struct authority_server *server)
{
	return observation_int_or(server->soa->o, FACT_DNS_SOA_SERIAL, 0, 0);
}

static bool judge_serials(const struct dns_view *view, const struct authority *authority)
{
	const struct authority_server *first = NULL;
	bool is_same = true;
	struct buf words;
	buf_init(&words, SAID_BYTES);
	for (size_t i = 0; i < authority->count; i++) {
		const struct authority_server *server = &authority->items[i];
		if (server->soa == NULL)
			continue;
		first = first != NULL ? first : server;
		is_same = is_same && serial_of(server) == serial_of(first);
		buf_printf(&words, "%s%" PRId64 " at ", words.length > 0 ? ", " : "", serial_of(server));
		dns_entry_say(&words, server->soa);
	}
	if (!is_same) {
		struct finding *f = dns_view_add(view, FINDING_NS_SERIAL_DIFFERS, NULL, "SOA serial %s", words.bytes);
		finding_arg(f, "value", words.bytes);
		for (size_t i = 0; i < authority->count; i++)
			if (authority->items[i].soa != NULL)
				finding_because(f, authority->items[i].soa->index);
	}
	buf_clear(&words);
	return is_same;
}

/* The hosts of the zone's NS records in an answer or a referral. */
static void read_servers(struct dns_rows *rows, const struct dns_entry *entry)
{
	static const enum fact_key keys[] = {FACT_DNS_NS_HOST, FACT_DNS_NS_OWNER};
	dns_rows_read(rows, entry->o, keys, 2);
}

static bool has_host(const struct dns_rows *rows, const char *host)
{
	for (size_t i = 0; i < rows->count; i++)
		if (str_equal_nocase(dns_rows_text(rows, i, 0), host))
			return true;
	return false;
}

/* What `rows` has and `other` has not, behind `lead`. */
static void say_surplus(struct buf *words, const char *lead, const struct dns_rows *rows, const struct dns_rows *other)
{
	size_t said = 0;
	for (size_t i = 0; i < rows->count; i++) {
		if (has_host(other, dns_rows_text(rows, i, 0)))
			continue;
		if (said++ > 0)
			buf_puts(words, ", ");
		else if (words->length > 0)
			buf_puts(words, "; ");
		buf_puts(words, dns_rows_text(rows, i, 0));
	}
	if (said > 0)
		buf_printf(words, " %s", lead);
}

static bool judge_delegation(const struct dns_view *view, const struct dns_entry *parent, const struct dns_entry *own)
{
	struct dns_rows named, served;
	struct buf words;
	buf_init(&words, SAID_BYTES);
	read_servers(&named, parent);
	read_servers(&served, own);
	/* A referral to a zone above it names other servers. */
	bool is_of_zone = named.count > 0 && str_equal_nocase(dns_rows_text(&named, 0, 1), parent->question);
	if (is_of_zone && served.count > 0) {
		say_surplus(&words, "only at the parent", &named, &served);
		say_surplus(&words, "only in the zone", &served, &named);
	}
	bool is_same = words.length == 0;
	if (!is_same) {
		struct finding *f = dns_view_add(view, FINDING_NS_DELEGATION_DIFFERS, NULL, "%s", words.bytes);
		finding_arg(f, "value", words.bytes);
		finding_because(f, parent->index);
		finding_because(f, own->index);
	}
	dns_rows_clear(&named);
	dns_rows_clear(&served);
	buf_clear(&words);
	return is_same;
}

/* The first parent server that named the zone's servers, against the zone's own word. */
static bool judge_delegations(const struct dns_view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *parent = &view->entries[i];
		if (parent->role != DNS_ROLE_PARENT || parent->o->outcome != OUTCOME_OK || !str_equal(parent->type, "NS"))
			continue;
		const struct dns_entry *own = dns_view_best(view, parent->question, "NS");
		if (own != NULL && own->role == DNS_ROLE_AUTHORITATIVE)
			return judge_delegation(view, parent, own);
	}
	return true;
}

static const struct dns_entry *answering_resolver(const struct dns_view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->entries[i].role == DNS_ROLE_RESOLVER && view->entries[i].is_trusted &&
		    str_in_domain(view->entries[i].question, view->domain) && view->entries[i].o->outcome == OUTCOME_OK)
			return &view->entries[i];
	return NULL;
}

/* Unless the user has set another severity for it. */
static void make_unknown(struct finding *f)
{
	if (f->severity == catalogue_get(f->id)->before)
		f->severity = SEVERITY_UNKNOWN;
}

/*
 * No authoritative server says anything to us while a resolver gets answers from them: more likely direct DNS is closed
 * here than every server is dead. That is not for the servers to answer for, so it is unknown, in one finding.
 */
static bool judge_blocked_here(const struct dns_view *view, const struct authority *authority)
{
	size_t silent = 0;
	const struct dns_entry *resolver = answering_resolver(view);
	for (size_t i = 0; i < authority->count; i++) {
		silent += authority->items[i].is_tried && authority->items[i].first->address != NULL;
		if (authority->items[i].has_spoken)
			return false;
	}
	if (resolver == NULL || silent == 0)
		return false;
	struct finding *f =
	    dns_view_add(view, FINDING_NS_UNREACHABLE, NULL,
	                 "none of %zu authoritative addresses answers here, yet resolver %s gets answers: is DNS to "
	                 "the outside (port 53) closed here?",
	                 silent, resolver->address);
	make_unknown(f);
	finding_arg(f, "server", "");
	finding_because(f, resolver->index);
	for (size_t i = 0; i < authority->count; i++)
		finding_because(f, authority->items[i].first->index);
	return true;
}

/* Servers that are sound but for the one question that matters: what nobody answers must not pass for good. */
static bool judge_unanswered(const struct dns_view *view)
{
	struct finding *f = NULL;
	if (dns_view_best(view, view->domain, "MX") != NULL)
		return false;
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (entry->role != DNS_ROLE_AUTHORITATIVE || !str_equal(entry->type, "MX") ||
		    !str_equal_nocase(entry->question, view->domain) || entry->state == DNS_UNTRIED)
			continue;
		if (f == NULL) {
			f = dns_view_add(view, FINDING_NS_UNREACHABLE, NULL,
			                 "nobody answers the question for MX, though the servers answer others");
			make_unknown(f);
			finding_arg(f, "server", entry->server);
		}
		finding_because(f, entry->index);
	}
	return f != NULL;
}

static void judge_ok(const struct dns_view *view, const struct authority *authority)
{
	size_t answered = 0, untried = 0;
	for (size_t i = 0; i < authority->count; i++) {
		answered += authority->items[i].is_authoritative;
		untried += !authority->items[i].is_tried;
	}
	if (answered == 0)
		return;
	struct buf words;
	buf_init(&words, SAID_BYTES);
	buf_printf(&words, "%zu authoritative address%s, one serial", answered, answered > 1 ? "es" : "");
	if (untried > 0)
		buf_printf(&words, "; %zu not asked from here", untried);
	struct finding *f = dns_view_add(view, FINDING_NS_OK, NULL, "%s", words.bytes);
	buf_clear(&words);
	for (size_t i = 0; i < authority->count; i++)
		finding_because(f, authority->items[i].first->index);
}

void rule_ns(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct authority authority;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	authority_init(&authority, &view);
	bool is_blocked = judge_blocked_here(&view, &authority);
	bool is_fine = ns_server_judge(&view, &authority, !is_blocked) == 0 && !is_blocked;
	is_fine = judge_serials(&view, &authority) && is_fine;
	is_fine = judge_delegations(&view) && is_fine;
	if (is_fine && !judge_unanswered(&view))
		judge_ok(&view, &authority);
	authority_clear(&authority);
	dns_view_clear(&view);
}
