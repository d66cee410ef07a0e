#include "rule/cert_issuer.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

size_t issuer_next(const struct evidence *evidence, size_t from, const struct observation *tls)
{
	const char *leaf = observation_text(tls, FACT_CERT_SHA256, 0);
	size_t i = evidence_next(evidence, from, "issuer");
	for (; i < evidence->count; i = evidence_next(evidence, i + 1, "issuer")) {
		const struct observation *o = evidence->observations[i];
		if (leaf != NULL && str_equal(observation_text(o, FACT_ISSUER_LEAF_SHA256, 0), leaf) && str_equal(o->vantage, tls->vantage))
			break;
	}
	return i;
}

size_t issuer_of(const struct evidence *evidence, const struct observation *tls)
{
	size_t found = evidence->count;
	for (size_t i = issuer_next(evidence, 0, tls); i < evidence->count; i = issuer_next(evidence, i + 1, tls))
		found = i;
	return found;
}

/* "CN=One, CN=Two": what was added to the chain. */
static void list_added(struct buf *list, const struct observation *issuer)
{
	for (uint32_t row = 0; row < observation_rows(issuer, FACT_ISSUER_SUBJECT); row++) {
		const char *subject = observation_text(issuer, FACT_ISSUER_SUBJECT, row);
		buf_printf(list, "%s%.*s", row > 0 ? ", " : "", SHORT(subject != NULL ? subject : "unknown"));
	}
}

/* They were added, and nothing is missing or wrong any more. */
static char *complete(uint32_t added, const char *names)
{
	if (added <= 1)
		return xstrdup("with this one certificate added the chain verifies");
	return xasprintf("with these %u certificates added the chain verifies, with fewer it does not: %s", added, names);
}

/* They were added, and something is wrong still. */
static char *incomplete(const struct observation *issuer, uint32_t added, const char *names)
{
	const char *missing = observation_text(issuer, FACT_CERT_MISSING_ISSUER, 0), *fault = observation_text(issuer, FACT_VERIFY_TEXT, 0);
	char *what = added <= 1 ? xstrdup("it was fetched") : xasprintf("these %u were fetched (%s)", added, names), *remark = NULL;
	const char *them = added <= 1 ? "it" : "them";
	if (missing != NULL)
		remark = xasprintf("%s, and behind %s %.*s is missing", what, them, SHORT(missing));
	else
		remark = xasprintf("%s, and with %s the chain does not verify either: %s", what, them, fault != NULL ? fault : "unknown");
	free(what);
	return remark;
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

static char *not_added(const struct observation *issuer)
{
	const char *fault = observation_text(issuer, FACT_ISSUER_FAULT, 0);
	return fault != NULL ? xasprintf("it is not to be had there: %s", fault) : not_fetched(issuer);
}

/* Some were added, and the one behind them could not be. */
static char *not_followed(const struct observation *issuer, const char *names)
{
	const char *url = observation_text(issuer, FACT_HTTP_URL, 0);
	char *why = not_added(issuer);
	char *remark = xasprintf("fetched: %s; one more is missing behind it (%.*s): %s", names,
	                         SHORT(url != NULL ? url : "unknown"), why);
	free(why);
	return remark;
}

char *issuer_remark(const struct observation *issuer)
{
	uint32_t added = observation_rows(issuer, FACT_ISSUER_SUBJECT);
	struct buf names;
	buf_init(&names, LIMIT_FACT_BYTES);
	list_added(&names, issuer);
	char *remark = NULL;
	if (observation_flag(issuer, FACT_ISSUER_COMPLETES, 0))
		remark = complete(added, names.bytes);
	else if (observation_has(issuer, FACT_ISSUER_COMPLETES, 0))
		remark = incomplete(issuer, added, names.bytes);
	else
		remark = added > 0 ? not_followed(issuer, names.bytes) : not_added(issuer);
	buf_clear(&names);
	return remark;
}
