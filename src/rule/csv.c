/*
 * The migration file: what the service's upload check and then the sign-in would say of it. The file as a whole here,
 * the faults of its rows in csv_rows.c.
 */
#include "rule/csv.h"

#include "base/str.h"
#include "model/csv.h"
#include "model/product.h"
#include "rule/rules.h"

/* Microsoft's guides speak of batches of 2,000 and 2,500 mailboxes; from here on several are the better way. */
enum { MANY_ROWS = 2000 };

struct finding *csv_raise(struct csv_case *c, enum finding_id id, const char *summary)
{
	struct finding *finding = findings_add(c->findings, c->policy, id, c->file->target, "%s", summary);
	finding_because(finding, c->file_index);
	c->has_failed = c->has_failed || catalogue_get(id)->before == SEVERITY_FAIL;
	return finding;
}

static struct finding *raisef(struct csv_case *c, enum finding_id id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static struct finding *raisef(struct csv_case *c, enum finding_id id, const char *format, ...)
{
	struct buf summary;
	va_list arguments;
	buf_init(&summary, LIMIT_FACT_BYTES);
	va_start(arguments, format);
	buf_vprintf(&summary, format, arguments);
	va_end(arguments);
	struct finding *finding = csv_raise(c, id, summary.bytes);
	buf_clear(&summary);
	return finding;
}

static const char *text_or(const struct observation *o, enum fact_key key, uint32_t row, const char *fallback)
{
	const char *text = observation_text(o, key, row);
	return text != NULL ? text : fallback;
}

static void judge_size(struct csv_case *c)
{
	int64_t bytes = observation_int_or(c->file, FACT_CSV_FILE_BYTES, 0, 0);
	if (bytes > CSV_SERVICE_BYTES)
		raisef(c, FINDING_CSV_TOO_LARGE, "%lld bytes; the service takes 10 MB (%d bytes)", (long long)bytes, CSV_SERVICE_BYTES);
}

static void judge_privacy(struct csv_case *c)
{
	if (observation_flag(c->file, FACT_CSV_HAS_PASSWORDS, 0) && observation_flag(c->file, FACT_CSV_OTHERS_CAN_READ, 0))
		raisef(c, FINDING_CSV_READABLE_BY_OTHERS, "mode %s, and there are passwords in it", text_or(c->file, FACT_CSV_MODE, 0, "?"));
}

static void judge_encoding(struct csv_case *c)
{
	const char *encoding = text_or(c->file, FACT_CSV_ENCODING, 0, "unknown");
	int64_t rows = observation_int_or(c->file, FACT_CSV_FOREIGN_ROWS, 0, 0);
	int64_t first = observation_int_or(c->file, FACT_CSV_FOREIGN_FIRST_ROW, 0, 1);
	struct finding *finding = NULL;
	if (observation_flag(c->file, FACT_CSV_IS_BINARY, 0))
		finding = raisef(c, FINDING_CSV_ENCODING, "no CSV file: %s", encoding);
	else if (!observation_flag(c->file, FACT_CSV_IS_UTF8, 0) && str_starts(encoding, "UTF-8"))
		finding = raisef(c, FINDING_CSV_ENCODING, "NUL bytes, first on row %lld; rows with them: %lld", (long long)first, (long long)rows);
	else if (!observation_flag(c->file, FACT_CSV_IS_UTF8, 0) && rows > 0)
		finding = raisef(c, FINDING_CSV_ENCODING, "row %lld is not UTF-8 (%lld such in all); suspected: %s", (long long)first,
		                 (long long)rows, encoding);
	else if (!observation_flag(c->file, FACT_CSV_IS_UTF8, 0))
		finding = raisef(c, FINDING_CSV_ENCODING, "%s", encoding);
	else if (observation_flag(c->file, FACT_CSV_BOM, 0))
		raisef(c, FINDING_CSV_BOM, "a UTF-8 byte order mark stands before the header");
	if (finding != NULL)
		finding_arg_int(finding, "row", first);
}

static void judge_separator(struct csv_case *c)
{
	const char *separator = text_or(c->file, FACT_CSV_SEPARATOR, 0, "comma");
	struct finding *finding = NULL;
	if (observation_flag(c->file, FACT_CSV_SEPARATOR_LINE, 0))
		finding = raisef(c, FINDING_CSV_SEPARATOR, "a line \"sep=\" stands before the header; %ss separate the fields", separator);
	else if (!str_equal(separator, "comma"))
		finding = raisef(c, FINDING_CSV_SEPARATOR, "%ss separate the fields, so that the service sees one column", separator);
	if (finding != NULL)
		finding_arg(finding, "column", csv_column_name(CSV_EMAIL_ADDRESS));
}

static void missing(struct csv_case *c, enum csv_column column, const char *why)
{
	struct finding *finding = raisef(c, FINDING_CSV_COLUMN_MISSING, "%s: %s", csv_column_name(column), why);
	finding_arg(finding, "column", csv_column_name(column));
}

/* The header's cell of that column, as the spelling allows; column_count for none. */
static uint32_t find_column(const struct observation *file, enum csv_column column, const char *spelling)
{
	uint32_t count = observation_rows(file, FACT_CSV_COLUMN_IS), i = 0;
	while (i < count && !(str_equal(observation_text(file, FACT_CSV_COLUMN_IS, i), csv_column_name(column)) &&
	                      str_equal(observation_text(file, FACT_CSV_COLUMN_SPELLING, i), spelling)))
		i++;
	return i;
}

static void judge_required(struct csv_case *c, enum csv_column column)
{
	uint32_t count = observation_rows(c->file, FACT_CSV_COLUMN_IS);
	if (find_column(c->file, column, csv_spelling_name(CSV_SPELT_EXACT)) < count ||
	    find_column(c->file, column, csv_spelling_name(CSV_SPELT_CASE)) < count)
		return;
	uint32_t near = find_column(c->file, column, csv_spelling_name(CSV_SPELT_NEAR));
	struct buf why;
	buf_init(&why, LIMIT_FACT_BYTES);
	if (near < count)
		buf_printf(&why, "the header has '%s' in its place", text_or(c->file, FACT_CSV_COLUMN_NAME, near, ""));
	missing(c, column, near < count ? why.bytes : "not in the header");
	buf_clear(&why);
}

static void judge_cell(struct csv_case *c, uint32_t i, bool is_migration)
{
	const char *name = text_or(c->file, FACT_CSV_COLUMN_NAME, i, ""), *is = text_or(c->file, FACT_CSV_COLUMN_IS, i, "");
	const char *spelling = text_or(c->file, FACT_CSV_COLUMN_SPELLING, i, "");
	struct finding *finding = NULL;
	if (str_equal(spelling, csv_spelling_name(CSV_SPELT_CASE)))
		finding = raisef(c, FINDING_CSV_COLUMN_CASE, "'%s' in the place of %s", name, is);
	else if (is_migration && str_equal(spelling, csv_spelling_name(CSV_SPELT_TWICE)))
		finding = raisef(c, FINDING_CSV_COLUMN_UNKNOWN, "%s stands in the header twice", is);
	else if (is_migration && name[0] == '\0')
		finding = raisef(c, FINDING_CSV_COLUMN_UNKNOWN, "column %u has no name: a separator too many?", i + 1);
	else if (is_migration && !str_equal(spelling, csv_spelling_name(CSV_SPELT_EXACT)))
		finding = raisef(c, FINDING_CSV_COLUMN_UNKNOWN, "'%s'", name);
	if (finding != NULL)
		finding_arg(finding, "column", str_equal(spelling, csv_spelling_name(CSV_SPELT_CASE)) ? is : name);
}

static void judge_header(struct csv_case *c)
{
	const char *header = text_or(c->file, FACT_CSV_HEADER, 0, "");
	bool is_migration = str_equal(observation_text(c->file, FACT_CSV_KIND, 0), csv_kind_name(CSV_KIND_MIGRATION));
	if (str_equal(header, "broken"))
		return; /* its quotes are judged; what it names nobody knows */
	const char *why = is_migration ? "the first row is a mailbox's, no header" : "the first row names no known column";
	for (int column = 0; column < CSV_REQUIRED; column++) {
		if (str_equal(header, "names"))
			judge_required(c, (enum csv_column)column);
		else
			missing(c, (enum csv_column)column, why);
	}
	for (uint32_t i = 0; i < observation_rows(c->file, FACT_CSV_COLUMN_NAME); i++)
		judge_cell(c, i, is_migration);
}

/* "48 user@domain, 2 user": each form with its rows. */
static void judge_user_forms(struct csv_case *c)
{
	uint32_t count = observation_rows(c->file, FACT_CSV_USER_FORM);
	bool is_broken = false;
	struct buf forms;
	buf_init(&forms, LIMIT_FACT_BYTES);
	for (uint32_t i = 0; i < count; i++) {
		enum csv_form form = csv_form_from_name(text_or(c->file, FACT_CSV_USER_FORM, i, ""));
		if (form == CSV_FORM_COUNT)
			continue;
		is_broken = is_broken || form == CSV_FORM_BROKEN;
		buf_printf(&forms, "%s%lld x %s, first on row %lld", forms.length > 0 ? "; " : "",
		           (long long)observation_int_or(c->file, FACT_CSV_USER_FORM_ROWS, i, 0), csv_form_about(form),
		           (long long)observation_int_or(c->file, FACT_CSV_USER_FORM_FIRST, i, 0));
	}
	if (count > 1 || is_broken) {
		struct finding *finding = raisef(c, FINDING_CSV_USER_FORMAT, "%s", forms.bytes);
		finding_arg(finding, "column", csv_column_name(CSV_USER_NAME));
		finding_arg_int(finding, "row", observation_int_or(c->file, FACT_CSV_USER_FORM_FIRST, count - 1, 0));
	}
	buf_clear(&forms);
}

/* Where the server has told its product: administrator forms that are another's. */
static void judge_product(struct csv_case *c)
{
	size_t at = evidence_next(c->evidence, 0, "imap");
	while (at < c->evidence->count && !observation_has(c->evidence->observations[at], FACT_IMAP_PRODUCT, 0))
		at = evidence_next(c->evidence, at + 1, "imap");
	if (at == c->evidence->count)
		return;
	const char *product = observation_text(c->evidence->observations[at], FACT_IMAP_PRODUCT, 0);
	const char *wanted = observation_text(c->evidence->observations[at], FACT_IMAP_ADMIN_FORMAT, 0);
	for (uint32_t i = 0; i < observation_rows(c->file, FACT_CSV_USER_FORM); i++) {
		enum csv_form form = csv_form_from_name(text_or(c->file, FACT_CSV_USER_FORM, i, ""));
		if (form == CSV_FORM_BROKEN || !product_form_is_foreign(product, form))
			continue; /* what is broken is judged above */
		struct finding *finding = raisef(c, FINDING_LOGIN_FORMAT, "%lld x %s, first on row %lld; but the server is %s%s%s",
		                                 (long long)observation_int_or(c->file, FACT_CSV_USER_FORM_ROWS, i, 0),
		                                 csv_form_about(form),
		                                 (long long)observation_int_or(c->file, FACT_CSV_USER_FORM_FIRST, i, 0), product,
		                                 wanted != NULL ? ": " : "", wanted != NULL ? wanted : "");
		finding_because(finding, at);
	}
}

static void judge_rows(struct csv_case *c)
{
	int64_t rows = observation_int_or(c->file, FACT_CSV_ROWS, 0, 0);
	if (rows == 0)
		raisef(c, FINDING_CSV_NO_ROWS, "a header, and no row below it");
	if (rows > CSV_SERVICE_ROWS)
		raisef(c, FINDING_CSV_TOO_MANY_ROWS, "%lld rows below the header; the service takes %d", (long long)rows, CSV_SERVICE_ROWS);
	if (rows > MANY_ROWS)
		raisef(c, FINDING_CSV_BATCH_SIZE, "%lld mailboxes in one batch", (long long)rows);
}

static void judge_acceptable(struct csv_case *c)
{
	int64_t rows = observation_int_or(c->file, FACT_CSV_ROWS, 0, 0);
	raisef(c, FINDING_CSV_OK, "%lld row%s below the header; the service would take the file", (long long)rows, rows == 1 ? "" : "s");
}

static void judge_migration(struct csv_case *c)
{
	judge_separator(c);
	judge_header(c);
	judge_rows(c);
	judge_user_forms(c);
	judge_product(c);
	csv_judge_faults(c);
	if (!c->has_failed)
		judge_acceptable(c);
}

static void judge_file(struct csv_case *c)
{
	const char *kind = text_or(c->file, FACT_CSV_KIND, 0, "");
	judge_size(c);
	if (!observation_flag(c->file, FACT_CSV_IS_READ, 0))
		return;
	if (str_equal(observation_text(c->file, FACT_CSV_HEADER, 0), "none")) {
		raisef(c, FINDING_CSV_EMPTY, observation_int_or(c->file, FACT_CSV_FILE_BYTES, 0, 0) == 0 ? "no byte" : "nothing but blanks");
		return;
	}
	judge_encoding(c);
	judge_privacy(c);
	if (observation_flag(c->file, FACT_CSV_IS_BINARY, 0))
		return;
	if (str_equal(kind, csv_kind_name(CSV_KIND_CONTACTS)))
		raisef(c, FINDING_CSV_IS_CONTACTS, "the header names fields of contacts, not EmailAddress, UserName, Password");
	else if (str_equal(kind, csv_kind_name(CSV_KIND_KERIO_USERS)))
		raisef(c, FINDING_CSV_IS_KERIO_USERS, "the header names Kerio Connect's user fields, not EmailAddress, UserName, Password");
	else
		judge_migration(c);
}

void rule_csv(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	for (size_t i = evidence_next(evidence, 0, "csv"); i < evidence->count; i = evidence_next(evidence, i + 1, "csv")) {
		const struct observation *o = evidence->observations[i];
		if (!observation_has(o, FACT_CSV_IS_READ, 0))
			continue; /* the faults of a file that was seen before */
		struct csv_case c = {.evidence = evidence, .policy = policy, .findings = findings, .file = o, .file_index = i};
		judge_file(&c);
	}
}
