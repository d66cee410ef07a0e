#ifndef PROTO_CSV_READER_H
#define PROTO_CSV_READER_H
/*
 * Rows of a CSV file, as it streams by: libcsv behind it, RFC 4180 strictly, memory bounded by LIMIT_CSV_ROW_BYTES.
 *
 * HOW ROWS ARE COUNTED. A row is a record: fields in quotes may hold line ends, so a row can be several lines long. The
 * header is row 1, the first mailbox row 2, and a blank line is a row as well. Microsoft's "Row X has the wrong number
 * of columns" does not say how X is counted; we count as a spreadsheet does (Microsoft's pages put the header "in cell
 * A1", "on the first row"), so that X is where Excel shows the row. The line, as a text editor counts it, goes with
 * every row; the two differ only behind a field that holds a line end.
 *
 * SEPARATOR. The one of ',', ';' and TAB that stands most often outside quotes in the first line that is not blank; a
 * comma when none does. A first line "sep=;" (a hint that Excel writes) decides instead.
 *
 * BROKEN ROWS. A quote inside an unquoted field, something between a closing quote and the separator, a quote that is
 * never closed, or a row beyond the ceiling: such a row ends at its first line end, and reading goes on with the next
 * line, so that one forgotten quote does not swallow the file. It counts as one row.
 *
 * Blanks round fields are kept (a password may begin with one). CRLF, LF and CR end lines.
 * The reader's own memory is wiped when it is freed: fields are passwords.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/csv_text.h"

struct csv_field {
	const char *bytes; /* not terminated; may hold NUL */
	size_t length;
};

struct csv_row {
	uint64_t number; /* 1.. */
	uint64_t line;   /* the line on which it begins, 1.. */
	const struct csv_field *fields;
	size_t kept;     /* fields that are here: at most LIMIT_CSV_COLUMNS */
	size_t count;    /* fields that it has */
	bool is_blank;   /* one field of nothing but spaces and tabs, or not even that */
	const char *bytes; /* the row as it stands (in UTF-8), without its line end */
	size_t length;
};

enum csv_break {
	CSV_BREAK_STRAY, /* a quote where none may stand, or something behind a closing quote */
	CSV_BREAK_OPEN,  /* a quote opens on this row and is not closed on it as it should be */
	CSV_BREAK_LONG,  /* a line beyond LIMIT_CSV_ROW_BYTES */
};

struct csv_broken_row {
	uint64_t number, line;
	enum csv_break why;
	size_t column;     /* the field at fault, 1..; 0 for CSV_BREAK_LONG */
	const char *bytes; /* its first line as it stands, without the line end; cut for CSV_BREAK_LONG */
	size_t length;
};

/* All is borrowed until the callback returns. */
struct csv_reader_events {
	void (*on_row)(void *user, const struct csv_row *row);
	void (*on_broken_row)(void *user, const struct csv_broken_row *row);
};

/* What the reader knows of the file as a whole. */
struct csv_dialect {
	char separator;          /* ',', ';' or '\t' */
	bool is_known;           /* a first line was read: `separator` is more than a default */
	bool has_separator_line; /* "sep=;" stood first */
	uint64_t crlf, lf, cr;   /* line ends, those in quotes included */
	uint64_t rows;           /* rows so far, all counted */
};

struct csv_reader;

struct csv_reader *csv_reader_new(const struct csv_reader_events *events, void *user);
void csv_reader_free(struct csv_reader *reader); /* NULL is fine */
void csv_reader_feed(struct csv_reader *reader, const void *bytes, size_t length);
void csv_reader_finish(struct csv_reader *reader); /* the file has ended; once */

const struct csv_dialect *csv_reader_dialect(const struct csv_reader *reader);
struct csv_text *csv_reader_text(struct csv_reader *reader); /* its encoding */

#endif
