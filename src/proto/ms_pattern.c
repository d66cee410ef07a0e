#include "proto/ms_pattern.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

enum { CAPTURE_REACH = 300, FIELD_PATTERN = 2, FIELD_REST = 3 };

/* Bytes that were taken: no pattern has this one. */
static const char taken = '\x01';

static void clean(struct buf *out, const char *text, size_t length)
{
	buf_init(out, TABLE_FIELD_BYTES);
	ms_text_clean(text, length, out);
	str_lower(out->bytes);
}

void ms_pattern_init(struct ms_pattern *pattern, const struct table_row *row)
{
	const char *at = row->fields[FIELD_PATTERN], *rest = row->fields[FIELD_REST];
	*pattern = (struct ms_pattern){.is_phrase = str_equal(rest, "-")};
	clean(&pattern->rest, rest, pattern->is_phrase ? 0 : strlen(rest));
	while (pattern->count < MS_PARTS) {
		size_t length = strcspn(at, "{");
		clean(&pattern->literals[pattern->count], at, length);
		at += length;
		if (*at != '{')
			break;
		length = strcspn(at, "}");
		snprintf(pattern->captures[pattern->count++], sizeof pattern->captures[0], "%.*s", (int)length - 1, at + 1);
		at += length + (at[length] == '}');
	}
	pattern->count += pattern->count < MS_PARTS;
}

void ms_pattern_clear(struct ms_pattern *pattern)
{
	for (int i = 0; i < pattern->count; i++)
		buf_clear(&pattern->literals[i]);
	buf_clear(&pattern->rest);
}

/* These may hold blanks: names and sentences of people. */
static bool may_hold_blanks(const char *capture)
{
	return str_equal(capture, "column") || str_equal(capture, "batch") || str_equal(capture, "server_text") ||
	       str_equal(capture, "command");
}

static bool keep_capture(struct ms_match *match, const char *name, const char *bytes, size_t length)
{
	while (length > 0 && *bytes == ' ') {
		bytes++;
		length--;
	}
	while (length > 0 && strchr(" .,;:", bytes[length - 1]) != NULL)
		length--;
	if (*name == '\0')
		return true;
	if (length == 0 || length >= MS_CAPTURE_BYTES || (!may_hold_blanks(name) && memchr(bytes, ' ', length) != NULL))
		return false;
	if (match->capture_count == MS_CAPTURES)
		return true;
	struct ms_capture *capture = &match->captures[match->capture_count++];
	snprintf(capture->name, sizeof capture->name, "%s", name);
	snprintf(capture->value, sizeof capture->value, "%.*s", (int)length, bytes);
	return true;
}

/* Where a capture ends: before the next literal; the last one at the next blank. */
static const char *capture_end(const struct buf *literal, const char *at, size_t reach)
{
	if (literal->length > 0)
		return memmem(at, reach, literal->bytes, literal->length);
	const char *blank = memchr(at, ' ', reach);
	return blank != NULL ? blank : at + reach;
}

/* The rest of the pattern behind its first literal, which ends at `at`. Returns the end of the match, or NULL. */
static const char *match_captures(const struct ms_pattern *pattern, const struct ms_text *text, const char *at, struct ms_match *match)
{
	for (int i = 1; i < pattern->count; i++) {
		const struct buf *literal = &pattern->literals[i];
		size_t left = (size_t)(text->lower.bytes + text->lower.length - at);
		const char *end = capture_end(literal, at, left < CAPTURE_REACH ? left : CAPTURE_REACH);
		if (end == NULL)
			return NULL;
		const char *original = text->clean.bytes + (at - text->lower.bytes);
		if (!keep_capture(match, pattern->captures[i - 1], original, (size_t)(end - at)))
			return NULL;
		at = end + literal->length;
	}
	return at;
}

/* The end of the whole sentence when its rest follows, else `at`. */
static const char *match_rest(const struct ms_pattern *pattern, const struct ms_text *text, const char *at)
{
	const char *end = text->lower.bytes + text->lower.length, *from = at;
	while (from < end && strchr(" .,;:", *from) != NULL)
		from++;
	size_t length = pattern->rest.length;
	if (length == 0 || (size_t)(end - from) < length || memcmp(from, pattern->rest.bytes, length) != 0)
		return at;
	return from + length;
}

bool ms_pattern_find(const struct ms_pattern *pattern, struct ms_text *text, size_t *from, struct ms_match *match)
{
	const struct buf *first = &pattern->literals[0];
	char *low = text->lower.bytes, *start = NULL;
	while ((start = memmem(low + *from, text->lower.length - *from, first->bytes, first->length)) != NULL) {
		*match = (struct ms_match){.times = 1, .offset = (size_t)(start - low)};
		const char *end = match_captures(pattern, text, start + first->length, match);
		*from = (size_t)(start + first->length - low);
		if (end == NULL)
			continue;
		const char *whole = match_rest(pattern, text, end);
		match->is_whole = !pattern->is_phrase && (pattern->rest.length == 0 || whole != end);
		size_t length = (size_t)(whole - start);
		match->length = length;
		memset(start, taken, length);
		*from = match->offset + length;
		return true;
	}
	return false;
}
