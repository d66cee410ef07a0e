/*
 * TLSA records of MX hosts beside the certificates that the hosts present (RFC 7672). Records count only where the chain of signatures
 * down to them is whole: senders take no notice of others, and no mail to a host whose records are bogus.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/tlsa.h"
#include "rule/dns_view.h"
#include "rule/rules.h"

#define PREFIX "_25._tcp."

enum match { MATCH_OPEN, MATCH_NO, MATCH_NAME, MATCH_YES }; /* NAME: an authority matches, but the certificate is another host's */

struct mail_host {
	const struct dns_view *view;
	const char *name;
	const struct dns_entry *records;
	size_t chain; /* index of the observation of the signatures */
};

/*
 * One record against the chain of certificates. `data` is what the record holds, or the digest of that when it holds a certificate or
 * key whole; NULL, and OPEN, in recordings of before that digest was kept. An authority that is given whole need not be sent along.
 */
static enum match compare(const struct tlsa *tlsa, const char *data, const struct observation *o)
{
	static const enum fact_key digests[][2] = {
	    [TLSA_FULL] = {[TLSA_CERTIFICATE] = FACT_CERT_SHA256, [TLSA_KEY] = FACT_CERT_KEY_SHA256},
	    [TLSA_SHA256] = {[TLSA_CERTIFICATE] = FACT_CERT_SHA256, [TLSA_KEY] = FACT_CERT_KEY_SHA256},
	    [TLSA_SHA512] = {[TLSA_CERTIFICATE] = FACT_CERT_SHA512, [TLSA_KEY] = FACT_CERT_KEY_SHA512},
	};
	enum fact_key key = digests[tlsa->matching][tlsa->selector];
	if (data == NULL || !observation_has(o, key, 0))
		return MATCH_OPEN;
	uint32_t rows = tlsa->usage == TLSA_TA ? observation_rows(o, key) : 1;
	for (uint32_t row = 0; row < rows; row++)
		if (str_equal_nocase(observation_text(o, key, row), data))
			return tlsa->usage == TLSA_EE || observation_flag(o, FACT_CERT_NAME_OK, 0) ? MATCH_YES : MATCH_NAME;
	return tlsa->usage == TLSA_TA && tlsa->matching == TLSA_FULL ? MATCH_OPEN : MATCH_NO;
}

/* The nth record of the answer that senders check by, or none any more. */
static bool next_usable(const struct observation *o, uint32_t *row, struct tlsa *tlsa)
{
	for (; *row < observation_rows(o, FACT_DNS_OTHER_DATA); ++*row) {
		const char *data = observation_text(o, FACT_DNS_OTHER_DATA, *row);
		bool is_tlsa = data != NULL && str_equal(observation_text(o, FACT_DNS_OTHER_TYPE, *row), "TLSA");
		if (is_tlsa && tlsa_parse(data, tlsa) && tlsa->is_usable)
			return true;
	}
	return false;
}

/* All records against one chain: one that matches is enough, one that is not compared leaves it open. */
static enum match compare_all(const struct observation *records, const struct observation *o, struct tlsa *matched)
{
	enum match best = MATCH_NO;
	bool is_open = false;
	for (uint32_t row = 0; next_usable(records, &row, matched); row++) {
		const char *digest = observation_text(records, FACT_DNS_OTHER_SHA256, row);
		enum match match = compare(matched, matched->matching == TLSA_FULL ? digest : matched->data, o);
		if (match == MATCH_YES)
			return match;
		is_open = is_open || match == MATCH_OPEN;
		best = match == MATCH_NAME ? match : best;
	}
	return is_open ? MATCH_OPEN : best;
}

static struct finding *add(const struct mail_host *host, enum finding_id id, const char *says)
{
	char *question = xasprintf(PREFIX "%s", host->name);
	struct finding *f = dns_view_add(host->view, id, host->name, "%s", says);
	finding_arg(f, "name", question);
	finding_arg(f, "value", says);
	if (host->records != NULL)
		finding_because(f, host->records->index);
	finding_because(f, host->chain);
	free(question);
	return f;
}

/* What one address of the host showed on port 25; NULL: it fits, or nothing can be said. Allocated. */
static char *fault_at(const struct mail_host *host, const struct observation *o, bool *is_good)
{
	const char *address = o->address != NULL ? o->address : "its address";
	struct tlsa matched;
	if (o->outcome != OUTCOME_OK) {
		bool is_refused = observation_has(o, FACT_STARTTLS_OFFERED, 0) && !observation_flag(o, FACT_STARTTLS_OFFERED, 0);
		return is_refused ? xasprintf("%s offers no STARTTLS on port 25, which these records demand", address) : NULL;
	}
	switch (compare_all(host->records->o, o, &matched)) {
	case MATCH_YES: *is_good = true; return NULL;
	case MATCH_OPEN: return NULL;
	case MATCH_NAME:
		return xasprintf("an authority of the chain matches, but the certificate on port 25 of %s is not for this name",
		                 address);
	case MATCH_NO: break;
	}
	return xasprintf("no record of " PREFIX "%s matches the certificate on port 25 of %s", host->name, address);
}

static void judge_certificates(const struct mail_host *host)
{
	const struct evidence *evidence = host->view->evidence;
	char *target = xasprintf("%s:25", host->name);
	struct finding *f = NULL;
	bool is_good = false;
	size_t good_at = 0;
	for (size_t i = 0; (i = evidence_next(evidence, i, "dane")) < evidence->count; i++) {
		const struct observation *o = evidence->observations[i];
		if (!str_equal_nocase(o->target, target))
			continue;
		char *fault = fault_at(host, o, &is_good);
		if (fault != NULL && f == NULL)
			f = add(host, FINDING_DANE_MISMATCH, fault);
		if (fault != NULL)
			finding_because(f, i);
		else if (is_good)
			good_at = i;
		free(fault);
	}
	if (f == NULL && is_good)
		finding_because(add(host, FINDING_DANE_OK, "a record matches the certificate on port 25, and the signatures are whole"),
		                good_at);
	free(target);
}

/* What the chain says of its last link. */
static const char *reason_of(const struct observation *chain)
{
	uint32_t rows = observation_rows(chain, FACT_DNSSEC_REASON);
	const char *reason = rows > 0 ? observation_text(chain, FACT_DNSSEC_REASON, rows - 1) : NULL;
	return reason != NULL ? reason : "the chain is broken";
}

static void judge_unsigned(const struct mail_host *host, const struct observation *chain)
{
	char *says = xasprintf("senders take no notice of them, as the zone is not signed: %s", reason_of(chain));
	add(host, FINDING_DANE_UNUSABLE, says);
	free(says);
}

static bool is_bogus(const struct dns_view *view)
{
	for (size_t i = 0; (i = evidence_next(view->evidence, i, "dnssec")) < view->evidence->count; i++)
		if (str_equal_nocase(view->evidence->observations[i]->target, view->domain))
			return str_equal(observation_text(view->evidence->observations[i], FACT_DNSSEC_RESULT, 0), "bogus");
	return false;
}

/* When the domain itself is bogus, its own finding says it all. */
static void judge_bogus(const struct mail_host *host, const struct observation *chain)
{
	if (is_bogus(host->view))
		return;
	char *says = xasprintf("TLSA: %s; senders that check DANE hold mail back", reason_of(chain));
	add(host, FINDING_DNSSEC_BOGUS, says);
	free(says);
}

static void judge(const struct dns_view *view, const struct observation *chain, size_t index)
{
	const struct dns_entry *records = dns_view_best(view, chain->target, "TLSA");
	const struct mail_host host = {view, chain->target + strlen(PREFIX), records, index};
	const char *result = observation_text(chain, FACT_DNSSEC_RESULT, 0);
	struct tlsa tlsa;
	uint32_t row = 0;
	if (str_equal(result, "bogus"))
		judge_bogus(&host, chain);
	if (records == NULL || records->o->outcome != OUTCOME_OK || !observation_has(records->o, FACT_DNS_OTHER_DATA, 0))
		return;
	if (str_equal(result, "insecure"))
		judge_unsigned(&host, chain);
	else if (str_equal(result, "secure") && !next_usable(records->o, &row, &tlsa))
		add(&host, FINDING_DANE_UNUSABLE,
		    "none can be used for mail (usage 2 or 3, a known digest of the right length): no certificate is checked");
	else if (str_equal(result, "secure"))
		judge_certificates(&host);
}

/* What the aliases of the host's addresses end at; the host itself when it is none. */
static const char *expand(const struct dns_view *view, const char *host)
{
	const struct dns_entry *entry = dns_view_best(view, host, "A");
	for (uint32_t row = 0; entry != NULL && row < observation_rows(entry->o, FACT_DNS_CNAME); row++)
		if (str_equal_nocase(observation_text(entry->o, FACT_DNS_CNAME_OWNER, row), host))
			host = observation_text(entry->o, FACT_DNS_CNAME, row);
	return host;
}

/* Senders check by the records of the name that an alias ends at, where those can be used, else by the alias's (RFC 7672 2.2.2). */
static bool is_superseded(const struct dns_view *view, const char *host)
{
	struct tlsa tlsa;
	uint32_t row = 0;
	bool is_usable = false;
	const char *end = expand(view, host);
	char *name = xasprintf(PREFIX "%s", end);
	const struct dns_entry *records = str_equal_nocase(end, host) ? NULL : dns_view_best(view, name, "TLSA");
	for (size_t i = 0; records != NULL && (i = evidence_next(view->evidence, i, "dnssec")) < view->evidence->count; i++)
		if (str_equal_nocase(view->evidence->observations[i]->target, name))
			is_usable = str_equal(observation_text(view->evidence->observations[i], FACT_DNSSEC_RESULT, 0), "secure") &&
			            next_usable(records->o, &row, &tlsa);
	free(name);
	return is_usable;
}

void rule_dane(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	for (size_t i = 0; (i = evidence_next(evidence, i, "dnssec")) < evidence->count; i++) {
		const struct observation *o = evidence->observations[i];
		if (str_starts(o->target, PREFIX) && o->outcome == OUTCOME_OK && dns_view_asked(&view, o->target, "TLSA") &&
		    !is_superseded(&view, o->target + strlen(PREFIX)))
			judge(&view, o, i);
	}
	dns_view_clear(&view);
}
