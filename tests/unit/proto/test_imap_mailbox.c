/* Folders, sizes and names as servers tell them. */
#include "proto/imap_mailbox.h"

#include <string.h>

#include "../check_main.h"
#include "proto/mutf7.h"

static struct slice slice(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static const struct {
	const char *data;
	bool is_good;
	char delimiter;
	bool is_selectable;
	const char *name;
} lists[] = {
    {"LIST (\\HasNoChildren) \"/\" INBOX", true, '/', true, "INBOX"},
    {"LIST () \".\" \"Offers 2023/24\"", true, '.', true, "Offers 2023/24"},
    {"LIST (\\Noselect \\HasChildren) \"/\" \"[Gmail]\"", true, '/', false, "[Gmail]"},
    {"list (\\NonExistent) \"/\" a", true, '/', false, "a"},
    {"LIST () NIL INBOX", true, '\0', true, "INBOX"},
    {"LIST () \"\\\\\" \"a\\\"b\\\\c\"", true, '\\', true, "a\"b\\c"},
    {"LIST () \"/\" {4}\r\na\"b ", true, '/', true, "a\"b "},
    {"LIST () \"/\" a (\"CHILDINFO\" (\"SUBSCRIBED\"))", true, '/', true, "a"},
    {"LIST () \"/\" {3}\r\nabcdef", false, 0, 0, NULL}, /* longer than announced */
    {"LIST () \"/\" Sent Items", false, 0, 0, NULL},
    {"LIST () \"/\" {9}\r\nabc", false, 0, 0, NULL},
    {"LIST () \"/\" {x}\r\nabc", false, 0, 0, NULL},
    {"LIST () \"/\" \"abc", false, 0, 0, NULL},
    {"LIST () \"/\"", false, 0, 0, NULL},
    {"LIST (\\HasNoChildren \"/\" INBOX", false, 0, 0, NULL},
    {"LIST INBOX", false, 0, 0, NULL},
    {"LSUB () \"/\" INBOX", false, 0, 0, NULL},
    {"", false, 0, 0, NULL},
};

START_TEST(a_folder_is_read)
{
	struct imap_folder folder;
	bool is_good = imap_list_parse(slice(lists[_i].data), &folder);
	ck_assert_msg(is_good == lists[_i].is_good, "%s", lists[_i].data);
	if (is_good) {
		ck_assert_int_eq(folder.delimiter, lists[_i].delimiter);
		ck_assert_int_eq(folder.is_selectable, lists[_i].is_selectable);
		ck_assert_str_eq(folder.name.bytes, lists[_i].name);
	}
	imap_folder_clear(&folder);
}
END_TEST

static const struct {
	const char *data;
	bool is_good;
	int64_t messages, bytes;
} statuses[] = {
    {"STATUS INBOX (MESSAGES 3 SIZE 12345)", true, 3, 12345},
    {"STATUS \"a b\" (SIZE 9223372036854775807 MESSAGES 0)", true, 0, INT64_MAX},
    {"STATUS {3}\r\na)b (MESSAGES 7)", true, 7, -1},
    {"STATUS INBOX ()", true, -1, -1},
    {"STATUS INBOX (MESSAGES 99999999999999999999)", false, 0, 0},
    {"STATUS INBOX (MESSAGES -1)", false, 0, 0},
    {"STATUS INBOX (MESSAGES", false, 0, 0},
    {"STATUS INBOX", false, 0, 0},
};

START_TEST(a_status_is_read)
{
	struct imap_folder_status status;
	bool is_good = imap_status_parse(slice(statuses[_i].data), &status);
	ck_assert_msg(is_good == statuses[_i].is_good, "%s", statuses[_i].data);
	if (!is_good)
		return;
	ck_assert_int_eq(status.messages, statuses[_i].messages);
	ck_assert_int_eq(status.bytes, statuses[_i].bytes);
}
END_TEST

static const struct {
	const char *data;
	bool is_good;
	int64_t uid, bytes;
} fetches[] = {
    {"12 FETCH (UID 5 RFC822.SIZE 1234)", true, 5, 1234},
    {"1 FETCH (RFC822.SIZE 7 FLAGS (\\Seen \"x\") UID 9)", true, 9, 7},
    {"1 FETCH (FLAGS (\\Seen))", true, -1, -1},
    {"1 FETCH (BODY[]<0> {3}\r\n)(\" UID 2)", true, 2, -1},
    {"1 FETCH (UID 5 RFC822.SIZE -3)", false, 0, 0},
    {"1 FETCH (((((((((((((((((", false, 0, 0},
    {"1 FETCH (UID", false, 0, 0},
    {"1 EXISTS", false, 0, 0},
};

START_TEST(a_fetch_is_read)
{
	struct imap_fetched fetched;
	bool is_good = imap_fetch_parse(slice(fetches[_i].data), &fetched);
	ck_assert_msg(is_good == fetches[_i].is_good, "%s", fetches[_i].data);
	if (!is_good)
		return;
	ck_assert_int_eq(fetched.uid, fetches[_i].uid);
	ck_assert_int_eq(fetched.bytes, fetches[_i].bytes);
}
END_TEST

START_TEST(a_count_is_read)
{
	int64_t count = -1;
	ck_assert(imap_exists_parse(slice("500001 EXISTS"), &count));
	ck_assert_int_eq(count, 500001);
	ck_assert(!imap_exists_parse(slice("1 RECENT"), &count));
	ck_assert(!imap_exists_parse(slice("EXISTS"), &count));
}
END_TEST

static void collect(void *user, const char *prefix, size_t length)
{
	buf_add(user, prefix, length);
	buf_putc(user, ';');
}

static const struct {
	const char *data;
	bool is_good;
	const char *prefixes;
} namespaces[] = {
    {"NAMESPACE ((\"\" \"/\")) NIL NIL", true, ""},
    {"NAMESPACE ((\"\" \".\")) ((\"user.\" \".\")) ((\"Public Folders.\" \".\")(\"shared.\" \".\"))", true, "user.;Public Folders.;shared.;"},
    {"NAMESPACE NIL NIL ((\"#p/\" \"/\" \"X\" (\"a\" \"b\")))", true, "#p/;"},
    {"NAMESPACE ((\"\" \"/\"", false, ""},
    {"NAMESPACE", false, ""},
};

START_TEST(other_namespaces_are_read)
{
	struct buf prefixes;
	buf_init(&prefixes, 1000);
	ck_assert_int_eq(imap_namespace_parse(slice(namespaces[_i].data), collect, &prefixes), namespaces[_i].is_good);
	ck_assert_str_eq(prefixes.bytes, namespaces[_i].prefixes);
	buf_clear(&prefixes);
}
END_TEST

static const struct {
	const char *name;
	bool is_good;
	const char *text;
} mutf7[] = {
    {"INBOX", true, "INBOX"},
    {"Entw&APw-rfe", true, "Entwürfe"},
    {"~peter/mail/&U,BTFw-/&ZeVnLIqe-", true, "~peter/mail/台北/日本語"},
    {"R&-D", true, "R&D"},
    {"&2D3eAA-", true, "😀"},
    {"&2D0-", false, ""},     /* half a pair */
    {"&3gA-", false, ""},     /* its other half */
    {"&AGE-", false, ""},     /* "a" needs no base64 */
    {"a&APw", false, "aü"},   /* not closed */
    {"&AP-", false, ""},      /* bits left over */
    {"&A!-", false, ""},
    {"caf\xc3\xa9", false, "caf"},
};

START_TEST(modified_utf7_is_decoded)
{
	struct buf text;
	buf_init(&text, 1000);
	ck_assert_msg(mutf7_decode(&text, mutf7[_i].name, strlen(mutf7[_i].name)) == mutf7[_i].is_good, "%s", mutf7[_i].name);
	ck_assert_str_eq(text.bytes, mutf7[_i].text);
	buf_clear(&text);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(table)[0]))

static void fill(Suite *suite)
{
	TCase *tests = tcase_create("mailbox");
	tcase_add_loop_test(tests, a_folder_is_read, 0, COUNT(lists));
	tcase_add_loop_test(tests, a_status_is_read, 0, COUNT(statuses));
	tcase_add_loop_test(tests, a_fetch_is_read, 0, COUNT(fetches));
	tcase_add_test(tests, a_count_is_read);
	tcase_add_loop_test(tests, other_namespaces_are_read, 0, COUNT(namespaces));
	tcase_add_loop_test(tests, modified_utf7_is_decoded, 0, COUNT(mutf7));
	suite_add_tcase(suite, tests);
}

CHECK_MAIN("proto/imap_mailbox", fill)
