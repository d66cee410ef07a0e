/* A file that is read by `csv` and its like, and what becomes of it meanwhile. */
#include "app/csv_input.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../check_main.h"

static const char text[] = "EmailAddress,UserName,Password\r\n";

/* What happens to the file while its first block is looked at. */
struct meddler {
	const char *path;
	int (*meddle)(const char *path);
	size_t bytes;
};

static int leave(const char *path)
{
	return path == NULL;
}

static int append(const char *path)
{
	FILE *file = fopen(path, "ae");
	return file == NULL || fputs("a@contoso.com,a,x\r\n", file) < 0 || fclose(file) != 0;
}

static int cut(const char *path)
{
	return truncate(path, 3);
}

static int rewrite(const char *path)
{
	static const struct timespec then[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
	return utimensat(AT_FDCWD, path, then, 0); /* as long as before, of another time */
}

static const struct {
	const char *name;
	int (*meddle)(const char *path);
	const char *says; /* NULL: nothing is wrong */
} cases[] = {
    {"left alone", leave, NULL},
    {"disappears: what was opened can still be read", unlink, NULL},
    {"grows", append, "changed while it was read"},
    {"is cut short", cut, "changed while it was read"},
    {"is written again", rewrite, "changed while it was read"},
};

static void feed(void *user, const void *bytes, size_t length)
{
	struct meddler *meddler = user;
	(void)bytes;
	if (meddler->bytes == 0)
		ck_assert_int_eq(meddler->meddle(meddler->path), 0);
	meddler->bytes += length;
}

START_TEST(a_file_that_changes_meanwhile_is_an_error)
{
	char folder[] = "/tmp/cutover-csv-XXXXXX", path[sizeof folder + 16];
	struct csv_input input;
	struct error error = {{0}};
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/users.csv", folder);
	FILE *file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	ck_assert_msg(csv_input_open(&input, path, &error) == 0, "%s", error.text);
	struct meddler meddler = {path, cases[_i].meddle, 0};
	int result = csv_input_read(&input, feed, &meddler, &error);
	ck_assert_msg(result == (cases[_i].says != NULL ? -1 : 0), "%s: %d %s", cases[_i].name, result, error.text);
	ck_assert_msg(cases[_i].says == NULL || strstr(error.text, cases[_i].says) != NULL, "%s: %s", cases[_i].name, error.text);
	if (result == 0) { /* also a second time */
		meddler = (struct meddler){path, leave, 0};
		ck_assert_int_eq(csv_input_read(&input, feed, &meddler, &error), 0);
		ck_assert_uint_eq(meddler.bytes, sizeof text - 1);
	}
	csv_input_close(&input);
	unlink(path);
	rmdir(folder);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("csv_input");
	tcase_add_loop_test(tcase, a_file_that_changes_meanwhile_is_an_error, 0, sizeof cases / sizeof cases[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("app/csv_input", fill)
