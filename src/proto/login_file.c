#include "proto/login_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cutover/limits.h"
#include "proto/csv_field.h"
#include "proto/csv_header.h"
#include "proto/csv_reader.h"

struct login_file_reader {
	struct login_file *file;
	struct csv_reader *csv;
	struct csv_header header;
	bool has_header;
};

/* As the csv command has it: "@", and a dot behind it. */
static bool looks_like_address(const struct csv_field *field)
{
	const char *at = field->length > 0 ? memchr(field->bytes, '@', field->length) : NULL;
	return at != NULL && memchr(at, '.', (size_t)(field->bytes + field->length - at)) != NULL;
}

static struct login_row *add_row(struct login_file *file, uint64_t number, const char *fault)
{
	if (file->count >= LIMIT_LOGIN_ROWS) {
		file->fault = "more rows than can be signed in with";
		return NULL;
	}
	file->rows = xgrow(file->rows, file->count, &file->room, sizeof *file->rows);
	struct login_row *row = &file->rows[file->count++];
	*row = (struct login_row){.number = (uint32_t)number, .fault = fault, .form = CSV_FORM_COUNT};
	return row;
}

static const char *row_fault(const struct csv_field *user, const struct csv_field *password)
{
	if (user->length == 0)
		return "UserName is empty";
	if (csv_field_has_nul(user) || csv_field_has_nul(password))
		return "a NUL byte, which IMAP cannot carry";
	return NULL;
}

static void read_header(struct login_file_reader *reader, const struct csv_row *row)
{
	struct login_file *file = reader->file;
	csv_header_read(&reader->header, row);
	reader->has_header = true;
	if (!reader->header.has_names || reader->header.index[CSV_USER_NAME] < 0)
		file->fault = "the first row does not name the columns EmailAddress and UserName";
	file->has_passwords = reader->header.index[CSV_PASSWORD] >= 0;
}

static void on_row(void *user, const struct csv_row *row)
{
	struct login_file_reader *reader = user;
	struct login_file *file = reader->file;
	if (row->is_blank || file->fault != NULL)
		return;
	if (!reader->has_header) {
		read_header(reader, row);
		return;
	}
	if (row->count != reader->header.count) {
		add_row(file, row->number, "its number of fields is not the header's");
		return;
	}
	struct csv_field address = csv_header_field(&reader->header, row, CSV_EMAIL_ADDRESS);
	struct csv_field name = csv_header_field(&reader->header, row, CSV_USER_NAME);
	struct csv_field password = csv_header_field(&reader->header, row, CSV_PASSWORD);
	struct csv_field root = csv_header_field(&reader->header, row, CSV_USER_ROOT);
	struct login_row *login = add_row(file, row->number, row_fault(&name, &password));
	if (login == NULL)
		return;
	if (looks_like_address(&address))
		login->address = xstrndup(address.bytes, address.length);
	login->form = csv_user_form(&name, root.length > 0);
	login->offset = secret_store_add(&file->store, name.bytes, name.length);
	secret_store_add(&file->store, password.bytes, password.length);
	secret_store_add(&file->store, root.bytes, root.length);
	login->user_length = name.length;
	login->password_length = password.length;
	login->root_length = root.length;
}

static void on_broken_row(void *user, const struct csv_broken_row *row)
{
	struct login_file_reader *reader = user;
	if (!reader->has_header)
		reader->file->fault = "the quotes of the first row are broken";
	else
		add_row(reader->file, row->number, "its quotes are broken");
}

static const struct csv_reader_events events = {on_row, on_broken_row};

struct login_file_reader *login_file_reader_new(struct login_file *file)
{
	struct login_file_reader *reader = xcalloc(1, sizeof *reader);
	reader->file = file;
	reader->csv = csv_reader_new(&events, reader);
	return reader;
}

void login_file_feed(void *user, const void *bytes, size_t length)
{
	struct login_file_reader *reader = user;
	csv_reader_feed(reader->csv, bytes, length);
}

void login_file_finish(struct login_file_reader *reader)
{
	struct login_file *file = reader->file;
	csv_reader_finish(reader->csv);
	if (file->fault == NULL && file->count == 0)
		file->fault = "there is no row below the header";
	csv_reader_free(reader->csv);
	free(reader);
	secret_wipe_stack();
}

void login_file_clear(struct login_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		free(file->rows[i].address);
	free(file->rows);
	secret_store_clear(&file->store);
	*file = (struct login_file){0};
}

const char *login_row_user(const struct login_file *file, const struct login_row *row)
{
	return secret_store_at(&file->store, row->offset);
}

const char *login_row_password(const struct login_file *file, const struct login_row *row)
{
	return login_row_user(file, row) + row->user_length;
}

const char *login_row_root(const struct login_file *file, const struct login_row *row)
{
	return login_row_password(file, row) + row->password_length;
}
