#ifndef BASE_BUF_H
#define BASE_BUF_H
/*
 * A growing byte buffer with a ceiling. Beyond the ceiling bytes are dropped and is_full is set; nothing fails.
 * `bytes` is always terminated (the terminator does not count), so it can be read as a string.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *bytes; /* "" until something was added; never NULL after buf_init */
	size_t length, room, ceiling;
	bool is_full;
	bool is_secret; /* set after buf_init: memory is zeroed before it is given back */
};

void buf_init(struct buf *buf, size_t ceiling);
void buf_clear(struct buf *buf); /* frees; buf_init again before use */
void buf_reset(struct buf *buf); /* empties, keeps the memory */
void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char byte);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
void buf_consume(struct buf *buf, size_t length); /* drops bytes from the front */
char *buf_steal(struct buf *buf);                 /* the bytes, owned by the caller; the buf is as after buf_clear */

#endif
