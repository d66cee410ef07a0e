#include "rule/cert_issuer.h"

#include "base/str.h"
#include "base/xalloc.h"

size_t issuer_of(const struct evidence *evidence, const struct observation *tls)
{
	size_t found = evidence->count;
	const char *leaf = observation_text(tls, FACT_CERT_SHA256, 0);
	for (size_t i = evidence_next(evidence, 0, "issuer"); i < evidence->count; i = evidence_next(evidence, i + 1, "issuer")) {
		const struct observation *o = evidence->observations[i];
		if (leaf != NULL && str_equal(observation_text(o, FACT_ISSUER_LEAF_SHA256, 0), leaf) && str_equal(o->vantage, tls->vantage))
			found = i;
	}
	return found;
}

/* It was added, and something is wrong still. */
static char *incomplete(const struct observation *issuer)
{
	const char *missing = observation_text(issuer, FACT_CERT_MISSING_ISSUER, 0), *fault = observation_text(issuer, FACT_VERIFY_TEXT, 0);
	if (missing != NULL)
		return xasprintf("it was fetched, and behind it %.*s is missing", SHORT(missing));
	return xasprintf("it was fetched, and with it the chain does not verify either: %s", fault != NULL ? fault : "unknown");
}

static char *not_fetched(const struct observation *issuer)
{
	const char *reason = observation_text(issuer, FACT_SKIP_REASON, 0);
	int64_t status = observation_int_or(issuer, FACT_HTTP_STATUS, 0, 0);
	if (issuer->outcome == OUTCOME_SKIPPED)
		return xasprintf("it was not fetched (%s)", reason != NULL ? reason : "skipped");
	if (issuer->outcome == OUTCOME_CANCELLED)
		return xstrdup("it was not fetched: interrupted");
	if (issuer->outcome == OUTCOME_OK)
		return xasprintf("it is not to be had there: HTTP status %d", (int)status);
	return xasprintf("it is not to be had there: %s", outcome_name(issuer->outcome));
}

char *issuer_remark(const struct observation *issuer)
{
	const char *fault = observation_text(issuer, FACT_ISSUER_FAULT, 0);
	if (observation_flag(issuer, FACT_ISSUER_COMPLETES, 0))
		return xstrdup("with this one certificate added the chain verifies");
	if (observation_has(issuer, FACT_ISSUER_COMPLETES, 0))
		return incomplete(issuer);
	if (fault != NULL)
		return xasprintf("it is not to be had there: %s", fault);
	return not_fetched(issuer);
}
