#ifndef PROTO_MS_TEXT_H
#define PROTO_MS_TEXT_H
/*
 * A message as it can be compared: quotation marks of every kind dropped, white space (no-break and zero-width too), line breaks and
 * mail quoting folded into single blanks, HTML entities for quotes and blanks resolved.
 */
#include <stddef.h>

#include "base/buf.h"

struct ms_text {
	struct buf clean; /* in the case that it had */
	struct buf lower; /* the same bytes, ASCII letters in lower case: offsets agree */
	size_t *lines;    /* offsets at which the text's lines begin, ascending; the first is 0 */
	size_t line_count, line_room;
};

void ms_text_init(struct ms_text *text, const char *bytes, size_t length);
void ms_text_clear(struct ms_text *text);

/* Appends the cleaned bytes. */
void ms_text_clean(const char *bytes, size_t length, struct buf *out);

/* A part of the clean bytes: `length` 0 for none. */
struct ms_slice {
	const char *bytes;
	size_t length;
};

/*
 * The mail address to which the bytes from `start` to `end` belong, as reports are laid out: nearest before on the same line, else
 * behind on that line, else nearest before on the lines above; no further than MS_USER_REACH bytes.
 */
enum { MS_USER_REACH = 2000 };
struct ms_slice ms_text_user(const struct ms_text *text, size_t start, size_t end);

#endif
