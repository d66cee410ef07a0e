/* The migration file: what csv_scan tells, judged. */
#include "replay.h"

#define U "users.csv"

/* A file that the service would take; a case changes what it is about. */
static struct observation *file(struct world *world, const char *kind, int64_t rows)
{
	return observe(world, "csv", U, NULL, ENDED(OK), INT(CSV_FILE_BYTES, 1000), TEXT(CSV_MODE, "0600"), BOOL(CSV_OTHERS_CAN_READ, false),
	               BOOL(CSV_IS_READ, true), TEXT(CSV_ENCODING, "UTF-8"), BOOL(CSV_IS_UTF8, true), BOOL(CSV_IS_BINARY, false),
	               BOOL(CSV_BOM, false), TEXT(CSV_SEPARATOR, "comma"), BOOL(CSV_SEPARATOR_LINE, false), TEXT(CSV_LINE_ENDS, "crlf"),
	               TEXT(CSV_HEADER, "names"), INT(CSV_ROWS, rows), INT(CSV_BLANK_ROWS, 0), BOOL(CSV_HAS_PASSWORDS, true),
	               TEXT(CSV_KIND, kind), INT(CSV_COLUMN_COUNT, 3), BOOL(CSV_COMPARED_ALL, true));
}

static void columns(struct observation *o, const char *const cells[][3], size_t count)
{
	for (uint32_t i = 0; i < count; i++)
		give(o, ROW_TEXT(CSV_COLUMN_NAME, i, cells[i][0]), ROW_TEXT(CSV_COLUMN_IS, i, cells[i][1]), ROW_TEXT(CSV_COLUMN_SPELLING, i, cells[i][2]));
}

static const char *const required[][3] = {
    {"EmailAddress", "EmailAddress", "exact"}, {"UserName", "UserName", "exact"}, {"Password", "Password", "exact"}};

static struct observation *good(struct world *world, int64_t rows)
{
	struct observation *o = file(world, "migration", rows);
	columns(o, required, 3);
	return o;
}

/* One fault of that kind on row 7. */
static struct observation *fault(struct world *world, const char *kind)
{
	return observe(world, "csv", U, NULL, ENDED(OK), TEXT(CSV_FAULT, kind), INT(CSV_FAULT_TOTAL, 1), ROW_INT(CSV_FAULT_ROW, 0, 7),
	               ROW_INT(CSV_FAULT_LINE, 0, 7));
}

static void nothing_was_observed(struct world *world)
{
	(void)world;
}

static void a_good_file(struct world *world)
{
	good(world, 48);
}

static void an_empty_file(struct world *world)
{
	observe(world, "csv", U, NULL, ENDED(OK), INT(CSV_FILE_BYTES, 0), BOOL(CSV_IS_READ, true), TEXT(CSV_ENCODING, "UTF-8"),
	        BOOL(CSV_IS_UTF8, true), TEXT(CSV_HEADER, "none"), INT(CSV_ROWS, 0));
}

static void a_file_of_blanks(struct world *world)
{
	an_empty_file(world);
	give(world->evidence.observations[0], INT(CSV_FILE_BYTES, 12));
}

static void a_header_alone(struct world *world)
{
	good(world, 0);
}

static void fifty_thousand_rows(struct world *world)
{
	good(world, 50000);
}

static void a_row_too_many(struct world *world)
{
	good(world, 50001);
}

static void ten_mebibytes(struct world *world)
{
	give(good(world, 2000), INT(CSV_FILE_BYTES, 10485760));
}

static void a_byte_too_many(struct world *world)
{
	give(good(world, 2000), INT(CSV_FILE_BYTES, 10485761));
}

static void a_gigabyte(struct world *world)
{
	observe(world, "csv", U, NULL, ENDED(OK), INT(CSV_FILE_BYTES, 1073741824), TEXT(CSV_MODE, "0644"), BOOL(CSV_OTHERS_CAN_READ, true),
	        BOOL(CSV_IS_READ, false));
}

static void two_columns_missing(struct world *world)
{
	static const char *const cells[][3] = {{"EmailAddress", "EmailAddress", "exact"}, {"User Name", "UserName", "near"}};
	columns(file(world, "migration", 3), cells, 2);
}

static void other_columns(struct world *world)
{
	struct observation *o = good(world, 3);
	give(o, ROW_TEXT(CSV_COLUMN_NAME, 3, "Team"), ROW_TEXT(CSV_COLUMN_IS, 3, ""), ROW_TEXT(CSV_COLUMN_SPELLING, 3, "unknown"));
	give(o, ROW_TEXT(CSV_COLUMN_NAME, 4, ""), ROW_TEXT(CSV_COLUMN_IS, 4, ""), ROW_TEXT(CSV_COLUMN_SPELLING, 4, "unknown"));
	give(o, ROW_TEXT(CSV_COLUMN_NAME, 5, "Password"), ROW_TEXT(CSV_COLUMN_IS, 5, "Password"), ROW_TEXT(CSV_COLUMN_SPELLING, 5, "twice"));
}

static void user_root_is_known(struct world *world)
{
	give(good(world, 3), ROW_TEXT(CSV_COLUMN_NAME, 3, "UserRoot"), ROW_TEXT(CSV_COLUMN_IS, 3, "UserRoot"),
	     ROW_TEXT(CSV_COLUMN_SPELLING, 3, "exact"));
}

static void lower_case(struct world *world)
{
	static const char *const cells[][3] = {
	    {"emailaddress", "EmailAddress", "case"}, {" UserName", "UserName", "case"}, {"Password", "Password", "exact"}};
	columns(file(world, "migration", 3), cells, 3);
}

static void no_header(struct world *world)
{
	give(file(world, "migration", 3), TEXT(CSV_HEADER, "data"));
}

static void unknown_columns_only(struct world *world)
{
	give(file(world, "other", 3), TEXT(CSV_HEADER, "data"), BOOL(CSV_HAS_PASSWORDS, false));
}

static void a_broken_header(struct world *world)
{
	give(file(world, "migration", 3), TEXT(CSV_HEADER, "broken"));
	give(fault(world, "quote"), ROW_INT(CSV_FAULT_ROW, 0, 1), ROW_INT(CSV_FAULT_LINE, 0, 1), ROW_TEXT(CSV_FAULT_COLUMN, 0, "column 1"),
	     ROW_TEXT(CSV_FAULT_WHAT, 0, "a quote opens here and is not closed"));
}

static void semicolons(struct world *world)
{
	give(good(world, 3), TEXT(CSV_SEPARATOR, "semicolon"));
}

static void a_sep_line(struct world *world)
{
	give(good(world, 3), BOOL(CSV_SEPARATOR_LINE, true));
}

static void utf16(struct world *world)
{
	give(good(world, 3), TEXT(CSV_ENCODING, "UTF-16 little endian"), BOOL(CSV_IS_UTF8, false), BOOL(CSV_BOM, true));
}

static void a_code_page(struct world *world)
{
	give(good(world, 3), TEXT(CSV_ENCODING, "windows-1252 or ISO 8859-1"), BOOL(CSV_IS_UTF8, false), INT(CSV_FOREIGN_ROWS, 2),
	     INT(CSV_FOREIGN_FIRST_ROW, 3));
}

static void nul_bytes(struct world *world)
{
	give(good(world, 3), BOOL(CSV_IS_UTF8, false), INT(CSV_FOREIGN_ROWS, 1), INT(CSV_FOREIGN_FIRST_ROW, 2));
}

static void a_workbook(struct world *world)
{
	observe(world, "csv", U, NULL, ENDED(OK), INT(CSV_FILE_BYTES, 9000), BOOL(CSV_OTHERS_CAN_READ, true), BOOL(CSV_IS_READ, true),
	        TEXT(CSV_ENCODING, "an Excel workbook (.xlsx) or another zip file"), BOOL(CSV_IS_UTF8, false), BOOL(CSV_IS_BINARY, true));
}

static void a_mark(struct world *world)
{
	give(good(world, 3), BOOL(CSV_BOM, true));
}

static void contacts(struct world *world)
{
	give(file(world, "contacts", 300), BOOL(CSV_HAS_PASSWORDS, false), BOOL(CSV_OTHERS_CAN_READ, true), TEXT(CSV_SEPARATOR, "semicolon"));
}

static void kerio_users(struct world *world)
{
	give(file(world, "kerio-users", 300), BOOL(CSV_OTHERS_CAN_READ, true), TEXT(CSV_MODE, "0644"), TEXT(CSV_SEPARATOR, "semicolon"));
}

static void readable_by_others(struct world *world)
{
	give(good(world, 3), BOOL(CSV_OTHERS_CAN_READ, true), TEXT(CSV_MODE, "0644"));
}

static void two_thousand_rows(struct world *world)
{
	good(world, 2000);
}

static void ten_thousand_rows(struct world *world)
{
	good(world, 10000);
}

static void one_form(struct world *world)
{
	give(good(world, 50), ROW_TEXT(CSV_USER_FORM, 0, "dovecot-admin"), ROW_INT(CSV_USER_FORM_ROWS, 0, 50), ROW_INT(CSV_USER_FORM_FIRST, 0, 2));
}

static void two_forms(struct world *world)
{
	give(good(world, 50), ROW_TEXT(CSV_USER_FORM, 0, "user"), ROW_INT(CSV_USER_FORM_ROWS, 0, 2), ROW_INT(CSV_USER_FORM_FIRST, 0, 9),
	     ROW_TEXT(CSV_USER_FORM, 1, "address"), ROW_INT(CSV_USER_FORM_ROWS, 1, 48), ROW_INT(CSV_USER_FORM_FIRST, 1, 2));
}

static void a_broken_form(struct world *world)
{
	give(good(world, 50), ROW_TEXT(CSV_USER_FORM, 0, "broken"), ROW_INT(CSV_USER_FORM_ROWS, 0, 50), ROW_INT(CSV_USER_FORM_FIRST, 0, 2));
}

/* The server that `--imap` names told its product in the same run. */
static void a_form_of_another_product(struct world *world)
{
	one_form(world);
	observe(world, "imap", "imap.contoso.com:993", "192.0.2.1", ENDED(OK), TEXT(IMAP_PRODUCT, "Courier-IMAP"), TEXT(IMAP_ADMIN_FORMAT, "Admin, with UserRoot"));
}

static void a_form_of_the_product(struct world *world)
{
	one_form(world);
	observe(world, "imap", "imap.contoso.com:993", "192.0.2.1", ENDED(OK), TEXT(IMAP_PRODUCT, "Dovecot"), TEXT(IMAP_ADMIN_FORMAT, "User*Admin"));
}

static void wrong_count(struct world *world)
{
	good(world, 10);
	give(fault(world, "row-columns"), ROW_INT(CSV_FAULT_EXPECTED, 0, 3), ROW_INT(CSV_FAULT_ACTUAL, 0, 4), ROW_INT(CSV_FAULT_LINE, 0, 9));
}

static void one_field(struct world *world)
{
	good(world, 10);
	give(fault(world, "row-columns"), ROW_INT(CSV_FAULT_EXPECTED, 0, 3), ROW_INT(CSV_FAULT_ACTUAL, 0, 1));
}

static void a_quote(struct world *world)
{
	good(world, 10);
	give(fault(world, "quote"), ROW_TEXT(CSV_FAULT_COLUMN, 0, "Password"), ROW_TEXT(CSV_FAULT_WHAT, 0, "a quote opens here and is not closed"));
}

static void several_kinds(struct world *world)
{
	good(world, 10);
	give(fault(world, "field-empty"), ROW_TEXT(CSV_FAULT_COLUMN, 0, "UserName"), ROW_TEXT(CSV_FAULT_ADDRESS, 0, "a@contoso.com"));
	give(fault(world, "field-blanks"), ROW_TEXT(CSV_FAULT_COLUMN, 0, "Password"), ROW_TEXT(CSV_FAULT_WHAT, 0, "a trailing blank"));
	give(fault(world, "excel-damage"), ROW_TEXT(CSV_FAULT_COLUMN, 0, "Password"), ROW_TEXT(CSV_FAULT_WHAT, 0, "a number in scientific notation"));
}

static void addresses(struct world *world)
{
	good(world, 10);
	give(fault(world, "address-invalid"), ROW_TEXT(CSV_FAULT_COLUMN, 0, "EmailAddress"), ROW_TEXT(CSV_FAULT_WHAT, 0, "no dot behind the @"));
	give(fault(world, "address-duplicate"), ROW_TEXT(CSV_FAULT_COLUMN, 0, "EmailAddress"), ROW_TEXT(CSV_FAULT_ADDRESS, 0, "a@contoso.com"),
	     ROW_INT(CSV_FAULT_OTHER_ROW, 0, 3));
}

/* Warnings only: the file would be taken. */
static void warnings(struct world *world)
{
	good(world, 10);
	give(fault(world, "address-foreign"), ROW_TEXT(CSV_FAULT_COLUMN, 0, "EmailAddress"), ROW_TEXT(CSV_FAULT_ADDRESS, 0, "a@fabrikam.com"));
	give(fault(world, "user-duplicate"), ROW_TEXT(CSV_FAULT_COLUMN, 0, "UserName"), ROW_INT(CSV_FAULT_OTHER_ROW, 0, 3));
}

static void two_of_a_kind_and_more(struct world *world)
{
	good(world, 10);
	give(fault(world, "row-columns"), INT(CSV_FAULT_TOTAL, 5), ROW_INT(CSV_FAULT_EXPECTED, 0, 3), ROW_INT(CSV_FAULT_ACTUAL, 0, 2),
	     ROW_INT(CSV_FAULT_ROW, 1, 8), ROW_INT(CSV_FAULT_LINE, 1, 8), ROW_INT(CSV_FAULT_EXPECTED, 1, 3), ROW_INT(CSV_FAULT_ACTUAL, 1, 1));
}

static void two_files(struct world *world)
{
	wrong_count(world);
	world->evidence.observations[0]->target[0] = 'U';
	world->evidence.observations[1]->target[0] = 'U';
	good(world, 3);
}

static void a_fault_of_a_later_version(struct world *world)
{
	good(world, 3);
	fault(world, "haunted");
}

static const struct replay_case file_cases[] = {
    {"nothing observed says nothing", nothing_was_observed, {{0}}},
    {"a good file", a_good_file, {{"csv-ok", "pass", U, "48 rows"}}},
    {"an empty file", an_empty_file, {{"csv-empty", "fail", U, "no byte"}}},
    {"a file of blanks", a_file_of_blanks, {{"csv-empty", "fail", U, "blanks"}}},
    {"a header alone", a_header_alone, {{"csv-no-rows", "fail", U, NULL}}},
    {"50,000 rows", fifty_thousand_rows, {{"csv-ok", "pass", U, NULL}, {"csv-batch-size", "info", U, "50000"}}},
    {"50,001 rows", a_row_too_many, {{"csv-too-many-rows", "fail", U, "50001"}, {"csv-batch-size", "info", U, NULL}}},
    {"10 MiB", ten_mebibytes, {{"csv-ok", "pass", U, NULL}}},
    {"10 MiB and a byte", a_byte_too_many, {{"csv-too-large", "fail", U, "10485761"}}},
    {"1 GiB is judged by its size", a_gigabyte, {{"csv-too-large", "fail", U, NULL}}},
    {"semicolons", semicolons, {{"csv-separator", "fail", U, "semicolon"}}},
    {"a sep= line", a_sep_line, {{"csv-separator", "fail", U, "sep="}}},
    {"UTF-16", utf16, {{"csv-encoding", "fail", U, "UTF-16"}}},
    {"a code page", a_code_page, {{"csv-encoding", "fail", U, "windows-1252"}}},
    {"NUL bytes", nul_bytes, {{"csv-encoding", "fail", U, "NUL bytes, first on row 2"}}},
    {"a workbook", a_workbook, {{"csv-encoding", "fail", U, "xlsx"}}},
    {"a byte order mark", a_mark, {{"csv-bom", "info", U, NULL}, {"csv-ok", "pass", U, NULL}}},
    {"contacts", contacts, {{"csv-is-contacts", "fail", U, NULL}}},
    {"Kerio users", kerio_users, {{"csv-is-kerio-users", "fail", U, NULL}, {"csv-readable-by-others", "warn", U, "0644"}}},
    {"readable by others", readable_by_others, {{"csv-readable-by-others", "warn", U, "0644"}, {"csv-ok", "pass", U, NULL}}},
    {"2,000 rows", two_thousand_rows, {{"csv-ok", "pass", U, NULL}}},
    {"10,000 rows", ten_thousand_rows, {{"csv-ok", "pass", U, NULL}, {"csv-batch-size", "info", U, "10000"}}},
    {0},
};

static const struct replay_case header_cases[] = {
    {"two columns missing",
     two_columns_missing,
     {{"csv-column-missing", "fail", U, "'User Name'"}, {"csv-column-missing", "fail", U, "Password: not"}, {"csv-column-unknown", "fail", U, "'User Name'"}}},
    {"other columns",
     other_columns,
     {{"csv-column-unknown", "fail", U, "'Team'"}, {"csv-column-unknown", "fail", U, "column 5"}, {"csv-column-unknown", "fail", U, "twice"}}},
    {"UserRoot", user_root_is_known, {{"csv-ok", "pass", U, NULL}}},
    {"another case",
     lower_case,
     {{"csv-column-case", "warn", U, "emailaddress"}, {"csv-column-case", "warn", U, " UserName"}, {"csv-ok", "pass", U, NULL}}},
    {"no header",
     no_header,
     {{"csv-column-missing", "fail", U, "EmailAddress: the first row is a mailbox"}, {"csv-column-missing", "fail", U, "UserName"},
      {"csv-column-missing", "fail", U, "Password"}}},
    {"unknown columns only",
     unknown_columns_only,
     {{"csv-column-missing", "fail", U, "no known column"}, {"csv-column-missing", "fail", U, "UserName"},
      {"csv-column-missing", "fail", U, "Password"}}},
    {"a broken header", a_broken_header, {{"csv-quote", "fail", U, "row 1, column 1: a quote opens"}}},
    {0},
};

static const struct replay_case row_cases[] = {
    {"one form of user name", one_form, {{"csv-ok", "pass", U, NULL}}},
    {"two forms", two_forms, {{"csv-user-format", "warn", U, "2 x user, first on row 9; 48 x user@domain"}, {"csv-ok", "pass", U, NULL}}},
    {"a broken form", a_broken_form, {{"csv-user-format", "warn", U, "missing"}, {"csv-ok", "pass", U, NULL}}},
    {"a form of another product",
     a_form_of_another_product,
     {{"login-format", "warn", U, "50 x user*admin (Dovecot, UW-imap), first on row 2; but the server is Courier-IMAP: Admin, with UserRoot"},
      {"csv-ok", "pass", U, NULL}}},
    {"a form of the product", a_form_of_the_product, {{"csv-ok", "pass", U, NULL}}},
    {"a wrong number of fields", wrong_count, {{"csv-row-columns", "fail", U, "row 7 (line 9) has 4 fields, the header has 3"}}},
    {"a blank line", one_field, {{"csv-row-columns", "fail", U, "row 7 has 1 field, the header has 3"}}},
    {"a quote", a_quote, {{"csv-quote", "fail", U, "row 7, Password: a quote opens"}}},
    {"several kinds",
     several_kinds,
     {{"csv-field-empty", "fail", U, "row 7: UserName is empty"}, {"csv-field-blanks", "warn", U, "row 7, Password: a trailing"},
      {"csv-excel-damage", "warn", U, "scientific"}}},
    {"addresses",
     addresses,
     {{"csv-address-invalid", "fail", U, "row 7: EmailAddress has no dot"}, {"csv-address-duplicate", "fail", U, "rows 3 and 7 have the same EmailAddress: a@contoso.com"}}},
    {"warnings leave the file acceptable",
     warnings,
     {{"csv-address-foreign", "warn", U, "a@fabrikam.com"}, {"csv-user-duplicate", "warn", U, "rows 3 and 7 have the same UserName"}, {"csv-ok", "pass", U, "10 rows"}}},
    {"more than are kept",
     two_of_a_kind_and_more,
     {{"csv-row-columns", "fail", U, "row 7 has 2"}, {"csv-row-columns", "fail", U, "and 3 more of this kind"}}},
    {"two files", two_files, {{"csv-row-columns", "fail", "Users.csv", NULL}, {"csv-ok", "pass", U, NULL}}},
    {"a fault of a later version", a_fault_of_a_later_version, {{"csv-ok", "pass", U, NULL}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {file_cases, header_cases, row_cases, NULL};
	static const char *const families[] = {"csv-", NULL};
	static const struct replay_suite suite = {"replay/csv", tables, families};
	return replay_main(&suite);
}
