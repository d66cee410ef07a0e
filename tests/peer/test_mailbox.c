/* The contents of a mailbox, counted by the login probe: whole, odd, enormous. */
#include "house.h"

#include <string.h>

#include "../unit/check_main.h"

START_TEST(a_mailbox_is_counted)
{
	plan.counts_mailboxes = true;
	house.folders = _i == 0 ? 0 : 100000;
	const struct observation *o = house_run(HEAD "a@b.com,u,secret\r\n"), *contents = bench_seen(&bench, "mailbox", 0);
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

/* What cannot be read is said, and the rest is counted. */
static const struct {
	const char *list, *sizes;
	int64_t folders, broken, bytes;
	bool is_whole, are_sizes_known;
} oddities[] = {
    {"* LIST () \"/\" \"Entw&APw\"\r\n* LIST () \"/\" \"&2D0-\"\r\n", NULL, 3, 2, 3 * 40000010, true, true},
    {"* LIST () \"/\" {3}\r\nabcdef\r\n", NULL, 1, 0, 40000010, false, true}, /* longer than announced */
    {"* LIST () \"/\"\r\n", NULL, 1, 0, 40000010, false, true},
    {NULL, "* 1 FETCH (UID 1 RFC822.SIZE 10)\r\n", 1, 0, 10, true, false},
    {NULL, "* 1 FETCH (UID 1 RFC822.SIZE 10)\r\n* 2 FETCH (UID 7 RFC822.SIZE x)\r\n", 1, 0, 10, true, false},
};

START_TEST(an_odd_mailbox_is_counted_honestly)
{
	plan.counts_mailboxes = true;
	house.list = oddities[_i].list;
	house.sizes = oddities[_i].sizes;
	ck_outcome(house_run(HEAD "a@b.com,u,secret\r\n"), OK);
	const struct observation *contents = bench_seen(&bench, "mailbox", 0);
	ck_assert_int_eq(observation_int_or(contents, FACT_MAILBOX_FOLDERS, 0, 0), oddities[_i].folders);
	ck_assert_int_eq(observation_int_or(contents, FACT_MAILBOX_BROKEN_NAMES, 0, 0), oddities[_i].broken);
	ck_assert_int_eq(observation_int_or(contents, FACT_MAILBOX_BYTES, 0, 0), oddities[_i].bytes);
	ck_flag(contents, MAILBOX_WHOLE, oddities[_i].is_whole);
	ck_flag(contents, MAILBOX_SIZES_KNOWN, oddities[_i].are_sizes_known);
	if (oddities[_i].broken > 0)
		ck_text(contents, MAILBOX_UNDECODED, "Entw&APw");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tests = tcase_create("mailbox");
	tcase_add_checked_fixture(tests, house_begin, house_end);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_mailbox_is_counted, 0, 2);
	tcase_add_loop_test(tests, an_odd_mailbox_is_counted_honestly, 0, (int)(sizeof oddities / sizeof oddities[0]));
	suite_add_tcase(suite, tests);
}

CHECK_MAIN("peer/mailbox", fill)
