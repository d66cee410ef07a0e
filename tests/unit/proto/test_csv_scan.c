#include "proto/csv_scan.h"

#include <stdio.h>
#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "cutover/limits.h"

#define S(text) text, sizeof text - 1
#define HEADER "EmailAddress,UserName,Password\r\n"
#define LOOP(tcase, test, table) tcase_add_loop_test(tcase, test, 0, sizeof table / sizeof table[0])

static struct evidence evidence;
static struct names domains;

static void setup(void)
{
	evidence_init(&evidence);
	domains = (struct names){0};
}

static void teardown(void)
{
	evidence_clear(&evidence);
	names_clear(&domains);
}

static void scan(const char *bytes, size_t length, size_t block)
{
	struct csv_scan_options options = {
	    .target = "users.csv", .domains = &domains, .file_bytes = (int64_t)length, .mode = 0100640, .started_ms = 1000};
	struct csv_scan *made = csv_scan_new(&options);
	evidence_clear(&evidence);
	for (size_t at = 0; at < length; at += block)
		csv_scan_feed(made, bytes + at, length - at < block ? length - at : block);
	csv_scan_finish(made, &evidence, 5);
	csv_scan_free(made);
}

/* " name=value" for each scalar, " table.column[row]=value" for each cell. */
static char *facts_of(const struct observation *o)
{
	struct buf out;
	buf_init(&out, 1 << 22);
	for (size_t i = 0; i < o->fact_count; i++) {
		const struct fact *fact = &o->facts[i];
		const struct fact_info *info = fact_info(fact->key);
		buf_printf(&out, " %s", info->name);
		if (info->table != NULL)
			buf_printf(&out, "[%u]", fact->row);
		if (info->type == FACT_TYPE_TEXT)
			buf_printf(&out, "=%s", fact->value.text);
		else if (info->type == FACT_TYPE_BOOL)
			buf_puts(&out, fact->value.flag ? "=true" : "=false");
		else
			buf_printf(&out, "=%lld", (long long)fact->value.number);
	}
	buf_putc(&out, ' ');
	return buf_steal(&out);
}

static const struct {
	const char *name, *bytes;
	size_t length;
	const char *facts[8]; /* each must stand in the file's observation; "!x" must not stand anywhere */
} files[] = {
    {"a good file", S(HEADER "a@contoso.com,a,x\r\nb@contoso.com,b,y\r\n"),
     {"csv.kind=migration", "csv.rows=2", "csv.encoding=UTF-8", "csv.is_utf8=true", "csv.separator=comma", "csv.line_ends=crlf",
      "csv.header=names", "csv.has_passwords=true"}},
    {"its permissions", S(HEADER), {"csv.mode=0640", "csv.others_can_read=true", "csv.file_bytes=32", "csv.rows=0", "csv.blank_rows=0"}},
    {"zero bytes", S(""), {"csv.header=none", "csv.rows=0", "!csv.kind="}},
    {"nothing but blanks", S("\xef\xbb\xbf \r\n\t\r\n"), {"csv.header=none", "csv.blank_rows=2", "csv.bom=true"}},
    {"columns as they stand", S("emailaddress,User Name,Password,Team\n"),
     {"csv.columns.name[0]=emailaddress", "csv.columns.is[0]=EmailAddress", "csv.columns.spelling[0]=case", "csv.columns.spelling[1]=near",
      "csv.columns.spelling[2]=exact", "csv.columns.is[3]= ", "csv.columns.spelling[3]=unknown", "csv.column_count=4"}},
    {"a column twice", S("EmailAddress,UserName,Password,Password\n"), {"csv.columns.spelling[3]=twice"}},
    {"no header: no name is shown", S("a@contoso.com,a,Secret1\nb@contoso.com,b,Secret2\n"),
     {"csv.header=data", "csv.kind=migration", "csv.has_passwords=true", "!Secret", "!csv.columns"}},
    {"a broken header", S("\"EmailAddress,UserName,Password\na@contoso.com,a,Secret1\n"),
     {"csv.header=broken", "csv.rows=1", "csv.has_passwords=true", "!Secret", "!csv.kind="}},
    {"semicolons, UTF-16", S("\xff\xfe" "E\0m\0a\0i\0l\0A\0d\0d\0r\0e\0s\0s\0;\0U\0s\0e\0r\0N\0a\0m\0e\0\n\0"),
     {"csv.separator=semicolon", "csv.encoding=UTF-16 little endian", "csv.is_utf8=false", "csv.bom=true", "!csv.foreign_rows"}},
    {"a code page", S(HEADER "a@contoso.com,a,x\r\nb@contoso.com,b\xfc,y\r\nc@contoso.com,\xe4,z\r\n"),
     {"csv.encoding=windows-1252 or ISO 8859-1", "csv.is_utf8=false", "csv.foreign_rows=2", "csv.foreign_first_row=3"}},
    {"NUL", S(HEADER "a@contoso.com,a,x\0\r\n"), {"csv.is_utf8=false", "csv.foreign_rows=1", "csv.is_binary=false"}},
    {"a workbook", S("PK\003\004\024\0\006\0"), {"csv.is_binary=true", "csv.encoding=an Excel workbook (.xlsx) or another zip file", "!csv.rows"}},
    {"contacts", S("First Name,Last Name,E-mail Address\nA,B,a@contoso.com\n"), {"csv.kind=contacts", "csv.has_passwords=false", "csv.rows=1"}},
    {"Kerio users", S("Name;Password;FullName;MailAddress\nabird;VbD66op1;A Bird;abird\n"),
     {"csv.kind=kerio-users", "csv.has_passwords=true", "csv.rows=1", "!VbD66op1"}},
    {"forms of user names", S(HEADER "a@contoso.com,a,x\nb@contoso.com,b@contoso.com,x\nc@contoso.com,c@contoso.com,x\n"),
     {"csv.user_forms.form[0]=user", "csv.user_forms.rows[0]=1", "csv.user_forms.first_row[0]=2", "csv.user_forms.form[1]=address",
      "csv.user_forms.rows[1]=2", "csv.user_forms.first_row[1]=3"}},
    {"sep= line", S("sep=;\nEmailAddress;UserName;Password\n"), {"csv.separator_line=true", "csv.separator=semicolon", "csv.kind=migration"}},
    {"blank lines", S("\n" HEADER "\n\na@contoso.com,a,x\n\n"), {"csv.blank_rows=4", "csv.rows=1", "csv.line_ends=mixed"}},
};

START_TEST(the_file_is_told_as_facts)
{
	static const size_t blocks[] = {1, 1 << 20};
	for (size_t b = 0; b < 2; b++) {
		scan(files[_i].bytes, files[_i].length, blocks[b]);
		ck_assert_str_eq(evidence.observations[0]->probe, "csv");
		ck_assert_str_eq(evidence.observations[0]->target, "users.csv");
		ck_assert_int_eq(evidence.observations[0]->outcome, OUTCOME_OK);
		char *facts = facts_of(evidence.observations[0]);
		for (size_t i = 0; i < 8 && files[_i].facts[i] != NULL; i++) {
			const char *fact = files[_i].facts[i];
			char wanted[200];
			snprintf(wanted, sizeof wanted, fact[0] == '!' ? "%s" : " %s", fact[0] == '!' ? fact + 1 : fact);
			ck_assert_msg((strstr(facts, wanted) != NULL) == (fact[0] != '!'), "%s: %s in%s", files[_i].name, fact, facts);
		}
		free(facts);
	}
}
END_TEST

/* kind:row@line, then what else is told; one fault after the other. */
static void put_fault(struct buf *out, const struct observation *o, uint32_t row)
{
	static const enum fact_key texts[] = {FACT_CSV_FAULT_COLUMN, FACT_CSV_FAULT_ADDRESS};
	int64_t other = observation_int_or(o, FACT_CSV_FAULT_OTHER_ROW, row, 0), expected;
	buf_printf(out, "%s:%lld@%lld", observation_text(o, FACT_CSV_FAULT, 0), (long long)observation_int_or(o, FACT_CSV_FAULT_ROW, row, -1),
	           (long long)observation_int_or(o, FACT_CSV_FAULT_LINE, row, -1));
	for (size_t i = 0; i < 2; i++)
		if (observation_text(o, texts[i], row) != NULL)
			buf_printf(out, ",%s", observation_text(o, texts[i], row));
	if (observation_int(o, FACT_CSV_FAULT_EXPECTED, row, &expected))
		buf_printf(out, ",%lld/%lld", (long long)expected, (long long)observation_int_or(o, FACT_CSV_FAULT_ACTUAL, row, -1));
	if (other > 0)
		buf_printf(out, ",=%lld", (long long)other);
	buf_putc(out, ' ');
}

static char *faults(void)
{
	struct buf out;
	buf_init(&out, 1 << 20);
	for (size_t i = 1; i < evidence.count; i++)
		for (uint32_t row = 0; row < observation_rows(evidence.observations[i], FACT_CSV_FAULT_ROW); row++)
			put_fault(&out, evidence.observations[i], row);
	return buf_steal(&out);
}

static const struct {
	const char *name, *bytes;
	size_t length;
	const char *faults;
} rows[] = {
    {"none", S(HEADER "a@contoso.com,a,x\r\n"), ""},
    {"too few and too many fields", S(HEADER "a@contoso.com,a\nb@contoso.com,b,x,y\nc@contoso.com,c,z\n"),
     "row-columns:2@2,3/2 row-columns:3@3,3/4 "},
    {"blank lines have one field", S(HEADER "\na@contoso.com,a,x\n \n"), "row-columns:2@2,3/1 row-columns:4@4,3/1 "},
    {"a blank line before the header", S("\n" HEADER "a@contoso.com,a,x\n"), "row-columns:1@1,3/1 "},
    {"a quoted comma is no separator", S(HEADER "a@contoso.com,a,\"x,y\"\n"), ""},
    {"rows and lines differ behind a quoted line end", S(HEADER "a@contoso.com,a,\"x\ny\"\nb@contoso.com,b\n"),
     "row-columns:3@4,3/2 field-blanks:2@2,Password,a@contoso.com "},
    {"quotes", S(HEADER "a@contoso.com,a\"b,x\nb@contoso.com,b,\"y\nc@contoso.com,c,z\n"), "quote:2@2,UserName quote:3@3,Password "},
    {"empty fields", S(HEADER ",a,x\nb@contoso.com,,x\nc@contoso.com,c,\n"),
     "field-empty:2@2,EmailAddress field-empty:3@3,UserName,b@contoso.com field-empty:4@4,Password,c@contoso.com "},
    {"blanks in place of a name are nothing, of a password something", S(HEADER "a@contoso.com,  ,  \n"),
     "field-empty:2@2,UserName,a@contoso.com field-blanks:2@2,Password,a@contoso.com "},
    {"an empty UserRoot is no fault", S("EmailAddress,UserName,Password,UserRoot\na@contoso.com,a,x,\n"), ""},
    {"blanks", S(HEADER " a@contoso.com,a ,x\302\240y\n"),
     "field-blanks:2@2,EmailAddress,a@contoso.com field-blanks:2@2,UserName,a@contoso.com field-blanks:2@2,Password,a@contoso.com "},
    {"a spreadsheet was here", S(HEADER "a@contoso.com,a,1.09E+06\nb@contoso.com,#NAME?,x\n"),
     "excel-damage:2@2,Password,a@contoso.com excel-damage:3@3,UserName,b@contoso.com "},
    {"no addresses", S(HEADER "a,a,x\nb@contoso.com.,b,x\n"), "address-invalid:2@2,EmailAddress address-invalid:3@3,EmailAddress,b@contoso.com. "},
    {"the same address in another case", S(HEADER "a@contoso.com,a,x\nb@contoso.com,b,x\nA@Contoso.com ,c,x\n"),
     "field-blanks:4@4,EmailAddress,A@Contoso.com address-duplicate:4@4,EmailAddress,A@Contoso.com,=2 "},
    {"the same user", S(HEADER "a@contoso.com,a,x\nb@contoso.com,A,x\nc@contoso.com,a,x\n"), "user-duplicate:4@4,UserName,c@contoso.com,=2 "},
    {"an administrator with roots", S("EmailAddress,UserName,Password,UserRoot\na@contoso.com,admin,x,/users/a\nb@contoso.com,admin,x,/users/b\n"), ""},
    {"the same root twice", S("EmailAddress,UserName,Password,UserRoot\na@contoso.com,admin,x,/users/a\nb@contoso.com,admin,x,/users/a\n"),
     "user-duplicate:3@3,UserName,b@contoso.com,=2 "},
    {"columns that are spelt otherwise are still looked at", S("emailaddress,User Name,PASSWORD\na,,x\n"),
     "field-empty:2@2,UserName address-invalid:2@2,EmailAddress "},
    {"a file without names is counted only", S("a@contoso.com,a,x\nb,,\nc@contoso.com\n"), "row-columns:3@3,3/1 "},
    {"contacts are counted only", S("First Name,Last Name,E-mail Address\nA,B\n,,\n"), ""},
    {"semicolons", S("EmailAddress;UserName;Password\na@contoso.com;a;x,y\nb@contoso.com;b\n"), "row-columns:3@3,3/2 "},
};

START_TEST(faults_of_rows_are_told_with_their_place)
{
	static const size_t blocks[] = {1, 5, 1 << 20};
	for (size_t b = 0; b < 3; b++) {
		scan(rows[_i].bytes, rows[_i].length, blocks[b]);
		char *told = faults();
		ck_assert_msg(strcmp(told, rows[_i].faults) == 0, "%s: %s", rows[_i].name, told);
		free(told);
	}
}
END_TEST

START_TEST(addresses_of_other_domains_are_told_when_domains_are_named)
{
	static const char file[] = HEADER "a@contoso.com,a,x\nb@Contoso.COM,b,x\nc@mail.contoso.com,c,x\nd@fabrikam.com,d,x\ne@m\303\274nchen.de,e,x\n";
	names_add(&domains, "contoso.com");
	names_add(&domains, "xn--mnchen-3ya.de");
	scan(S(file), 1 << 20);
	char *told = faults();
	ck_assert_str_eq(told, "address-foreign:4@4,EmailAddress,c@mail.contoso.com address-foreign:5@5,EmailAddress,d@fabrikam.com ");
	free(told);
}
END_TEST

START_TEST(no_password_is_a_fact)
{
	/* A secret in every place where a password can come to stand: shifted, unquoted, too many, in other columns. */
	static const char *const secrets[] = {
	    HEADER "a@contoso.com,a,S3cret\nb@contoso.com,S3cret\nc@contoso.com,c,S3,S3cret\n,,S3cret\nS3cret,S3cret,S3cret\n",
	    HEADER "a@contoso.com,a, S3cret \nb@contoso.com,b,S3cret\302\240\nc@contoso.com,c,\"S3cret\nd@contoso.com,d,S3\"cret\n",
	    HEADER "S3cret,a@contoso.com,b\nS3cret@x,a@contoso.com,b\nS3cret,,\n",
	    "a@contoso.com,a,S3cret\n", "a,b,S3cret\n", "S3cret\n", "\"a@contoso.com,a,S3cret\n", "Password,S3cret\nS3cret,a\n",
	    "Name;Password;FullName;MailAddress\na;S3cret;A;a\n", "EmailAddress;UserName;Password\na@contoso.com;a;S3cret\n;;S3cret;\n",
	    "\nS3cret,a@contoso.com,b\n", "sep=,\na,S3cret\n",
	};
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		scan(secrets[i], strlen(secrets[i]), 1 << 20);
		for (size_t o = 0; o < evidence.count; o++) {
			char *facts = facts_of(evidence.observations[o]);
			ck_assert_msg(strstr(facts, "S3") == NULL, "%s gives%s", secrets[i], facts);
			free(facts);
		}
	}
}
END_TEST

START_TEST(beyond_the_ceiling_faults_are_counted_only)
{
	struct buf file;
	buf_init(&file, 1 << 24);
	buf_puts(&file, HEADER);
	for (size_t i = 0; i < LIMIT_CSV_FAULTS + 10; i++)
		buf_printf(&file, " u%zu@contoso.com,u%zu\n", i, i);
	scan(file.bytes, file.length, 4096);
	buf_clear(&file);
	ck_assert_uint_eq(evidence.count, 2);
	const struct observation *o = evidence.observations[1];
	ck_assert_uint_eq(observation_rows(o, FACT_CSV_FAULT_ROW), LIMIT_CSV_FAULTS);
	ck_assert_int_eq(observation_int_or(o, FACT_CSV_FAULT_TOTAL, 0, 0), LIMIT_CSV_FAULTS + 10);
	ck_assert(!observation_has(o, FACT_TRUNCATED, 0));
}
END_TEST

START_TEST(of_every_kind_the_first_are_kept)
{
	struct buf file;
	buf_init(&file, 1 << 24);
	buf_puts(&file, HEADER);
	for (size_t i = 0; i < 5000; i++)
		buf_puts(&file, " a@contoso, u ,1.09E+06\n"); /* a fault of four kinds, until nothing more is kept */
	for (size_t i = 0; i < 30; i++)
		buf_puts(&file, "late@contoso.com\n");
	scan(file.bytes, file.length, 4096);
	buf_clear(&file);
	uint32_t kept = 0;
	for (size_t i = 1; i < evidence.count; i++)
		kept += observation_rows(evidence.observations[i], FACT_CSV_FAULT_ROW);
	ck_assert_str_eq(observation_text(evidence.observations[1], FACT_CSV_FAULT, 0), "row-columns");
	ck_assert_uint_eq(observation_rows(evidence.observations[1], FACT_CSV_FAULT_ROW), LIMIT_SHOWN_ALIKE);
	ck_assert_int_eq(observation_int_or(evidence.observations[1], FACT_CSV_FAULT_TOTAL, 0, 0), 30);
	ck_assert_uint_eq(kept, LIMIT_CSV_FAULTS_ALL + LIMIT_SHOWN_ALIKE);
}
END_TEST

START_TEST(the_richest_faults_of_one_kind_fit_into_one_observation)
{
	struct buf file;
	buf_init(&file, 1 << 24);
	buf_puts(&file, HEADER);
	for (size_t i = 0; i < LIMIT_CSV_FAULTS + 10; i++)
		buf_printf(&file, "a@contoso.com,u%zu,\302\240x\n", i);
	scan(file.bytes, file.length, 4096);
	buf_clear(&file);
	ck_assert_uint_eq(evidence.count, 3);
	for (size_t i = 0; i < evidence.count; i++)
		ck_assert(!observation_has(evidence.observations[i], FACT_TRUNCATED, 0));
}
END_TEST

START_TEST(a_file_that_is_too_large_is_told_by_its_size)
{
	struct csv_scan_options options = {.target = "users.csv", .file_bytes = INT64_C(1) << 30, .mode = -1, .started_ms = 1};
	csv_scan_refuse(&options, &evidence);
	char *facts = facts_of(evidence.observations[0]);
	ck_assert_str_eq(facts, " csv.file_bytes=1073741824 csv.is_read=false ");
	free(facts);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("csv_scan");
	tcase_add_checked_fixture(tcase, setup, teardown);
	LOOP(tcase, the_file_is_told_as_facts, files);
	LOOP(tcase, faults_of_rows_are_told_with_their_place, rows);
	tcase_add_test(tcase, addresses_of_other_domains_are_told_when_domains_are_named);
	tcase_add_test(tcase, no_password_is_a_fact);
	tcase_add_test(tcase, beyond_the_ceiling_faults_are_counted_only);
	tcase_add_test(tcase, of_every_kind_the_first_are_kept);
	tcase_add_test(tcase, the_richest_faults_of_one_kind_fit_into_one_observation);
	tcase_add_test(tcase, a_file_that_is_too_large_is_told_by_its_size);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/csv_scan", fill)
