#include "model/table.h"

#include <string.h>

#include "../check_main.h"

START_TEST(remarks_and_empty_lines_do_not_count)
{
	struct table_row row;
	table_begin(&row, "# a\tb\n\none\ttwo\n\n#\nthree");
	ck_assert(table_next(&row));
	ck_assert_uint_eq(row.count, 2);
	ck_assert_str_eq(row.fields[0], "one");
	ck_assert_str_eq(row.fields[1], "two");
	ck_assert(table_next(&row));
	ck_assert_uint_eq(row.count, 1);
	ck_assert_str_eq(row.fields[0], "three");
	ck_assert_str_eq(row.fields[1], "");
	ck_assert(!table_next(&row));
	ck_assert(!table_next(&row));
}
END_TEST

START_TEST(empty_fields_stay_and_surplus_is_dropped)
{
	struct table_row row;
	table_begin(&row, "a\t\tc\n1\t2\t3\t4\t5\t6\t7\t8\t9\n");
	ck_assert(table_next(&row));
	ck_assert_uint_eq(row.count, 3);
	ck_assert_str_eq(row.fields[1], "");
	ck_assert_str_eq(row.fields[2], "c");
	ck_assert(table_next(&row));
	ck_assert_uint_eq(row.count, TABLE_FIELDS);
	ck_assert_str_eq(row.fields[7], "8");
}
END_TEST

START_TEST(long_fields_are_cut)
{
	char text[2 * TABLE_FIELD_BYTES + 1];
	struct table_row row;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	table_begin(&row, text);
	ck_assert(table_next(&row));
	ck_assert_uint_eq(strlen(row.fields[0]), TABLE_FIELD_BYTES - 1);
}
END_TEST

START_TEST(no_text_has_no_rows)
{
	struct table_row row;
	table_begin(&row, NULL);
	ck_assert(!table_next(&row));
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("table");
	tcase_add_test(tcase, remarks_and_empty_lines_do_not_count);
	tcase_add_test(tcase, empty_fields_stay_and_surplus_is_dropped);
	tcase_add_test(tcase, long_fields_are_cut);
	tcase_add_test(tcase, no_text_has_no_rows);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/table", fill)
