#include "cutover/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/xalloc.h"

enum { SINK_CHUNK = 65536, SINK_MEMORY_CEILING = 1 << 30 };

struct sink {
	int fd;         /* -1: memory */
	bool owns_fd;
	char *path;     /* final name, or NULL */
	char *temporary; /* of a file that is renamed in the end, or NULL */
	int first_errno;
	struct buf buf; /* all of it for memory, one chunk otherwise */
};

static struct sink *sink_make(int fd)
{
	struct sink *sink = xcalloc(1, sizeof *sink);
	sink->fd = fd;
	buf_init(&sink->buf, SINK_MEMORY_CEILING);
	return sink;
}

struct sink *sink_new_fd(int fd)
{
	return sink_make(fd);
}

struct sink *sink_new_memory(void)
{
	return sink_make(-1);
}

static struct sink *cannot(const char *path, int number, struct error *error)
{
	error_set(error, "%s: cannot be written: %s", path, strerror(number));
	return NULL;
}

/* A device, a pipe or standard output by its name in /dev is written to, not replaced. */
static struct sink *open_stream(const char *path, struct error *error)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* of a FIFO without a reader, which would be waited for */
	if (fd < 0)
		return cannot(path, errno, error);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	struct sink *sink = sink_make(fd);
	sink->owns_fd = true;
	sink->path = xstrdup(path);
	return sink;
}

/* A link stays: what it points to is replaced. */
static char *final_name(const char *path)
{
	char *real = realpath(path, NULL);
	char *name = xstrdup(real != NULL ? real : path);
	free(real);
	return name;
}

/* What the user's umask takes away from others is not given to them. */
static mode_t allowed(mode_t mode)
{
	mode_t mask = umask(077);
	umask(mask);
	return mode & ~mask;
}

struct sink *sink_new_file(const char *path, mode_t mode, struct error *error)
{
	struct stat status;
	bool is_there = stat(path, &status) == 0;
	if (is_there && S_ISDIR(status.st_mode))
		return cannot(path, EISDIR, error);
	if (is_there && !S_ISREG(status.st_mode))
		return open_stream(path, error);
	char *name = final_name(path), *temporary = xasprintf("%s.XXXXXX", name);
	int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		int number = errno;
		free(name);
		free(temporary);
		return cannot(path, number, error);
	}
	struct sink *sink = sink_make(fd);
	sink->owns_fd = true;
	sink->path = name;
	sink->temporary = temporary;
	if (fchmod(fd, allowed(mode)) != 0)
		sink->first_errno = errno;
	return sink;
}

static void flush(struct sink *sink)
{
	size_t done = 0;
	while (sink->first_errno == 0 && done < sink->buf.length) {
		ssize_t n = write(sink->fd, sink->buf.bytes + done, sink->buf.length - done);
		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			sink->first_errno = n == 0 ? EIO : errno;
	}
	buf_reset(&sink->buf);
}

void sink_write(struct sink *sink, const void *bytes, size_t length)
{
	buf_add(&sink->buf, bytes, length);
	if (sink->buf.is_full && sink->first_errno == 0)
		sink->first_errno = EFBIG;
	if (sink->fd >= 0 && sink->buf.length >= SINK_CHUNK)
		flush(sink);
}

void sink_flush(struct sink *sink)
{
	if (sink->fd >= 0)
		flush(sink);
}

void sink_puts(struct sink *sink, const char *text)
{
	sink_write(sink, text, strlen(text));
}

void sink_vprintf(struct sink *sink, const char *format, va_list arguments)
{
	buf_vprintf(&sink->buf, format, arguments);
	sink_write(sink, "", 0);
}

void sink_printf(struct sink *sink, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	sink_vprintf(sink, format, arguments);
	va_end(arguments);
}

const char *sink_memory(struct sink *sink, size_t *length)
{
	if (length != NULL)
		*length = sink->buf.length;
	return sink->buf.bytes;
}

static void sink_free(struct sink *sink)
{
	if (sink->owns_fd)
		close(sink->fd);
	if (sink->temporary != NULL)
		unlink(sink->temporary); /* already renamed on success: then there is nothing of that name */
	free(sink->temporary);
	free(sink->path);
	buf_clear(&sink->buf);
	free(sink);
}

int sink_commit(struct sink *sink, struct error *error)
{
	sink_flush(sink);
	if (sink->first_errno == 0 && sink->temporary != NULL && (fsync(sink->fd) != 0 || rename(sink->temporary, sink->path) != 0))
		sink->first_errno = errno;
	int result = sink->first_errno == 0 ? 0 : -1;
	bool has_no_reader = sink->path == NULL && sink->first_errno == EPIPE; /* it wants no more, and no complaint */
	if (result != 0 && !has_no_reader)
		error_set(error, "%s: cannot be written: %s", sink->path != NULL ? sink->path : "output", strerror(sink->first_errno));
	sink_free(sink);
	return result;
}

void sink_abandon(struct sink *sink)
{
	if (sink != NULL)
		sink_free(sink);
}
