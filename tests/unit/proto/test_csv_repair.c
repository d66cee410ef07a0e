#include "proto/csv_repair.h"

#include <string.h>

#include "../check_main.h"
#include "base/buf.h"

#define S(text) text, sizeof text - 1
#define HEADER "EmailAddress,UserName,Password\n"

static void on_line(void *user, const char *bytes, size_t length, bool is_header)
{
	struct buf *out = user;
	ck_assert_int_eq(is_header, out->length == 0);
	buf_add(out, bytes, length);
}

static void on_change(void *user, const char *sentence)
{
	buf_printf(user, "%s|", sentence);
}

static const struct {
	const char *name, *bytes;
	size_t length;
	const char *repaired; /* NULL: refused */
	size_t repaired_length;
	const char *told; /* the changes, or a part of the refusal */
} cases[] = {
    {"a good file stays as it is", S(HEADER "a@contoso.com,\"a\", x \n"), S(HEADER "a@contoso.com,\"a\", x \n"), "nothing had to be changed|"},
    {"the last line gets its end", S(HEADER "a@contoso.com,a,x"), S(HEADER "a@contoso.com,a,x\n"), "nothing had to be changed|"},
    {"semicolons", S("EmailAddress;UserName;Password\r\na@contoso.com;a;\"x;y\"\r\nb@contoso.com;b;x,y\r\nc@contoso.com;c;\"x\"\"y\"\r\n"),
     S("EmailAddress,UserName,Password\r\na@contoso.com,a,x;y\r\nb@contoso.com,b,\"x,y\"\r\nc@contoso.com,c,\"x\"\"y\"\r\n"),
     "separator: semicolon -> comma|"},
    {"tabs and blanks round a password", S("EmailAddress\tUserName\tPassword\na@contoso.com\ta\t x \n"),
     S(HEADER "a@contoso.com,a,\" x \"\n"), "separator: tab -> comma|"},
    {"a quoted line end is kept", S("EmailAddress;UserName;Password\na@contoso.com;a;\"x\ny\"\n"), S(HEADER "a@contoso.com,a,\"x\ny\"\n"),
     "separator: semicolon -> comma|"},
    {"a byte order mark", S("\xef\xbb\xbf" HEADER), S(HEADER), "byte order mark: dropped|"},
    {"UTF-16", S("\xff\xfe" "E\0m\0a\0i\0l\0A\0d\0d\0r\0e\0s\0s\0,\0U\0s\0e\0r\0N\0a\0m\0e\0\n\0a\0@\0b\0.\0d\0e\0,\0\xfc\0\n\0"),
     S("EmailAddress,UserName\na@b.de,\xc3\xbc\n"), "encoding: UTF-16 little endian -> UTF-8|"},
    {"a sep= line", S("sep=;\nEmailAddress;UserName\na@contoso.com;a\n"), S("EmailAddress,UserName\na@contoso.com,a\n"),
     "line \"sep=\": dropped|separator: semicolon -> comma|"},
    {"the header's case and blanks", S("emailaddress, UserName,\"PASSWORD\", Team \na@contoso.com,a,x,y\n"),
     S("EmailAddress,UserName,Password,Team\na@contoso.com,a,x,y\n"),
     "header: 'emailaddress' -> 'EmailAddress', ' UserName' -> 'UserName', 'PASSWORD' -> 'Password', ' Team ' -> 'Team'|"},
    {"a semicolon in a header with tabs", S("EmailAddress\t\"x;y;z\"\n"), S("EmailAddress,\"x;y;z\"\n"), "separator: tab -> comma|"},
    {"another name is a guess", S("EmailAddress,User Name,Password\n"), S("EmailAddress,User Name,Password\n"), "nothing had to be changed|"},
    {"blank lines", S("\n" HEADER " \t\na@contoso.com,a,x\n\n"), S(HEADER "a@contoso.com,a,x\n"), "blank lines: 3 dropped|"},
    {"mixed line ends follow the header's", S("EmailAddress,UserName\r\na@contoso.com,a\nb@contoso.com,b\r"),
     S("EmailAddress,UserName\r\na@contoso.com,a\r\nb@contoso.com,b\r\n"), "line ends: mixed -> CRLF|"},
    {"CR", S("EmailAddress,UserName\ra@contoso.com,a\r"), S("EmailAddress,UserName\r\na@contoso.com,a\r\n"), "line ends: CR -> CRLF|"},
    {"rows that need a guess are left", S(HEADER "a@contoso.com,a\nb@contoso.com,\"b,x\nc@contoso.com,c, \xfc\n"),
     S(HEADER "a@contoso.com,a\nb@contoso.com,\"b,x\nc@contoso.com,c, \xfc\n"),
     "nothing had to be changed|left as they are: 1 rows whose quotes are broken|left as they are: 1 rows that are not UTF-8|"},
    {"contacts", S("First Name,Last Name,E-mail Address\nA,B,a@contoso.com\n"), NULL, 0, "not the header of a migration file"},
    {"no header", S("a@contoso.com,a,x\n"), NULL, 0, "not the header of a migration file"},
    {"a broken header", S("\"EmailAddress,UserName\na@contoso.com,a\n"), NULL, 0, "quotes of its header"},
    {"an empty file", S(""), NULL, 0, "empty"},
    {"a workbook", S("PK\003\004\024\0\006\0"), NULL, 0, "no text"},
    {"half a character", S("\xff\xfe" "E\0m\0a\0i\0l\0A\0d\0d\0r\0e\0s\0s\0\n\0a\0@\0b\0.\0d\0e\0\x3d\xd8\n\0"), NULL, 0, "UTF-16"},
};

START_TEST(what_needs_no_guess_is_repaired)
{
	static const size_t blocks[] = {1, 1 << 20};
	for (size_t b = 0; b < 2; b++) {
		struct buf out, told;
		buf_init(&out, 1 << 20);
		buf_init(&told, 1 << 20);
		struct csv_repair *repair = csv_repair_new(on_line, &out);
		for (size_t at = 0; at < cases[_i].length; at += blocks[b])
			csv_repair_feed(repair, cases[_i].bytes + at, cases[_i].length - at < blocks[b] ? cases[_i].length - at : blocks[b]);
		csv_repair_finish(repair);
		const char *refusal = csv_repair_refusal(repair);
		if (cases[_i].repaired == NULL) {
			ck_assert_msg(refusal != NULL && strstr(refusal, cases[_i].told) != NULL, "%s: %s", cases[_i].name, refusal);
		} else {
			ck_assert_msg(refusal == NULL, "%s: %s", cases[_i].name, refusal);
			ck_assert_msg(out.length == cases[_i].repaired_length && memcmp(out.bytes, cases[_i].repaired, out.length) == 0, "%s: %s",
			              cases[_i].name, out.bytes);
			csv_repair_each_change(repair, on_change, &told);
			ck_assert_msg(strcmp(told.bytes, cases[_i].told) == 0, "%s: %s", cases[_i].name, told.bytes);
		}
		csv_repair_free(repair);
		buf_clear(&out);
		buf_clear(&told);
	}
}
END_TEST

START_TEST(repairing_twice_changes_nothing_more)
{
	struct buf twice, told;
	buf_init(&twice, 1 << 20);
	buf_init(&told, 1 << 20);
	if (cases[_i].repaired != NULL) {
		struct csv_repair *repair = csv_repair_new(on_line, &twice);
		csv_repair_feed(repair, cases[_i].repaired, cases[_i].repaired_length);
		csv_repair_finish(repair);
		ck_assert_msg(twice.length == cases[_i].repaired_length && memcmp(twice.bytes, cases[_i].repaired, twice.length) == 0, "%s: %s",
		              cases[_i].name, twice.bytes);
		csv_repair_each_change(repair, on_change, &told);
		ck_assert_ptr_nonnull(strstr(told.bytes, "nothing had to be changed|"));
		csv_repair_free(repair);
	}
	buf_clear(&twice);
	buf_clear(&told);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("csv_repair");
	tcase_add_loop_test(tcase, what_needs_no_guess_is_repaired, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(tcase, repairing_twice_changes_nothing_more, 0, sizeof cases / sizeof cases[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/csv_repair", fill)
