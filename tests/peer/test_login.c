/* The login probe, from the first connect to LOGOUT, and what is left behind in memory. */
#include "house.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/check_main.h"
#include "patience.h"
#include "base/buf.h"
#include "base/xalloc.h"
#include "memory.h"

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
    {"gr\xfc\xdf", "LOGIN \"u\" {4}\r\ngr\xfc\xdf\r\n"}, /* Latin-1 */
    {"\"\"\"\"\"\"", "LOGIN \"u\" \"\\\"\\\"\"\r\n"},
    {"\\\\", "LOGIN \"u\" \"\\\\\\\\\"\r\n"},
};

static const struct {
	const char *field, *wire;
} user_names[] = {
    {"first last", "LOGIN \"first last\" \"pw\"\r\n"},
    {"#u@b.com#admin#", "LOGIN \"#u@b.com#admin#\" \"pw\"\r\n"},
    {"u*admin", "LOGIN \"u*admin\" \"pw\"\r\n"},
    {"contoso/admin/u", "LOGIN \"contoso/admin/u\" \"pw\"\r\n"},
    {"contoso\\u", "LOGIN \"contoso\\\\u\" \"pw\"\r\n"},
    {"\"u\"\"x\"", "LOGIN \"u\\\"x\" \"pw\"\r\n"},
    {"j\xc3\xbcrgen", "LOGIN {7}\r\nj\xc3\xbcrgen \"pw\"\r\n"},
};

START_TEST(a_password_arrives_as_it_stands)
{
	char *csv = xasprintf(HEAD "u@b.com,u,%s\r\n", passwords[_i].field);
	const struct observation *o = house_run(csv);
	ck_outcome(o, OK);
	ck_text(o, LOGIN_STAGE, "done");
	ck_text(o, LOGIN_ADDRESS, "u@b.com");
	ck_assert_int_eq(observation_int_or(o, FACT_LOGIN_ROW, 0, 0), 2);
	ck_assert_msg(strstr(peer_heard(peer), passwords[_i].wire) != NULL, "%s", peer_heard(peer));
	free(csv);
}
END_TEST

START_TEST(a_user_name_arrives_as_it_stands)
{
	char *csv = xasprintf(HEAD "u@b.com,%s,pw\r\n", user_names[_i].field);
	ck_outcome(house_run(csv), OK);
	ck_assert_msg(strstr(peer_heard(peer), user_names[_i].wire) != NULL, "%s", peer_heard(peer));
	free(csv);
}
END_TEST

START_TEST(a_thousand_characters_arrive)
{
	char password[1001] = "";
	for (int i = 0; i < 1000; i++)
		password[i] = (char)('a' + i % 26);
	char *csv = xasprintf(HEAD "u@b.com,u,%s\r\n", password), *wire = xasprintf("LOGIN \"u\" \"%s\"\r\n", password);
	ck_outcome(house_run(csv), OK);
	ck_assert_ptr_nonnull(strstr(peer_heard(peer), wire));
	free(csv);
	free(wire);
}
END_TEST

/* Each printable character of ASCII, in one password. */
START_TEST(every_printable_character_arrives)
{
	char field[256] = "", quoted[256] = "";
	for (char c = ' '; c <= '~'; c++) {
		snprintf(field + strlen(field), 3, c == '"' ? "\"\"" : "%c", c);
		snprintf(quoted + strlen(quoted), 3, c == '"' || c == '\\' ? "\\%c" : "%c", c);
	}
	char *csv = xasprintf(HEAD "u@b.com,u,\"%s\"\r\n", field), *wire = xasprintf("LOGIN \"u\" \"%s\"\r\n", quoted);
	ck_outcome(house_run(csv), OK);
	ck_assert_msg(strstr(peer_heard(peer), wire) != NULL, "%s", peer_heard(peer));
	free(csv);
	free(wire);
}
END_TEST

START_TEST(a_wrong_file_costs_no_more_than_was_allowed)
{
	house.login = "NO [AUTHENTICATIONFAILED] no";
	plan.max_failures = _i;
	ck_outcome(house_run(HEAD EIGHT), DENIED);
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
	const struct observation *o = house_run(HEAD EIGHT);
	ck_outcome(o, LIMITED);
	ck_text(o, LOGIN_ANSWER, "unavailable");
	ck_assert_int_eq(peer_accepted(peer), 1);
	ck_text(bench_seen(&bench, "logins", 0), LOGINS_STOPPED, "limited");
}
END_TEST

START_TEST(logindisabled_is_obeyed)
{
	house.capability = "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n";
	const struct observation *o = house_run(HEAD "a@b.com,u,secret\r\n");
	ck_outcome(o, DENIED);
	ck_text(o, LOGIN_ANSWER, "no-password");
	ck_assert_ptr_null(strstr(peer_heard(peer), "secret"));
}
END_TEST

START_TEST(nothing_is_sent_to_whom_nobody_trusts)
{
	remove(pki_lab.ca_file);
	struct pki_pair other = pki_issue(&(const struct pki_request){.cn = "Other", .is_ca = 1}, NULL);
	free(pki_lab.ca_file);
	pki_lab.ca_file = pki_write(&other);
	const struct observation *o = house_run(HEAD EIGHT);
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
    {"LITERAL", OUTCOME_CLOSED, "login"},
    {"EXAMINE", OUTCOME_CLOSED, "examine"},
    {"NAMESPACE", OUTCOME_CLOSED, "mailbox"},
    {"LIST", OUTCOME_CLOSED, "mailbox"},
    {"STATUS", OUTCOME_CLOSED, "mailbox"},
    {"FETCH", OUTCOME_CLOSED, "mailbox"},
    {"LOGOUT", OUTCOME_OK, "done"}, /* all was known by then */
};

START_TEST(a_server_may_close_in_every_state)
{
	house.dies_at = deaths[_i].word;
	plan.counts_mailboxes = true;
	house.capability = "* CAPABILITY IMAP4rev1 NAMESPACE\r\n";
	const struct observation *o = house_run(HEAD "a@b.com,u,s\xc3\xa9" "cret\r\n");
	bool is_done = deaths[_i].outcome == OUTCOME_OK;
	ck_assert_str_eq(bench_outcome(o), outcome_name(deaths[_i].outcome));
	ck_text(o, LOGIN_STAGE, deaths[_i].stage);
	const struct observation *contents = bench_seen(&bench, "mailbox", 0);
	ck_assert_int_eq(contents != NULL, is_done || strcmp(deaths[_i].stage, "mailbox") == 0);
	if (contents != NULL)
		ck_flag(contents, MAILBOX_WHOLE, is_done);
}
END_TEST

START_TEST(what_a_server_repeats_is_masked)
{
	house.repeats = true;
	const struct observation *o = house_run(HEAD "a@b.com,u,\"se\"\"cret\\word\"\r\n");
	ck_outcome(o, DENIED);
	char *dialogue = bench_transcript(o);
	ck_assert_ptr_null(strstr(dialogue, "cret"));
	ck_assert_ptr_null(strstr(observation_text(o, FACT_LOGIN_WORDS, 0), "cret"));
	ck_assert_ptr_nonnull(strstr(observation_text(o, FACT_LOGIN_WORDS, 0), "********"));
	free(dialogue);
}
END_TEST

START_TEST(an_interrupt_says_what_was_not_tried)
{
	peer = peer_new("127.0.0.1", house_serve, NULL);
	plan.per_second = 5;
	house_read(HEAD EIGHT, sizeof HEAD EIGHT - 1);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
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
	peer = peer_new("127.0.0.1", house_serve, NULL);
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
		house_read(csv, at + length);
		secret_wipe(csv, sizeof csv);
		int before = memory_count(masked, length);
		house_sign_in();
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
	tcase_add_checked_fixture(tests, house_begin, house_end);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_password_arrives_as_it_stands, 0, COUNT(passwords));
	tcase_add_loop_test(tests, a_user_name_arrives_as_it_stands, 0, COUNT(user_names));
	tcase_add_test(tests, a_thousand_characters_arrive);
	tcase_add_test(tests, every_printable_character_arrives);
	tcase_add_loop_test(tests, a_wrong_file_costs_no_more_than_was_allowed, 1, 5);
	tcase_add_test(tests, a_server_that_puts_us_off_is_left_alone);
	tcase_add_test(tests, logindisabled_is_obeyed);
	tcase_add_test(tests, nothing_is_sent_to_whom_nobody_trusts);
	tcase_add_loop_test(tests, a_server_may_close_in_every_state, 0, COUNT(deaths));
	tcase_add_test(tests, what_a_server_repeats_is_masked);
	tcase_add_test(tests, an_interrupt_says_what_was_not_tried);
	/* Sanitizers and valgrind keep what was freed: there the memory is theirs, not the program's. */
	if (!IS_SANITIZED && !is_under_valgrind())
		tcase_add_loop_test(tests, nothing_of_a_password_stays_in_memory, 0, 2);
	suite_add_tcase(suite, tests);
}

CHECK_MAIN("peer/login", fill)
