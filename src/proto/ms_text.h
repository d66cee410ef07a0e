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
};

void ms_text_init(struct ms_text *text, const char *bytes, size_t length);
void ms_text_clear(struct ms_text *text);

/* Appends the cleaned bytes. */
void ms_text_clean(const char *bytes, size_t length, struct buf *out);

#endif
