#include "render/seen_tls.h"

#include "base/buf.h"
#include "base/str.h"
#include "cutover/policy.h"
#include "render/seen_parts.h"
#include "render/words.h"

enum { LISTED_ROWS = 6 };

static void put_errors(struct buf *out, const struct observation *o)
{
	uint32_t errors = observation_rows(o, FACT_VERIFY_NAME);
	for (uint32_t row = 0; row < errors && row < LISTED_ROWS; row++) {
		const char *when = observation_text(o, FACT_VERIFY_WHEN, row);
		const char *text = observation_text(o, FACT_VERIFY_TEXT, row);
		const char *name = observation_text(o, FACT_VERIFY_NAME, row);
		const char *subject = observation_text(o, FACT_VERIFY_SUBJECT, row);
		int64_t depth = observation_int_or(o, FACT_VERIFY_DEPTH, row, 0);
		buf_printf(out, "\nverification (%s, depth %lld", when != NULL ? when : "at", (long long)depth);
		if (depth > 0 && subject != NULL) { /* the leaf's stands above */
			buf_puts(out, ", ");
			seen_put_text(out, subject);
		}
		buf_puts(out, "): ");
		seen_put_text(out, text != NULL ? text : name);
	}
}

static void put_certificate(struct buf *out, const struct observation *o)
{
	int64_t until = TIME_UNKNOWN;
	uint32_t names = observation_rows(o, FACT_CERT_NAME);
	seen_also(out, o, FACT_CERT_SUBJECT, "\ncertificate: ");
	seen_also(out, o, FACT_CERT_ISSUER, ", issued by ");
	if (observation_int(o, FACT_CERT_NOT_AFTER, 0, &until)) {
		buf_puts(out, ", until ");
		words_time(out, until);
	}
	for (uint32_t row = 0; row < names && row < LISTED_ROWS; row++) {
		buf_puts(out, row == 0 ? "\nnames: " : ", ");
		seen_put_text(out, observation_text(o, FACT_CERT_NAME, row));
	}
	if (names > LISTED_ROWS)
		buf_printf(out, " and %u more", names - LISTED_ROWS);
	put_errors(out, o);
}

/* What one handshake of --deep says of a version, or of a documented suite: its name, or NULL. */
static const char *tried(const struct observation *o, uint32_t row, bool is_of_suites, bool is_accepted)
{
	const char *suite = observation_text(o, FACT_TLS_OFFER_SUITE, row), *version = observation_text(o, FACT_TLS_OFFER_VERSION, row);
	if (observation_flag(o, FACT_TLS_OFFER_ACCEPTED, row) != is_accepted)
		return NULL;
	if (!is_of_suites)
		return suite == NULL ? version : NULL;
	/* The suite agreed to when all were offered was not tried again. */
	bool is_answer = is_accepted && observation_flag(o, FACT_TLS_OFFER_LISTED, row) && str_equal(version, "TLSv1.2");
	return is_answer ? observation_text(o, FACT_TLS_OFFER_ANSWER, row) : suite;
}

/* "TLSv1.1, TLSv1 (protocol_version)": how they were refused stands behind the last of those that were alike. */
static void put_tried(struct buf *out, const struct observation *o, bool is_of_suites, bool is_accepted)
{
	const char *pending = NULL;
	uint32_t count = 0;
	for (uint32_t row = 0; row < observation_rows(o, FACT_TLS_OFFER_VERSION); row++) {
		const char *name = tried(o, row, is_of_suites, is_accepted);
		const char *answer = is_accepted ? NULL : observation_text(o, FACT_TLS_OFFER_ANSWER, row);
		if (name == NULL)
			continue;
		if (pending != NULL && !str_equal(pending, answer))
			buf_printf(out, " (%s)", pending);
		if (count++ == 0)
			buf_printf(out, "\n%s%s: ", is_of_suites ? "Microsoft's suites of TLS 1.2 " : "", is_accepted ? "accepted" : "refused");
		else
			buf_puts(out, ", ");
		seen_put_text(out, name);
		pending = answer;
	}
	if (pending != NULL)
		buf_printf(out, " (%s)", pending);
}

/* --deep. */
static void put_offers(struct buf *out, const struct observation *o)
{
	for (int of_suites = 0; of_suites <= 1; of_suites++) {
		put_tried(out, o, of_suites, true);
		put_tried(out, o, of_suites, false);
	}
	seen_also(out, o, FACT_TLS_OFFERS_STOPPED, "\nno more was tried: ");
	seen_also(out, o, FACT_TLS_NO_SNI, "\nwithout a server name: ");
	if (str_equal(observation_text(o, FACT_TLS_NO_SNI, 0), "other"))
		seen_also(out, o, FACT_TLS_NO_SNI_SUBJECT, ", ");
}

void seen_issuer(struct buf *out, const struct observation *o)
{
	int64_t status = 0;
	seen_also(out, o, FACT_HTTP_URL, "");
	buf_puts(out, ": ");
	if (observation_int(o, FACT_HTTP_STATUS, 0, &status))
		buf_printf(out, "HTTP status %lld", (long long)status);
	else
		seen_outcome(out, o);
	seen_also(out, o, FACT_HTTP_LOCATION, ", refers to ");
	seen_also(out, o, FACT_ISSUER_FORM, ", ");
	seen_also(out, o, FACT_ISSUER_FAULT, ", ");
	for (uint32_t row = 0; row < observation_rows(o, FACT_ISSUER_SUBJECT); row++) {
		buf_puts(out, row == 0 ? "\nadded to the chain: " : ", ");
		seen_put_text(out, observation_text(o, FACT_ISSUER_SUBJECT, row));
	}
	put_errors(out, o);
	if (observation_flag(o, FACT_ISSUER_COMPLETES, 0))
		buf_puts(out, observation_rows(o, FACT_ISSUER_SUBJECT) > 1 ? "\nwith them the chain verifies" : "\nwith it the chain verifies");
}

void seen_tls(struct buf *out, const struct observation *o)
{
	if (observation_has(o, FACT_TLS_VERSION, 0)) {
		seen_also(out, o, FACT_TLS_VERSION, "");
		seen_also(out, o, FACT_TLS_CIPHER, ", ");
		buf_puts(out, ", handshake ");
		words_duration(out, observation_int_or(o, FACT_TLS_HANDSHAKE_MS, 0, o->elapsed_ms));
	} else {
		seen_outcome(out, o);
	}
	seen_also(out, o, FACT_TLS_ALERT, ", alert ");
	seen_also(out, o, FACT_TLS_ERROR, ", ");
	if (o->outcome != OUTCOME_OK)
		seen_also(out, o, FACT_STARTTLS_REPLY, "\nanswer to STARTTLS: ");
	seen_also(out, o, FACT_TLS_PLAIN_BYTES, "\nclear text: ");
	put_offers(out, o);
	put_certificate(out, o);
}
