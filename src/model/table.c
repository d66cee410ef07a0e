#include "model/table.h"

#include <string.h>

void table_begin(struct table_row *row, const char *text)
{
	row->next = text != NULL ? text : "";
	row->count = 0;
}

static void read_fields(struct table_row *row, const char *line, size_t length)
{
	row->count = 0;
	for (size_t i = 0; i < TABLE_FIELDS; i++)
		row->fields[i][0] = '\0';
	while (row->count < TABLE_FIELDS) {
		size_t width = 0;
		while (width < length && line[width] != '\t')
			width++;
		size_t kept = width < TABLE_FIELD_BYTES ? width : TABLE_FIELD_BYTES - 1;
		memcpy(row->fields[row->count], line, kept);
		row->fields[row->count++][kept] = '\0';
		if (width == length)
			return;
		line += width + 1;
		length -= width + 1;
	}
}

bool table_next(struct table_row *row)
{
	while (*row->next != '\0') {
		const char *line = row->next;
		size_t length = strcspn(line, "\n");
		row->next = line + length + (line[length] == '\n');
		if (length > 0 && line[0] != '#') {
			read_fields(row, line, length);
			return true;
		}
	}
	return false;
}
