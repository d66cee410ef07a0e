/* Handshakes and fetched certificates in words. */
#include "render/seen.h"

#include <string.h>

#include "../check_main.h"
#include "base/buf.h"

static struct observation *seen;
static struct buf words;

static void setup(void)
{
	seen = observation_new("tls", "imap.contoso.com:993", "192.0.2.1", 0);
	buf_init(&words, 4096);
}

static void teardown(void)
{
	observation_free(seen);
	buf_clear(&words);
}

/* A row of tls.offers; `suite` NULL: any. An answer that begins with "TLS_" is an agreement. */
static void offer(const char *version, const char *suite, const char *answer)
{
	uint32_t row = observation_rows(seen, FACT_TLS_OFFER_VERSION);
	bool is_accepted = strncmp(answer, "TLS_", 4) == 0;
	observation_add_text(seen, FACT_TLS_OFFER_VERSION, row, version);
	if (suite != NULL)
		observation_add_text(seen, FACT_TLS_OFFER_SUITE, row, suite);
	observation_add_bool(seen, FACT_TLS_OFFER_ACCEPTED, row, is_accepted);
	observation_add_text(seen, FACT_TLS_OFFER_ANSWER, row, answer);
	if (is_accepted)
		observation_add_bool(seen, FACT_TLS_OFFER_LISTED, row, strstr(answer, "ECDSA") == NULL);
}

static void agree(void)
{
	observation_add_text(seen, FACT_TLS_VERSION, 0, "TLSv1.3");
	observation_add_int(seen, FACT_TLS_HANDSHAKE_MS, 0, 2);
}

START_TEST(what_was_tried_stands_in_groups)
{
	agree();
	offer("TLSv1.3", NULL, "TLS_AES_256_GCM_SHA384");
	offer("TLSv1.2", NULL, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
	offer("TLSv1.1", NULL, "protocol_version");
	offer("TLSv1", NULL, "closed");
	offer("TLSv1.2", "TLS_A", "TLS_A");
	offer("TLSv1.2", "TLS_B", "handshake_failure");
	offer("TLSv1.2", "TLS_C", "handshake_failure");
	observation_add_text(seen, FACT_TLS_NO_SNI, 0, "other");
	observation_add_text(seen, FACT_TLS_NO_SNI_SUBJECT, 0, "CN=default");
	seen_words(&words, seen);
	ck_assert_str_eq(words.bytes, "TLSv1.3, handshake 2 ms\n"
	                              "accepted: TLSv1.3, TLSv1.2\n"
	                              "refused: TLSv1.1 (protocol_version), TLSv1 (closed)\n"
	                              "Microsoft's suites of TLS 1.2 accepted: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_A\n"
	                              "Microsoft's suites of TLS 1.2 refused: TLS_B, TLS_C (handshake_failure)\n"
	                              "without a server name: other, CN=default");
}
END_TEST

START_TEST(a_suite_that_is_not_listed_is_none_of_microsofts)
{
	agree();
	offer("TLSv1.2", NULL, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
	observation_add_text(seen, FACT_TLS_OFFERS_STOPPED, 0, "timeout");
	seen_words(&words, seen);
	ck_assert_str_eq(words.bytes, "TLSv1.3, handshake 2 ms\naccepted: TLSv1.2\nno more was tried: timeout");
}
END_TEST

START_TEST(without_deep_nothing_is_said_of_it)
{
	agree();
	seen_words(&words, seen);
	ck_assert_str_eq(words.bytes, "TLSv1.3, handshake 2 ms");
}
END_TEST

static void fault(const char *when, int64_t depth, const char *subject, const char *text)
{
	uint32_t row = observation_rows(seen, FACT_VERIFY_WHEN);
	observation_add_text(seen, FACT_VERIFY_WHEN, row, when);
	observation_add_text(seen, FACT_VERIFY_NAME, row, "expired");
	observation_add_int(seen, FACT_VERIFY_DEPTH, row, depth);
	observation_add_text(seen, FACT_VERIFY_SUBJECT, row, subject);
	observation_add_text(seen, FACT_VERIFY_TEXT, row, text);
}

START_TEST(each_error_names_its_certificate)
{
	agree();
	fault("at", 1, "CN=Intermediate", "certificate has expired");
	fault("window", 0, "CN=imap.contoso.com", "certificate has expired");
	seen_words(&words, seen);
	ck_assert_str_eq(words.bytes, "TLSv1.3, handshake 2 ms\n"
	                              "verification (at, depth 1, CN=Intermediate): certificate has expired\n"
	                              "verification (window, depth 0): certificate has expired");
}
END_TEST

START_TEST(a_fetched_certificate_is_told)
{
	observation_free(seen);
	seen = observation_new("issuer", "imap.contoso.com:993", "192.0.2.80", 0);
	observation_add_text(seen, FACT_HTTP_URL, 0, "http://ca.example/int.crt");
	if (_i == 1) {
		seen->outcome = OUTCOME_SKIPPED;
		observation_add_text(seen, FACT_SKIP_REASON, 0, "private-address");
		seen_words(&words, seen);
		ck_assert_str_eq(words.bytes, "http://ca.example/int.crt: not tried: private-address");
		return;
	}
	observation_add_int(seen, FACT_HTTP_STATUS, 0, 200);
	observation_add_text(seen, FACT_ISSUER_FORM, 0, "DER");
	observation_add_text(seen, FACT_ISSUER_SUBJECT, 0, "CN=Intermediate");
	observation_add_bool(seen, FACT_ISSUER_COMPLETES, 0, true);
	seen_words(&words, seen);
	ck_assert_str_eq(words.bytes, "http://ca.example/int.crt: HTTP status 200, DER\nadded to the chain: CN=Intermediate\nwith it the chain verifies");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("seen");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_was_tried_stands_in_groups);
	tcase_add_test(tcase, a_suite_that_is_not_listed_is_none_of_microsofts);
	tcase_add_test(tcase, without_deep_nothing_is_said_of_it);
	tcase_add_test(tcase, each_error_names_its_certificate);
	tcase_add_loop_test(tcase, a_fetched_certificate_is_told, 0, 2);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("render/seen", fill)
