/* TLSA records of MX hosts beside the certificates that the hosts present (RFC 6698, RFC 7672). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/dns_view.h"
#include "rule/rules.h"

enum { USAGE_TA = 2, USAGE_EE = 3, SELECTOR_CERTIFICATE = 0, SELECTOR_KEY = 1, DIGEST_SHA256 = 1, TLSA_BYTES = 200 };

enum match { MATCH_NONE, MATCH_NO, MATCH_YES };

/* One record against the chain. Usages 0 and 1 do not count for mail (RFC 7672 3.1.3); other digests are not compared: NONE. */
static enum match compare(const char *record, const struct observation *chain)
{
	int usage, selector, digest;
	char data[TLSA_BYTES];
	if (sscanf(record, "%d %d %d %199s", &usage, &selector, &digest, data) != 4 || digest != DIGEST_SHA256 ||
	    (usage != USAGE_TA && usage != USAGE_EE) || (selector != SELECTOR_CERTIFICATE && selector != SELECTOR_KEY))
		return MATCH_NONE;
	enum fact_key key = selector == SELECTOR_KEY ? FACT_CERT_KEY_SHA256 : FACT_CERT_SHA256;
	uint32_t rows = observation_rows(chain, key);
	for (uint32_t row = 0; row < rows && (row == 0 || usage == USAGE_TA); row++)
		if (str_equal_nocase(observation_text(chain, key, row), data))
			return MATCH_YES;
	/* An anchor need not be sent along. */
	return usage == USAGE_TA ? MATCH_NONE : MATCH_NO;
}

/* All records of the host against one certificate chain: one that matches is enough, one that cannot be compared leaves it open. */
static enum match compare_all(const struct observation *records, const struct observation *chain)
{
	enum match result = MATCH_NONE;
	for (uint32_t row = 0; row < observation_rows(records, FACT_DNS_OTHER_DATA); row++) {
		const char *record = observation_text(records, FACT_DNS_OTHER_DATA, row);
		enum match match = record != NULL && str_equal(observation_text(records, FACT_DNS_OTHER_TYPE, row), "TLSA")
		                       ? compare(record, chain)
		                       : MATCH_NO;
		if (match == MATCH_YES)
			return MATCH_YES;
		if (match == MATCH_NONE)
			return MATCH_NONE;
		result = MATCH_NO;
	}
	return result;
}

static void judge_host(const struct dns_view *view, const struct dns_entry *records, const char *host)
{
	char *target = xasprintf("%s:25", host);
	struct finding *f = NULL;
	for (size_t i = 0; (i = evidence_next(view->evidence, i, "dane")) < view->evidence->count; i++) {
		const struct observation *o = view->evidence->observations[i];
		if (!str_equal_nocase(o->target, target) || o->outcome != OUTCOME_OK || compare_all(records->o, o) != MATCH_NO)
			continue;
		if (f == NULL)
			f = dns_view_add(view, FINDING_DANE_MISMATCH, host, "no record of %s matches the certificate on port 25%s%s",
			                 records->question, o->address != NULL ? " of " : "", o->address != NULL ? o->address : "");
		finding_arg(f, "name", records->question);
		finding_because(f, records->index);
		finding_because(f, i);
	}
	free(target);
}

void rule_dane(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	for (size_t i = 0; i < view.count; i++) {
		const struct dns_entry *entry = &view.entries[i];
		bool is_tlsa = str_equal(entry->type, "TLSA") && str_starts(entry->question, "_25._tcp.");
		if (is_tlsa && entry->is_trusted && entry->o->outcome == OUTCOME_OK)
			judge_host(&view, entry, entry->question + strlen("_25._tcp."));
	}
	dns_view_clear(&view);
}
