/*
 * --split and --test: the mailboxes of one file over several, each with the header.
 *
 * A batch is written to the end before the next begins, so that one file is open at a time. When something fails the
 * batches that stand are taken away again; that is safe because none may be there before.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/csv_files.h"
#include "app/csv_tell.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "proto/csv_repair.h"

struct written {
	char *path;
	uint64_t rows;
};

struct split {
	const struct csv_batches *batches;
	char *stem; /* "DIR/users" */
	struct buf header;
	struct sink *sink; /* of the batch under way, or NULL */
	struct written *files;
	size_t count, room;
	bool has_test; /* the test batch has been begun */
	int result;    /* -1 once something failed; then nothing more is written */
	struct error *error;
};

static char *make_stem(const char *folder, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	size_t length = strlen(name);
	if (length > 4 && (str_ends_nocase(name, ".csv") || str_ends_nocase(name, ".txt")))
		length -= 4;
	return xasprintf("%s/%.*s", folder, (int)length, name);
}

static char *next_path(struct split *split)
{
	if (split->batches->test_size > 0 && !split->has_test) {
		split->has_test = true;
		return xasprintf("%s-test.csv", split->stem);
	}
	return xasprintf("%s-%03zu.csv", split->stem, split->count + 1 - split->has_test);
}

static uint64_t room_of_current(const struct split *split)
{
	bool is_test = split->has_test && split->count == 1;
	uint64_t size = is_test ? split->batches->test_size : split->batches->size;
	return size > 0 ? size : UINT64_MAX;
}

static int begin_batch(struct split *split)
{
	struct stat status;
	split->files = xgrow(split->files, split->count, &split->room, sizeof *split->files);
	char *path = next_path(split);
	if (lstat(path, &status) == 0) {
		error_set(split->error, "--out: %.200s is there already", path);
		free(path);
		return -1;
	}
	split->files[split->count++] = (struct written){.path = path};
	split->sink = sink_new_file(path, 0600, split->error);
	if (split->sink == NULL)
		return -1;
	sink_write(split->sink, split->header.bytes, split->header.length);
	return 0;
}

static int end_batch(struct split *split)
{
	struct sink *sink = split->sink;
	split->sink = NULL;
	return sink == NULL ? 0 : sink_commit(sink, split->error);
}

static void on_line(void *user, const char *bytes, size_t length, bool is_header)
{
	struct split *split = user;
	if (is_header) {
		buf_add(&split->header, bytes, length);
		return;
	}
	if (split->result == 0 && split->sink != NULL && split->files[split->count - 1].rows >= room_of_current(split))
		split->result = end_batch(split);
	if (split->result == 0 && split->sink == NULL)
		split->result = begin_batch(split);
	if (split->result != 0)
		return;
	sink_write(split->sink, bytes, length);
	split->files[split->count - 1].rows++;
}

static void feed(void *user, const void *bytes, size_t length)
{
	csv_repair_feed(user, bytes, length);
}

/* Said before the first file is written. */
static int check_count(const struct csv_batches *batches, struct error *error)
{
	uint64_t count = batches->size > 0 ? batches->rows / batches->size + (batches->rows % batches->size > 0) : 1;
	if (count > LIMIT_CSV_BATCHES)
		return error_set(error, "--split: %llu mailboxes would make more than %d files", (unsigned long long)batches->rows,
		                 LIMIT_CSV_BATCHES);
	return 0;
}

static int make_folder(const char *folder, struct error *error)
{
	struct stat status;
	if (mkdir(folder, 0700) == 0 || (errno == EEXIST && stat(folder, &status) == 0 && S_ISDIR(status.st_mode)))
		return 0;
	return error_set(error, "--out: %.200s: cannot be made: %s", folder, strerror(errno));
}

/* Takes away what was written, the batch under way included. A file that was there before was never begun. */
static void undo(struct split *split)
{
	size_t whole = split->count - (split->sink != NULL);
	sink_abandon(split->sink);
	split->sink = NULL;
	for (size_t i = 0; i < whole; i++)
		unlink(split->files[i].path);
}

static void split_clear(struct split *split)
{
	for (size_t i = 0; i < split->count; i++)
		free(split->files[i].path);
	free(split->files);
	free(split->stem);
	buf_clear(&split->header);
}

int csv_split(const struct csv_writing *writing, const struct csv_batches *batches, struct error *error)
{
	struct split split = {.batches = batches, .error = error};
	if (!writing->input->is_file)
		return error_set(error, "--split: standard input cannot be read twice; name a file");
	if (check_count(batches, error) != 0 || make_folder(batches->folder, error) != 0)
		return -1;
	split.stem = make_stem(batches->folder, writing->input->path);
	buf_init(&split.header, LIMIT_CSV_ROW_BYTES * 2);
	struct csv_repair *repair = csv_repair_new(on_line, &split);
	int result = csv_input_read(writing->input, feed, repair, error);
	if (result == 0)
		csv_repair_finish(repair);
	bool is_refused = result == 0 && csv_repair_refusal(repair) != NULL;
	result = result != 0 ? result : split.result;
	if (result == 0 && !is_refused)
		result = end_batch(&split);
	if (result != 0 || is_refused)
		undo(&split);
	if (result == 0) {
		struct observation *o = csv_tell_repair(writing, repair, batches->folder);
		for (size_t i = 0; i < split.count && !is_refused; i++)
			csv_tell_batch(writing, o, (uint32_t)i, split.files[i].path, split.files[i].rows);
	}
	csv_repair_free(repair);
	split_clear(&split);
	return result;
}
