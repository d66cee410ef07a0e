#include "proto/csv_repair.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/secret.h"
#include "base/xalloc.h"
#include "proto/csv_field.h"
#include "proto/csv_header.h"
#include "proto/csv_reader.h"

enum { LINE_BYTES = 4 * LIMIT_CSV_ROW_BYTES, SENTENCES_BYTES = 65536 };

struct csv_repair {
	csv_line_fn *on_line;
	void *user;
	struct csv_reader *reader;
	struct buf line;
	struct buf renamed; /* "'emailaddress' -> 'EmailAddress', ..." */
	const char *line_end;
	const char *refusal;
	bool has_header;
	uint64_t rows, blank_rows, broken_rows, foreign_rows;
};

static bool needs_quotes(const struct csv_field *field, const char *special)
{
	if (field->length == 0)
		return false;
	char first = field->bytes[0], last = field->bytes[field->length - 1];
	if (first == ' ' || first == '\t' || last == ' ' || last == '\t')
		return true;
	for (size_t i = 0; i < field->length; i++)
		if (field->bytes[i] != '\0' && strchr(special, field->bytes[i]) != NULL)
			return true;
	return false;
}

static void put_quoted(struct buf *line, const struct csv_field *field)
{
	buf_putc(line, '"');
	for (size_t i = 0; i < field->length; i++) {
		if (field->bytes[i] == '"')
			buf_putc(line, '"');
		buf_putc(line, field->bytes[i]);
	}
	buf_putc(line, '"');
}

static void put_field(struct buf *line, const struct csv_field *field)
{
	if (needs_quotes(field, ",\"\r\n"))
		put_quoted(line, field);
	else
		buf_add(line, field->bytes, field->length);
}

/*
 * The header tells what the file is, so nothing in it may be misread later: every separator is quoted, and a first cell
 * that could be taken for a byte order mark now that nothing stands before it.
 */
static void put_cell(struct buf *line, const struct csv_field *cell)
{
	bool is_like_mark = line->length == 0 && cell->length > 0 && (unsigned char)cell->bytes[0] >= 0x80;
	if (is_like_mark || needs_quotes(cell, ",;\t\"\r\n"))
		put_quoted(line, cell);
	else
		buf_add(line, cell->bytes, cell->length);
}

static void put_line(struct csv_repair *repair, bool is_header)
{
	buf_puts(&repair->line, repair->line_end);
	repair->on_line(repair->user, repair->line.bytes, repair->line.length, is_header);
	repair->rows += !is_header;
	secret_wipe(repair->line.bytes, repair->line.length);
	buf_reset(&repair->line);
}

static void note_renamed(struct csv_repair *repair, const struct csv_field *from, const struct csv_field *to)
{
	buf_puts(&repair->renamed, repair->renamed.length > 0 ? ", '" : "'");
	escape_bytes(&repair->renamed, from->bytes, from->length);
	buf_puts(&repair->renamed, "' -> '");
	escape_bytes(&repair->renamed, to->bytes, to->length);
	buf_puts(&repair->renamed, "'");
}

/* The cell as it should be: the column's own name when only case or blanks differ, else without blanks round it. */
static struct csv_field repaired_cell(const struct csv_header *header, const struct csv_row *row, size_t i)
{
	if (header->cells[i].spelling == CSV_SPELT_CASE) {
		const char *name = csv_column_name(header->cells[i].column);
		return (struct csv_field){name, strlen(name)};
	}
	return csv_field_trim(&row->fields[i]);
}

static void put_header(struct csv_repair *repair, const struct csv_row *row)
{
	struct csv_header header;
	const struct csv_dialect *dialect = csv_reader_dialect(repair->reader);
	csv_header_read(&header, row);
	repair->has_header = true;
	repair->line_end = dialect->lf > 0 && dialect->crlf == 0 ? "\n" : "\r\n";
	if (!header.has_names || header.kind != CSV_KIND_MIGRATION || row->count > row->kept) {
		repair->refusal = "its first row is not the header of a migration file";
		return;
	}
	for (size_t i = 0; i < row->kept; i++) {
		struct csv_field cell = repaired_cell(&header, row, i);
		if (cell.length != row->fields[i].length || memcmp(cell.bytes, row->fields[i].bytes, cell.length) != 0)
			note_renamed(repair, &row->fields[i], &cell);
		if (i > 0)
			buf_putc(&repair->line, ',');
		put_cell(&repair->line, &cell);
	}
	bool is_plain = row->length == 0 || (unsigned char)row->bytes[0] < 0x80;
	if (repair->renamed.length == 0 && dialect->separator == ',' && is_plain) {
		buf_reset(&repair->line);
		buf_add(&repair->line, row->bytes, row->length);
	}
	put_line(repair, true);
}

static void on_row(void *user, const struct csv_row *row)
{
	struct csv_repair *repair = user;
	struct csv_field whole = {row->bytes, row->length};
	if (row->is_blank) {
		repair->blank_rows++;
		return;
	}
	if (!repair->has_header) {
		put_header(repair, row);
		return;
	}
	if (repair->refusal != NULL)
		return;
	if (row->count > row->kept)
		repair->refusal = "a row has too many fields";
	repair->foreign_rows += !csv_field_is_utf8(&whole) || csv_field_has_nul(&whole);
	if (csv_reader_dialect(repair->reader)->separator == ',') {
		buf_add(&repair->line, row->bytes, row->length);
	} else {
		for (size_t i = 0; i < row->kept; i++) {
			if (i > 0)
				buf_putc(&repair->line, ',');
			put_field(&repair->line, &row->fields[i]);
		}
	}
	put_line(repair, false);
}

static void on_broken_row(void *user, const struct csv_broken_row *row)
{
	struct csv_repair *repair = user;
	if (!repair->has_header)
		repair->refusal = "the quotes of its header are broken";
	else if (row->why == CSV_BREAK_LONG)
		repair->refusal = "a line is too long to be a row";
	repair->has_header = true;
	if (repair->refusal != NULL)
		return;
	repair->broken_rows++;
	buf_add(&repair->line, row->bytes, row->length);
	put_line(repair, false);
}

struct csv_repair *csv_repair_new(csv_line_fn *on_line, void *user)
{
	static const struct csv_reader_events events = {on_row, on_broken_row};
	struct csv_repair *repair = xcalloc(1, sizeof *repair);
	repair->on_line = on_line;
	repair->user = user;
	repair->reader = csv_reader_new(&events, repair);
	buf_init(&repair->line, LINE_BYTES);
	buf_init(&repair->renamed, SENTENCES_BYTES);
	return repair;
}

void csv_repair_free(struct csv_repair *repair)
{
	if (repair == NULL)
		return;
	csv_reader_free(repair->reader);
	buf_clear(&repair->line);
	buf_clear(&repair->renamed);
	free(repair);
}

void csv_repair_feed(struct csv_repair *repair, const void *bytes, size_t length)
{
	csv_reader_feed(repair->reader, bytes, length);
}

void csv_repair_finish(struct csv_repair *repair)
{
	csv_reader_finish(repair->reader);
	const struct csv_text *text = csv_reader_text(repair->reader);
	if (text->form == CSV_TEXT_BINARY)
		repair->refusal = "it is no text";
	else if (!repair->has_header)
		repair->refusal = "it is empty";
	else if (text->lone_surrogates > 0)
		repair->refusal = "it holds halves of UTF-16 characters, which cannot be kept";
}

const char *csv_repair_refusal(const struct csv_repair *repair)
{
	return repair->refusal;
}

uint64_t csv_repair_rows(const struct csv_repair *repair)
{
	return repair->rows;
}

/* One sentence at a time. */
struct teller {
	void (*each)(void *user, const char *sentence);
	void *user;
	size_t told;
};

static void tell(struct teller *teller, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void tell(struct teller *teller, const char *format, ...)
{
	struct buf sentence;
	va_list arguments;
	buf_init(&sentence, SENTENCES_BYTES);
	va_start(arguments, format);
	buf_vprintf(&sentence, format, arguments);
	va_end(arguments);
	teller->each(teller->user, sentence.bytes);
	teller->told++;
	buf_clear(&sentence);
}

static void tell_dialect(const struct csv_repair *repair, struct teller *teller)
{
	const struct csv_dialect *dialect = csv_reader_dialect(repair->reader);
	const struct csv_text *text = csv_reader_text(repair->reader);
	if (text->form != CSV_TEXT_BYTES)
		tell(teller, "encoding: %s -> UTF-8", csv_text_encoding(text));
	else if (text->has_bom)
		tell(teller, "byte order mark: dropped");
	if (dialect->has_separator_line)
		tell(teller, "line \"sep=\": dropped");
	if (dialect->separator != ',')
		tell(teller, "separator: %s -> comma", dialect->separator == ';' ? "semicolon" : "tab");
	if (repair->renamed.length > 0)
		tell(teller, "header: %s", repair->renamed.bytes);
	if ((dialect->crlf > 0) + (dialect->lf > 0) + (dialect->cr > 0) > 1 || dialect->cr > 0)
		tell(teller, "line ends: %s -> %s", dialect->crlf + dialect->lf > 0 ? "mixed" : "CR", repair->line_end[0] == '\n' ? "LF" : "CRLF");
}

void csv_repair_each_change(const struct csv_repair *repair, void (*each)(void *user, const char *sentence), void *user)
{
	struct teller teller = {.each = each, .user = user};
	tell_dialect(repair, &teller);
	if (repair->blank_rows > 0)
		tell(&teller, "blank lines: %llu dropped", (unsigned long long)repair->blank_rows);
	if (teller.told == 0)
		tell(&teller, "nothing had to be changed");
	if (repair->broken_rows > 0)
		tell(&teller, "left as they are: %llu rows whose quotes are broken", (unsigned long long)repair->broken_rows);
	if (repair->foreign_rows > 0)
		tell(&teller, "left as they are: %llu rows that are not UTF-8", (unsigned long long)repair->foreign_rows);
}
