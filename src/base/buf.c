#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void buf_init(struct buf *buf, size_t ceiling)
{
	*buf = (struct buf){.ceiling = ceiling, .room = 16};
	buf->bytes = xcalloc(buf->room, 1);
}

void buf_clear(struct buf *buf)
{
	if (buf->is_secret && buf->bytes != NULL)
		explicit_bzero(buf->bytes, buf->room);
	free(buf->bytes);
	*buf = (struct buf){0};
}

void buf_reset(struct buf *buf)
{
	buf->length = 0;
	buf->bytes[0] = '\0';
	buf->is_full = false;
}

static void grow(struct buf *buf, size_t needed)
{
	size_t room = buf->room;
	while (needed > room)
		room *= 2;
	if (!buf->is_secret) {
		buf->bytes = xrealloc(buf->bytes, room, 1);
	} else {
		char *larger = xmalloc(room); /* realloc would leave the old bytes behind */
		memcpy(larger, buf->bytes, buf->length + 1);
		explicit_bzero(buf->bytes, buf->room);
		free(buf->bytes);
		buf->bytes = larger;
	}
	buf->room = room;
}

void buf_add(struct buf *buf, const void *bytes, size_t length)
{
	if (length > buf->ceiling - buf->length) {
		length = buf->ceiling - buf->length;
		buf->is_full = true;
	}
	if (length == 0)
		return;
	if (buf->length + length + 1 > buf->room)
		grow(buf, buf->length + length + 1);
	memcpy(buf->bytes + buf->length, bytes, length);
	buf->length += length;
	buf->bytes[buf->length] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char byte)
{
	buf_add(buf, &byte, 1);
}

void buf_vprintf(struct buf *buf, const char *format, va_list arguments)
{
	char *text = NULL;
	int length = vasprintf(&text, format, arguments);
	if (length < 0)
		return;
	buf_add(buf, text, (size_t)length);
	free(text);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	buf_vprintf(buf, format, arguments);
	va_end(arguments);
}

void buf_consume(struct buf *buf, size_t length)
{
	if (length > buf->length)
		length = buf->length;
	memmove(buf->bytes, buf->bytes + length, buf->length - length + 1);
	buf->length -= length;
}

char *buf_steal(struct buf *buf)
{
	char *bytes = buf->bytes;
	*buf = (struct buf){0};
	return bytes;
}
