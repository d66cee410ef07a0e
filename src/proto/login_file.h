#ifndef PROTO_LOGIN_FILE_H
#define PROTO_LOGIN_FILE_H
/*
 * The rows of a migration file as sign-ins: who, with which password. User names, passwords and UserRoot stand in one secret
 * store; nothing of a row is a string of ours but an EmailAddress that looks like one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "model/csv.h"

struct login_row {
	uint32_t number;   /* of the row in the file, the header being 1 */
	bool is_tried;     /* in the run that is resumed */
	char *address;     /* EmailAddress; NULL when it does not look like one */
	enum csv_form form; /* of UserName */
	const char *fault; /* why it cannot be tried, static; NULL: it can */
	size_t offset;     /* in the store: UserName, Password, UserRoot, end to end */
	size_t user_length, password_length, root_length;
};

struct login_file {
	struct login_row *rows;
	size_t count, room;
	struct secret_store store;
	bool has_passwords; /* there is a Password column */
	const char *fault;  /* why the file as a whole cannot be used, static; NULL: it can */
};

struct login_file_reader;

struct login_file_reader *login_file_reader_new(struct login_file *file); /* the file is zeroed */
void login_file_feed(void *reader, const void *bytes, size_t length);
void login_file_finish(struct login_file_reader *reader); /* frees the reader; sets `fault` when there is no row or header */
void login_file_clear(struct login_file *file);

const char *login_row_user(const struct login_file *file, const struct login_row *row); /* not terminated, as the others */
const char *login_row_password(const struct login_file *file, const struct login_row *row);
const char *login_row_root(const struct login_file *file, const struct login_row *row);

#endif
