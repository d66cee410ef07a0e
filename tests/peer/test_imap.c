/* The imap probe, from the connect to LOGOUT. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"
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
	const struct pki_pair *const sent[] = {&pki_lab.leaf};
	server = pki_server(sent, 1);
}

static void teardown(void)
{
	bench_clear(&bench);
	if (peer != NULL)
		ck_assert_int_le(peer_accepted(peer), 2); /* whatever the server does */
	peer_free(peer);
	peer = NULL;
	SSL_CTX_free(server);
}

/* A small IMAP server. */
struct server {
	bool is_implicit; /* TLS from the first byte */
	const char *greeting;
	const char *clear, *secure; /* capabilities before and inside TLS */
	const char *starttls; /* answer behind the tag; NULL: "OK go" */
	const char *id;       /* answer to ID, NULL: none */
	bool is_spelt, is_silent; /* silent: somewhere, so that the wait has to end */
	const char *last_word; /* a command that is not answered: the connection is held; "-" before it: closed */
};

static void say(struct talk *talk, const struct server *what, const char *text)
{
	if (what->is_spelt)
		talk_spell(talk, text);
	else
		talk_say(talk, text);
}

static void serve(struct talk *talk, void *argument)
{
	const struct server *what = argument;
	bool is_secure = what->is_implicit;
	char tag[32], word[32], reply[1024];
	if (is_secure && !talk_begin_tls(talk, server))
		return;
	say(talk, what, what->greeting);
	for (const char *line; (line = talk_hear(talk)) != NULL;) {
		if (sscanf(line, "%31s %31s", tag, word) != 2)
			return;
		const char *last = what->last_word;
		if (last != NULL && strcmp(last + (last[0] == '-'), word) == 0) {
			if (last[0] != '-')
				talk_hold(talk);
			return;
		}
		if (strcmp(word, "CAPABILITY") == 0) {
			snprintf(reply, sizeof reply, "* CAPABILITY %s\r\n%s OK done\r\n", is_secure ? what->secure : what->clear, tag);
			say(talk, what, reply);
		} else if (strcmp(word, "STARTTLS") == 0) {
			snprintf(reply, sizeof reply, "%s %s\r\n", tag, what->starttls != NULL ? what->starttls : "OK go");
			say(talk, what, reply);
			is_secure = what->starttls == NULL && talk_begin_tls(talk, server);
		} else if (strcmp(word, "ID") == 0) {
			snprintf(reply, sizeof reply, "%s%s OK done\r\n", what->id, tag);
			say(talk, what, reply);
		} else {
			snprintf(reply, sizeof reply, "* BYE bye\r\n%s OK done\r\n", tag);
			say(talk, what, reply);
			return;
		}
	}
}

static const struct observation *run(const struct server *what)
{
	static struct server copy; /* the peer's thread outlives this call */
	copy = *what;
	peer = peer_new("127.0.0.1", serve, &copy);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.protocol = what->is_implicit ? NULL : "imap";
	bench.timeout_ms = what->is_silent ? silence_ms() : AMPLE_MS;
	bench_run(&bench, "imap");
	return bench_seen(&bench, "imap", 0);
}

static const struct server good = {
    .greeting = "* OK Dovecot ready.\r\n",
    .clear = "IMAP4rev1 STARTTLS LOGINDISABLED",
    .secure = "IMAP4rev1 IMAP4rev2 ID AUTH=PLAIN",
    .id = "* ID (\"name\" \"Dovecot\" \"support-url\" NIL \"note\" {4}\r\na\"b\\)\r\n",
};

static void check_good(const struct observation *imap)
{
	ck_outcome(imap, OK);
	ck_outcome(bench_seen(&bench, "port", 0), OK);
	ck_outcome(bench_seen(&bench, "tls", 0), OK);
	ck_text(imap, IMAP_STAGE, "done");
	ck_text(imap, IMAP_GREETING, "* OK Dovecot ready.");
	ck_text(imap, IMAP_GREETING_KIND, "ok");
	ck_text(imap, IMAP_REVISION, "both");
	ck_flag(imap, IMAP_IN_TLS, true);
	ck_flag(imap, IMAP_LOGIN_DISABLED, false);
	ck_flag(imap, IMAP_PASSWORD_AUTH, true);
	ck_text(imap, IMAP_PRODUCT, "Dovecot");
	ck_text(imap, IMAP_PRODUCT_FROM, "id");
	ck_text(imap, IMAP_ADMIN_FORMAT, "User_UserName*Admin_UserName");
	ck_assert_uint_eq(observation_rows(imap, FACT_IMAP_CAPABILITY), 4);
	ck_assert_uint_eq(observation_rows(imap, FACT_IMAP_ID_KEY), 2);
	ck_assert_str_eq(observation_text(imap, FACT_IMAP_ID_VALUE, 1), "a\"b\\\\");
	ck_assert(observation_has(imap, FACT_IMAP_GREETING_MS, 0));
	ck_assert(!observation_has(imap, FACT_IMAP_FAULT, 0));
	ck_assert_int_eq(peer_accepted(peer), 1);
	ck_assert_uint_eq(bench.evidence.count, 4);
}

START_TEST(a_good_server_behind_starttls)
{
	struct server what = good;
	what.is_spelt = _i == 1;
	const struct observation *imap = run(&what);
	check_good(imap);
	ck_assert_str_eq(observation_text(imap, FACT_IMAP_CLEAR_CAPABILITY, 1), "STARTTLS");
	ck_flag(imap, IMAP_CLEAR_LOGIN, false);
	const struct observation *tls = bench_seen(&bench, "tls", 0);
	ck_text(tls, TLS_MODE, "starttls");
	ck_flag(tls, STARTTLS_OFFERED, true);
	ck_flag(tls, STARTTLS_ACCEPTED, true);
	ck_text(tls, STARTTLS_REPLY, "c2 OK go");
	char *dialogue = bench_transcript(imap);
	ck_assert_str_eq(dialogue, "< * OK Dovecot ready.\n"
	                           "> c1 CAPABILITY\n"
	                           "< * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\n"
	                           "< c1 OK done\n"
	                           "> c2 STARTTLS\n"
	                           "< c2 OK go\n"
	                           "> c3 CAPABILITY\n"
	                           "< * CAPABILITY IMAP4rev1 IMAP4rev2 ID AUTH=PLAIN\n"
	                           "< c3 OK done\n"
	                           "> c4 ID (\"name\" \"cutover\" \"version\" \"" CUTOVER_VERSION "\")\n"
	                           "< * ID (\"name\" \"Dovecot\" \"support-url\" NIL \"note\" {4}\\013\\010a\"b\\\\)\n"
	                           "< c4 OK done\n"
	                           "> c5 LOGOUT\n");
	free(dialogue);
}
END_TEST

START_TEST(a_good_server_behind_tls)
{
	struct server what = good;
	what.is_implicit = true;
	what.is_spelt = _i == 1;
	check_good(run(&what));
	ck_text(bench_seen(&bench, "tls", 0), TLS_MODE, "implicit");
	ck_assert(!observation_has(bench_seen(&bench, "imap", 0), FACT_IMAP_CLEAR_LOGIN, 0));
	ck_assert_ptr_nonnull(strstr(peer_heard(peer), "c3 LOGOUT\r\n"));
}
END_TEST

START_TEST(a_list_in_the_greeting_is_not_asked_for_again)
{
	struct server what = good;
	what.is_implicit = true;
	what.greeting = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n";
	const struct observation *imap = run(&what);
	ck_outcome(imap, OK);
	ck_text(imap, IMAP_REVISION, "IMAP4rev1");
	ck_assert_str_eq(peer_heard(peer), "c1 LOGOUT\r\n");
}
END_TEST

START_TEST(without_starttls_the_clear_text_state_is_told)
{
	struct server what = good;
	what.clear = "IMAP4rev1 AUTH=PLAIN";
	const struct observation *imap = run(&what), *tls = bench_seen(&bench, "tls", 0);
	ck_outcome(imap, OK);
	ck_flag(imap, IMAP_IN_TLS, false);
	ck_flag(imap, IMAP_CLEAR_LOGIN, true);
	ck_text(imap, IMAP_STAGE, "done");
	ck_outcome(tls, DENIED);
	ck_flag(tls, STARTTLS_OFFERED, false);
	ck_text(tls, TLS_MODE, "starttls");
}
END_TEST

START_TEST(a_refusal_of_starttls_does_not_hide_the_rest)
{
	struct server what = good;
	what.starttls = "NO not today";
	const struct observation *imap = run(&what), *tls = bench_seen(&bench, "tls", 0);
	ck_outcome(imap, OK);
	ck_flag(imap, IMAP_IN_TLS, false);
	ck_flag(imap, IMAP_LOGIN_DISABLED, true);
	ck_flag(imap, IMAP_PASSWORD_AUTH, false);
	ck_outcome(tls, DENIED);
	ck_flag(tls, STARTTLS_ACCEPTED, false);
	ck_text(tls, STARTTLS_REPLY, "c2 NO not today");
}
END_TEST

START_TEST(bytes_behind_the_ok_end_it)
{
	struct server what = good;
	what.starttls = "OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN";
	what.is_spelt = _i == 1;
	const struct observation *imap = run(&what), *tls = bench_seen(&bench, "tls", 0);
	ck_outcome(imap, PROTOCOL);
	ck_outcome(tls, PROTOCOL);
	ck_assert(observation_has(tls, FACT_STARTTLS_EXTRA_BYTES, 0));
	ck_flag(tls, STARTTLS_ACCEPTED, true);
	ck_flag(imap, IMAP_IN_TLS, false);
	if (_i == 0) {
		ck_text(tls, STARTTLS_EXTRA_BYTES, "* CAPABILITY IMAP4rev1 AUTH=PLAIN\\013\\010");
		ck_assert_str_eq(peer_heard(peer), "c1 CAPABILITY\r\nc2 STARTTLS\r\n");
	}
}
END_TEST

/* Greetings and ends that are not as they should be, in clear text and inside TLS. */
static const struct {
	const char *name;
	struct server server;
	enum outcome outcome;
	const char *stage, *kind, *other;
	bool has_fault;
} ends[] = {
    {"bye", {.greeting = "* BYE closed for the night\r\n"}, OUTCOME_DENIED, "greeting", "bye", NULL, false},
    {"bye, busy", {.greeting = "* BYE [UNAVAILABLE] busy\r\n"}, OUTCOME_LIMITED, "greeting", "bye", NULL, false},
    {"bye after the greeting", {.greeting = "* OK hi\r\n* BYE no\r\n"}, OUTCOME_DENIED, "greeting", "ok", NULL, false},
    {"preauth", {.greeting = "* PREAUTH [CAPABILITY IMAP4rev1] root\r\n"}, OUTCOME_OK, "done", "preauth", NULL, false},
    {"smtp", {.greeting = "220 mx ESMTP\r\n"}, OUTCOME_PROTOCOL, "greeting", "other", "smtp", false},
    {"pop3", {.greeting = "+OK POP3\r\n"}, OUTCOME_PROTOCOL, "greeting", "other", "pop3", false},
    {"ssh", {.greeting = "SSH-2.0-x\r\n"}, OUTCOME_PROTOCOL, "greeting", "other", "ssh", false},
    {"http", {.greeting = "HTTP/1.1 400 Bad Request\r\n"}, OUTCOME_PROTOCOL, "greeting", "other", "http", false},
    {"garbage", {.greeting = "\x1b]0;owned\x07\xff\xfe\r\n"}, OUTCOME_PROTOCOL, "greeting", "garbage", NULL, true},
    {"empty line", {.greeting = "\r\n"}, OUTCOME_PROTOCOL, "greeting", "garbage", NULL, true},
    {"data as greeting", {.greeting = "* CAPABILITY IMAP4rev1\r\n"}, OUTCOME_PROTOCOL, "greeting", "garbage", NULL, true},
    {"closed at CAPABILITY", {.greeting = "* OK hi\r\n", .last_word = "-CAPABILITY"}, OUTCOME_CLOSED, "capability", "ok", NULL, false},
    {"silent at CAPABILITY", {.greeting = "* OK hi\r\n", .last_word = "CAPABILITY"}, OUTCOME_TIMEOUT, "capability", "ok", NULL, false},
    {"silent at ID", {.greeting = "* OK [CAPABILITY IMAP4rev1 STARTTLS ID] hi\r\n", .last_word = "ID"}, OUTCOME_TIMEOUT, "id", "ok", NULL,
     false},
    {"strange answer", {.greeting = "* OK hi\r\n", .clear = "X\r\nwhat is this", .secure = "X\r\nwhat is this"}, OUTCOME_PROTOCOL,
     "capability", "ok", NULL, true},
    {"silent", {.greeting = "", .last_word = NULL}, OUTCOME_TIMEOUT, "greeting", NULL, NULL, false},
};
enum { ENDS = sizeof ends / sizeof ends[0] };

static void check_end(int i, bool is_implicit)
{
	struct server what = ends[i].server;
	what.is_implicit = is_implicit;
	what.is_silent = ends[i].outcome == OUTCOME_TIMEOUT;
	what.secure = what.secure != NULL ? what.secure : "IMAP4rev1 ID";
	what.clear = what.clear != NULL ? what.clear : "IMAP4rev1 STARTTLS ID";
	const struct observation *imap = run(&what);
	ck_assert_msg(imap != NULL && imap->outcome == ends[i].outcome, "%s: %s", ends[i].name, imap != NULL ? outcome_name(imap->outcome) : "-");
	ck_text(imap, IMAP_STAGE, ends[i].stage);
	ck_text(imap, IMAP_GREETING_KIND, ends[i].kind);
	ck_text(imap, IMAP_OTHER_PROTOCOL, ends[i].other);
	ck_assert_int_eq(observation_has(imap, FACT_IMAP_FAULT, 0), ends[i].has_fault);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
}

START_TEST(each_end_is_told_apart_in_clear_text)
{
	check_end(_i, false);
}
END_TEST

START_TEST(each_end_is_told_apart_inside_tls)
{
	check_end(_i, true);
	ck_outcome(bench_seen(&bench, "tls", 0), OK);
}
END_TEST

/* Floods end by the ceilings, not by the deadline. */
static const struct flood {
	const char *first, *again, *fault;
	const char *second; /* said when the client has asked; NULL: nothing is waited for */
} floods[] = {
    {"* OK ", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "a line longer than 8192 bytes", NULL},
    {"* OK hi\r\n", "* OK still here\r\n", "a reply longer than 65536 bytes", NULL},
    {"* OK hi\r\n* LIST () {65000}\r\n", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "a reply longer than 65536 bytes", NULL},
    {"* OK hi\r\n* LIST () {99999999}\r\n", "A", "a literal that passes the ceiling of a reply, 65536 bytes", NULL},
    /* No literal, so what follows is a line of its own: before the question it would be an answer ahead of it. */
    {"* OK hi\r\n", "A", "a line longer than 8192 bytes", "* LIST () {99999999999999999999}\r\n"},
};

static void flood(struct talk *talk, void *argument)
{
	const struct flood *what = argument;
	char block[8192] = "";
	for (size_t length = 0, one = strlen(what->again); length + one < sizeof block; length += one)
		memcpy(block + length, what->again, one + 1);
	talk_say(talk, what->first);
	if (what->second != NULL && talk_hear(talk) != NULL)
		talk_say(talk, what->second);
	for (int i = 0; i < 10000; i++)
		talk_say(talk, block);
}

START_TEST(a_flood_ends_at_a_ceiling)
{
	static struct flood what;
	what = floods[_i];
	peer = peer_new("127.0.0.1", flood, &what);
	bench_init(&bench, peer);
	bench.protocol = "imap";
	bench_run(&bench, "imap");
	const struct observation *imap = bench_seen(&bench, "imap", 0);
	ck_outcome(imap, PROTOCOL);
	ck_text(imap, IMAP_FAULT, what.fault);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
	ck_assert_uint_le(imap->line_count, 200);
}
END_TEST

static void trickle(struct talk *talk, void *argument)
{
	(void)argument;
	for (int i = 0; i < 100; i++) {
		talk_say(talk, "*");
		talk_pause(talk, 100);
	}
}

START_TEST(a_trickle_does_not_move_the_deadline)
{
	peer = peer_new("127.0.0.1", trickle, NULL);
	bench_init(&bench, peer);
	bench.protocol = "imap";
	bench.timeout_ms = silence_ms();
	bench_run(&bench, "imap");
	ck_outcome(bench_seen(&bench, "imap", 0), TIMEOUT);
	ck_text(bench_seen(&bench, "imap", 0), IMAP_STAGE, "greeting");
	ck_assert_int_lt(bench.elapsed_ms, 9000); /* it trickles for ten seconds */
}
END_TEST

static void only_tls(struct talk *talk, void *argument)
{
	(void)argument;
	if (talk_begin_tls(talk, server))
		talk_hold(talk);
}

START_TEST(tls_on_143_is_found_out)
{
	peer = peer_new("127.0.0.1", only_tls, NULL);
	bench_init(&bench, peer);
	bench.protocol = "imap";
	bench_run(&bench, "imap");
	ck_outcome(bench_seen(&bench, "imap", 0), PROTOCOL);
	ck_text(bench_seen(&bench, "imap", 0), IMAP_OTHER_PROTOCOL, "tls");
	ck_assert_ptr_null(bench_seen(&bench, "tls", 0));
	ck_assert_int_eq(peer_accepted(peer), 2);
}
END_TEST

static void greet_late(struct talk *talk, void *argument)
{
	(void)argument;
	talk_pause(talk, 2500);
	talk_say(talk, "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] late\r\n");
	talk_hear(talk);
}

START_TEST(a_late_greeting_is_timed_and_no_tls)
{
	peer = peer_new("127.0.0.1", greet_late, NULL);
	bench_init(&bench, peer);
	bench.protocol = "imap";
	bench.timeout_ms = 6000; /* after a third of it TLS is tried, too */
	bench_run(&bench, "imap");
	const struct observation *imap = bench_seen(&bench, "imap", 0);
	int64_t greeting_ms = observation_int_or(imap, FACT_IMAP_GREETING_MS, 0, 0);
	ck_assert_int_ge(greeting_ms, 2000);
	ck_assert_int_lt(greeting_ms, 6000);
	ck_assert(!observation_has(imap, FACT_IMAP_OTHER_PROTOCOL, 0));
	ck_text(imap, IMAP_STAGE, "starttls");
}
END_TEST

static void stall_in_handshake(struct talk *talk, void *argument)
{
	(void)argument;
	talk_say(talk, "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n");
	if (talk_hear(talk) != NULL)
		talk_say(talk, "c1 OK go\r\n");
	talk_hold(talk);
}

START_TEST(a_stalled_handshake_is_the_handshakes)
{
	peer = peer_new("127.0.0.1", stall_in_handshake, NULL);
	bench_init(&bench, peer);
	bench.protocol = "imap";
	bench.timeout_ms = silence_ms();
	bench_run(&bench, "imap");
	ck_outcome(bench_seen(&bench, "tls", 0), TIMEOUT);
	ck_text(bench_seen(&bench, "tls", 0), STARTTLS_STAGE, "tls");
	ck_outcome(bench_seen(&bench, "imap", 0), TIMEOUT);
	ck_text(bench_seen(&bench, "imap", 0), IMAP_STAGE, "tls");
}
END_TEST

START_TEST(a_refusal_after_the_handshake_is_a_close)
{
	struct server what = good;
	what.is_implicit = true;
	SSL_CTX_set_verify(server, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	const struct observation *imap = run(&what);
	ck_outcome(bench_seen(&bench, "tls", 0), OK);
	ck_outcome(imap, CLOSED);
	ck_text(imap, TLS_ALERT, "certificate_required");
	ck_text(imap, IMAP_STAGE, "greeting");
}
END_TEST

static const int interrupts[] = {1, 2, 4, 8, 16, 40};

START_TEST(an_interrupt_is_safe_at_any_moment)
{
	static struct server what;
	what = good;
	what.is_spelt = true;
	peer = peer_new("127.0.0.1", serve, &what);
	bench_init(&bench, peer);
	bench.protocol = "imap";
	bench.stop_after_ms = interrupts[_i];
	bench_run(&bench, "imap");
	ck_assert_uint_ge(bench.evidence.count, 1);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("imap");
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, make_certificates, pki_lab_drop);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, a_good_server_behind_starttls, 0, 2);
	tcase_add_loop_test(tcase, a_good_server_behind_tls, 0, 2);
	tcase_add_test(tcase, a_list_in_the_greeting_is_not_asked_for_again);
	tcase_add_test(tcase, without_starttls_the_clear_text_state_is_told);
	tcase_add_test(tcase, a_refusal_of_starttls_does_not_hide_the_rest);
	tcase_add_loop_test(tcase, bytes_behind_the_ok_end_it, 0, 2);
	tcase_add_loop_test(tcase, each_end_is_told_apart_in_clear_text, 0, ENDS);
	tcase_add_loop_test(tcase, each_end_is_told_apart_inside_tls, 0, ENDS);
	tcase_add_loop_test(tcase, a_flood_ends_at_a_ceiling, 0, sizeof floods / sizeof floods[0]);
	tcase_add_test(tcase, a_trickle_does_not_move_the_deadline);
	tcase_add_test(tcase, tls_on_143_is_found_out);
	tcase_add_test(tcase, a_late_greeting_is_timed_and_no_tls);
	tcase_add_test(tcase, a_stalled_handshake_is_the_handshakes);
	tcase_add_test(tcase, a_refusal_after_the_handshake_is_a_close);
	tcase_add_loop_test(tcase, an_interrupt_is_safe_at_any_moment, 0, sizeof interrupts / sizeof interrupts[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/imap", fill)
