/* One HTTP exchange, as the mtasts probe has it: what good and bad web servers give. Sites with names: tests/lab/suite_web.py. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"
#include "patience.h"

#define POLICY "version: STSv1\nmode: enforce\nmx: mail.lab.test\nmx: *.mail.protection.outlook.com\nmax_age: 604800\n"
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"

static struct bench bench;
static struct peer *peer;
static SSL_CTX *server;

static void setup(void)
{
	pki_lab_make("mta-sts.imap.lab.test", "rsa2048");
	const struct pki_pair *const sent[] = {&pki_lab.leaf};
	server = pki_server(sent, 1);
}

static void teardown(void)
{
	bench_clear(&bench);
	peer_free(peer);
	SSL_CTX_free(server);
	pki_lab_drop();
}

static const struct observation *run(peer_script *script, const char *argument, int64_t timeout_ms)
{
	peer = peer_new("127.0.0.1", script, (void *)(uintptr_t)argument);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.timeout_ms = timeout_ms;
	bench_run(&bench, "mtasts");
	ck_assert_uint_eq(bench.evidence.count, 1);
	return bench_seen(&bench, "mtasts", 0);
}

/* The request's head; nothing follows a GET. */
static bool hear_request(struct talk *talk)
{
	const char *line = NULL;
	while ((line = talk_hear(talk)) != NULL)
		if (*line == '\0' || *line == '\r')
			return true;
	return false;
}

static void answer(struct talk *talk, void *argument)
{
	if (talk_begin_tls(talk, server) && hear_request(talk))
		talk_say(talk, argument);
}

static void spell(struct talk *talk, void *argument)
{
	if (talk_begin_tls(talk, server) && hear_request(talk))
		talk_spell(talk, argument);
}

static void flood(struct talk *talk, void *argument)
{
	if (!talk_begin_tls(talk, server) || !hear_request(talk))
		return;
	talk_say(talk, argument);
	for (int i = 0; i < 20000; i++)
		talk_say(talk, "more: and more\n");
}

static void stall(struct talk *talk, void *argument)
{
	(void)argument;
	if (talk_begin_tls(talk, server))
		talk_hold(talk);
}

static void hang_up(struct talk *talk, void *argument)
{
	(void)argument;
	if (talk_begin_tls(talk, server))
		hear_request(talk);
}

static void clear_text(struct talk *talk, void *argument)
{
	talk_say(talk, argument);
	talk_hold(talk);
}

static void ck_policy(const struct observation *o)
{
	ck_outcome(o, OK);
	ck_assert_int_eq(observation_int_or(o, FACT_HTTP_STATUS, 0, 0), 200);
	ck_text(o, HTTP_CONTENT_TYPE, "text/plain");
	ck_text(o, MTASTS_MODE, "enforce");
	ck_assert_int_eq(observation_int_or(o, FACT_MTASTS_MAX_AGE_S, 0, 0), 604800);
	ck_assert_uint_eq(observation_rows(o, FACT_MTASTS_MX), 2);
	ck_assert(!observation_has(o, FACT_MTASTS_FAULT, 0));
	ck_flag(o, CERT_NAME_OK, true);
	ck_assert_uint_eq(observation_rows(o, FACT_VERIFY_NAME), 0);
	ck_text(o, TLS_NAME, "mta-sts.imap.lab.test");
}

START_TEST(a_policy_is_fetched)
{
	ck_policy(run(answer, HEAD POLICY, AMPLE_MS));
	ck_assert_ptr_nonnull(strstr(peer_heard(peer), "GET /.well-known/mta-sts.txt HTTP/1.1"));
	ck_assert_ptr_nonnull(strstr(peer_heard(peer), "Host: mta-sts.imap.lab.test"));
	ck_assert_ptr_null(strstr(peer_heard(peer), "Authorization"));
	ck_assert_ptr_null(strstr(peer_heard(peer), "Accept-Encoding"));
}
END_TEST

START_TEST(a_policy_byte_by_byte_is_fetched_too)
{
	ck_policy(run(spell, HEAD POLICY, AMPLE_MS));
}
END_TEST

START_TEST(a_redirect_is_reported_and_not_followed)
{
	const struct observation *o = run(answer, "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", AMPLE_MS);
	ck_outcome(o, OK);
	ck_assert_int_eq(observation_int_or(o, FACT_HTTP_STATUS, 0, 0), 302);
	ck_assert_ptr_nonnull(strstr(observation_text(o, FACT_HTTP_LOCATION, 0), "/elsewhere"));
	ck_assert(!observation_has(o, FACT_MTASTS_MODE, 0));
	ck_assert_int_eq(peer_accepted(peer), 1);
}
END_TEST

START_TEST(a_body_without_end_is_cut)
{
	const struct observation *o = run(flood, HEAD POLICY, AMPLE_MS);
	ck_outcome(o, PROTOCOL);
	ck_assert_int_le(observation_int_or(o, FACT_HTTP_BODY_BYTES, 0, 0), 65536);
	ck_assert(!observation_has(o, FACT_MTASTS_MODE, 0));
}
END_TEST

START_TEST(silence_ends_by_the_deadline)
{
	const struct observation *o = run(stall, NULL, 400);
	ck_outcome(o, TIMEOUT);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
}
END_TEST

START_TEST(a_server_that_hangs_up_is_told_apart)
{
	ck_outcome(run(hang_up, NULL, AMPLE_MS), CLOSED);
}
END_TEST

START_TEST(clear_text_where_tls_is_due_is_a_failed_handshake)
{
	ck_outcome(run(clear_text, "HTTP/1.1 400 Bad Request\r\n\r\n", AMPLE_MS), TLS);
}
END_TEST

START_TEST(garbage_inside_tls_is_no_answer)
{
	const struct observation *o = run(answer, "\x01\x02 this is no HTTP\r\n\r\n", AMPLE_MS);
	ck_assert_int_ne(o->outcome, OUTCOME_OK);
	ck_assert(!observation_has(o, FACT_MTASTS_MODE, 0));
}
END_TEST

START_TEST(an_interrupt_is_stated)
{
	peer = peer_new("127.0.0.1", stall, NULL);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.stop_after_ms = 100;
	bench_run(&bench, "mtasts");
	ck_outcome(bench_seen(&bench, "mtasts", 0), CANCELLED);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("web");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_policy_is_fetched);
	tcase_add_test(tcase, a_policy_byte_by_byte_is_fetched_too);
	tcase_add_test(tcase, a_redirect_is_reported_and_not_followed);
	tcase_add_test(tcase, a_body_without_end_is_cut);
	tcase_add_test(tcase, silence_ends_by_the_deadline);
	tcase_add_test(tcase, a_server_that_hangs_up_is_told_apart);
	tcase_add_test(tcase, clear_text_where_tls_is_due_is_a_failed_handshake);
	tcase_add_test(tcase, garbage_inside_tls_is_no_answer);
	tcase_add_test(tcase, an_interrupt_is_stated);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/web", fill)
