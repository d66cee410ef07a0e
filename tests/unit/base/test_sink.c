#include "cutover/sink.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../check_main.h"
#include "base/xalloc.h"

static char folder[] = "/tmp/cutover-sink-XXXXXX";
static char *path;

static void setup(void)
{
	strncpy(folder + strlen(folder) - 6, "XXXXXX", 7);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	path = xasprintf("%s/report", folder);
}

static void teardown(void)
{
	unlink(path);
	rmdir(folder);
	free(path);
}

static int files(void)
{
	int count = 0;
	DIR *dir = opendir(folder);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

START_TEST(a_committed_file_is_whole_and_has_its_mode)
{
	struct error error = {{0}};
	struct stat status;
	char text[64] = "";
	struct sink *sink = sink_new_file(path, 0600, &error);
	ck_assert_ptr_nonnull(sink);
	sink_printf(sink, "%d lines\n", 2);
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(sink_commit(sink, &error), 0);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0600);
	FILE *file = fopen(path, "r");
	ck_assert_ptr_nonnull(fgets(text, sizeof text, file));
	fclose(file);
	ck_assert_str_eq(text, "2 lines\n");
	ck_assert_int_eq(files(), 1);
}
END_TEST

START_TEST(an_abandoned_file_leaves_nothing)
{
	struct error error = {{0}};
	struct sink *sink = sink_new_file(path, 0644, &error);
	sink_puts(sink, "half");
	sink_abandon(sink);
	ck_assert_int_eq(files(), 0);
}
END_TEST

START_TEST(an_unwritable_folder_is_one_clear_line)
{
	struct error error = {{0}};
	ck_assert_ptr_null(sink_new_file("/nonexistent/folder/x", 0644, &error));
	ck_assert_str_eq(error.text, "/nonexistent/folder/x: cannot be written: No such file or directory");
}
END_TEST

START_TEST(a_folder_is_refused_before_anything_is_written)
{
	struct error error = {{0}};
	ck_assert_ptr_null(sink_new_file(folder, 0644, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "cannot be written: Is a directory"));
	ck_assert_int_eq(files(), 0);
}
END_TEST

/* As root the rename would put a file in the place of /dev/null. */
START_TEST(what_is_no_file_is_written_to_and_stays)
{
	struct error error = {{0}};
	struct stat status;
	char text[16] = "";
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	int reader = open(path, O_RDONLY | O_NONBLOCK);
	struct sink *sink = sink_new_file(path, 0644, &error);
	ck_assert_ptr_nonnull(sink);
	sink_puts(sink, "through");
	ck_assert_int_eq(sink_commit(sink, &error), 0);
	ck_assert_int_eq(read(reader, text, sizeof text), 7);
	ck_assert_str_eq(text, "through");
	close(reader);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert(S_ISFIFO(status.st_mode));
	ck_assert_ptr_null(sink_new_file(path, 0644, &error)); /* nobody reads: that is said, not waited for */
	ck_assert_int_eq(files(), 1);
}
END_TEST

START_TEST(a_link_stays_and_its_file_is_replaced)
{
	struct error error = {{0}};
	struct stat status;
	char *link = xasprintf("%s/link", folder);
	fclose(fopen(path, "w"));
	ck_assert_int_eq(symlink(path, link), 0);
	struct sink *sink = sink_new_file(link, 0600, &error);
	sink_puts(sink, "new");
	ck_assert_int_eq(sink_commit(sink, &error), 0);
	ck_assert_int_eq(lstat(link, &status), 0);
	ck_assert(S_ISLNK(status.st_mode));
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_size, 3);
	unlink(link);
	free(link);
}
END_TEST

START_TEST(the_umask_is_heeded)
{
	struct error error = {{0}};
	struct stat status;
	mode_t mask = umask(027);
	struct sink *sink = sink_new_file(path, 0644, &error);
	ck_assert_int_eq(sink_commit(sink, &error), 0);
	umask(mask);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0640);
}
END_TEST

START_TEST(a_reader_that_has_gone_is_no_line)
{
	struct error error = {{0}};
	int ends[2];
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(ends), 0);
	close(ends[0]);
	struct sink *sink = sink_new_fd(ends[1]);
	sink_puts(sink, "nobody reads this");
	ck_assert_int_eq(sink_commit(sink, &error), -1);
	ck_assert_str_eq(error.text, "");
	close(ends[1]);
}
END_TEST

START_TEST(a_full_device_is_told_once_at_the_end)
{
	struct error error = {{0}};
	FILE *full = fopen("/dev/full", "w");
	ck_assert_ptr_nonnull(full);
	struct sink *sink = sink_new_fd(fileno(full));
	for (int i = 0; i < 100000; i++)
		sink_puts(sink, "more and more\n");
	ck_assert_int_eq(sink_commit(sink, &error), -1);
	ck_assert_str_eq(error.text, "output: cannot be written: No space left on device");
	fclose(full);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("sink");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_committed_file_is_whole_and_has_its_mode);
	tcase_add_test(tcase, an_abandoned_file_leaves_nothing);
	tcase_add_test(tcase, an_unwritable_folder_is_one_clear_line);
	tcase_add_test(tcase, a_folder_is_refused_before_anything_is_written);
	tcase_add_test(tcase, what_is_no_file_is_written_to_and_stays);
	tcase_add_test(tcase, a_link_stays_and_its_file_is_replaced);
	tcase_add_test(tcase, the_umask_is_heeded);
	tcase_add_test(tcase, a_reader_that_has_gone_is_no_line);
	tcase_add_test(tcase, a_full_device_is_told_once_at_the_end);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("base/sink", fill)
