/* --rewrite: one repaired copy. What csv_split.c does for many files, but for the naming. */
#include <stdlib.h>
#include <sys/stat.h>

#include "app/csv_files.h"
#include "app/csv_tell.h"
#include "proto/csv_repair.h"

static void on_line(void *user, const char *bytes, size_t length, bool is_header)
{
	(void)is_header;
	sink_write(user, bytes, length);
}

static void feed(void *user, const void *bytes, size_t length)
{
	csv_repair_feed(user, bytes, length);
}

static int check_target(const struct csv_input *input, const char *path, struct error *error)
{
	struct stat status;
	if (!input->is_file)
		return error_set(error, "--rewrite: standard input cannot be read twice; name a file");
	if (csv_input_is(input, path))
		return error_set(error, "--rewrite: %.200s is the input itself", path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return error_set(error, "--rewrite: %.200s is there and is no regular file", path);
	return 0;
}

int csv_rewrite(const struct csv_writing *writing, const char *path, struct error *error)
{
	if (check_target(writing->input, path, error) != 0)
		return -1;
	struct sink *sink = sink_new_file(path, 0600, error);
	if (sink == NULL)
		return -1;
	struct csv_repair *repair = csv_repair_new(on_line, sink);
	int result = csv_input_read(writing->input, feed, repair, error);
	if (result == 0)
		csv_repair_finish(repair);
	if (result != 0 || csv_repair_refusal(repair) != NULL)
		sink_abandon(sink);
	else
		result = sink_commit(sink, error);
	if (result == 0)
		csv_tell_repair(writing, repair, path);
	csv_repair_free(repair);
	return result;
}
