/* Hosts, sign-ins, mailboxes and limits of connections in words. */
#include "render/seen.h"

#include "../check_main.h"
#include "base/buf.h"

static struct buf words;
static struct observation *o;

static void setup(void) { buf_init(&words, 4096); }

static void teardown(void)
{
	observation_free(o);
	buf_clear(&words);
}

static void see(const char *probe, const char *target)
{
	o = observation_new(probe, target, NULL, 0);
}

static void ck_words(enum outcome outcome, const char *wanted)
{
	o->outcome = outcome;
	seen_words(&words, o);
	ck_assert_str_eq(words.bytes, wanted);
}

START_TEST(a_host_has_addresses_and_aliases)
{
	see("host", "imap.contoso.com");
	observation_add_text(o, FACT_HOST_NAME, 0, "imap.contoso.com");
	observation_add_text(o, FACT_HOST_V4, 0, "ok");
	observation_add_text(o, FACT_HOST_V6, 0, "nodata");
	observation_add_text(o, FACT_HOST_ADDRESS, 0, "192.0.2.1");
	observation_add_int(o, FACT_HOST_ADDRESS_TTL, 0, 300);
	observation_add_text(o, FACT_HOST_ADDRESS, 1, "192.0.2.2");
	observation_add_text(o, FACT_HOST_ALIAS, 0, "mail.contoso.com");
	ck_words(OUTCOME_OK, "192.0.2.1 (300 s), 192.0.2.2, by way of mail.contoso.com; AAAA nodata");
}
END_TEST

START_TEST(a_host_that_is_an_address_was_not_looked_up)
{
	see("host", "192.0.2.1");
	observation_add_bool(o, FACT_HOST_IS_ADDRESS, 0, true);
	observation_add_text(o, FACT_HOST_ADDRESS, 0, "192.0.2.1");
	ck_words(OUTCOME_OK, "an address: nothing was looked up");
}
END_TEST

START_TEST(a_host_without_addresses_says_how_the_questions_ended)
{
	see("host", "imap.contoso.com");
	observation_add_text(o, FACT_HOST_V4, 0, "servfail");
	observation_add_text(o, FACT_HOST_V6, 0, "timeout");
	observation_add_bool(o, FACT_HOST_CD_WORKS, 0, true);
	ck_words(OUTCOME_SERVFAIL, "server failure; A servfail; AAAA timeout; without DNSSEC's checks there is an answer");
}
END_TEST

START_TEST(a_refusal_is_told_with_the_servers_words)
{
	see("login", "imap.contoso.com:993");
	observation_add_int(o, FACT_LOGIN_ROW, 0, 2);
	observation_add_text(o, FACT_LOGIN_ADDRESS, 0, "ann@contoso.com");
	observation_add_text(o, FACT_LOGIN_STAGE, 0, "login");
	observation_add_text(o, FACT_LOGIN_ANSWER, 0, "wrong-password");
	observation_add_text(o, FACT_LOGIN_WORDS, 0, "NO no");
	ck_words(OUTCOME_DENIED, "row 2, ann@contoso.com: wrong-password, ended at login\nsays: NO no");
}
END_TEST

START_TEST(a_row_without_an_answer_says_how_it_ended)
{
	see("login", "imap.contoso.com:993");
	observation_add_int(o, FACT_LOGIN_ROW, 0, 7);
	observation_add_text(o, FACT_LOGIN_STAGE, 0, "connect");
	ck_words(OUTCOME_CLOSED, "row 7: closed by the peer, ended at connect");
}
END_TEST

START_TEST(rows_that_were_not_tried_are_counted)
{
	see("logins", "imap.contoso.com:993");
	observation_add_int(o, FACT_LOGINS_ROWS, 0, 48);
	observation_add_int(o, FACT_LOGINS_UNTRIED, 0, 3);
	observation_add_text(o, FACT_LOGINS_STOPPED, 0, "limited");
	ck_words(OUTCOME_OK, "48 rows, 3 not tried: limited");
}
END_TEST

START_TEST(a_mailbox_that_was_cut_is_no_whole_one)
{
	see("mailbox", "imap.contoso.com:993");
	observation_add_int(o, FACT_MAILBOX_ROW, 0, 2);
	observation_add_int(o, FACT_MAILBOX_MESSAGES, 0, 12);
	observation_add_int(o, FACT_MAILBOX_FOLDERS, 0, 3);
	observation_add_int(o, FACT_MAILBOX_BYTES, 0, 4096);
	observation_add_int(o, FACT_MAILBOX_LARGE, 0, 1);
	observation_add_int(o, FACT_MAILBOX_SAMPLE_BYTES, 0, 1024);
	observation_add_int(o, FACT_MAILBOX_SAMPLE_MS, 0, 20);
	ck_words(OUTCOME_CLOSED, "row 2: 12 messages in 3 folders, at least 4096 bytes, not all of it was counted: closed by the peer, "
	                         "1 over 35 MB; 1024 bytes were read in 20 ms");
}
END_TEST

START_TEST(a_limit_is_told_with_the_servers_words)
{
	see("limit", "imap.contoso.com:993");
	observation_add_text(o, FACT_LIMIT_SCOPE, 0, "user");
	observation_add_int(o, FACT_LIMIT_ASKED, 0, 20);
	observation_add_int(o, FACT_LIMIT_HELD, 0, 10);
	observation_add_int(o, FACT_LIMIT_REFUSED, 0, 1);
	observation_add_text(o, FACT_LIMIT_HOW, 0, "limited");
	observation_add_text(o, FACT_LIMIT_WORDS, 0, "* BYE too many");
	ck_words(OUTCOME_OK, "10 of 20 connections held at once, all of one user, 1 refused: limited\nsays: * BYE too many");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("seen login");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_host_has_addresses_and_aliases);
	tcase_add_test(tcase, a_host_that_is_an_address_was_not_looked_up);
	tcase_add_test(tcase, a_host_without_addresses_says_how_the_questions_ended);
	tcase_add_test(tcase, a_refusal_is_told_with_the_servers_words);
	tcase_add_test(tcase, a_row_without_an_answer_says_how_it_ended);
	tcase_add_test(tcase, rows_that_were_not_tried_are_counted);
	tcase_add_test(tcase, a_mailbox_that_was_cut_is_no_whole_one);
	tcase_add_test(tcase, a_limit_is_told_with_the_servers_words);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("render/seen_login", fill)
