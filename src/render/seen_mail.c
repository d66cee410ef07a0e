#include "render/seen_mail.h"

#include "base/buf.h"
#include "base/str.h"
#include "cutover/observation.h"
#include "render/seen_dns.h"
#include "render/seen_parts.h"
#include "render/words.h"

enum { SHOWN_TERMS = 60 };

/* "1. mx", one a line; "> " for each record further down. What asks for nothing is left out. */
static void put_tree(struct buf *out, const struct observation *o)
{
	int64_t before = 0;
	for (uint32_t row = 0, shown = 0; row < observation_rows(o, FACT_SPF_ROW_TERM) && shown < SHOWN_TERMS; row++) {
		int64_t lookups = observation_int_or(o, FACT_SPF_ROW_LOOKUPS, row, before);
		const char *term = observation_text(o, FACT_SPF_ROW_TERM, row);
		if (lookups == before || term == NULL)
			continue;
		before = lookups;
		shown++;
		buf_puts(out, "\n");
		for (int64_t depth = observation_int_or(o, FACT_SPF_ROW_DEPTH, row, 0); depth > 0; depth--)
			buf_puts(out, "> ");
		buf_printf(out, "%lld. ", (long long)lookups);
		seen_put_text(out, term);
		if (observation_flag(o, FACT_SPF_ROW_VOID, row))
			buf_puts(out, " (no answer)");
	}
}

void seen_spf(struct buf *out, const struct observation *o)
{
	const char *end = observation_text(o, FACT_SPF_DEFAULT, 0);
	if (o->outcome != OUTCOME_OK) {
		seen_outcome(out, o);
		buf_puts(out, "; ");
	}
	int64_t lookups = observation_int_or(o, FACT_SPF_LOOKUPS, 0, 0), voids = observation_int_or(o, FACT_SPF_VOIDS, 0, 0);
	buf_printf(out, "%lld look-up%s, 10 are allowed; %lld without an answer, 2 are allowed", (long long)lookups, lookups == 1 ? "" : "s",
	           (long long)voids);
	if (!str_equal(observation_text(o, FACT_SPF_RESULT, 0), "ok")) {
		seen_also(out, o, FACT_SPF_RESULT, "; ");
		seen_also(out, o, FACT_SPF_PROBLEM, ": ");
	}
	put_tree(out, o);
	for (uint32_t row = 0; row < observation_rows(o, FACT_SPF_SENDER); row++) {
		const char *sender = observation_text(o, FACT_SPF_SENDER, row), *address = observation_text(o, FACT_SPF_SENDER_ADDRESS, row);
		const char *result = observation_text(o, FACT_SPF_SENDER_RESULT, row);
		buf_printf(out, "\nmail from %s %s: %s", sender != NULL ? sender : "", address != NULL ? address : "",
		           result != NULL ? result : "-");
	}
	if (end != NULL)
		buf_printf(out, "\nmail from anybody else: %s", end);
}

void seen_dnssec(struct buf *out, const struct observation *o)
{
	if (o->outcome != OUTCOME_OK)
		seen_outcome(out, o);
	seen_also(out, o, FACT_DNSSEC_RESULT, "");
	for (uint32_t row = 0; row < observation_rows(o, FACT_DNSSEC_NAME); row++) {
		const char *name = observation_text(o, FACT_DNSSEC_NAME, row), *type = observation_text(o, FACT_DNSSEC_TYPE, row);
		const char *status = observation_text(o, FACT_DNSSEC_STATUS, row), *reason = observation_text(o, FACT_DNSSEC_REASON, row);
		int64_t expires = 0;
		buf_printf(out, "\n%s %s: ", name != NULL ? name : "", type != NULL ? type : "");
		if (!str_equal(status, "secure") && status != NULL)
			buf_printf(out, "%s, ", status);
		seen_put_text(out, reason != NULL ? reason : "");
		if (observation_int(o, FACT_DNSSEC_EXPIRES, row, &expires)) {
			buf_puts(out, ", until ");
			words_time(out, expires);
		}
	}
}

/* "POST https://...: 401" or how it ended. */
static void put_request(struct buf *out, const struct observation *o)
{
	int64_t status = 0;
	seen_also(out, o, FACT_HTTP_METHOD, "");
	seen_also(out, o, FACT_HTTP_URL, observation_has(o, FACT_HTTP_METHOD, 0) ? " " : "");
	if (observation_has(o, FACT_HTTP_URL, 0))
		buf_puts(out, ": ");
	if (observation_int(o, FACT_HTTP_STATUS, 0, &status))
		buf_printf(out, "%lld", (long long)status);
	else
		seen_outcome(out, o);
	seen_also(out, o, FACT_HTTP_CONTENT_TYPE, " ");
	seen_also(out, o, FACT_HTTP_LOCATION, ", leads to ");
}

void seen_mtasts(struct buf *out, const struct observation *o)
{
	int64_t age = 0;
	put_request(out, o);
	seen_also(out, o, FACT_MTASTS_FAULT, "\nnot usable: ");
	seen_also(out, o, FACT_MTASTS_MODE, "\nmode ");
	if (observation_int(o, FACT_MTASTS_MAX_AGE_S, 0, &age))
		buf_printf(out, ", max_age %lld s", (long long)age);
	for (uint32_t row = 0; row < observation_rows(o, FACT_MTASTS_MX); row++) {
		buf_puts(out, row == 0 ? ", mx " : ", ");
		seen_put_text(out, observation_text(o, FACT_MTASTS_MX, row));
	}
}

void seen_autodiscover(struct buf *out, const struct observation *o)
{
	if (observation_has(o, FACT_DNS_QUESTION, 0)) {
		seen_dns(out, o);
		return;
	}
	seen_also(out, o, FACT_AUTODISCOVER_STEP, "");
	buf_puts(out, observation_int_or(o, FACT_AUTODISCOVER_HOP, 0, 0) > 0 ? ", led on: " : ": ");
	put_request(out, o);
	seen_also(out, o, FACT_AUTODISCOVER_ANSWER, ", ");
	seen_also(out, o, FACT_AUTODISCOVER_TARGET, ", names ");
	seen_also(out, o, FACT_AUTODISCOVER_ERROR, ", code ");
	seen_also(out, o, FACT_AUTODISCOVER_FAULT, ": ");
}
