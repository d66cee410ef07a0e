/* Rows of a migration file as sign-ins. */
#include "proto/login_file.h"

#include <string.h>

#include "../check_main.h"

static struct login_file file;

static void setup(void)
{
	memset(&file, 0, sizeof file);
}

static void teardown(void)
{
	login_file_clear(&file);
}

static void read_text(const char *text)
{
	struct login_file_reader *reader = login_file_reader_new(&file);
	login_file_feed(reader, text, strlen(text));
	login_file_finish(reader);
}

static void check_text(const char *got, size_t length, const char *wanted)
{
	ck_assert_uint_eq(length, strlen(wanted));
	ck_assert_mem_eq(got, wanted, length);
}

START_TEST(columns_stand_in_any_order)
{
	read_text("Password,UserRoot,EmailAddress,UserName\r\n\" p,\"\"w \",/users/t,t@b.com,mailadmin\r\n\r\nx,,u@b.com,u@b.com\r\n");
	ck_assert_ptr_null(file.fault);
	ck_assert(file.has_passwords);
	ck_assert_uint_eq(file.count, 2);
	const struct login_row *row = &file.rows[0];
	ck_assert_int_eq(row->number, 2);
	ck_assert_str_eq(row->address, "t@b.com");
	ck_assert_int_eq(row->form, CSV_FORM_USER_ROOT);
	check_text(login_row_user(&file, row), row->user_length, "mailadmin");
	check_text(login_row_password(&file, row), row->password_length, " p,\"w ");
	check_text(login_row_root(&file, row), row->root_length, "/users/t");
	ck_assert_int_eq(file.rows[1].number, 4);
	ck_assert_int_eq(file.rows[1].form, CSV_FORM_ADDRESS);
	ck_assert_uint_eq(file.rows[1].root_length, 0);
}
END_TEST

START_TEST(rows_that_cannot_be_tried_say_why)
{
	read_text("EmailAddress,UserName,Password\r\na@b.com,u\r\na@b.com,,p\r\n\"a\"x,u,p\r\nnobody,u,\r\n");
	ck_assert_ptr_null(file.fault);
	ck_assert_uint_eq(file.count, 4);
	ck_assert_str_eq(file.rows[0].fault, "its number of fields is not the header's");
	ck_assert_str_eq(file.rows[1].fault, "UserName is empty");
	ck_assert_str_eq(file.rows[2].fault, "its quotes are broken");
	ck_assert_ptr_null(file.rows[3].fault);
	ck_assert_ptr_null(file.rows[3].address); /* what is no address is not shown: it may be a password */
}
END_TEST

static const struct {
	const char *text, *fault;
} faults[] = {
    {"", "there is no row below the header"},
    {"EmailAddress,UserName,Password\r\n", "there is no row below the header"},
    {"a@b.com,u,p\r\na@b.com,u,p\r\n", "the first row does not name the columns EmailAddress and UserName"},
    {"EmailAddress,Password\r\na@b.com,p\r\n", "the first row does not name the columns EmailAddress and UserName"},
    {"\"EmailAddress\"x,UserName\r\na@b.com,p\r\n", "the quotes of the first row are broken"},
};

START_TEST(a_file_that_is_none_says_why)
{
	read_text(faults[_i].text);
	ck_assert_pstr_eq(file.fault, faults[_i].fault);
}
END_TEST

START_TEST(a_file_may_lack_passwords)
{
	read_text("EmailAddress,UserName\r\na@b.com,u\r\n");
	ck_assert_ptr_null(file.fault);
	ck_assert(!file.has_passwords);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tests = tcase_create("file");
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, columns_stand_in_any_order);
	tcase_add_test(tests, rows_that_cannot_be_tried_say_why);
	tcase_add_loop_test(tests, a_file_that_is_none_says_why, 0, (int)(sizeof faults / sizeof faults[0]));
	tcase_add_test(tests, a_file_may_lack_passwords);
	suite_add_tcase(suite, tests);
}

CHECK_MAIN("proto/login_file", fill)
