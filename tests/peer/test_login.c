/* The login probe, from the first connect to LOGOUT, and what is left behind in memory. */
#include "bench.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/check_main.h"
#include "patience.h"
#include "base/buf.h"
#include "base/xalloc.h"
#include "memory.h"
#include "probe/login_plan.h"

static struct bench bench;
static struct peer *peer;
static struct pki_pair root, leaf;
static SSL_CTX *server;
static char *ca_file;
static struct login_plan plan;

/* What the peer does. */
static struct {
	const char *login;    /* answer to LOGIN behind the tag; NULL: OK */
	const char *dies_at;  /* a command (or "GREETING") at which it closes */
	const char *capability;
	int folders;          /* in LIST, besides INBOX */
	bool repeats;         /* what it heard, in the answer to LOGIN */
} house;

static void setup(void)
{
	const struct pki_request root_request = {.cn = "Lab Root", .is_ca = 1};
	const struct pki_request leaf_request = {.cn = "imap.lab.test", .names = "DNS:imap.lab.test"};
	root = pki_issue(&root_request, NULL);
	leaf = pki_issue(&leaf_request, &root);
	const struct pki_pair *const sent[] = {&leaf};
	server = pki_server(sent, 1);
	ca_file = pki_write(&root);
	memset(&house, 0, sizeof house);
	plan = (struct login_plan){.security = SECURITY_SSL, .at_once = 5, .per_second = 100, .max_failures = 3};
}

static void teardown(void)
{
	login_file_clear(&plan.file);
	bench_clear(&bench);
	peer_free(peer);
	peer = NULL;
	SSL_CTX_free(server);
	pki_clear(&leaf);
	pki_clear(&root);
	remove(ca_file);
	free(ca_file);
}

/* The whole command, literals taken: they may hold line ends. */
static bool take_literals(struct talk *talk, const char *line, char *rest, size_t room)
{
	snprintf(rest, room, "%s", line);
	while (strlen(rest) > 2 && rest[strlen(rest) - 1] == '}') {
		talk_say(talk, "+ go\r\n");
		const char *more = talk_hear(talk);
		if (more == NULL)
			return false;
		snprintf(rest, room, "%s", more);
	}
	return true;
}

static void list(struct talk *talk, const char *tag)
{
	char line[128];
	talk_say(talk, "* LIST () \"/\" INBOX\r\n");
	for (int i = 0; i < house.folders; i++) {
		snprintf(line, sizeof line, "* LIST (\\Noselect) \"/\" \"a folder of some length %d\"\r\n", i);
		talk_say(talk, line);
	}
	snprintf(line, sizeof line, "%s OK done\r\n", tag);
	talk_say(talk, line);
}

static void answer(struct talk *talk, const char *tag, const char *word, const char *line)
{
	char reply[2048], rest[1500];
	const char *untagged = "", *status = "OK done";
	if (strcmp(word, "LOGIN") == 0) {
		if (!take_literals(talk, line, rest, sizeof rest))
			return;
		status = house.login != NULL ? house.login : "OK in";
		if (house.repeats) {
			snprintf(reply, sizeof reply, "%s NO I do not like %s\r\n", tag, rest);
			talk_say(talk, reply);
			return;
		}
	} else if (strcmp(word, "CAPABILITY") == 0) {
		untagged = house.capability != NULL ? house.capability : "* CAPABILITY IMAP4rev1\r\n";
	} else if (strcmp(word, "EXAMINE") == 0) {
		untagged = "* 2 EXISTS\r\n";
	} else if (strcmp(word, "LIST") == 0) {
		list(talk, tag);
		return;
	} else if (strcmp(word, "STATUS") == 0) {
		untagged = "* STATUS INBOX (MESSAGES 2)\r\n";
	} else if (strcmp(word, "FETCH") == 0) {
		untagged = strstr(line, "SIZE") != NULL ? "* 1 FETCH (UID 1 RFC822.SIZE 10)\r\n* 2 FETCH (UID 7 RFC822.SIZE 40000000)\r\n"
		                                        : "* 1 FETCH (BODY[]<0> {5}\r\nabcde)\r\n";
	}
	snprintf(reply, sizeof reply, "%s%s %s\r\n", untagged, tag, status);
	talk_say(talk, reply);
}

static bool dies_at(const char *word)
{
	return house.dies_at != NULL && strcmp(house.dies_at, word) == 0;
}

static void serve(struct talk *talk, void *argument)
{
	char tag[32], word[32];
	(void)argument;
	if (!talk_begin_tls(talk, server) || dies_at("GREETING"))
		return;
	talk_say(talk, "* OK ready\r\n");
	for (const char *line; (line = talk_hear(talk)) != NULL;) {
		char copy[1500];
		snprintf(copy, sizeof copy, "%s", line);
		if (sscanf(copy, "%31s %31s", tag, word) != 2 || dies_at(word))
			return;
		answer(talk, tag, word, copy);
		if (strcmp(word, "LOGOUT") == 0)
			return;
	}
}

static void read_rows(const char *csv, size_t length)
{
	struct login_file_reader *reader = login_file_reader_new(&plan.file);
	login_file_feed(reader, csv, length);
	login_file_finish(reader);
	ck_assert_msg(plan.file.fault == NULL, "%s", plan.file.fault);
}

static void run_login(void)
{
	bench_init(&bench, peer);
	bench.ca_file = ca_file;
	bench.login = &plan;
	bench_run(&bench, "login");
}

static const struct observation *run(const char *csv)
{
	peer = peer_new("127.0.0.1", serve, NULL);
	read_rows(csv, strlen(csv));
	run_login();
	return bench_seen(&bench, "login", 0);
}

#define HEAD "EmailAddress,UserName,Password\r\n"
#define EIGHT "a@b.com,a,1\r\na@b.com,b,2\r\na@b.com,c,3\r\na@b.com,d,4\r\na@b.com,e,5\r\na@b.com,f,6\r\na@b.com,g,7\r\na@b.com,h,8\r\n"

/* What stands in the file, and what must go over the wire. */
static const struct {
	const char *field, *wire;
} passwords[] = {
    {"secret", "LOGIN \"u\" \"secret\"\r\n"},
    {"\" two  words \"", "LOGIN \"u\" \" two  words \"\r\n"},
    {"\"a\"\"b\\c,d\"", "LOGIN \"u\" \"a\\\"b\\\\c,d\"\r\n"},
    {"!#$%&'()*+-./:;<=>?@[]^_`{|}~", "LOGIN \"u\" \"!#$%&'()*+-./:;<=>?@[]^_`{|}~\"\r\n"},
    {"gr\xc3\xbc\xc3\x9f", "LOGIN \"u\" {6}\r\ngr\xc3\xbc\xc3\x9f\r\n"},
    {"", "LOGIN \"u\" \"\"\r\n"},
    {"a{3}", "LOGIN \"u\" \"a{3}\"\r\n"},
};

START_TEST(a_password_arrives_as_it_stands)
{
	char *csv = xasprintf(HEAD "u@b.com,u,%s\r\n", passwords[_i].field);
	const struct observation *o = run(csv);
	ck_outcome(o, OK);
	ck_text(o, LOGIN_STAGE, "done");
	ck_text(o, LOGIN_ADDRESS, "u@b.com");
	ck_assert_int_eq(observation_int_or(o, FACT_LOGIN_ROW, 0, 0), 2);
	ck_assert_msg(strstr(peer_heard(peer), passwords[_i].wire) != NULL, "%s", peer_heard(peer));
	free(csv);
}
END_TEST

START_TEST(a_thousand_characters_arrive)
{
	struct buf csv;
	buf_init(&csv, 4000);
	buf_puts(&csv, HEAD "u@b.com,u,");
	for (int i = 0; i < 1000; i++)
		buf_putc(&csv, (char)('a' + i % 26));
	buf_puts(&csv, "\r\n");
	ck_outcome(run(csv.bytes), OK);
	buf_clear(&csv);
}
END_TEST

START_TEST(a_wrong_file_costs_no_more_than_was_allowed)
{
	house.login = "NO [AUTHENTICATIONFAILED] no";
	plan.max_failures = _i;
	ck_outcome(run(HEAD EIGHT), DENIED);
	ck_assert_int_eq(peer_accepted(peer), _i);
	const struct observation *end = bench_seen(&bench, "logins", 0);
	ck_text(end, LOGINS_STOPPED, "failures");
	ck_assert_int_eq(observation_int_or(end, FACT_LOGINS_UNTRIED, 0, 0), 8 - _i);
	ck_assert_int_eq(observation_int_or(end, FACT_LOGINS_UNTRIED_ROW, 0, 0), 2 + _i);
}
END_TEST

START_TEST(a_server_that_puts_us_off_is_left_alone)
{
	house.login = "NO [UNAVAILABLE] try later";
	plan.at_once = 1;
	const struct observation *o = run(HEAD EIGHT);
	ck_outcome(o, LIMITED);
	ck_text(o, LOGIN_ANSWER, "unavailable");
	ck_assert_int_eq(peer_accepted(peer), 1);
	ck_text(bench_seen(&bench, "logins", 0), LOGINS_STOPPED, "limited");
}
END_TEST

START_TEST(logindisabled_is_obeyed)
{
	house.capability = "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n";
	const struct observation *o = run(HEAD "a@b.com,u,secret\r\n");
	ck_outcome(o, DENIED);
	ck_text(o, LOGIN_ANSWER, "no-password");
	ck_assert_ptr_null(strstr(peer_heard(peer), "secret"));
}
END_TEST

START_TEST(nothing_is_sent_to_whom_nobody_trusts)
{
	remove(ca_file);
	struct pki_pair other = pki_issue(&(const struct pki_request){.cn = "Other", .is_ca = 1}, NULL);
	free(ca_file);
	ca_file = pki_write(&other);
	const struct observation *o = run(HEAD EIGHT);
	ck_outcome(o, SKIPPED);
	ck_text(o, LOGIN_STAGE, "connect");
	ck_assert_str_eq(peer_heard(peer), "");
	ck_text(bench_seen(&bench, "logins", 0), LOGINS_STOPPED, "no-tls");
	pki_clear(&other);
}
END_TEST

static const struct {
	const char *word;
	enum outcome outcome;
	const char *stage;
} deaths[] = {
    {"GREETING", OUTCOME_CLOSED, "connect"},
    {"CAPABILITY", OUTCOME_CLOSED, "connect"},
    {"LOGIN", OUTCOME_CLOSED, "login"},
    {"EXAMINE", OUTCOME_CLOSED, "examine"},
    {"LIST", OUTCOME_CLOSED, "mailbox"},
    {"STATUS", OUTCOME_CLOSED, "mailbox"},
    {"FETCH", OUTCOME_CLOSED, "mailbox"},
};

START_TEST(a_server_may_close_in_every_state)
{
	house.dies_at = deaths[_i].word;
	plan.counts_mailboxes = true;
	const struct observation *o = run(HEAD "a@b.com,u,secret\r\n");
	ck_assert_str_eq(bench_outcome(o), outcome_name(deaths[_i].outcome));
	ck_text(o, LOGIN_STAGE, deaths[_i].stage);
	const struct observation *contents = bench_seen(&bench, "mailbox", 0);
	ck_assert_int_eq(contents != NULL, strcmp(deaths[_i].stage, "mailbox") == 0);
	if (contents != NULL)
		ck_flag(contents, MAILBOX_WHOLE, false);
}
END_TEST

START_TEST(what_a_server_repeats_is_masked)
{
	house.repeats = true;
	const struct observation *o = run(HEAD "a@b.com,u,\"se\"\"cret\\word\"\r\n");
	ck_outcome(o, DENIED);
	char *dialogue = bench_transcript(o);
	ck_assert_ptr_null(strstr(dialogue, "cret"));
	ck_assert_ptr_null(strstr(observation_text(o, FACT_LOGIN_WORDS, 0), "cret"));
	ck_assert_ptr_nonnull(strstr(observation_text(o, FACT_LOGIN_WORDS, 0), "********"));
	free(dialogue);
}
END_TEST

START_TEST(a_mailbox_is_counted)
{
	plan.counts_mailboxes = true;
	house.folders = _i == 0 ? 0 : 100000;
	const struct observation *o = run(HEAD "a@b.com,u,secret\r\n"), *contents = bench_seen(&bench, "mailbox", 0);
	ck_outcome(o, OK);
	ck_outcome(contents, OK);
	ck_assert_int_eq(observation_int_or(contents, FACT_MAILBOX_MESSAGES, 0, 0), 2);
	ck_assert_int_eq(observation_int_or(contents, FACT_MAILBOX_BYTES, 0, 0), 40000010);
	ck_assert_int_eq(observation_int_or(contents, FACT_MAILBOX_LARGE, 0, 0), 1);
	ck_assert_int_eq(observation_int_or(contents, FACT_MAILBOX_LARGE_UID, 0, 0), 7);
	ck_flag(contents, MAILBOX_WHOLE, _i == 0); /* one folder more than are kept */
	ck_assert_ptr_null(strstr(peer_heard(peer), "SELECT"));
	ck_assert_ptr_nonnull(strstr(peer_heard(peer), "BODY.PEEK"));
}
END_TEST

START_TEST(an_interrupt_says_what_was_not_tried)
{
	peer = peer_new("127.0.0.1", serve, NULL);
	plan.per_second = 5;
	read_rows(HEAD EIGHT, sizeof HEAD EIGHT - 1);
	bench_init(&bench, peer);
	bench.ca_file = ca_file;
	bench.login = &plan;
	bench.stop_after_ms = 500;
	bench_run(&bench, "login");
	const struct observation *end = bench_seen(&bench, "logins", 0);
	ck_outcome(end, CANCELLED);
	ck_assert_int_gt(observation_int_or(end, FACT_LOGINS_UNTRIED, 0, 0), 2);
}
END_TEST

enum { MASK = 0x5a };

/* AddressSanitizer maps terabytes, and keeps what was freed. */
#if defined(__SANITIZE_ADDRESS__)
enum { IS_SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { IS_SANITIZED = 1 };
#else
enum { IS_SANITIZED = 0 };
#endif
#else
enum { IS_SANITIZED = 0 };
#endif

/* In a process of its own, since the peer's thread hears the password. */
START_TEST(nothing_of_a_password_stays_in_memory)
{
	static const char masked[] = "\x12\x2f\x34\x2e\x3f\x28\x68\x7b\x15\x2a\x3f\x34"; /* "Hunter2!Open" */
	size_t length = sizeof masked - 1;
	house.login = _i == 0 ? NULL : "NO [AUTHENTICATIONFAILED] no";
	peer = peer_new("127.0.0.1", serve, NULL);
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		static char csv[40000] = HEAD; /* enough that buffers grow */
		size_t at = strlen(csv);
		while (at < 36000)
			at += (size_t)snprintf(csv + at, sizeof csv - at, "a@b.com,,x\r\n");
		at += (size_t)snprintf(csv + at, sizeof csv - at, "a@b.com,u,");
		for (size_t i = 0; i < length; i++)
			csv[at + i] = (char)(masked[i] ^ MASK);
		read_rows(csv, at + length);
		secret_wipe(csv, sizeof csv);
		int before = memory_count(masked, length);
		run_login();
		login_file_clear(&plan.file);
		int after = memory_count(masked, length);
		bool was_tried = bench.evidence.observations[bench.evidence.count - 1]->outcome == (_i == 0 ? OUTCOME_OK : OUTCOME_DENIED);
		_exit(!was_tried ? 100 : before != 1 ? 110 + before : after);
	}
	int status = 0;
	waitpid(child, &status, 0);
	ck_assert_int_eq(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
	bench_init(&bench, peer);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(table)[0]))

static void fill(Suite *suite)
{
	TCase *tests = tcase_create("login");
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_password_arrives_as_it_stands, 0, COUNT(passwords));
	tcase_add_test(tests, a_thousand_characters_arrive);
	tcase_add_loop_test(tests, a_wrong_file_costs_no_more_than_was_allowed, 1, 5);
	tcase_add_test(tests, a_server_that_puts_us_off_is_left_alone);
	tcase_add_test(tests, logindisabled_is_obeyed);
	tcase_add_test(tests, nothing_is_sent_to_whom_nobody_trusts);
	tcase_add_loop_test(tests, a_server_may_close_in_every_state, 0, COUNT(deaths));
	tcase_add_test(tests, what_a_server_repeats_is_masked);
	tcase_add_loop_test(tests, a_mailbox_is_counted, 0, 2);
	tcase_add_test(tests, an_interrupt_says_what_was_not_tried);
	/* Sanitizers and valgrind keep what was freed: there the memory is theirs, not the program's. */
	if (!IS_SANITIZED && !is_under_valgrind())
		tcase_add_loop_test(tests, nothing_of_a_password_stays_in_memory, 0, 2);
	suite_add_tcase(suite, tests);
}

CHECK_MAIN("peer/login", fill)
