/* The interpreter and the IMAP dialogue on it, byte by byte and in one piece; STARTTLS of all protocols is in tests/peer. */
#include "proto/imap_dialogue.h"

#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "cutover/limits.h"

static struct imap_dialogue imap;
static struct buf sent;
static enum dialogue_want want;

static void on_line(void *user, const char *line, size_t length)
{
	(void)user;
	ck_assert_uint_eq(strlen(line), length);
}

static void take_output(void)
{
	buf_add(&sent, imap.dialogue.out.bytes, imap.dialogue.out.length);
	buf_reset(&imap.dialogue.out);
}

static void begin(bool wants_starttls, bool is_in_tls)
{
	const struct imap_dialogue_setup setup = {.wants_starttls = wants_starttls, .is_in_tls = is_in_tls, .heard = on_line};
	buf_init(&sent, LIMIT_REPLY_BYTES);
	want = imap_dialogue_begin(&imap, &setup);
	take_output();
}

static void say(const char *text)
{
	want = imap_dialogue_feed(&imap, text, strlen(text));
	take_output();
}

static void teardown(void)
{
	imap_dialogue_clear(&imap);
	buf_clear(&sent);
}

START_TEST(a_command_waits_for_the_whole_answer)
{
	begin(false, true);
	ck_assert_str_eq(sent.bytes, "");
	say("* OK hi");
	ck_assert_str_eq(sent.bytes, "");
	say("\r\n");
	ck_assert_str_eq(sent.bytes, "c1 CAPABILITY\r\n");
	say("* CAPABILITY IMAP4rev1\r\n* 3 EXISTS\r\n");
	ck_assert_int_eq(want, DIALOGUE_MORE);
	ck_assert_str_eq(sent.bytes, "c1 CAPABILITY\r\n");
	say("c1 OK\r\n");
	ck_assert_int_eq(want, DIALOGUE_DONE);
	ck_assert_str_eq(sent.bytes, "c1 CAPABILITY\r\nc2 LOGOUT\r\n");
	ck_assert_str_eq(imap.stage, "done");
}
END_TEST

START_TEST(what_was_said_in_clear_text_is_forgotten)
{
	begin(true, false);
	say("* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN ID] hi\r\n");
	ck_assert_str_eq(sent.bytes, "c1 STARTTLS\r\n");
	say("c1 OK go\r\n");
	ck_assert_int_eq(want, DIALOGUE_TLS);
	want = imap_dialogue_secured(&imap);
	take_output();
	ck_assert_str_eq(sent.bytes, "c1 STARTTLS\r\nc2 CAPABILITY\r\n");
	ck_assert(!imap.is_listed);
	say("* CAPABILITY IMAP4rev2\r\nc2 OK\r\n");
	ck_assert_int_eq(want, DIALOGUE_DONE);
	ck_assert_uint_eq(imap.capabilities.count, 1);
	ck_assert_uint_eq(imap.clear_capabilities.count, 4);
}
END_TEST

START_TEST(a_list_without_starttls_is_asked_for_again)
{
	begin(true, false);
	say("* OK [CAPABILITY IMAP4rev1] hi\r\n");
	ck_assert_str_eq(sent.bytes, "c1 CAPABILITY\r\n");
	say("* CAPABILITY IMAP4rev1 STARTTLS\r\nc1 OK\r\n");
	ck_assert_ptr_nonnull(strstr(sent.bytes, "c2 STARTTLS\r\n"));
}
END_TEST

START_TEST(a_list_in_the_tagged_ok_counts)
{
	begin(false, true);
	say("* OK hi\r\n");
	say("c1 OK [CAPABILITY IMAP4rev1] done\r\n");
	ck_assert_int_eq(want, DIALOGUE_DONE);
	ck_assert_uint_eq(imap.capabilities.count, 1);
}
END_TEST

/* Faults behind "* OK hi" and a CAPABILITY that was sent. */
static const struct {
	const char *text, *fault;
} faults[] = {
    {"c9 OK\r\n", "a line that is no reply of the protocol"},
    {"nonsense\r\n", "a line that is no reply of the protocol"},
    {"c1 OK\r\n", "CAPABILITY is not answered by a list of capabilities"},
    {"c1 BAD what\r\n", "CAPABILITY is not answered by a list of capabilities"},
    {"* CAPABILITY ID\r\nc1 OK\r\nc2 OK early\r\n", "an answer that was not asked for"},
    {"* CAPABILITY ID\r\nc1 OK\r\nc2 OK ea", "an answer that was not asked for"},
};

START_TEST(a_fault_is_said_in_words)
{
	begin(false, true);
	say("* OK hi\r\n");
	say(faults[_i].text);
	ck_assert_str_eq(imap.fault, faults[_i].fault);
	ck_assert_int_eq(imap.outcome, OUTCOME_PROTOCOL);
	ck_assert(want == DIALOGUE_FAULT || want == DIALOGUE_STOPPED);
	ck_assert_ptr_null(strstr(sent.bytes, "c2"));
}
END_TEST

START_TEST(a_greeting_may_not_continue)
{
	begin(false, true);
	say("+ hi\r\n");
	ck_assert_int_eq(want, DIALOGUE_STOPPED);
	ck_assert_int_eq(imap.kind, IMAP_GREETED_GARBAGE);
}
END_TEST

START_TEST(nothing_is_taken_once_it_is_over)
{
	begin(false, true);
	say("* BYE no\r\n");
	ck_assert_int_eq(want, DIALOGUE_STOPPED);
	say("* OK hi\r\n");
	ck_assert_int_eq(want, DIALOGUE_STOPPED);
	ck_assert_str_eq(sent.bytes, "");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("dialogue");
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, a_command_waits_for_the_whole_answer);
	tcase_add_test(tcase, what_was_said_in_clear_text_is_forgotten);
	tcase_add_test(tcase, a_list_without_starttls_is_asked_for_again);
	tcase_add_test(tcase, a_list_in_the_tagged_ok_counts);
	tcase_add_loop_test(tcase, a_fault_is_said_in_words, 0, sizeof faults / sizeof faults[0]);
	tcase_add_test(tcase, a_greeting_may_not_continue);
	tcase_add_test(tcase, nothing_is_taken_once_it_is_over);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/dialogue", fill)
