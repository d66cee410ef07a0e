#include "proto/csv_reader.h"

#include <assert.h>
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

enum {
	SLICE_BYTES = 16384, /* of the file at a time: bounds what waits in `held` */
	HELD_BYTES = 2 * LIMIT_CSV_ROW_BYTES + 4 * SLICE_BYTES,
};

struct csv_reader {
	const struct csv_reader_events *events;
	void *user;
	struct csv_text text;
	struct csv_dialect dialect;
	struct csv_parser parser;

	/*
	 * The text from the start of the unfinished row on. Lines before `parsed` went through libcsv; they are kept, so
	 * that a quote that is never closed can be given up and its lines be read again.
	 */
	struct buf held;
	size_t row_start, parsed, counted; /* offsets; line ends before `counted` are in the dialect's numbers */
	size_t searched;                   /* bytes behind `parsed` that are known to hold no line end */
	uint64_t row_line, line;           /* line numbers at row_start and at parsed */
	bool is_skipping;                  /* inside a line that is too long */
	bool has_row_ended;                /* set by on_row_end */

	struct buf row; /* the fields of the unfinished row, end to end */
	struct csv_field fields[LIMIT_CSV_COLUMNS];
	size_t ends[LIMIT_CSV_COLUMNS];
	size_t field_count;
};

static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

enum { GRAMMAR = CSV_STRICT | CSV_STRICT_FINI }; /* without the second an open quote at the end passes */

static void parser_init(struct csv_parser *parser)
{
	csv_init(parser, GRAMMAR);
	csv_set_space_func(parser, no_space); /* otherwise blanks round a password are lost */
	csv_set_blk_size(parser, HELD_BYTES); /* one allocation, so that wiping it wipes all */
}

static void parser_clear(struct csv_parser *parser)
{
	if (parser->entry_buf != NULL)
		secret_wipe(parser->entry_buf, parser->entry_size);
	csv_free(parser);
}

/* Forgets the unfinished row; libcsv's only way there is its end of a file. */
static void forget_row(struct csv_reader *reader)
{
	csv_set_opts(&reader->parser, 0);
	csv_fini(&reader->parser, NULL, NULL, NULL);
	csv_set_opts(&reader->parser, GRAMMAR);
	buf_reset(&reader->row);
	reader->field_count = 0;
}

struct csv_reader *csv_reader_new(const struct csv_reader_events *events, void *user)
{
	struct csv_reader *reader = xcalloc(1, sizeof *reader);
	reader->events = events;
	reader->user = user;
	reader->dialect.separator = ',';
	reader->row_line = reader->line = 1;
	csv_text_init(&reader->text);
	buf_init(&reader->held, HELD_BYTES);
	buf_init(&reader->row, HELD_BYTES);
	reader->held.is_secret = reader->row.is_secret = true;
	parser_init(&reader->parser);
	return reader;
}

void csv_reader_free(struct csv_reader *reader)
{
	if (reader == NULL)
		return;
	parser_clear(&reader->parser);
	buf_clear(&reader->held);
	buf_clear(&reader->row);
	secret_wipe(reader, sizeof *reader);
	free(reader);
}

static void on_field(void *bytes, size_t length, void *user)
{
	struct csv_reader *reader = user;
	if (reader->field_count < LIMIT_CSV_COLUMNS) {
		buf_add(&reader->row, bytes, length);
		reader->ends[reader->field_count] = reader->row.length;
	}
	reader->field_count++;
}

static bool is_blank_field(const struct csv_field *field)
{
	for (size_t i = 0; i < field->length; i++)
		if (field->bytes[i] != ' ' && field->bytes[i] != '\t')
			return false;
	return true;
}

static size_t without_line_end(const char *bytes, size_t length)
{
	if (length > 0 && bytes[length - 1] == '\n')
		length--;
	if (length > 0 && bytes[length - 1] == '\r')
		length--;
	return length;
}

static void tell_row(struct csv_reader *reader)
{
	size_t kept = reader->field_count < LIMIT_CSV_COLUMNS ? reader->field_count : LIMIT_CSV_COLUMNS;
	const char *bytes = reader->held.bytes + reader->row_start;
	for (size_t i = 0, start = 0; i < kept; start = reader->ends[i++])
		reader->fields[i] = (struct csv_field){reader->row.bytes + start, reader->ends[i] - start};
	struct csv_row row = {
	    .number = ++reader->dialect.rows,
	    .line = reader->row_line,
	    .fields = reader->fields,
	    .kept = kept,
	    .count = reader->field_count,
	    .is_blank = reader->field_count <= 1 && (kept == 0 || is_blank_field(&reader->fields[0])),
	    .bytes = bytes,
	    .length = without_line_end(bytes, reader->parsed - reader->row_start),
	};
	reader->events->on_row(reader->user, &row);
}

static void on_row_end(int terminator, void *user)
{
	struct csv_reader *reader = user;
	(void)terminator;
	tell_row(reader);
	buf_reset(&reader->row);
	reader->field_count = 0;
	reader->has_row_ended = true;
}

/*
 * Length of the line at `from`, its end included; 0 when that has not come yet. A CR waits for a possible LF. The first
 * `searched` bytes hold no line end.
 */
static size_t line_length(const struct csv_reader *reader, size_t from, size_t searched, bool is_end)
{
	const char *start = reader->held.bytes + from, *end = reader->held.bytes + reader->held.length;
	for (const char *at = start + searched; at < end; at++) {
		if (*at == '\n')
			return (size_t)(at - start) + 1;
		if (*at != '\r')
			continue;
		if (at + 1 < end)
			return (size_t)(at - start) + 1 + (at[1] == '\n');
		return is_end ? (size_t)(end - start) : 0;
	}
	return is_end ? (size_t)(end - start) : 0;
}

static void count_line_end(struct csv_reader *reader, size_t end)
{
	if (end <= reader->counted)
		return; /* read again after a broken row */
	reader->counted = end;
	const char *bytes = reader->held.bytes;
	if (bytes[end - 1] == '\r')
		reader->dialect.cr++;
	else if (bytes[end - 1] == '\n')
		(end > 1 && bytes[end - 2] == '\r' ? &reader->dialect.crlf : &reader->dialect.lf)[0]++;
}

/* Gives the row up at its first line end; the next line begins a new row. */
static void break_row(struct csv_reader *reader, enum csv_break why)
{
	size_t length = line_length(reader, reader->row_start, 0, true);
	if (reader->row_start + length < reader->parsed)
		why = CSV_BREAK_OPEN; /* found on a later line: what is wrong is the quote that opened here */
	const char *bytes = reader->held.bytes + reader->row_start;
	struct csv_broken_row row = {
	    .number = ++reader->dialect.rows,
	    .line = reader->row_line,
	    .why = why,
	    .column = reader->field_count + 1,
	    .bytes = bytes,
	    .length = without_line_end(bytes, length),
	};
	reader->events->on_broken_row(reader->user, &row);
	reader->row_start = reader->parsed = reader->row_start + length;
	reader->line = ++reader->row_line;
	forget_row(reader);
}

static void end_row(struct csv_reader *reader)
{
	reader->row_start = reader->parsed;
	reader->row_line = reader->line;
	reader->has_row_ended = false;
}

static bool is_separator_line(const char *line, size_t length)
{
	return length == 5 && str_starts_nocase(line, "sep=") && strchr(",;\t", line[4]) != NULL;
}

/* The separator that stands most often outside quotes; a comma wins when they are equal. */
static char most_frequent(const char *line, size_t length)
{
	static const char separators[] = ",;\t";
	size_t counts[3] = {0}, best = 0;
	bool is_quoted = false;
	for (size_t i = 0; i < length; i++) {
		const char *at = memchr(separators, line[i], 3);
		is_quoted = is_quoted != (line[i] == '"');
		if (at != NULL && !is_quoted)
			counts[at - separators]++;
	}
	for (size_t i = 1; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return separators[best];
}

/* Looks at a line, until one is not blank. */
static void learn_separator(struct csv_reader *reader, const char *line, size_t length)
{
	length = without_line_end(line, length);
	struct csv_field whole = {line, length};
	if (is_blank_field(&whole))
		return;
	reader->dialect.has_separator_line = is_separator_line(line, length);
	reader->dialect.separator = reader->dialect.has_separator_line ? line[4] : most_frequent(line, length);
	reader->dialect.is_known = true;
	csv_set_delim(&reader->parser, (unsigned char)reader->dialect.separator);
}

static bool is_blank_line(const char *line, size_t length)
{
	return line[0] == '\n' || line[0] == '\r' || length == 0;
}

static void parse_line(struct csv_reader *reader, size_t length)
{
	const char *line = reader->held.bytes + reader->parsed;
	bool is_row_start = reader->parsed == reader->row_start;
	reader->parsed += length;
	reader->line++;
	count_line_end(reader, reader->parsed);
	if (is_row_start && is_blank_line(line, length)) {
		tell_row(reader); /* libcsv passes over them */
		end_row(reader);
		return;
	}
	if (is_row_start && !reader->dialect.is_known) {
		learn_separator(reader, line, length);
		if (reader->dialect.has_separator_line) {
			reader->dialect.rows++;
			end_row(reader);
			return;
		}
	}
	if (csv_parse(&reader->parser, line, length, on_field, on_row_end, reader) != length)
		break_row(reader, CSV_BREAK_STRAY);
	else if (reader->has_row_ended)
		end_row(reader);
	else if (reader->parsed - reader->row_start > LIMIT_CSV_ROW_BYTES)
		break_row(reader, CSV_BREAK_OPEN);
}

/* The rest of a line that was too long, told already. */
static void skip_line(struct csv_reader *reader, bool is_end)
{
	size_t length = line_length(reader, reader->parsed, 0, is_end);
	reader->is_skipping = length == 0 && !is_end;
	if (length == 0) /* all but a CR that may be the first half of a line end */
		length = reader->held.length - reader->parsed - (reader->held.length > 0 && reader->held.bytes[reader->held.length - 1] == '\r');
	reader->row_start = reader->parsed = reader->parsed + length;
	if (!reader->is_skipping) {
		count_line_end(reader, reader->parsed);
		reader->line = ++reader->row_line;
	}
}

/*
 * A line beyond the ceiling. Inside an open quote the quote is at fault; otherwise the line is a broken row by itself,
 * dropped up to its end, which may not have come yet.
 */
static void refuse_long_line(struct csv_reader *reader)
{
	if (reader->parsed > reader->row_start) {
		break_row(reader, CSV_BREAK_OPEN);
		return;
	}
	struct csv_broken_row row = {
	    .number = ++reader->dialect.rows,
	    .line = reader->row_line,
	    .why = CSV_BREAK_LONG,
	    .bytes = reader->held.bytes + reader->row_start,
	    .length = LIMIT_CSV_ROW_BYTES,
	};
	reader->events->on_broken_row(reader->user, &row);
	reader->is_skipping = true;
}

static void drain(struct csv_reader *reader, bool is_end)
{
	size_t searched = reader->searched;
	reader->searched = 0;
	while (reader->parsed < reader->held.length) {
		if (reader->is_skipping) {
			skip_line(reader, is_end);
			if (reader->is_skipping)
				break;
			continue;
		}
		size_t length = line_length(reader, reader->parsed, searched, is_end);
		size_t waiting = reader->held.length - reader->parsed;
		searched = 0;
		if (length > LIMIT_CSV_ROW_BYTES || (length == 0 && waiting > LIMIT_CSV_ROW_BYTES)) {
			refuse_long_line(reader);
		} else if (length > 0) {
			parse_line(reader, length);
		} else {
			reader->searched = waiting - (reader->held.bytes[reader->held.length - 1] == '\r');
			break;
		}
	}
	buf_consume(&reader->held, reader->row_start);
	reader->counted = reader->counted > reader->row_start ? reader->counted - reader->row_start : 0;
	reader->parsed -= reader->row_start;
	reader->row_start = 0;
}

void csv_reader_feed(struct csv_reader *reader, const void *bytes, size_t length)
{
	const char *at = bytes;
	while (length > 0) {
		size_t slice = length < SLICE_BYTES ? length : SLICE_BYTES;
		csv_text_feed(&reader->text, at, slice, &reader->held);
		assert(!reader->held.is_full);
		drain(reader, false);
		at += slice;
		length -= slice;
	}
}

void csv_reader_finish(struct csv_reader *reader)
{
	csv_text_finish(&reader->text, &reader->held);
	drain(reader, true);
	/* A row without a line end is whole now, unless a quote is open: then its lines are read again, row by row. */
	while (reader->row_start < reader->parsed) {
		if (csv_fini(&reader->parser, on_field, on_row_end, reader) == 0)
			end_row(reader);
		else
			break_row(reader, CSV_BREAK_OPEN);
		drain(reader, true);
	}
}

const struct csv_dialect *csv_reader_dialect(const struct csv_reader *reader)
{
	return &reader->dialect;
}

struct csv_text *csv_reader_text(struct csv_reader *reader)
{
	return &reader->text;
}
