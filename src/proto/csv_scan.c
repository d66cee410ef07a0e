#include "proto/csv_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/target.h"
#include "proto/csv_faults.h"
#include "proto/csv_field.h"
#include "proto/csv_header.h"
#include "proto/csv_reader.h"
#include "proto/csv_seen.h"

enum { EARLY_BLANKS = 16 }; /* blank lines before the header that are named one by one */

struct csv_scan {
	const struct csv_scan_options *options;
	struct csv_reader *reader;
	struct csv_faults faults;
	enum { HEADER_NONE, HEADER_NAMES, HEADER_DATA, HEADER_BROKEN } state;
	struct csv_header header;
	struct observation *file;
	struct csv_seen addresses, users;
	uint64_t rows, blank_rows, foreign_rows, foreign_first;
	struct {
		uint64_t row, line;
	} early[EARLY_BLANKS]; /* blank lines before the header: reported once it is known how many fields a row has */
	struct {
		uint64_t rows, first;
	} forms[CSV_FORM_COUNT];
};

/* The file's row under the eyes, with what its faults have in common. */
struct look {
	const struct csv_row *row;
	struct csv_field address; /* EmailAddress without blanks; empty unless it may be shown */
};

static void fault(struct csv_scan *scan, const struct look *look, enum csv_fault kind, const char *column, const char *what)
{
	struct csv_fault_at at = {
	    .row = look->row->number, .line = look->row->line, .column = column, .what = what, .address = look->address};
	csv_faults_add(&scan->faults, kind, &at);
}

static void twice(struct csv_scan *scan, const struct look *look, enum csv_fault kind, enum csv_column column, uint32_t other_row)
{
	struct csv_fault_at at = {.row = look->row->number,
	                          .line = look->row->line,
	                          .column = csv_column_name(column),
	                          .address = look->address,
	                          .other_row = other_row};
	csv_faults_add(&scan->faults, kind, &at);
}

/* Only what looks like an address is shown: in a file with its columns in disorder anything else may be a password. */
static bool looks_like_address(const struct csv_field *field)
{
	const char *at = field->length > 0 ? memchr(field->bytes, '@', field->length) : NULL;
	return at != NULL && at > field->bytes && memchr(at, '.', field->length - (size_t)(at - field->bytes)) != NULL;
}

static bool is_in_domains(const struct names *domains, const struct csv_field *address)
{
	const char *at = memchr(address->bytes, '@', address->length);
	size_t length = address->length - (size_t)(at + 1 - address->bytes);
	char *domain = xstrndup(at + 1, length);
	bool is_in = names_has(domains, domain);
	struct target target;
	for (size_t i = 0; i < length && !is_in; i++) {
		if ((unsigned char)domain[i] < 0x80)
			continue;
		if (target_parse_domain(domain, &target, NULL) == 0) {
			is_in = names_has(domains, target.host);
			target_clear(&target);
		}
		break;
	}
	free(domain);
	return is_in;
}

static void check_address(struct csv_scan *scan, const struct look *look)
{
	const char *name = csv_column_name(CSV_EMAIL_ADDRESS);
	struct csv_field field = csv_header_field(&scan->header, look->row, CSV_EMAIL_ADDRESS);
	struct csv_field address = csv_field_trim(&field);
	if (address.length == 0)
		return;
	const char *what = csv_address_fault(&address);
	if (what != NULL) {
		fault(scan, look, CSV_FAULT_ADDRESS_INVALID, name, what);
		return;
	}
	char *folded = xstrndup(address.bytes, address.length);
	str_lower(folded);
	uint32_t other = csv_seen_add(&scan->addresses, folded, address.length, (uint32_t)look->row->number);
	free(folded);
	if (other != 0)
		twice(scan, look, CSV_FAULT_ADDRESS_DUPLICATE, CSV_EMAIL_ADDRESS, other);
	const struct names *domains = scan->options->domains;
	if (domains != NULL && domains->count > 0 && !is_in_domains(domains, &address))
		fault(scan, look, CSV_FAULT_ADDRESS_FOREIGN, name, NULL);
}

static void check_user(struct csv_scan *scan, const struct look *look)
{
	struct csv_field field = csv_header_field(&scan->header, look->row, CSV_USER_NAME);
	struct csv_field root = csv_header_field(&scan->header, look->row, CSV_USER_ROOT);
	struct csv_field user = csv_field_trim(&field);
	if (user.length == 0 || csv_field_damage(&user) != NULL)
		return;
	enum csv_form form = csv_user_form(&user, root.length > 0);
	if (scan->forms[form].rows++ == 0)
		scan->forms[form].first = look->row->number;
	/* An administrator's name stands on every row; there the UserRoot has to differ. */
	struct buf key;
	buf_init(&key, 2 * LIMIT_CSV_ROW_BYTES);
	buf_add(&key, user.bytes, user.length);
	buf_putc(&key, '\0');
	buf_add(&key, root.bytes, root.length);
	uint32_t other = csv_seen_add(&scan->users, key.bytes, key.length, (uint32_t)look->row->number);
	buf_clear(&key);
	if (other != 0)
		twice(scan, look, CSV_FAULT_USER_DUPLICATE, CSV_USER_NAME, other);
}

static void check_field(struct csv_scan *scan, const struct look *look, enum csv_column column)
{
	struct csv_field field = csv_header_field(&scan->header, look->row, column);
	const char *name = csv_column_name(column);
	size_t visible = column == CSV_PASSWORD ? field.length : csv_field_trim(&field).length;
	if (visible == 0) {
		if (column != CSV_USER_ROOT)
			fault(scan, look, CSV_FAULT_FIELD_EMPTY, name, NULL);
		return;
	}
	const char *blanks = csv_field_blanks(&field), *damage = csv_field_damage(&field);
	if (blanks != NULL)
		fault(scan, look, CSV_FAULT_FIELD_BLANKS, name, blanks);
	if (damage != NULL)
		fault(scan, look, CSV_FAULT_EXCEL_DAMAGE, name, damage);
}

static void check_row(struct csv_scan *scan, const struct csv_row *row)
{
	struct csv_field field = csv_header_field(&scan->header, row, CSV_EMAIL_ADDRESS);
	struct look look = {.row = row, .address = csv_field_trim(&field)};
	if (!looks_like_address(&look.address))
		look.address.length = 0;
	for (int column = 0; column < CSV_COLUMN_COUNT; column++)
		if (scan->header.index[column] >= 0)
			check_field(scan, &look, (enum csv_column)column);
	check_address(scan, &look);
	check_user(scan, &look);
}

static void wrong_count(struct csv_scan *scan, uint64_t row, uint64_t line, uint64_t actual)
{
	struct csv_fault_at at = {.row = row, .line = line, .expected = scan->header.count, .actual = actual};
	csv_faults_add(&scan->faults, CSV_FAULT_ROW_COLUMNS, &at);
}

static void note_foreign(struct csv_scan *scan, const struct csv_field *fields, size_t count, uint64_t row)
{
	bool is_foreign = false;
	for (size_t i = 0; i < count; i++) {
		if (csv_field_is_utf8(&fields[i]) && !csv_field_has_nul(&fields[i]))
			continue;
		is_foreign = true;
		csv_text_note_foreign(csv_reader_text(scan->reader), fields[i].bytes, fields[i].length);
	}
	if (is_foreign && scan->foreign_rows++ == 0)
		scan->foreign_first = row;
}

static void take_header(struct csv_scan *scan, const struct csv_row *row)
{
	csv_header_read(&scan->header, row);
	scan->state = scan->header.has_names ? HEADER_NAMES : HEADER_DATA;
	for (size_t i = 0; i < row->kept && scan->header.has_names; i++) {
		observation_add_bytes(scan->file, FACT_CSV_COLUMN_NAME, (uint32_t)i, row->fields[i].bytes, row->fields[i].length);
		observation_add_text(scan->file, FACT_CSV_COLUMN_IS, (uint32_t)i, csv_column_name(scan->header.cells[i].column));
		observation_add_text(scan->file, FACT_CSV_COLUMN_SPELLING, (uint32_t)i, csv_spelling_name(scan->header.cells[i].spelling));
	}
	if (scan->header.kind == CSV_KIND_MIGRATION)
		for (size_t i = 0; i < scan->blank_rows && i < EARLY_BLANKS; i++)
			wrong_count(scan, scan->early[i].row, scan->early[i].line, 1);
}

static void on_row(void *user, const struct csv_row *row)
{
	struct csv_scan *scan = user;
	note_foreign(scan, row->fields, row->kept, row->number);
	if (scan->state == HEADER_NONE && row->is_blank) {
		if (scan->blank_rows < EARLY_BLANKS) {
			scan->early[scan->blank_rows].row = row->number;
			scan->early[scan->blank_rows].line = row->line;
		}
		scan->blank_rows++;
		return;
	}
	if (scan->state == HEADER_NONE) {
		take_header(scan, row);
		return;
	}
	scan->blank_rows += row->is_blank;
	scan->rows += !row->is_blank;
	if (scan->state == HEADER_BROKEN || scan->header.kind != CSV_KIND_MIGRATION)
		return;
	/* A blank line is one empty field by RFC 4180's grammar. */
	if (row->count != scan->header.count)
		wrong_count(scan, row->number, row->line, row->count > 0 ? row->count : 1);
	else if (scan->state == HEADER_NAMES)
		check_row(scan, row);
}

static void on_broken_row(void *user, const struct csv_broken_row *row)
{
	static const char *const whats[] = {
	    [CSV_BREAK_STRAY] = "a quote inside a field, or something behind a closing quote",
	    [CSV_BREAK_OPEN] = "a quote opens here and is not closed",
	    [CSV_BREAK_LONG] = "a line of more than 65536 bytes",
	};
	struct csv_scan *scan = user;
	struct csv_field line = {row->bytes, row->length};
	struct csv_fault_at at = {.row = row->number, .line = row->line, .what = whats[row->why]};
	char column[32];
	if (scan->state == HEADER_NAMES && row->column > 0 && row->column <= scan->header.count && row->column <= LIMIT_CSV_COLUMNS)
		at.column = csv_column_name(scan->header.cells[row->column - 1].column);
	if (at.column == NULL || at.column[0] == '\0') {
		snprintf(column, sizeof column, "column %zu", row->column);
		at.column = row->column > 0 ? column : NULL;
	}
	if (row->why != CSV_BREAK_LONG)
		note_foreign(scan, &line, 1, row->number);
	csv_faults_add(&scan->faults, CSV_FAULT_QUOTE, &at);
	if (scan->state == HEADER_NONE)
		scan->state = HEADER_BROKEN;
	else
		scan->rows++;
}

static struct observation *file_new(const struct csv_scan_options *options)
{
	struct observation *file = observation_new("csv", options->target, NULL, options->started_ms);
	file->outcome = OUTCOME_OK;
	if (options->file_bytes >= 0)
		observation_add_int(file, FACT_CSV_FILE_BYTES, 0, options->file_bytes);
	if (options->mode >= 0) {
		char mode[16];
		snprintf(mode, sizeof mode, "%04o", (unsigned)options->mode & 07777u);
		observation_add_text(file, FACT_CSV_MODE, 0, mode);
		observation_add_bool(file, FACT_CSV_OTHERS_CAN_READ, 0, (options->mode & 044) != 0);
	}
	return file;
}

struct csv_scan *csv_scan_new(const struct csv_scan_options *options)
{
	static const struct csv_reader_events events = {on_row, on_broken_row};
	struct csv_scan *scan = xcalloc(1, sizeof *scan);
	scan->options = options;
	scan->reader = csv_reader_new(&events, scan);
	scan->file = file_new(options);
	csv_faults_init(&scan->faults, options->target, options->started_ms);
	csv_seen_init(&scan->addresses);
	csv_seen_init(&scan->users);
	return scan;
}

void csv_scan_free(struct csv_scan *scan)
{
	if (scan == NULL)
		return;
	csv_reader_free(scan->reader);
	csv_faults_clear(&scan->faults);
	csv_seen_clear(&scan->addresses);
	csv_seen_clear(&scan->users);
	observation_free(scan->file);
	free(scan);
}

void csv_scan_feed(struct csv_scan *scan, const void *bytes, size_t length)
{
	csv_reader_feed(scan->reader, bytes, length);
}

static const char *line_ends(const struct csv_dialect *dialect)
{
	int kinds = (dialect->crlf > 0) + (dialect->lf > 0) + (dialect->cr > 0);
	if (kinds != 1)
		return kinds == 0 ? "none" : "mixed";
	return dialect->crlf > 0 ? "crlf" : dialect->lf > 0 ? "lf" : "cr";
}

static void tell_form(struct csv_scan *scan)
{
	const struct csv_dialect *dialect = csv_reader_dialect(scan->reader);
	const struct csv_text *text = csv_reader_text(scan->reader);
	struct observation *file = scan->file;
	bool is_binary = text->form == CSV_TEXT_BINARY;
	observation_add_bool(file, FACT_CSV_IS_READ, 0, true);
	observation_add_text(file, FACT_CSV_ENCODING, 0, csv_text_encoding(text));
	observation_add_bool(file, FACT_CSV_IS_UTF8, 0, text->form == CSV_TEXT_BYTES && scan->foreign_rows == 0);
	observation_add_bool(file, FACT_CSV_IS_BINARY, 0, is_binary);
	if (is_binary)
		return;
	if (scan->foreign_rows > 0) {
		observation_add_int(file, FACT_CSV_FOREIGN_ROWS, 0, (int64_t)scan->foreign_rows);
		observation_add_int(file, FACT_CSV_FOREIGN_FIRST_ROW, 0, (int64_t)scan->foreign_first);
	}
	observation_add_bool(file, FACT_CSV_BOM, 0, text->has_bom);
	observation_add_text(file, FACT_CSV_SEPARATOR, 0,
	                     dialect->separator == ',' ? "comma" : dialect->separator == ';' ? "semicolon" : "tab");
	observation_add_bool(file, FACT_CSV_SEPARATOR_LINE, 0, dialect->has_separator_line);
	observation_add_text(file, FACT_CSV_LINE_ENDS, 0, line_ends(dialect));
}

static void tell_rows(struct csv_scan *scan)
{
	static const char *const states[] = {"none", "names", "data", "broken"};
	struct observation *file = scan->file;
	observation_add_text(file, FACT_CSV_HEADER, 0, states[scan->state]);
	observation_add_int(file, FACT_CSV_ROWS, 0, (int64_t)scan->rows);
	observation_add_int(file, FACT_CSV_BLANK_ROWS, 0, (int64_t)scan->blank_rows);
	if (scan->state == HEADER_NONE)
		return;
	/* Without names any column of what looks like a list of mailboxes may hold them. */
	bool has_passwords = scan->state == HEADER_BROKEN || scan->header.index[CSV_PASSWORD] >= 0 ||
	                     (scan->state == HEADER_DATA && scan->header.kind == CSV_KIND_MIGRATION);
	observation_add_bool(file, FACT_CSV_HAS_PASSWORDS, 0, has_passwords);
	if (scan->state == HEADER_BROKEN)
		return;
	observation_add_text(file, FACT_CSV_KIND, 0, csv_kind_name(scan->header.kind));
	observation_add_int(file, FACT_CSV_COLUMN_COUNT, 0, (int64_t)scan->header.count);
	observation_add_bool(file, FACT_CSV_COMPARED_ALL, 0, !scan->addresses.is_full && !scan->users.is_full);
	uint32_t at = 0;
	for (int form = 0; form < CSV_FORM_COUNT; form++) {
		if (scan->forms[form].rows == 0)
			continue;
		observation_add_text(file, FACT_CSV_USER_FORM, at, csv_form_name((enum csv_form)form));
		observation_add_int(file, FACT_CSV_USER_FORM_ROWS, at, (int64_t)scan->forms[form].rows);
		observation_add_int(file, FACT_CSV_USER_FORM_FIRST, at, (int64_t)scan->forms[form].first);
		at++;
	}
}

void csv_scan_finish(struct csv_scan *scan, struct evidence *evidence, int64_t elapsed_ms)
{
	csv_reader_finish(scan->reader);
	tell_form(scan);
	if (csv_reader_text(scan->reader)->form != CSV_TEXT_BINARY)
		tell_rows(scan);
	scan->file->elapsed_ms = elapsed_ms;
	evidence_take(evidence, scan->file);
	scan->file = NULL;
	csv_faults_steal(&scan->faults, evidence);
}

void csv_scan_refuse(const struct csv_scan_options *options, struct evidence *evidence)
{
	struct observation *file = file_new(options);
	observation_add_bool(file, FACT_CSV_IS_READ, 0, false);
	evidence_take(evidence, file);
}
