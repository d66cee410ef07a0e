#include "base/xalloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *alive(void *memory)
{
	if (memory == NULL) {
		fputs("cutover: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *xmalloc(size_t size)
{
	return alive(malloc(size > 0 ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return alive(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *xrealloc(void *memory, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return alive(NULL);
	size_t bytes = count * size;
	return alive(realloc(memory, bytes > 0 ? bytes : 1));
}

char *xstrdup(const char *text)
{
	return text == NULL ? NULL : alive(strdup(text));
}

char *xstrndup(const char *bytes, size_t length)
{
	char *copy = xmalloc(length + 1);
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

char *xasprintf(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	int length = vasprintf(&text, format, arguments);
	va_end(arguments);
	return alive(length < 0 ? NULL : text);
}

void *xgrow(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room > 0 ? *room * 2 : 8;
	return xrealloc(array, *room, size);
}
