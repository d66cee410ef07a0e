#ifndef APP_CSV_INPUT_H
#define APP_CSV_INPUT_H
/*
 * The CSV file that a command reads: opened once, read as often as wanted, in blocks. Passwords stand in it: the block
 * is wiped. A file that changes while it is read is an error, since half of it would be judged.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "cutover/error.h"

struct options;

struct csv_input {
	int fd;
	bool owns_fd;
	bool is_file; /* a regular file: it can be read again, its size and mode mean something */
	const char *path; /* as typed; borrowed */
	char *label;      /* the same, printable */
	struct stat status;
};

/* "-" is standard input. -1 with one line: missing, unreadable, a folder, a FIFO or device. */
int csv_input_open(struct csv_input *input, const char *path, struct error *error);
void csv_input_close(struct csv_input *input);

/* From the start to the end; -1 with one line: cannot be read, changed meanwhile, beyond LIMIT_CSV_READ_BYTES. */
int csv_input_read(struct csv_input *input, void (*feed)(void *user, const void *bytes, size_t length), void *user,
                   struct error *error);

/* Whether a path names the input itself, be it by another name or a link. */
bool csv_input_is(const struct csv_input *input, const char *path);

/* -1 with one line when a report or a recording would be written over the file with the passwords. */
int csv_input_guard(const struct csv_input *input, const struct options *options, struct error *error);

#endif
