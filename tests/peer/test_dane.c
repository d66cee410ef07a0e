/* The dane probe: an SMTP server on its way to TLS, well behaved or not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check_main.h"
#include "bench.h"
#include "patience.h"

static struct bench bench;
static struct peer *peer;
static SSL_CTX *server;

static void make_certificates(void)
{
	pki_lab_make("imap.lab.test", NULL);
}

static void setup(void)
{
	const struct pki_pair *const sent[] = {&pki_lab.leaf, &pki_lab.root};
	server = pki_server(sent, 2);
}

static void teardown(void)
{
	bench_clear(&bench);
	ck_assert_int_le(peer_accepted(peer), 1);
	peer_free(peer);
	SSL_CTX_free(server);
}

static const struct observation *run_for(int timeout_ms, peer_script *script, const char *argument)
{
	peer = peer_new("127.0.0.1", script, (void *)(uintptr_t)argument);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.timeout_ms = timeout_ms;
	bench_run(&bench, "dane");
	const struct observation *o = bench_seen(&bench, "dane", 0);
	ck_assert_ptr_nonnull(o);
	ck_assert_str_eq(o->address, "127.0.0.1");
	return o;
}

static const struct observation *run(peer_script *script, const char *argument)
{
	return run_for(AMPLE_MS, script, argument);
}

/* Greets, lists `argument` in answer to EHLO, and goes on to TLS when it is asked to. */
static void smtp(struct talk *talk, void *argument)
{
	talk_say(talk, "220 mail.lab.test ESMTP\r\n");
	const char *line = talk_hear(talk);
	if (line == NULL || strncmp(line, "EHLO ", 5) != 0)
		return;
	talk_say(talk, argument);
	line = talk_hear(talk);
	if (line == NULL || strcmp(line, "STARTTLS") != 0)
		return;
	talk_say(talk, "220 go ahead\r\n");
	if (talk_begin_tls(talk, server))
		talk_hold(talk);
}

static void say_and_hold(struct talk *talk, void *argument)
{
	talk_say(talk, argument);
	talk_hold(talk);
}

static void say_and_close(struct talk *talk, void *argument)
{
	talk_say(talk, argument);
}

/* Hears the EHLO first: unread, it would make the close a reset. */
static void greet_and_close(struct talk *talk, void *argument)
{
	talk_say(talk, argument);
	talk_hear(talk);
}

START_TEST(the_certificates_are_described)
{
	const struct observation *o = run(smtp, "250-mail.lab.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n");
	ck_outcome(o, OK);
	ck_text(o, TLS_MODE, "starttls");
	ck_text(o, STARTTLS_PROTOCOL, "smtp");
	ck_flag(o, STARTTLS_ACCEPTED, true);
	ck_flag(o, CERT_NAME_OK, true);
	ck_assert_uint_eq(observation_rows(o, FACT_CERT_KEY_SHA256), 2);
	ck_assert_uint_eq(strlen(observation_text(o, FACT_CERT_SHA256, 0)), 64);
	ck_assert_str_ne(observation_text(o, FACT_CERT_KEY_SHA256, 0), observation_text(o, FACT_CERT_SHA256, 0));
	ck_assert_uint_eq(observation_rows(o, FACT_CERT_SHA512), 2);
	ck_assert_uint_eq(strlen(observation_text(o, FACT_CERT_KEY_SHA512, 1)), 128);
}
END_TEST

START_TEST(no_mail_is_begun)
{
	run(smtp, "250-mail.lab.test\r\n250 STARTTLS\r\n");
	ck_assert_ptr_null(strstr(peer_heard(peer), "MAIL"));
	ck_assert_ptr_null(strstr(peer_heard(peer), "RCPT"));
}
END_TEST

START_TEST(starttls_that_is_not_offered_is_not_tried)
{
	const struct observation *o = run(smtp, "250-mail.lab.test\r\n250 SIZE 1000\r\n");
	ck_outcome(o, DENIED);
	ck_flag(o, STARTTLS_OFFERED, false);
	ck_assert(!observation_has(o, FACT_CERT_SHA256, 0));
	ck_assert_ptr_null(strstr(peer_heard(peer), "STARTTLS"));
}
END_TEST

static const struct {
	const char *about;
	peer_script *script;
	const char *argument;
	const char *outcome;
} rows[] = {
    {"an IMAP server", say_and_hold, "* OK IMAP4rev1 ready\r\n", "protocol"},
    {"a web server", say_and_hold, "HTTP/1.1 400 Bad Request\r\n\r\n", "protocol"},
    {"a server that is full", say_and_close, "421 too many connections, try again later\r\n", "limited"},
    {"a server that wants none of it", say_and_close, "554 no SMTP service here\r\n", "denied"},
    {"closed after the greeting", greet_and_close, "220 mail.lab.test ESMTP\r\n", "closed"},
    {"silence", say_and_hold, "", "timeout"},
    {"a greeting without end", say_and_hold, "220-mail.lab.test", "timeout"},
};

START_TEST(what_is_no_mail_server_says_nothing_of_certificates)
{
	int timeout_ms = strcmp(rows[_i].outcome, "timeout") == 0 ? silence_ms() : AMPLE_MS;
	const struct observation *o = run_for(timeout_ms, rows[_i].script, rows[_i].argument);
	ck_assert_msg(strcmp(bench_outcome(o), rows[_i].outcome) == 0, "%s: %s", rows[_i].about, bench_outcome(o));
	ck_assert(!observation_has(o, FACT_CERT_SHA256, 0));
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("dane");
	tcase_set_timeout(tcase, 30);
	tcase_add_unchecked_fixture(tcase, make_certificates, pki_lab_drop);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_certificates_are_described);
	tcase_add_test(tcase, no_mail_is_begun);
	tcase_add_test(tcase, starttls_that_is_not_offered_is_not_tried);
	tcase_add_loop_test(tcase, what_is_no_mail_server_says_nothing_of_certificates, 0, sizeof rows / sizeof rows[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("probe/dane", fill)
