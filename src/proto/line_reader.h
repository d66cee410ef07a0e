#ifndef PROTO_LINE_READER_H
#define PROTO_LINE_READER_H
/*
 * Lines out of a byte stream, however it was cut: ended by LF, a CR before it dropped. A line has a ceiling of
 * LIMIT_LINE_BYTES; with IMAP literals (RFC 9051 4.3) the line goes on behind them, up to LIMIT_REPLY_BYTES in all.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum line_state { LINE_MORE, LINE_READY, LINE_FAULT };

struct line_reader {
	struct buf line;       /* when READY: the line without its end, literals in place behind "{n}\r\n" */
	bool has_literals;
	bool is_ready;         /* the next byte begins a new line */
	size_t part_begins;    /* where the physical line under way begins */
	size_t literal_left;   /* bytes of a literal still to come */
	const char *fault;     /* in words, static; set once */
};

void line_reader_init(struct line_reader *reader, bool has_literals);
void line_reader_clear(struct line_reader *reader);

/* Takes bytes up to the end of one line; *used says how many. After FAULT nothing is taken any more. */
enum line_state line_reader_take(struct line_reader *reader, const char *bytes, size_t length, size_t *used);

/* Whether a line has begun that has not ended. */
bool line_reader_is_inside(const struct line_reader *reader);

#endif
