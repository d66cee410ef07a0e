#include "app/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/sink.h"
#include "model/recording.h"

struct journal {
	char *path;
	int fd, first_errno;
};

/* Cuts off what stands behind the last line end. */
static void drop_half_line(int fd)
{
	char block[4096];
	off_t end = lseek(fd, 0, SEEK_END);
	while (end > 0) {
		size_t length = end < (off_t)sizeof block ? (size_t)end : sizeof block;
		off_t start = end - (off_t)length;
		ssize_t got = pread(fd, block, length, start);
		if (got != (ssize_t)length)
			return;
		const char *last = memrchr(block, '\n', length);
		end = last != NULL ? start + (last - block) + 1 : start;
		if (last != NULL)
			break;
	}
	if (ftruncate(fd, end) == 0)
		lseek(fd, 0, SEEK_END);
}

struct journal *journal_open(const char *path, bool appends, struct error *error)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | (appends ? 0 : O_TRUNC), 0600);
	if (fd < 0) {
		error_set(error, "%.200s: cannot be written: %s", path, strerror(errno));
		return NULL;
	}
	if (appends)
		drop_half_line(fd);
	struct journal *journal = xcalloc(1, sizeof *journal);
	journal->path = xstrdup(path);
	journal->fd = fd;
	return journal;
}

/* One write for the whole line, so that it is there or not. */
static void put(struct journal *journal, const char *bytes, size_t length)
{
	while (journal->first_errno == 0 && length > 0) {
		ssize_t n = write(journal->fd, bytes, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			journal->first_errno = n == 0 ? EIO : errno;
			return;
		}
		bytes += n;
		length -= (size_t)n;
	}
}

void journal_write(struct journal *journal, const char *command, const char *vantage, const struct policy *policy,
                   const struct evidence *evidence)
{
	int64_t now = clock_now_ms();
	const struct run_info run = {.command = command, .vantage = vantage, .started_ms = now, .finished_ms = now};
	struct sink *line = sink_new_memory();
	size_t length;
	recording_write(line, &run, policy, evidence);
	const char *bytes = sink_memory(line, &length);
	put(journal, bytes, length);
	sink_abandon(line);
}

bool journal_is_sound(const struct journal *journal)
{
	return journal == NULL || journal->first_errno == 0;
}

int journal_close(struct journal *journal, struct error *error)
{
	int result = 0;
	if (journal == NULL)
		return 0;
	if (close(journal->fd) != 0 && journal->first_errno == 0)
		journal->first_errno = errno;
	if (journal->first_errno != 0)
		result = error_set(error, "%.200s: cannot be written: %s", journal->path, strerror(journal->first_errno));
	free(journal->path);
	free(journal);
	return result;
}
