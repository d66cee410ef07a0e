#ifndef APP_CSV_FILES_H
#define APP_CSV_FILES_H
/*
 * The files that `csv` writes: a repaired copy, or batches. Mode 0600, each whole or not at all, never over the input
 * under any of its names. What was changed and written becomes one observation, and a line each for the user.
 */
#include "app/csv_input.h"
#include "cutover/evidence.h"
#include "cutover/sink.h"

/* Where the lines for the user go; NULL: nowhere (-q). */
typedef void csv_say_fn(const char *line);

struct csv_writing {
	struct csv_input *input;
	struct evidence *evidence;
	csv_say_fn *say;
};

/* --rewrite: a repaired copy at `path`. 0 also when the file cannot be repaired: then it is said, and nothing written. */
int csv_rewrite(const struct csv_writing *writing, const char *path, struct error *error);

struct csv_batches {
	const char *folder; /* made (0700) when it is not there */
	uint64_t size;      /* mailboxes in a batch; 0: all that are left go into one */
	uint64_t test_size; /* mailboxes of a test batch before them; 0: none */
	uint64_t rows;      /* mailboxes in the file, as csv_check counted them */
};

/*
 * --split: NAME-test.csv, NAME-001.csv, ... in the folder, all or none. -1 with one line when one of them is there
 * already, or when there would be more than LIMIT_CSV_BATCHES.
 */
int csv_split(const struct csv_writing *writing, const struct csv_batches *batches, struct error *error);

#endif
