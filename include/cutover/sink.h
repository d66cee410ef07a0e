#ifndef CUTOVER_SINK_H
#define CUTOVER_SINK_H
/*
 * Where bytes go: a file descriptor, a file that is written whole or not at all (a temporary file beside it, then
 * rename), or memory. The first error sticks; writers need not check.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cutover/error.h"

struct sink;

struct sink *sink_new_fd(int fd);  /* does not own the descriptor */
struct sink *sink_new_memory(void);
/*
 * Creates the temporary file with `mode` (0600, 0644) less the umask. A link is followed; a device, FIFO or the like is written to as it
 * is. NULL and the error when the path is a folder, its folder cannot be written, or nobody reads the FIFO.
 */
struct sink *sink_new_file(const char *path, mode_t mode, struct error *error);

void sink_write(struct sink *sink, const void *bytes, size_t length);
void sink_puts(struct sink *sink, const char *text);
void sink_printf(struct sink *sink, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sink_vprintf(struct sink *sink, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* Hands on what was written so far, so that a reader at the other end of a pipe has it now. */
void sink_flush(struct sink *sink);

/* Memory sinks: the bytes so far, terminated, borrowed until the next write. */
const char *sink_memory(struct sink *sink, size_t *length);

/*
 * Flushes, renames and frees. -1 with the first error of any write; a file is then left as it was. A pipe that nobody reads any more is
 * -1 without a line.
 */
int sink_commit(struct sink *sink, struct error *error);

/* Frees without committing; a temporary file is removed. NULL is fine. */
void sink_abandon(struct sink *sink);

#endif
