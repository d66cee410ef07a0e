#ifndef PROBE_SCRUB_H
#define PROBE_SCRUB_H
/* Servers may repeat what they were sent. */
#include <stddef.h>

struct buf;

/*
 * Adds the line with every occurrence of the password in it replaced by "********": as it is, and as it stands in a quoted
 * string. One of under four bytes is replaced only where it is a word of its own, since it would be found everywhere.
 */
void scrub(struct buf *out, const char *line, size_t length, const char *password, size_t password_length);

#endif
