#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H
/*
 * The dated tables of data/ as they are read: lines of fields with one tab between them, '#' begins a line of remarks,
 * empty lines do not count. The tables are ours and built in: a malformed line is a defect that their tests find.
 */
#include <stdbool.h>
#include <stddef.h>

enum { TABLE_FIELDS = 8, TABLE_FIELD_BYTES = 256 };

struct table_row {
	const char *next; /* where the next row begins; set by table_begin */
	size_t count;     /* fields of this row */
	char fields[TABLE_FIELDS][TABLE_FIELD_BYTES]; /* those beyond `count` are empty */
};

/* `text` is borrowed while rows are read; a NULL text has no rows. */
void table_begin(struct table_row *row, const char *text);

/* The next row, or false behind the last. */
bool table_next(struct table_row *row);

#endif
