/* The recursive resolvers themselves: whether any answered, and whether one makes answers up. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/dns_view.h"
#include "rule/rules.h"

/* What was heard of all resolvers together, by the probes that ask them. */
struct hearing {
	size_t asked, answered;
	struct buf silent; /* "192.0.2.53 (timeout), ..." */
	size_t named;
	const char *subject; /* what was asked about */
	size_t reasons[64];  /* indices of the silent observations, the first ones */
	size_t reason_count;
};

enum { NAMED = 4 };

static void note(struct hearing *hearing, const struct observation *o, size_t index)
{
	hearing->subject = hearing->subject != NULL ? hearing->subject : o->target;
	if (hearing->reason_count < sizeof hearing->reasons / sizeof *hearing->reasons)
		hearing->reasons[hearing->reason_count++] = index;
}

/* A resolver that refuses to serve us, or to which no route leads, is of no more use than one that is silent. */
static void hear_question(struct hearing *hearing, const struct observation *o, size_t index)
{
	if (!str_equal(observation_text(o, FACT_DNS_ROLE, 0), "resolver") || o->address == NULL)
		return;
	bool has_no_route = str_equal(observation_text(o, FACT_SKIP_REASON, 0), "no-route");
	if ((o->outcome == OUTCOME_SKIPPED && !has_no_route) || o->outcome == OUTCOME_CANCELLED || o->outcome == OUTCOME_INTERNAL)
		return;
	hearing->asked++;
	if (observation_has(o, FACT_DNS_RCODE, 0) ? o->outcome != OUTCOME_REFUSED
	                                          : o->outcome == OUTCOME_OK || o->outcome == OUTCOME_NODATA ||
	                                                o->outcome == OUTCOME_NXDOMAIN || o->outcome == OUTCOME_SERVFAIL) {
		hearing->answered++;
		return;
	}
	note(hearing, o, index);
	char *words = xasprintf("%s (%s)", o->address, has_no_route ? "no route" : outcome_name(o->outcome));
	if (strstr(hearing->silent.bytes, words) == NULL && hearing->named++ < NAMED)
		buf_printf(&hearing->silent, "%s%s", hearing->silent.length > 0 ? ", " : "", words);
	free(words);
}

static void hear_host(struct hearing *hearing, const struct observation *o, size_t index)
{
	int64_t asked = observation_int_or(o, FACT_HOST_RESOLVERS_ASKED, 0, 0);
	if (asked <= 0 || o->outcome == OUTCOME_CANCELLED)
		return;
	hearing->asked++;
	if (observation_int_or(o, FACT_HOST_RESOLVERS_ANSWERED, 0, 0) > 0)
		hearing->answered++;
	else
		note(hearing, o, index);
}

static bool raise_unheard(const struct hearing *hearing, const struct policy *policy, struct findings *findings)
{
	if (hearing->asked == 0 || hearing->answered > 0)
		return false;
	struct finding *f = findings_add(findings, policy, FINDING_RESOLVER_UNREACHABLE, hearing->subject, "no resolver answered%s%s",
	                                 hearing->silent.length > 0 ? ": " : "", hearing->silent.bytes);
	finding_arg(f, "domain", hearing->subject);
	finding_arg(f, "server", hearing->silent.bytes);
	for (size_t i = 0; i < hearing->reason_count; i++)
		finding_because(f, hearing->reasons[i]);
	return true;
}

/*
 * The domain and the host are judged apart: that the host could be looked up does not make the domain known. When
 * both were asked for in vain, it is one fault.
 */
static void judge_reach(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct hearing of_domain = {0}, of_host = {0};
	buf_init(&of_domain.silent, 1024);
	buf_init(&of_host.silent, 1024);
	for (size_t i = 0; i < evidence->count; i++) {
		const struct observation *o = evidence->observations[i];
		if (str_equal(o->probe, "host"))
			hear_host(&of_host, o, i);
		else
			hear_question(&of_domain, o, i);
	}
	if (!raise_unheard(&of_domain, policy, findings))
		raise_unheard(&of_host, policy, findings);
	buf_clear(&of_domain.silent);
	buf_clear(&of_host.silent);
}

/* Whether somebody could be asked who should know: then the name servers' own findings say why nothing is known. */
static bool has_authority(const struct dns_view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->entries[i].role == DNS_ROLE_AUTHORITATIVE)
			return true;
	return false;
}

/* The resolvers answer, but not about this domain: its servers are not even found. */
static void judge_failure(const struct dns_view *view)
{
	struct finding *f = NULL;
	if (dns_view_best(view, view->domain, "MX") != NULL || has_authority(view))
		return;
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (entry->role != DNS_ROLE_RESOLVER || entry->o->outcome != OUTCOME_SERVFAIL ||
		    !str_equal_nocase(entry->question, view->domain))
			continue;
		if (f == NULL) {
			f = dns_view_add(view, FINDING_PROPAGATION_SERVFAIL, NULL,
			                 "resolver %s answers SERVFAIL: delegation or DNSSEC; nothing is known of the domain",
			                 entry->address);
			finding_arg(f, "server", entry->address);
		}
		finding_because(f, entry->index);
	}
}

static bool is_said(const struct dns_view *view, size_t before, const char *address)
{
	for (size_t i = 0; i < before; i++)
		if (str_equal(view->entries[i].purpose, "control") && view->entries[i].o->outcome == OUTCOME_OK &&
		    str_equal(view->entries[i].address, address))
			return true;
	return false;
}

/* One finding a resolver: it is the resolver that is at fault. */
static void judge_rewriting(const struct dns_view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (entry->role != DNS_ROLE_RESOLVER || !str_equal(entry->purpose, "control") ||
		    entry->o->outcome != OUTCOME_OK)
			continue;
		if (is_said(view, i, entry->address) || !dns_view_is_rewriter(view, entry->address))
			continue;
		const char *answer = observation_text(entry->o, FACT_DNS_ADDRESS, 0);
		answer = answer != NULL ? answer : observation_text(entry->o, FACT_DNS_CNAME, 0);
		struct finding *f = dns_view_add(view, FINDING_RESOLVER_REWRITES, entry->address,
		                                 "answers %s for %s, a name that does not exist",
		                                 answer != NULL ? answer : "records", entry->question);
		finding_arg(f, "server", entry->address);
		finding_arg(f, "name", entry->question);
		finding_arg(f, "value", answer);
		finding_because(f, entry->index);
	}
}

void rule_resolver(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	judge_reach(evidence, policy, findings);
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	judge_failure(&view);
	judge_rewriting(&view);
	dns_view_clear(&view);
}
