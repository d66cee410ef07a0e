#include "model/json_stream.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cutover/sink.h"

enum { ITEM_DEPTH = 2 }; /* the array is a member of the object */

static size_t dump_flags(const struct json_stream *stream)
{
	return stream->indent > 0 ? JSON_INDENT((size_t)stream->indent) : JSON_COMPACT;
}

static void new_line(const struct json_stream *stream, int depth)
{
	if (stream->indent > 0)
		sink_printf(stream->sink, "\n%*s", depth * stream->indent, "");
}

void json_stream_begin(struct json_stream *stream, struct sink *sink, int indent, const json_t *head, const char *name)
{
	*stream = (struct json_stream){.sink = sink, .indent = indent};
	char *text = json_dumps(head, dump_flags(stream));
	assert(text != NULL);
	size_t length = strlen(text) - (indent > 0 ? 2 : 1); /* without the brace that ends it */
	sink_write(sink, text, length);
	sink_puts(sink, ",");
	new_line(stream, 1);
	sink_printf(sink, "\"%s\":%s[", name, indent > 0 ? " " : "");
	free(text);
}

/* The item's own lines stand below the array's. */
static int write_deeper(const char *bytes, size_t length, void *user)
{
	const struct json_stream *stream = user;
	const char *end = bytes + length, *line;
	for (; (line = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL; bytes = line + 1) {
		sink_write(stream->sink, bytes, (size_t)(line - bytes));
		new_line(stream, ITEM_DEPTH);
	}
	sink_write(stream->sink, bytes, (size_t)(end - bytes));
	return 0;
}

static void begin_item(struct json_stream *stream)
{
	if (stream->count++ > 0)
		sink_puts(stream->sink, ",");
	new_line(stream, ITEM_DEPTH);
}

void json_stream_add(struct json_stream *stream, json_t *item)
{
	begin_item(stream);
	json_dump_callback(item, write_deeper, stream, dump_flags(stream));
	json_decref(item);
}

void json_stream_add_line(struct json_stream *stream, const char *text, size_t length)
{
	if (stream->indent > 0) {
		json_stream_add(stream, json_loadb(text, length, 0, NULL));
		return;
	}
	begin_item(stream);
	sink_write(stream->sink, text, length);
}

void json_stream_end(struct json_stream *stream)
{
	if (stream->count > 0)
		new_line(stream, 1);
	sink_puts(stream->sink, "]");
	new_line(stream, 0);
	sink_puts(stream->sink, "}\n");
}
