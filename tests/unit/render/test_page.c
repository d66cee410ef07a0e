#include "render/page.h"

#include <string.h>

#include "../check_main.h"
#include "cutover/sink.h"

static struct sink *sink;
static struct render_options options;
static struct page page;

static void setup(void)
{
	sink = sink_new_memory();
	options = (struct render_options){.width = 40};
}

static void teardown(void)
{
	sink_abandon(sink);
}

static void start(void)
{
	struct render render = {.sink = sink, .options = &options};
	page_init(&page, &render);
}

static const struct {
	const char *name, *text, *printed;
} wrapped[] = {
    {"fits", "one two", "    one two\n"},
    {"exactly", "123456789 123456789 123456789 123456", "    123456789 123456789 123456789 123456\n"},
    {"one over", "123456789 123456789 123456789 1234567", "    123456789 123456789 123456789\n    1234567\n"},
    {"a long word is not cut", "a 1234567890123456789012345678901234567890 b", "    a\n    1234567890123456789012345678901234567890\n    b\n"},
    {"blanks inside stay", "a  b", "    a  b\n"},
    {"blanks at the end go", "a  ", "    a\n"},
    {"a newline is no line of ours", "a\nb", "    a\\010b\n"},
    {"wide characters take two columns", "123456789012345678901234567890 \xe6\xbc\xa2\xe5\xad\x97 x", "    123456789012345678901234567890 \xe6\xbc\xa2\xe5\xad\x97\n    x\n"},
    {"nothing", "", "\n"},
};

START_TEST(words_are_wrapped_at_the_width)
{
	start();
	page_wrap(&page, 4, STYLE_PLAIN, wrapped[_i].text);
	ck_assert_msg(strcmp(sink_memory(sink, NULL), wrapped[_i].printed) == 0, "%s: [%s]", wrapped[_i].name, sink_memory(sink, NULL));
}
END_TEST

START_TEST(what_is_put_is_escaped)
{
	start();
	page_put(&page, SEVERITY_FAIL, "\x1b[2J\x07\xc2\x9b\xe2\x80\xae\xff");
	ck_assert_str_eq(sink_memory(sink, NULL), "\\027[2J\\007\\194\\155\\226\\128\\174\\255");
}
END_TEST

START_TEST(colour_is_put_only_when_asked_for)
{
	options.use_color = true;
	start();
	page_put(&page, SEVERITY_FAIL, "FAIL");
	page_put(&page, STYLE_PLAIN, " plain");
	ck_assert_str_eq(sink_memory(sink, NULL), "\033[1;31mFAIL\033[0m plain");
	ck_assert_int_eq(page.column, 10);
}
END_TEST

START_TEST(ascii_means_ascii)
{
	options.use_ascii = true;
	start();
	page_put(&page, STYLE_PLAIN, "g\xc3\xbc");
	ck_assert_str_eq(sink_memory(sink, NULL), "g\\195\\188");
}
END_TEST

START_TEST(columns_are_reached_or_parted_by_two_blanks)
{
	start();
	page_put(&page, STYLE_PLAIN, "ab");
	page_gap(&page, 6);
	page_put(&page, STYLE_PLAIN, "c");
	page_gap(&page, 3);
	page_put(&page, STYLE_PLAIN, "d");
	page_to(&page, 3);
	page_put(&page, STYLE_PLAIN, "e");
	ck_assert_str_eq(sink_memory(sink, NULL), "ab    c  de");
}
END_TEST

START_TEST(the_width_has_a_floor_and_a_ceiling)
{
	static const int widths[][2] = {{0, 80}, {-5, 80}, {10, 40}, {100, 100}, {5000, 120}};
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		options.width = widths[i][0];
		start();
		ck_assert_int_eq(page.width, widths[i][1]);
	}
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("page");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, words_are_wrapped_at_the_width, 0, sizeof wrapped / sizeof wrapped[0]);
	tcase_add_test(tcase, what_is_put_is_escaped);
	tcase_add_test(tcase, colour_is_put_only_when_asked_for);
	tcase_add_test(tcase, ascii_means_ascii);
	tcase_add_test(tcase, columns_are_reached_or_parted_by_two_blanks);
	tcase_add_test(tcase, the_width_has_a_floor_and_a_ceiling);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("render/page", fill)
