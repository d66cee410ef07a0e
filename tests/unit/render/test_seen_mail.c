/* The SPF tree, the chain of signatures and the rungs of Autodiscover in words. */
#include "render/seen.h"

#include "../check_main.h"
#include "base/buf.h"

static struct buf words;

static void setup(void) { buf_init(&words, 4096); }
static void teardown(void) { buf_clear(&words); }

static void ck_words(struct observation *o, enum outcome outcome, const char *wanted)
{
	o->outcome = outcome;
	buf_reset(&words);
	seen_words(&words, o);
	ck_assert_str_eq(words.bytes, wanted);
	observation_free(o);
}

static void term(struct observation *o, int64_t depth, const char *text, int64_t lookups, bool is_void)
{
	uint32_t row = observation_rows(o, FACT_SPF_ROW_TERM);
	observation_add_int(o, FACT_SPF_ROW_DEPTH, row, depth);
	observation_add_text(o, FACT_SPF_ROW_TERM, row, text);
	observation_add_int(o, FACT_SPF_ROW_LOOKUPS, row, lookups);
	observation_add_bool(o, FACT_SPF_ROW_VOID, row, is_void);
}

START_TEST(the_spf_tree_is_counted)
{
	struct observation *o = observation_new("spf", "contoso.com", NULL, 0);
	observation_add_text(o, FACT_SPF_RESULT, 0, "permerror");
	observation_add_text(o, FACT_SPF_PROBLEM, 0, "ip5:192.0.2.1");
	observation_add_text(o, FACT_SPF_DEFAULT, 0, "softfail");
	observation_add_int(o, FACT_SPF_LOOKUPS, 0, 3);
	observation_add_int(o, FACT_SPF_VOIDS, 0, 1);
	term(o, 0, "ip4:192.0.2.1", 0, false);
	term(o, 0, "include:a.test", 1, false);
	term(o, 1, "a:gone.test", 2, true);
	term(o, 0, "mx", 3, false);
	term(o, 0, "~all", 3, false);
	observation_add_text(o, FACT_SPF_SENDER, 0, "microsoft");
	observation_add_text(o, FACT_SPF_SENDER_ADDRESS, 0, "40.92.0.1");
	observation_add_text(o, FACT_SPF_SENDER_RESULT, 0, "pass");
	ck_words(o, OUTCOME_OK, "3 look-ups, 10 are allowed; 1 without an answer, 2 are allowed; permerror: ip5:192.0.2.1\n"
	                        "1. include:a.test\n> 2. a:gone.test (no answer)\n3. mx\n"
	                        "mail from microsoft 40.92.0.1: pass\nmail from anybody else: softfail");
}
END_TEST

START_TEST(a_walk_that_did_not_end_says_so)
{
	struct observation *o = observation_new("spf", "contoso.com", NULL, 0);
	observation_add_int(o, FACT_SPF_LOOKUPS, 0, 1);
	term(o, 0, "mx", 1, false);
	ck_words(o, OUTCOME_CANCELLED, "stopped before it ended; 1 look-up, 10 are allowed; 0 without an answer, 2 are allowed\n1. mx");
}
END_TEST

static void link(struct observation *o, const char *name, const char *type, const char *status, const char *reason)
{
	uint32_t row = observation_rows(o, FACT_DNSSEC_NAME);
	observation_add_text(o, FACT_DNSSEC_NAME, row, name);
	observation_add_text(o, FACT_DNSSEC_TYPE, row, type);
	observation_add_text(o, FACT_DNSSEC_STATUS, row, status);
	observation_add_text(o, FACT_DNSSEC_REASON, row, reason);
}

START_TEST(each_link_of_the_chain_is_named)
{
	struct observation *o = observation_new("dnssec", "contoso.com", "192.0.2.53", 0);
	observation_add_text(o, FACT_DNSSEC_RESULT, 0, "bogus");
	link(o, "com", "DS", "secure", "signed by key 7");
	observation_add_time(o, FACT_DNSSEC_EXPIRES, 0, 1780315200);
	link(o, "com", "DNSKEY", "bogus", "there is no signature");
	ck_words(o, OUTCOME_OK, "bogus\ncom DS: signed by key 7, until 2026-06-01 12:00 UTC\ncom DNSKEY: bogus, there is no signature");
}
END_TEST

START_TEST(each_hop_of_the_ladder_is_named)
{
	struct observation *o = observation_new("autodiscover", "contoso.com", "192.0.2.80", 0);
	observation_add_text(o, FACT_AUTODISCOVER_STEP, 0, "redirect");
	observation_add_int(o, FACT_AUTODISCOVER_HOP, 0, 1);
	observation_add_text(o, FACT_AUTODISCOVER_ANSWER, 0, "downgrade");
	observation_add_text(o, FACT_HTTP_METHOD, 0, "POST");
	observation_add_text(o, FACT_HTTP_URL, 0, "https://a.test/");
	observation_add_int(o, FACT_HTTP_STATUS, 0, 302);
	observation_add_text(o, FACT_HTTP_LOCATION, 0, "http://b.test/");
	ck_words(o, OUTCOME_OK, "redirect, led on: POST https://a.test/: 302, leads to http://b.test/, downgrade");
	o = observation_new("autodiscover", "contoso.com", "192.0.2.53", 0);
	observation_add_text(o, FACT_DNS_QUESTION, 0, "_autodiscover._tcp.contoso.com");
	observation_add_text(o, FACT_DNS_TYPE, 0, "SRV");
	observation_add_int(o, FACT_DNS_SRV_PORT, 0, 443);
	observation_add_text(o, FACT_DNS_SRV_TARGET, 0, "a.test");
	ck_words(o, OUTCOME_OK, "SRV 443 a.test");
	o = observation_new("autodiscover", "contoso.com", "192.0.2.53", 0);
	observation_add_text(o, FACT_DNS_QUESTION, 0, "_autodiscover._tcp.contoso.com");
	observation_add_text(o, FACT_DNS_TYPE, 0, "SRV");
	ck_words(o, OUTCOME_NXDOMAIN, "the name does not exist (NXDOMAIN), asked for _autodiscover._tcp.contoso.com SRV");
}
END_TEST

START_TEST(a_policy_is_told_with_how_it_was_fetched)
{
	struct observation *o = observation_new("mtasts", "contoso.com", "192.0.2.80", 0);
	observation_add_text(o, FACT_HTTP_METHOD, 0, "GET");
	observation_add_text(o, FACT_HTTP_URL, 0, "https://mta-sts.contoso.com/");
	observation_add_int(o, FACT_HTTP_STATUS, 0, 200);
	observation_add_text(o, FACT_HTTP_CONTENT_TYPE, 0, "text/plain");
	observation_add_text(o, FACT_MTASTS_MODE, 0, "enforce");
	observation_add_int(o, FACT_MTASTS_MAX_AGE_S, 0, 86400);
	observation_add_text(o, FACT_MTASTS_MX, 0, "a.test");
	observation_add_text(o, FACT_MTASTS_MX, 1, "*.b.test");
	ck_words(o, OUTCOME_OK, "GET https://mta-sts.contoso.com/: 200 text/plain\nmode enforce, max_age 86400 s, mx a.test, *.b.test");
}
END_TEST

START_TEST(a_recording_may_lack_a_row)
{
	struct observation *o = observation_new("mtasts", "contoso.com", "192.0.2.80", 0);
	observation_add_text(o, FACT_HTTP_METHOD, 0, "GET");
	observation_add_text(o, FACT_HTTP_URL, 0, "https://mta-sts.contoso.com/");
	observation_add_int(o, FACT_HTTP_STATUS, 0, 200);
	observation_add_text(o, FACT_MTASTS_MX, 1, "a.test");
	ck_words(o, OUTCOME_OK, "GET https://mta-sts.contoso.com/: 200, mx -, a.test");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("seen mail");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_spf_tree_is_counted);
	tcase_add_test(tcase, a_walk_that_did_not_end_says_so);
	tcase_add_test(tcase, each_link_of_the_chain_is_named);
	tcase_add_test(tcase, each_hop_of_the_ladder_is_named);
	tcase_add_test(tcase, a_policy_is_told_with_how_it_was_fetched);
	tcase_add_test(tcase, a_recording_may_lack_a_row);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("render/seen_mail", fill)
