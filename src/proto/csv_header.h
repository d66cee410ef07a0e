#ifndef PROTO_CSV_HEADER_H
#define PROTO_CSV_HEADER_H
/*
 * What the first row of a CSV file says: which column stands where, and what kind of file this is.
 *
 * A first row that is data (a file without a header) may hold a password, so its cells are not names: `has_names` is
 * set only when the row names EmailAddress, UserName or UserRoot, or several contact or Kerio fields, and no cell
 * holds an '@'. Nobody may show a cell otherwise.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/limits.h"
#include "model/csv.h"
#include "proto/csv_reader.h"

struct csv_header {
	bool has_names;
	enum csv_kind kind;
	size_t count;                /* cells */
	int index[CSV_COLUMN_COUNT]; /* the field of each column, also when it is spelt near; -1: absent */
	struct {
		enum csv_column column;
		enum csv_spelling spelling;
	} cells[LIMIT_CSV_COLUMNS];
};

void csv_header_read(struct csv_header *header, const struct csv_row *row);

/* The row's field of that column; an empty one when the header or the row lacks it. */
struct csv_field csv_header_field(const struct csv_header *header, const struct csv_row *row, enum csv_column column);

#endif
