/* The tls probe: handshakes and the conversation before them. What certificates say is tests/unit/io/test_certificate. */
#include "bench.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../unit/check_main.h"
#include "patience.h"

static struct bench bench;
static struct peer *peer;
static SSL_CTX *server;

static void make_certificates(void)
{
	pki_lab_make("imap.lab.test", "rsa2048");
}

static void setup(void)
{
	const struct pki_pair *const sent[] = {&pki_lab.leaf};
	server = pki_server(sent, 1);
}

static void teardown(void)
{
	bench_clear(&bench);
	if (peer != NULL)
		ck_assert_int_le(peer_accepted(peer), 2); /* whatever the server does: only --deep makes more */
	peer_free(peer);
	peer = NULL;
	SSL_CTX_free(server);
}

/* `protocol` NULL: TLS from the first byte. */
static const struct observation *run_for(int timeout_ms, peer_script *script, void *argument, const char *protocol)
{
	peer = peer_new("127.0.0.1", script, argument);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.protocol = protocol;
	bench.timeout_ms = timeout_ms;
	bench_run(&bench, "tls");
	return bench_seen(&bench, "tls", 0);
}

static const struct observation *run(peer_script *script, void *argument, const char *protocol)
{
	return run_for(AMPLE_MS, script, argument, protocol);
}

static void only_tls(struct talk *talk, void *argument)
{
	(void)argument;
	if (talk_begin_tls(talk, server))
		talk_hold(talk);
}

START_TEST(a_good_handshake_is_described)
{
	const struct observation *tls = run(only_tls, NULL, NULL);
	ck_outcome(bench_seen(&bench, "port", 0), OK);
	ck_outcome(tls, OK);
	ck_text(tls, TLS_MODE, "implicit");
	ck_text(tls, TLS_NAME, "imap.lab.test");
	ck_text(tls, TLS_VERSION, "TLSv1.3");
	ck_text(tls, TLS_CIPHER_IANA, "TLS_AES_256_GCM_SHA384");
	ck_flag(tls, TLS_SUITE_LISTED, true);
	ck_text(tls, TLS_OCSP_STATUS, "none");
	ck_text(tls, CERT_SUBJECT, "CN=imap.lab.test");
	ck_flag(tls, CERT_NAME_OK, true);
	ck_flag(tls, CERT_ORDER_OK, true);
	ck_assert_uint_eq(observation_rows(tls, FACT_VERIFY_WHEN), 0);
	ck_assert(!observation_has(tls, FACT_TLS_LEGACY_ONLY, 0));
	ck_assert_uint_eq(bench.evidence.count, 3);
	ck_assert_int_eq(peer_accepted(peer), 1);
}
END_TEST

static const char *sni_seen;

static int on_sni(SSL *ssl, int *alert, void *argument)
{
	static char name[64];
	(void)alert;
	(void)argument;
	const char *seen = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	snprintf(name, sizeof name, "%s", seen != NULL ? seen : "(none)");
	sni_seen = name;
	return SSL_TLSEXT_ERR_OK;
}

START_TEST(the_name_goes_as_sni)
{
	SSL_CTX_set_tlsext_servername_callback(server, on_sni);
	run(only_tls, NULL, NULL);
	ck_assert_pstr_eq(sni_seen, "imap.lab.test");
}
END_TEST

static const struct {
	int version;
	const char *ciphers; /* NULL: all */
	const char *agreed;
	const char *legacy;  /* NULL: 1.2 or newer */
	bool is_listed;
} agreements[] = {
    {TLS1_VERSION, NULL, "TLSv1", "TLSv1", true},
    {TLS1_1_VERSION, NULL, "TLSv1.1", "TLSv1.1", true},
    {TLS1_2_VERSION, NULL, "TLSv1.2", NULL, true},
    {TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305:@SECLEVEL=0", "TLSv1.2", NULL, false},
    {TLS1_2_VERSION, "AES128-GCM-SHA256:@SECLEVEL=0", "TLSv1.2", NULL, true},
    {TLS1_2_VERSION, "AES128-SHA:@SECLEVEL=0", "TLSv1.2", NULL, false},
};

START_TEST(what_is_agreed_is_named)
{
	SSL_CTX_set_min_proto_version(server, agreements[_i].version);
	SSL_CTX_set_max_proto_version(server, agreements[_i].version);
	if (agreements[_i].ciphers != NULL)
		SSL_CTX_set_cipher_list(server, agreements[_i].ciphers);
	const struct observation *tls = run(only_tls, NULL, NULL);
	ck_outcome(tls, OK);
	ck_text(tls, TLS_VERSION, agreements[_i].agreed);
	ck_text(tls, TLS_LEGACY_ONLY, agreements[_i].legacy);
	ck_flag(tls, TLS_SUITE_LISTED, agreements[_i].is_listed);
}
END_TEST

START_TEST(no_common_suite_is_an_alert_by_name)
{
	SSL_CTX_set_max_proto_version(server, TLS1_2_VERSION);
	SSL_CTX_set_cipher_list(server, "NULL-SHA256:@SECLEVEL=0");
	const struct observation *tls = run(only_tls, NULL, NULL);
	ck_outcome(tls, TLS);
	ck_text(tls, TLS_ALERT, "handshake_failure");
	ck_assert_int_gt(observation_int_or(tls, FACT_TLS_BYTES_RECEIVED, 0, 0), 0);
}
END_TEST

START_TEST(a_client_certificate_is_no_question_of_suites)
{
	SSL_CTX_set_max_proto_version(server, TLS1_2_VERSION);
	SSL_CTX_set_verify(server, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	const struct observation *tls = run(only_tls, NULL, NULL);
	ck_outcome(tls, TLS);
	ck_text(tls, TLS_ALERT, "handshake_failure");
	ck_text(tls, TLS_CIPHER, "ECDHE-RSA-AES256-GCM-SHA384");
}
END_TEST

/* Answers to a ClientHello that are no handshake: sent whole or in three parts, then held or closed. */
static const struct answer {
	const char *bytes;
	size_t length;
	bool is_cut, is_held;
	enum outcome outcome;
	const char *plain, *protocol, *alert;
} answers[] = {
    {"* OK IMAP ready\r\n", 17, false, true, OUTCOME_PROTOCOL, "* OK IMAP ready", "imap", NULL},
    {"* OK IMAP ready\r\n", 17, true, true, OUTCOME_PROTOCOL, "* OK IMAP ready", "imap", NULL},
    {"220 mx ESMTP\r\n", 14, false, false, OUTCOME_PROTOCOL, "220 mx ESMTP", "smtp", NULL},
    {"+OK POP3\r\n", 10, false, true, OUTCOME_PROTOCOL, "+OK POP3", "pop3", NULL},
    {"SSH-2.0-x\r\n", 11, false, true, OUTCOME_PROTOCOL, "SSH-2.0-x", "ssh", NULL},
    {"HTTP/1.1 400 Bad\r\n", 18, false, false, OUTCOME_PROTOCOL, "HTTP/1.1 400 Bad", "http", NULL},
    {"no line end", 11, false, true, OUTCOME_PROTOCOL, "no line end", NULL, NULL},
    {"\x15\x03\x03\x00\x02\x02\x50", 7, true, false, OUTCOME_TLS, NULL, NULL, "internal_error"},
    {"\x15\x03\x03\x00\x02\x02\x46", 7, false, false, OUTCOME_TLS, NULL, NULL, "protocol_version"},
    {"\0\0\0\0\0\0\0\0", 8, false, true, OUTCOME_TLS, NULL, NULL, NULL},
    {"", 0, false, false, OUTCOME_CLOSED, NULL, NULL, NULL},
    {"", 0, false, true, OUTCOME_TIMEOUT, NULL, NULL, NULL},
    {"\x16\x03\x03\x40\x00", 5, false, true, OUTCOME_TIMEOUT, NULL, NULL, NULL},
};

static void answer(struct talk *talk, void *argument)
{
	const struct answer *what = argument;
	char hello[4096];
	(void)!recv(talk_fd(talk), hello, sizeof hello, 0); /* a close with bytes unread would be a reset */
	size_t part = what->is_cut ? what->length / 3 + 1 : what->length;
	for (size_t at = 0; at < what->length; at += part) {
		talk_say_bytes(talk, what->bytes + at, what->length - at < part ? what->length - at : part);
		talk_pause(talk, 1);
	}
	if (what->is_held)
		talk_hold(talk);
}

START_TEST(what_is_no_handshake_is_told_apart)
{
	static struct answer what; /* the peer's thread outlives this call */
	what = answers[_i];
	const struct observation *tls = run_for(what.outcome == OUTCOME_TIMEOUT ? silence_ms() : AMPLE_MS, answer, &what, NULL);
	ck_assert_str_eq(outcome_name(tls->outcome), outcome_name(what.outcome));
	ck_text(tls, TLS_PLAIN_BYTES, what.plain);
	ck_text(tls, TLS_PLAIN_PROTOCOL, what.protocol);
	ck_text(tls, TLS_ALERT, what.alert);
	int64_t received = observation_int_or(tls, FACT_TLS_BYTES_RECEIVED, 0, -1);
	/* OpenSSL reads no further than the header of what is no record. */
	ck_assert_int_ge(received, what.length < 5 ? (int64_t)what.length : 5);
	ck_assert_int_le(received, (int64_t)what.length);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
	ck_assert_uint_eq(bench.evidence.count, 3);
}
END_TEST

static void reset_after_hello(struct talk *talk, void *argument)
{
	char hello[1];
	(void)argument;
	(void)!recv(talk_fd(talk), hello, sizeof hello, 0); /* by then the client has seen the connection stand */
	talk_reset(talk);
}

START_TEST(a_reset_in_the_handshake_is_told_apart)
{
	const struct observation *tls = run(reset_after_hello, NULL, NULL);
	ck_outcome(tls, RESET);
}
END_TEST

static void reset_at_once(struct talk *talk, void *argument)
{
	(void)argument;
	talk_reset(talk);
}

/* Whether the program looks before the reset or behind it: the connection stood, and what follows is said of it. */
START_TEST(a_reset_is_told_the_same_whenever_it_is_seen)
{
	static const char *const protocols[] = {NULL, "imap"};
	peer = peer_new("127.0.0.1", reset_at_once, NULL);
	bench_init(&bench, peer);
	bench.protocol = protocols[_i / 2];
	bench.lag_ms = _i % 2 == 0 ? 0 : 200;
	bench_run(&bench, "tls");
	ck_outcome(bench_seen(&bench, "port", 0), OK);
	ck_outcome(bench_seen(&bench, "tls", 0), RESET);
	ck_text(bench_seen(&bench, "tls", 0), STARTTLS_STAGE, _i / 2 == 0 ? NULL : "greeting");
}
END_TEST

/* Conversations before TLS. "TLS" begins it; other lines are said in answer to one line heard. */
struct conversation {
	const char *name, *protocol;
	const char *lines[8]; /* the greeting first; "" says nothing and closes */
	enum outcome outcome;
	const char *stage;
	int offered, accepted; /* -1: no such fact */
	const char *extra;
	const char *heard; /* all that was sent in clear text */
};

static const struct conversation conversations[] = {
    {"imap", "imap", {"* OK hi\r\n", "* CAPABILITY IMAP4rev1 STARTTLS\r\nc1 OK\r\n", "c2 OK go\r\n", "TLS"}, OUTCOME_OK, "tls", 1, 1, NULL,
     "c1 CAPABILITY\r\nc2 STARTTLS\r\n"},
    {"imap, list in the greeting", "imap", {"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n", "c1 OK go\r\n", "TLS"}, OUTCOME_OK, "tls", 1, 1,
     NULL, "c1 STARTTLS\r\n"},
    {"imap, missing", "imap", {"* OK [CAPABILITY IMAP4rev1] hi\r\n", "* CAPABILITY IMAP4rev1\r\nc1 OK\r\n"}, OUTCOME_DENIED, "capability", 0,
     -1, NULL, "c1 CAPABILITY\r\n"},
    {"imap, refused", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 NO not now\r\n"}, OUTCOME_DENIED, "starttls", 1, 0, NULL,
     "c1 STARTTLS\r\n"},
    {"imap, bad", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 BAD what\r\n"}, OUTCOME_DENIED, "starttls", 1, 0, NULL,
     "c1 STARTTLS\r\n"},
    {"imap, closed", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", ""}, OUTCOME_CLOSED, "starttls", 1, -1, NULL, "c1 STARTTLS\r\n"},
    {"imap, injected", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 OK go\r\nc2 OK owned\r\n", "never"}, OUTCOME_PROTOCOL, NULL, 1, 1,
     "c2 OK owned\\013\\010", "c1 STARTTLS\r\n"},
    {"imap, answered before asked", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\nc1 OK go\r\n"}, OUTCOME_PROTOCOL, "starttls", 1, -1, NULL, ""},
    {"imap, bye", "imap", {"* BYE too many connections\r\n"}, OUTCOME_LIMITED, "greeting", -1, -1, NULL, ""},
    {"imap, preauth", "imap", {"* PREAUTH hi\r\n"}, OUTCOME_PROTOCOL, "greeting", -1, -1, NULL, ""},
    {"imap, smtp answers", "imap", {"220 mx\r\n"}, OUTCOME_PROTOCOL, "greeting", -1, -1, NULL, ""},
    {"imap, closed at once", "imap", {""}, OUTCOME_CLOSED, "greeting", -1, -1, NULL, ""},
    {"smtp", "smtp", {"220-mx\r\n220 hi\r\n", "250-mx\r\n250-STARTTLS\r\n250 8BITMIME\r\n", "220 go\r\n", "TLS"}, OUTCOME_OK, "tls", 1, 1,
     NULL, "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"smtp, missing", "smtp", {"220 hi\r\n", "250 mx\r\n"}, OUTCOME_DENIED, "capability", 0, -1, NULL, "EHLO cutover.invalid\r\n"},
    {"smtp, no EHLO", "smtp", {"220 hi\r\n", "502 what\r\n"}, OUTCOME_DENIED, "capability", 0, -1, NULL, "EHLO cutover.invalid\r\n"},
    {"smtp, later", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", "454 later\r\n"}, OUTCOME_DENIED, "starttls", 1, 0, NULL,
     "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"smtp, answers ahead", "smtp", {"220 hi\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n"}, OUTCOME_PROTOCOL, "capability", -1, -1, NULL,
     ""},
    {"pop3", "pop3", {"+OK hi\r\n", "+OK list\r\nUSER\r\nSTLS\r\n.\r\n", "+OK go\r\n", "TLS"}, OUTCOME_OK, "tls", 1, 1, NULL,
     "CAPA\r\nSTLS\r\n"},
    {"pop3, no list", "pop3", {"+OK hi\r\n", "-ERR what\r\n"}, OUTCOME_DENIED, "capability", 0, -1, NULL, "CAPA\r\n"},
};
enum { CONVERSATIONS = sizeof conversations / sizeof conversations[0] };

static bool is_spelt;

static void converse(struct talk *talk, void *argument)
{
	const struct conversation *what = argument;
	for (size_t i = 0; what->lines[i] != NULL; i++) {
		if (strcmp(what->lines[i], "TLS") == 0) {
			if (talk_begin_tls(talk, server))
				talk_hold(talk);
			return;
		}
		if (i > 0 && talk_hear(talk) == NULL)
			return;
		if (is_spelt)
			talk_spell(talk, what->lines[i]);
		else
			talk_say(talk, what->lines[i]);
		if (what->lines[i][0] == '\0')
			return;
	}
	talk_hold(talk);
}

static void check_conversation(const struct conversation *what)
{
	static struct conversation copy; /* the peer's thread outlives this call */
	copy = *what;
	const struct observation *tls = run(converse, &copy, what->protocol);
	ck_assert_msg(tls != NULL && tls->outcome == what->outcome, "%s: %s", what->name, tls != NULL ? outcome_name(tls->outcome) : "none");
	ck_text(tls, TLS_MODE, "starttls");
	ck_text(tls, STARTTLS_PROTOCOL, what->protocol);
	ck_flag(tls, STARTTLS_ACCEPTED, what->accepted);
	ck_assert_int_eq(peer_accepted(peer), 1);
	ck_assert_msg(bench.elapsed_ms < AMPLE_MS, "%s took %d ms", what->name, (int)bench.elapsed_ms);
}

START_TEST(a_conversation_leads_to_tls_or_ends_at_its_step)
{
	const struct conversation *what = &conversations[_i];
	is_spelt = false;
	check_conversation(what);
	const struct observation *tls = bench_seen(&bench, "tls", 0);
	if (what->stage != NULL)
		ck_text(tls, STARTTLS_STAGE, what->stage);
	ck_flag(tls, STARTTLS_OFFERED, what->offered);
	ck_text(tls, STARTTLS_EXTRA_BYTES, what->extra);
	ck_assert_pstr_eq(peer_heard(peer), what->heard);
}
END_TEST

START_TEST(a_conversation_may_come_byte_by_byte)
{
	const struct conversation *what = &conversations[_i];
	if (strstr(what->name, "before asked") != NULL || strstr(what->name, "ahead") != NULL)
		return; /* byte by byte, the answers come after the questions */
	is_spelt = true;
	check_conversation(what);
	const struct observation *tls = bench_seen(&bench, "tls", 0);
	ck_assert_int_eq(observation_has(tls, FACT_STARTTLS_EXTRA_BYTES, 0), what->extra != NULL);
}
END_TEST

START_TEST(tls_on_a_clear_text_port_is_found_out)
{
	const struct observation *tls = run(only_tls, NULL, "imap");
	ck_outcome(tls, PROTOCOL);
	ck_text(tls, IMAP_OTHER_PROTOCOL, "tls");
	ck_text(tls, STARTTLS_STAGE, "greeting");
	ck_assert_int_eq(peer_accepted(peer), 2);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
}
END_TEST

static void hold(struct talk *talk, void *argument)
{
	(void)argument;
	talk_hold(talk);
}

START_TEST(silence_stays_silence)
{
	const struct observation *tls = run_for(silence_ms(), hold, NULL, "imap");
	ck_outcome(tls, TIMEOUT);
	ck_text(tls, STARTTLS_STAGE, "greeting");
	ck_assert(!observation_has(tls, FACT_IMAP_OTHER_PROTOCOL, 0));
	ck_assert_int_eq(peer_accepted(peer), 2);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
}
END_TEST

static const int interrupts[] = {1, 30, 100, 1500};

START_TEST(an_interrupt_is_safe_at_any_moment)
{
	peer = peer_new("127.0.0.1", hold, NULL);
	bench_init(&bench, peer);
	bench.timeout_ms = 3000; /* the look whether it waits for TLS comes after a third */
	bench.protocol = "imap";
	bench.stop_after_ms = interrupts[_i];
	bench_run(&bench, "tls");
	/* Wherever it was: the look-up, the connect or the handshake is what was cut short. */
	const struct observation *last = bench.evidence.observations[bench.evidence.count - 1];
	ck_outcome(last, CANCELLED);
	ck_text(last, SKIP_REASON, "cancelled");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("tls");
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, make_certificates, pki_lab_drop);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_good_handshake_is_described);
	tcase_add_test(tcase, the_name_goes_as_sni);
	tcase_add_loop_test(tcase, what_is_agreed_is_named, 0, sizeof agreements / sizeof agreements[0]);
	tcase_add_test(tcase, no_common_suite_is_an_alert_by_name);
	tcase_add_test(tcase, a_client_certificate_is_no_question_of_suites);
	tcase_add_loop_test(tcase, what_is_no_handshake_is_told_apart, 0, sizeof answers / sizeof answers[0]);
	tcase_add_test(tcase, a_reset_in_the_handshake_is_told_apart);
	tcase_add_loop_test(tcase, a_reset_is_told_the_same_whenever_it_is_seen, 0, 4);
	tcase_add_loop_test(tcase, a_conversation_leads_to_tls_or_ends_at_its_step, 0, CONVERSATIONS);
	tcase_add_loop_test(tcase, a_conversation_may_come_byte_by_byte, 0, CONVERSATIONS);
	tcase_add_test(tcase, tls_on_a_clear_text_port_is_found_out);
	tcase_add_test(tcase, silence_stays_silence);
	tcase_add_loop_test(tcase, an_interrupt_is_safe_at_any_moment, 0, sizeof interrupts / sizeof interrupts[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/tls", fill)
