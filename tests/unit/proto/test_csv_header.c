#include "proto/csv_header.h"

#include <string.h>

#include "../check_main.h"
#include "base/buf.h"

/* The seeds' files among them: Kerio's manual, Outlook's and Google's exports, Microsoft's examples. */
static const struct {
	const char *name, *line;
	enum csv_kind kind;
	bool has_names;
	const char *columns; /* for each of the four the cell's number from 1, or - */
} cases[] = {
    {"the required three", "EmailAddress,UserName,Password", CSV_KIND_MIGRATION, true, "123-"},
    {"with UserRoot, in another order", "UserRoot,Password,UserName,EmailAddress", CSV_KIND_MIGRATION, true, "4321"},
    {"in lower case", "emailaddress,username,password", CSV_KIND_MIGRATION, true, "123-"},
    {"with blanks inside", "Email Address,User Name,Pass Word", CSV_KIND_MIGRATION, true, "123-"},
    {"with more columns", "EmailAddress,UserName,Password,Department,Company", CSV_KIND_MIGRATION, true, "123-"},
    {"one is missing", "EmailAddress,UserName", CSV_KIND_MIGRATION, true, "12--"},
    {"two are misspelt", "EmailAddress,User,Pass", CSV_KIND_MIGRATION, true, "1---"},
    {"only addresses", "EmailAddress", CSV_KIND_MIGRATION, true, "1---"},
    {"a column twice", "EmailAddress,UserName,Password,UserName", CSV_KIND_MIGRATION, true, "123-"},
    {"a trailing comma", "EmailAddress,UserName,Password,", CSV_KIND_MIGRATION, true, "123-"},
    {"no header, with a password", "anna@contoso.com,anna,Secret1", CSV_KIND_MIGRATION, false, "----"},
    {"no header, the password is called Password", "anna@contoso.com,anna,Password", CSV_KIND_MIGRATION, false, "----"},
    {"no header, no address", "anna,anna,Secret1", CSV_KIND_OTHER, false, "----"},
    {"no header, a word that contacts use", "anna,company,Secret1", CSV_KIND_OTHER, false, "----"},
    {"Kerio's manual", "Name;Password;FullName;Description;MailAddress;Groups", CSV_KIND_KERIO_USERS, true, "--2-"},
    {"Kerio's manual with commas", "Name,Password,FullName,MailAddress", CSV_KIND_KERIO_USERS, true, "--2-"},
    {"Kerio without passwords", "Name;FullName;MailAddress", CSV_KIND_KERIO_USERS, true, "----"},
    {"Outlook contacts", "First Name,Middle Name,Last Name,Company,Job Title,E-mail Address,Business Phone", CSV_KIND_CONTACTS, true, "6---"},
    {"Outlook contacts, quoted", "\"Title\",\"First Name\",\"Last Name\",\"E-mail Address\",\"E-mail Display Name\"", CSV_KIND_CONTACTS, true, "4---"},
    {"Google contacts, old", "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value", CSV_KIND_CONTACTS, true, "----"},
    {"Google contacts, new", "First Name,Middle Name,Last Name,Organization Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value",
     CSV_KIND_CONTACTS, true, "----"},
    {"Outlook contacts, German", "Vorname;Nachname;Firma;E-Mail-Adresse;Telefon gesch\303\244ftlich", CSV_KIND_CONTACTS, true, "----"},
    {"a provider's mailbox list", "Username,Display Name,First Name,Last Name,Size,Created", CSV_KIND_OTHER, true, "-1--"},
    {"custom columns", "foo,bar,baz", CSV_KIND_OTHER, false, "----"},
};

static struct csv_header header;

static void on_row(void *user, const struct csv_row *row)
{
	(void)user;
	csv_header_read(&header, row);
}

static void on_broken_row(void *user, const struct csv_broken_row *row)
{
	(void)user;
	ck_abort_msg("row %d is broken", (int)row->number);
}

START_TEST(the_kind_of_file_is_told_by_its_first_row)
{
	static const struct csv_reader_events events = {on_row, on_broken_row};
	struct csv_reader *reader = csv_reader_new(&events, NULL);
	csv_reader_feed(reader, cases[_i].line, strlen(cases[_i].line));
	csv_reader_finish(reader);
	csv_reader_free(reader);
	ck_assert_msg(header.kind == cases[_i].kind, "%s: %s", cases[_i].name, csv_kind_name(header.kind));
	ck_assert_msg(header.has_names == cases[_i].has_names, "%s: has names: %d", cases[_i].name, header.has_names);
	for (int i = 0; i < CSV_COLUMN_COUNT; i++) {
		int wanted = cases[_i].columns[i] == '-' ? -1 : cases[_i].columns[i] - '1';
		ck_assert_msg(header.index[i] == wanted, "%s: %s is %d", cases[_i].name, csv_column_name((enum csv_column)i), header.index[i]);
	}
}
END_TEST

static const struct {
	const char *cell;
	enum csv_column column;
	enum csv_spelling spelling;
} spellings[] = {
    {"EmailAddress", CSV_EMAIL_ADDRESS, CSV_SPELT_EXACT},
    {"EMAILADDRESS", CSV_EMAIL_ADDRESS, CSV_SPELT_CASE},
    {" EmailAddress", CSV_EMAIL_ADDRESS, CSV_SPELT_CASE},
    {"Password\t", CSV_PASSWORD, CSV_SPELT_CASE},
    {"E-mail Address", CSV_EMAIL_ADDRESS, CSV_SPELT_NEAR},
    {"user_name", CSV_USER_NAME, CSV_SPELT_NEAR},
    {"User\302\240Name", CSV_USER_NAME, CSV_SPELT_NEAR},
    {"UserRoot", CSV_USER_ROOT, CSV_SPELT_EXACT},
    {"Passwort", CSV_COLUMN_COUNT, CSV_SPELT_UNKNOWN},
    {"", CSV_COLUMN_COUNT, CSV_SPELT_UNKNOWN},
    {"EmailAddressEmailAddressEmailAddressEmailAddressEmailAddressEmailAddress", CSV_COLUMN_COUNT, CSV_SPELT_UNKNOWN},
};

START_TEST(spellings_of_columns_are_graded)
{
	enum csv_spelling spelling;
	enum csv_column column = csv_column_find(spellings[_i].cell, strlen(spellings[_i].cell), &spelling);
	ck_assert_msg(column == spellings[_i].column, "'%s'", spellings[_i].cell);
	ck_assert_msg(spelling == spellings[_i].spelling, "'%s': %s", spellings[_i].cell, csv_spelling_name(spelling));
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("csv_header");
	tcase_add_loop_test(tcase, the_kind_of_file_is_told_by_its_first_row, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(tcase, spellings_of_columns_are_graded, 0, sizeof spellings / sizeof spellings[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/csv_header", fill)
