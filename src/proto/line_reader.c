#include "proto/line_reader.h"

#include <string.h>

#include "base/str.h"
#include "cutover/limits.h"

void line_reader_init(struct line_reader *reader, bool has_literals)
{
	*reader = (struct line_reader){.has_literals = has_literals};
	buf_init(&reader->line, LIMIT_REPLY_BYTES);
}

void line_reader_clear(struct line_reader *reader)
{
	buf_clear(&reader->line);
}

bool line_reader_is_inside(const struct line_reader *reader)
{
	return !reader->is_ready && reader->line.length > 0;
}

static enum line_state fault(struct line_reader *reader, const char *text)
{
	reader->fault = text;
	return LINE_FAULT;
}

/* Status lines end in text for people, where "{3}" is no literal (RFC 9051 7). */
static bool may_hold_literals(const char *line)
{
	static const char *const statuses[] = {"* OK", "* NO", "* BAD", "* BYE", "* PREAUTH"};
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (str_starts_nocase(line, statuses[i]))
			return false;
	return str_starts(line, "* ");
}

/* The length that "{n}" at the end of the line announces, or -1. */
static int64_t literal_announced(const struct line_reader *reader)
{
	char digits[16];
	const char *line = reader->line.bytes, *brace = strrchr(line + reader->part_begins, '{');
	size_t end = reader->line.length;
	int64_t number;
	if (!reader->has_literals || brace == NULL || line[end - 1] != '}' || !may_hold_literals(line))
		return -1;
	size_t count = (size_t)(line + end - 1 - brace - 1);
	if (count == 0 || count >= sizeof digits)
		return -1;
	memcpy(digits, brace + 1, count);
	digits[count] = '\0';
	return str_to_int(digits, 0, INT64_MAX, &number) ? number : -1;
}

/* An LF has come: the line is whole, or a literal follows. */
static enum line_state line_ends(struct line_reader *reader)
{
	struct buf *line = &reader->line;
	if (line->length > reader->part_begins && line->bytes[line->length - 1] == '\r')
		line->bytes[--line->length] = '\0';
	int64_t literal = line->length > reader->part_begins ? literal_announced(reader) : -1;
	if (literal < 0) {
		reader->is_ready = true;
		return LINE_READY;
	}
	if (literal > (int64_t)(LIMIT_REPLY_BYTES - line->length))
		return fault(reader, "a literal that passes the ceiling of a reply, 65536 bytes");
	buf_puts(line, "\r\n");
	reader->literal_left = (size_t)literal;
	reader->part_begins = line->length + reader->literal_left;
	return LINE_MORE;
}

static enum line_state take_byte(struct line_reader *reader, char byte)
{
	struct buf *line = &reader->line;
	if (reader->literal_left > 0) {
		buf_putc(line, byte);
		reader->literal_left--;
		return LINE_MORE;
	}
	if (byte == '\n')
		return line_ends(reader);
	if (byte == '\0')
		return fault(reader, "a NUL byte in a line");
	if (line->length - reader->part_begins >= LIMIT_LINE_BYTES)
		return fault(reader, "a line longer than 8192 bytes");
	buf_putc(line, byte);
	return line->is_full ? fault(reader, "a reply longer than 65536 bytes") : LINE_MORE;
}

enum line_state line_reader_take(struct line_reader *reader, const char *bytes, size_t length, size_t *used)
{
	*used = 0;
	if (reader->fault != NULL)
		return LINE_FAULT;
	if (reader->is_ready) {
		buf_reset(&reader->line);
		reader->is_ready = false;
		reader->part_begins = 0;
	}
	while (*used < length) {
		enum line_state state = take_byte(reader, bytes[(*used)++]);
		if (state != LINE_MORE)
			return state;
	}
	return LINE_MORE;
}
