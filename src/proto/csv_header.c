#include "proto/csv_header.h"

#include <string.h>

#include "proto/csv_field.h"

struct hits {
	size_t contact, kerio, addresses;
	bool has_at;
};

static void read_cell(struct csv_header *header, const struct csv_row *row, size_t i, struct hits *hits)
{
	const struct csv_field *cell = &row->fields[i];
	enum csv_spelling spelling;
	enum csv_column column = csv_column_find(cell->bytes, cell->length, &spelling);
	if (column != CSV_COLUMN_COUNT && header->index[column] >= 0)
		spelling = CSV_SPELT_TWICE;
	else if (column != CSV_COLUMN_COUNT)
		header->index[column] = (int)i;
	header->cells[i].column = column;
	header->cells[i].spelling = spelling;
	hits->contact += csv_is_contact_field(cell->bytes, cell->length);
	hits->kerio += csv_is_kerio_field(cell->bytes, cell->length);
	hits->addresses += csv_address_fault(cell) == NULL;
	hits->has_at = hits->has_at || (cell->length > 0 && memchr(cell->bytes, '@', cell->length) != NULL);
}

/* See the list of seed patterns in doc/findings/csv-is-contacts.md: contacts, migration batch, Kerio users, other. */
static enum csv_kind kind_of(const struct csv_header *header, const struct hits *hits)
{
	bool has_address = header->index[CSV_EMAIL_ADDRESS] >= 0, has_user = header->index[CSV_USER_NAME] >= 0;
	bool has_password = header->index[CSV_PASSWORD] >= 0;
	int required = has_address + has_user + has_password;
	if (hits->has_at)
		return hits->addresses > 0 && header->count > 1 ? CSV_KIND_MIGRATION : CSV_KIND_OTHER; /* no header */
	if (required == 3)
		return CSV_KIND_MIGRATION;
	if (hits->contact >= 2 && !has_user && !has_password)
		return CSV_KIND_CONTACTS;
	if (hits->kerio >= 2 && !(has_address && has_user))
		return CSV_KIND_KERIO_USERS;
	bool is_address_plain = has_address && header->cells[header->index[CSV_EMAIL_ADDRESS]].spelling <= CSV_SPELT_CASE;
	if (required >= 2 || is_address_plain || (required == 1 && header->count <= 4))
		return CSV_KIND_MIGRATION;
	return CSV_KIND_OTHER;
}

void csv_header_read(struct csv_header *header, const struct csv_row *row)
{
	struct hits hits = {0};
	*header = (struct csv_header){.count = row->count};
	for (int i = 0; i < CSV_COLUMN_COUNT; i++)
		header->index[i] = -1;
	for (size_t i = 0; i < row->kept; i++)
		read_cell(header, row, i, &hits);
	bool names_one = header->index[CSV_EMAIL_ADDRESS] >= 0 || header->index[CSV_USER_NAME] >= 0 || header->index[CSV_USER_ROOT] >= 0;
	header->has_names = !hits.has_at && (names_one || hits.contact >= 2 || hits.kerio >= 2);
	header->kind = kind_of(header, &hits);
	if (!header->has_names)
		for (int i = 0; i < CSV_COLUMN_COUNT; i++)
			header->index[i] = -1;
}

struct csv_field csv_header_field(const struct csv_header *header, const struct csv_row *row, enum csv_column column)
{
	int index = header->index[column];
	return index >= 0 && (size_t)index < row->kept ? row->fields[index] : (struct csv_field){"", 0};
}
