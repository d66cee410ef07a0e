#include "base/escape.h"

#include <string.h>

#include "../check_main.h"
#include "base/buf.h"

typedef void escaper(struct buf *out, const char *text);

static void as_bytes(struct buf *out, const char *text)
{
	escape_bytes(out, text, strlen(text));
}

/* What a stranger may say, and what each language must make of it. */
static const struct {
	const char *name;
	escaper *escape;
	const char *text, *wanted;
} rows[] = {
    {"bytes: ESC and a backslash", as_bytes, "a\033[31mb\\c", "a\\027[31mb\\\\c"},
    {"bytes: invalid UTF-8", as_bytes, "\xff\xc3(\xe2\x82", "\\255\\195(\\226\\130"},
    {"bytes: good UTF-8 stays", as_bytes, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac", "gr\xc3\xbc\xc3\x9f \xe2\x82\xac"},
    {"bytes: C1 control", as_bytes, "\xc2\x9b" "31m", "\\194\\15531m"},
    {"bytes: right-to-left override", as_bytes, "\xe2\x80\xae" "exe", "\\226\\128\\174exe"},
    {"bytes: newline and tab", as_bytes, "a\r\n\tb", "a\\013\\010\\009b"},
    {"bytes: DEL and overlong", as_bytes, "\x7f\xc0\xaf", "\\127\\192\\175"},
    {"terminal: backslashes stay", escape_terminal, "a\\027\033b", "a\\027\\027b"},
    {"html", escape_html, "<b a=\"x\" b='y'>&", "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;"},
    {"xml: forbidden character", escape_xml, "a\001<", "a\xef\xbf\xbd&lt;"},
    {"xml: no characters", escape_xml, "a\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbdz", "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz"},
    {"markdown: table and emphasis", escape_markdown, "a|b*c_[x](y)\n#", "a\\|b\\*c\\_\\[x\\](y) \\#"},
    {"openmetrics", escape_openmetrics, "a\"b\\c\nd", "a\\\"b\\\\c\\nd"},
    {"nagios: one line without a bar", escape_nagios, "a|b\nc", "a/b c"},
    {"csv: plain", escape_csv, "plain", "plain"},
    {"csv: quotes and commas", escape_csv, "a,\"b\"", "\"a,\"\"b\"\"\""},
    {"csv: a formula is defused", escape_csv, "=1+1", "\"'=1+1\""},
};

START_TEST(hostile_text_is_escaped)
{
	struct buf out;
	buf_init(&out, 4096);
	rows[_i].escape(&out, rows[_i].text);
	ck_assert_msg(strcmp(out.bytes, rows[_i].wanted) == 0, "%s: got %s", rows[_i].name, out.bytes);
	buf_clear(&out);
}
END_TEST

START_TEST(a_nul_byte_is_shown)
{
	struct buf out;
	buf_init(&out, 64);
	escape_bytes(&out, "a\0b", 3);
	ck_assert_str_eq(out.bytes, "a\\000b");
	buf_clear(&out);
}
END_TEST

START_TEST(a_full_buffer_says_so_and_stays_terminated)
{
	struct buf out;
	buf_init(&out, 5);
	buf_puts(&out, "abcdefgh");
	ck_assert_str_eq(out.bytes, "abcde");
	ck_assert(out.is_full);
	buf_consume(&out, 2);
	ck_assert_str_eq(out.bytes, "cde");
	buf_clear(&out);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("escape");
	tcase_add_loop_test(tcase, hostile_text_is_escaped, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tcase, a_nul_byte_is_shown);
	tcase_add_test(tcase, a_full_buffer_says_so_and_stays_terminated);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("base/escape", fill)
