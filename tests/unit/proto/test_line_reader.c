#include "proto/line_reader.h"

#include <string.h>

#include "../check_main.h"
#include "cutover/limits.h"

/* Feeds all bytes, `step` at a time; lines are joined with "|", a fault ends with "!". */
static const char *read_lines(const char *bytes, size_t length, bool has_literals, size_t step)
{
	static char text[LIMIT_REPLY_BYTES * 2];
	struct line_reader reader;
	enum line_state state = LINE_MORE;
	text[0] = '\0';
	line_reader_init(&reader, has_literals);
	for (size_t at = 0; at < length && state != LINE_FAULT;) {
		size_t chunk = length - at < step ? length - at : step, used;
		state = line_reader_take(&reader, bytes + at, chunk, &used);
		ck_assert_uint_le(used, chunk);
		at += used;
		if (state == LINE_READY)
			strncat(strncat(text, reader.line.bytes, sizeof text / 2), "|", 2);
	}
	if (state == LINE_FAULT)
		strncat(text, "!", 2);
	line_reader_clear(&reader);
	return text;
}

static const struct {
	const char *bytes, *lines;
	bool has_literals;
} cases[] = {
    {"a\r\nb\r\n", "a|b|", true},
    {"a\nb\n", "a|b|", true},
    {"\r\n\n", "||", true},
    {"a\rb\r\n", "a\rb|", true},
    {"no end", "", true},
    {"* ID {3}\r\na\r\n)\r\nx\r\n", "* ID {3}\r\na\r\n)|x|", true},
    {"* ID {0}\r\n)\r\n", "* ID {0}\r\n)|", true},
    {"* ID {2}\r\nab{1}\r\nc\r\n", "* ID {2}\r\nab{1}\r\nc|", true},
    {"* ID {2}\r\na{1}\r\nc\r\n", "* ID {2}\r\na{1}|c|", true}, /* the second brace begins inside the literal */
    {"* OK text {3}\r\nabc\r\n", "* OK text {3}|abc|", true},
    {"c1 OK {3}\r\nabc\r\n", "c1 OK {3}|abc|", true},
    {"* ID {}\r\nx\r\n", "* ID {}|x|", true},
    {"* ID {-1}\r\nx\r\n", "* ID {-1}|x|", true},
    {"* ID {1x}\r\nx\r\n", "* ID {1x}|x|", true},
    {"* ID {65536}\r\nx", "!", true},
    {"* ID {3}\r\nabc\r\n", "* ID {3}|abc|", false},
};

START_TEST(lines_are_the_same_however_they_are_cut)
{
	for (size_t step = 1; step < 64; step++)
		ck_assert_str_eq(read_lines(cases[_i].bytes, strlen(cases[_i].bytes), cases[_i].has_literals, step), cases[_i].lines);
}
END_TEST

START_TEST(a_line_has_a_ceiling)
{
	static char line[LIMIT_LINE_BYTES + 3];
	memset(line, 'a', LIMIT_LINE_BYTES);
	line[LIMIT_LINE_BYTES] = '\n';
	ck_assert_uint_eq(strlen(read_lines(line, LIMIT_LINE_BYTES + 1, true, 1000)), LIMIT_LINE_BYTES + 1);
	line[LIMIT_LINE_BYTES] = 'a';
	line[LIMIT_LINE_BYTES + 1] = '\n';
	ck_assert_str_eq(read_lines(line, LIMIT_LINE_BYTES + 2, true, 1000), "!");
}
END_TEST

START_TEST(a_nul_byte_is_a_fault)
{
	ck_assert_str_eq(read_lines("a\0b\r\n", 5, true, 5), "!");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("line_reader");
	tcase_add_loop_test(tcase, lines_are_the_same_however_they_are_cut, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tcase, a_line_has_a_ceiling);
	tcase_add_test(tcase, a_nul_byte_is_a_fault);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/line_reader", fill)
