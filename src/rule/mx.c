/*
 * The MX set: is it what the phase expects?
 *
 * Judged is one set, that of the newest zone (dns_view_best); that other servers serve another one is a finding of its
 * own. A host that is wrong in itself (null, an address, a submission host, ...) gives its own id and takes no part in
 * what is said of the set, so that one fault gives one finding.
 *
 * What is expected:
 * before  The set is the old host's business, and --expect-mx is the set that is to come. So a host is unexpected only
 *         when --old-mx says what should be there and it is neither old, nor to come, nor Microsoft's: somebody else
 *         has changed the zone, or it is the wrong domain.
 * after   With --expect-mx the set has to be that one; a gateway of the user's own is then as good as Microsoft's host.
 *         A set of old hosts only has not been changed: it is "not Microsoft's", not "unexpected". Without --expect-mx
 *         a host that is neither Microsoft's nor in --old-mx (when given) is unexpected.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/authority.h"
#include "rule/mx_target.h"
#include "rule/mx_view.h"
#include "rule/rules.h"

static void judge_kinds(const struct mx_view *mx)
{
	static const struct {
		enum mx_kind kind;
		enum finding_id id;
		const char *says;
	} faults[] = {
	    {MX_KIND_NULL, FINDING_MX_NULL, "the null MX says that the domain takes no mail"},
	    {MX_KIND_ADDRESS, FINDING_MX_IS_ADDRESS, "an address where a host name must stand"},
	    {MX_KIND_ZONE_APPENDED, FINDING_MX_ZONE_APPENDED, "the dot behind Microsoft's host is missing"},
	    {MX_KIND_SUBMISSION, FINDING_MX_SUBMISSION_HOST, "takes mail from signed-in users only"},
	    {MX_KIND_RETIRED, FINDING_MX_RETIRED, "belongs to Microsoft's closed German cloud"},
	    {MX_KIND_VERIFICATION, FINDING_MX_VERIFICATION_LEFT, "proves ownership and is no mail host"},
	};
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		char *hosts = mx_view_hosts(mx, MX_KIND_BIT(faults[i].kind));
		if (hosts[0] != '\0')
			mx_view_add(mx, faults[i].id, hosts, faults[i].says);
		free(hosts);
	}
}

/* What the set is, against what the user said of old and new. */
struct standing {
	size_t wanted;      /* hosts of Microsoft's cloud or of --expect-mx */
	size_t others;      /* hosts that are neither */
	size_t strangers;   /* of the others: not in --old-mx either, which was given */
	size_t other_cloud; /* of the others: Microsoft's, of another cloud, and not in --old-mx */
	size_t faulty;
	bool is_expected;   /* exactly --expect-mx */
	bool wants_gateway; /* --expect-mx names no host of Microsoft's */
};

static struct standing stand(const struct mx_view *mx)
{
	const struct policy *policy = mx->dns->policy;
	struct standing s = {.faulty = mx_view_count(mx, MX_KINDS_FAULTY), .wants_gateway = policy->expect_mx.count > 0};
	size_t met = 0;
	for (size_t i = 0; i < mx->set.count; i++) {
		const char *host = mx->set.items[i].host;
		bool is_met = names_has(&policy->expect_mx, host), is_old = names_has(&policy->old_mx, host);
		met += is_met;
		if (!mx_view_has(mx, i, MX_KINDS_USABLE))
			continue;
		if (is_met || mx->kinds[i] == MX_KIND_MICROSOFT) {
			s.wanted++;
			continue;
		}
		s.others++;
		s.strangers += policy->old_mx.count > 0 && !is_old;
		s.other_cloud += mx->kinds[i] == MX_KIND_OTHER_CLOUD && !is_old;
	}
	for (size_t i = 0; i < policy->expect_mx.count; i++)
		s.wants_gateway = s.wants_gateway && microsoft_mx(policy->expect_mx.items[i], NULL) != MICROSOFT_MX;
	s.is_expected = policy->expect_mx.count > 0 && met == policy->expect_mx.count &&
	                met == mx->set.count - mx_view_count(mx, MX_KIND_BIT(MX_KIND_VERIFICATION));
	return s;
}

static char *join(const struct names *names)
{
	struct buf out;
	buf_init(&out, 1024);
	for (size_t i = 0; i < names->count; i++)
		buf_printf(&out, "%s%s", i > 0 ? ", " : "", names->items[i]);
	return buf_steal(&out);
}

static bool is_unexpected(const struct policy *policy, const struct standing *s)
{
	if (policy->phase == PHASE_BEFORE)
		return s->strangers > 0;
	if (policy->expect_mx.count == 0)
		return s->strangers > 0 || s->other_cloud > 0;
	return s->wanted > 0 || s->strangers > 0 || s->wants_gateway || policy->old_mx.count == 0;
}

static bool is_not_microsoft(const struct policy *policy, const struct standing *s)
{
	if (s->wanted > 0 || s->strangers > 0)
		return false;
	return policy->phase == PHASE_BEFORE || (!s->wants_gateway && s->other_cloud == 0);
}

static void add_unexpected(const struct mx_view *mx, const char *hosts)
{
	const struct policy *policy = mx->dns->policy;
	char *expected = join(&policy->expect_mx), *says = NULL;
	if (policy->phase == PHASE_BEFORE)
		says = xstrdup("neither the old host nor one that is to come");
	else if (expected[0] != '\0')
		says = xasprintf("expected was %s", expected);
	else if (policy->old_mx.count > 0)
		says = xstrdup("neither the old host nor Microsoft's");
	else
		says = xasprintf("Microsoft's, but not of the cloud %s", cloud_name(policy->cloud));
	struct finding *f = mx_view_add(mx, FINDING_MX_UNEXPECTED, hosts, says);
	finding_arg(f, "wanted", expected);
	free(expected);
	free(says);
}

/* One set, one word on it: mixed, unexpected, not Microsoft's, or nothing when it is as it should be. */
static void judge_set(const struct mx_view *mx)
{
	const struct policy *policy = mx->dns->policy;
	struct standing s = stand(mx);
	bool is_mixed = s.wanted > 0 && s.others > 0;
	if (s.is_expected || s.wanted + s.others == 0 || (!is_mixed && s.faulty > 0))
		return;
	char *hosts = mx_view_hosts(mx, MX_KINDS_USABLE);
	if (is_mixed) {
		mx_view_add(mx, FINDING_MX_MIXED, hosts, "old and new hosts side by side");
	} else {
		if (is_unexpected(policy, &s))
			add_unexpected(mx, hosts);
		if (is_not_microsoft(policy, &s))
			mx_view_add(mx, FINDING_MX_NOT_MICROSOFT, hosts,
			            policy->phase == PHASE_BEFORE ? "the old host, as it should be before the change"
			                                          : "not Microsoft's");
	}
	free(hosts);
}

static void judge_missing(const struct mx_view *mx)
{
	if (mx_view_count(mx, MX_KINDS_FAULTY | MX_KINDS_USABLE) > 0)
		return;
	bool is_no_name = mx->entry->o->outcome == OUTCOME_NXDOMAIN;
	struct finding *f = dns_view_add(mx->dns, FINDING_MX_MISSING, NULL, "%s%s",
	                                 is_no_name ? "the domain does not exist (NXDOMAIN)" : "no MX record", mx->source);
	finding_because(f, mx->entry->index);
}

/* "10 mail.contoso.com at ns1.contoso.com (192.0.2.53), ns2..." for the set that server `index` serves. */
static void say_set(struct buf *words, const struct authority *authority, size_t index)
{
	size_t said = 0;
	buf_puts(words, words->length > 0 ? "; " : "");
	mx_set_say(words, &authority->items[index].mx_set);
	for (size_t i = index; i < authority->count; i++) {
		const struct authority_server *server = &authority->items[i];
		if (server->mx == NULL || !mx_set_equal(&server->mx_set, &authority->items[index].mx_set))
			continue;
		buf_puts(words, said++ == 0 ? " at " : ", ");
		dns_entry_say(words, server->mx);
	}
}

/* Whether an earlier server serves the set of server `index`. */
static bool is_set_said(const struct authority *authority, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (authority->items[i].mx != NULL &&
		    mx_set_equal(&authority->items[i].mx_set, &authority->items[index].mx_set))
			return true;
	return false;
}

static void judge_servers(const struct dns_view *view)
{
	struct authority authority;
	struct buf words;
	size_t sets = 0;
	buf_init(&words, 2048);
	authority_init(&authority, view);
	for (size_t i = 0; i < authority.count; i++)
		if (authority.items[i].mx != NULL && !is_set_said(&authority, i)) {
			say_set(&words, &authority, i);
			sets++;
		}
	if (sets > 1) {
		struct finding *f = dns_view_add(view, FINDING_MX_DIFFERS_BETWEEN_SERVERS, NULL, "%s", words.bytes);
		finding_arg(f, "value", words.bytes);
		for (size_t i = 0; i < authority.count; i++)
			if (authority.items[i].mx != NULL)
				finding_because(f, authority.items[i].mx->index);
	}
	authority_clear(&authority);
	buf_clear(&words);
}

/* Nothing at warn or worse was said about MX. */
static void judge_ok(const struct mx_view *mx)
{
	const struct findings *findings = mx->dns->findings;
	struct buf words;
	for (size_t i = 0; i < findings->count; i++)
		if (str_starts(catalogue_get(findings->items[i]->id)->id, "mx-") &&
		    findings->items[i]->severity >= SEVERITY_WARN)
			return;
	buf_init(&words, 2048);
	mx_set_say(&words, &mx->set);
	struct finding *f = dns_view_add(mx->dns, FINDING_MX_OK, NULL, "%s%s", words.bytes, mx->source);
	finding_arg(f, "value", words.bytes);
	finding_because(f, mx->entry->index);
	buf_clear(&words);
}

void rule_mx(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct mx_view mx;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	judge_servers(&view);
	if (mx_view_init(&mx, &view)) {
		judge_missing(&mx);
		judge_kinds(&mx);
		judge_set(&mx);
		mx_target_judge(&mx);
		judge_ok(&mx);
		mx_view_clear(&mx);
	}
	dns_view_clear(&view);
}
