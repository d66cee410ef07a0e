#include "rule/dns_rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static size_t rows_of(const struct observation *o, enum fact_key key)
{
	size_t count = observation_rows(o, key);
	return count < DNS_ROWS ? count : DNS_ROWS;
}

void dns_rows_read(struct dns_rows *rows, const struct observation *o, const enum fact_key *keys, size_t width)
{
	assert(width > 0 && width <= DNS_ROWS_WIDTH);
	size_t count = rows_of(o, keys[0]), kept = 0;
	*rows = (struct dns_rows){.cells = xcalloc(count > 0 ? count * width : 1, sizeof *rows->cells), .width = width};
	for (size_t i = 0; i < o->fact_count; i++)
		for (size_t column = 0; column < width; column++)
			if (o->facts[i].key == keys[column] && o->facts[i].row < count)
				rows->cells[o->facts[i].row * width + column] = &o->facts[i];
	for (size_t row = 0; row < count; row++)
		if (rows->cells[row * width] != NULL)
			memmove(&rows->cells[kept++ * width], &rows->cells[row * width], width * sizeof *rows->cells);
	rows->count = kept;
}

void dns_rows_clear(struct dns_rows *rows)
{
	free(rows->cells);
	*rows = (struct dns_rows){0};
}

const char *dns_rows_text(const struct dns_rows *rows, size_t row, size_t column)
{
	const struct fact *fact = rows->cells[row * rows->width + column];
	return fact != NULL ? fact->value.text : "";
}

int64_t dns_rows_int(const struct dns_rows *rows, size_t row, size_t column)
{
	const struct fact *fact = rows->cells[row * rows->width + column];
	return fact != NULL ? fact->value.number : 0;
}
