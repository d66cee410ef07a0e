#ifndef MODEL_JSON_STREAM_H
#define MODEL_JSON_STREAM_H
/*
 * An object whose last member is a long array, written an item at a time: a value of jansson takes about ten times its text, and
 * a list of resolvers gives tens of thousands of observations. The bytes are as json_value_write would have them.
 */
#include <jansson.h>
#include <stddef.h>

struct sink;

struct json_stream {
	struct sink *sink;
	int indent; /* 0: all on one line */
	size_t count;
};

/* Begins with the members of `head`, an object that is not empty. */
void json_stream_begin(struct json_stream *stream, struct sink *sink, int indent, const json_t *head, const char *name);
void json_stream_add(struct json_stream *stream, json_t *item); /* takes the reference */
void json_stream_add_line(struct json_stream *stream, const char *text, size_t length); /* an item as json_value_write gave it */
void json_stream_end(struct json_stream *stream); /* and a newline */

#endif
