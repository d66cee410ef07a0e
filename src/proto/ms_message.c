#include "proto/ms_message.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "model/embedded.h"
#include "model/table.h"
#include "proto/ms_text.h"

enum { PARTS = 8, CAPTURE_REACH = 300 };

/* A pattern cut at its captures: literal, capture, literal, ... */
struct pattern {
	const struct table_row *row;
	int rank;
	struct buf literals[PARTS];
	char captures[PARTS][16];
	int count; /* literals; one capture less, or as many when the pattern ends in one */
};

static void pattern_clear(struct pattern *pattern)
{
	for (int i = 0; i < PARTS; i++)
		buf_clear(&pattern->literals[i]);
}

/* The pattern is cleaned as texts are, so that quotes and apostrophes count on neither side. */
static void pattern_init(struct pattern *pattern, const struct table_row *row, int rank)
{
	const char *at = row->fields[2];
	*pattern = (struct pattern){.row = row, .rank = rank};
	for (int i = 0; i < PARTS; i++)
		buf_init(&pattern->literals[i], TABLE_FIELD_BYTES);
	while (pattern->count < PARTS) {
		size_t length = strcspn(at, "{");
		ms_text_clean(at, length, &pattern->literals[pattern->count]);
		str_lower(pattern->literals[pattern->count].bytes);
		at += length;
		if (*at != '{')
			break;
		length = strcspn(at, "}");
		snprintf(pattern->captures[pattern->count++], sizeof pattern->captures[0], "%.*s", (int)length - 1, at + 1);
		at += length + (at[length] == '}');
	}
	pattern->count += pattern->count < PARTS;
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
	if (length == 0 || length >= MS_CAPTURE_BYTES || (!may_hold_blanks(name) && memchr(bytes, ' ', length) != NULL))
		return false;
	if (match->capture_count == MS_CAPTURES)
		return true;
	struct ms_capture *capture = &match->captures[match->capture_count++];
	snprintf(capture->name, sizeof capture->name, "%s", name);
	snprintf(capture->value, sizeof capture->value, "%.*s", (int)length, bytes);
	return true;
}

/* The rest of the pattern behind its first literal, which ends at `at`. Returns the end of the match, or NULL. */
static const char *match_rest(const struct pattern *pattern, const struct ms_text *text, const char *at, struct ms_match *match)
{
	for (int i = 1; i < pattern->count; i++) {
		const struct buf *literal = &pattern->literals[i];
		size_t left = (size_t)(text->lower.bytes + text->lower.length - at);
		size_t reach = left < CAPTURE_REACH ? left : CAPTURE_REACH;
		const char *end = literal->length > 0 ? memmem(at, reach, literal->bytes, literal->length) : at + reach;
		if (end == NULL)
			return NULL;
		const char *original = text->clean.bytes + (at - text->lower.bytes);
		if (!keep_capture(match, pattern->captures[i - 1], original, (size_t)(end - at)))
			return NULL;
		at = end + literal->length;
	}
	return at;
}

static bool is_same(const struct ms_match *a, const struct ms_match *b)
{
	if (!str_equal(a->name, b->name) || a->capture_count != b->capture_count)
		return false;
	for (int i = 0; i < a->capture_count; i++)
		if (!str_equal(a->captures[i].name, b->captures[i].name) || !str_equal(a->captures[i].value, b->captures[i].value))
			return false;
	return true;
}

static void keep_match(struct ms_matches *matches, const struct ms_match *match)
{
	for (size_t i = 0; i < matches->count; i++) {
		if (!is_same(&matches->items[i], match))
			continue;
		matches->items[i].times++;
		return;
	}
	if (matches->count >= MS_MATCHES)
		return;
	matches->items = xrealloc(matches->items, matches->count + 1, sizeof *match);
	matches->items[matches->count++] = *match;
}

static void find_all(const struct pattern *pattern, const struct ms_text *text, struct ms_matches *matches)
{
	const char *at = text->lower.bytes, *end = at + text->lower.length;
	const struct buf *first = &pattern->literals[0];
	while ((at = memmem(at, (size_t)(end - at), first->bytes, first->length)) != NULL) {
		struct ms_match match = {.rank = pattern->rank, .times = 1, .offset = (size_t)(at - text->lower.bytes)};
		snprintf(match.name, sizeof match.name, "%.31s", pattern->row->fields[0]);
		snprintf(match.branch, sizeof match.branch, "%.31s", pattern->row->fields[1]);
		const char *behind = match_rest(pattern, text, at + first->length, &match);
		if (behind != NULL)
			keep_match(matches, &match);
		at = behind != NULL ? behind : at + first->length;
	}
}

void ms_recognise(const char *bytes, size_t length, struct ms_matches *matches)
{
	struct table_row row;
	struct ms_text text;
	int rank = 0;
	*matches = (struct ms_matches){0};
	ms_text_init(&text, bytes, length < MS_TEXT_BYTES ? length : MS_TEXT_BYTES);
	table_begin(&row, embedded_text("data/messages.tsv"));
	while (table_next(&row)) {
		struct pattern pattern;
		pattern_init(&pattern, &row, rank++);
		find_all(&pattern, &text, matches);
		pattern_clear(&pattern);
	}
	ms_text_clear(&text);
}

void ms_matches_clear(struct ms_matches *matches)
{
	free(matches->items);
	*matches = (struct ms_matches){0};
}

const char *ms_capture(const struct ms_match *match, const char *name)
{
	for (int i = 0; i < match->capture_count; i++)
		if (str_equal(match->captures[i].name, name))
			return match->captures[i].value;
	return NULL;
}

/* Per cent of the pattern's words of four letters and more that occur in the text. */
static int shared_words(const char *pattern, const struct ms_text *text)
{
	int words = 0, found = 0;
	while (*pattern != '\0') {
		size_t length = strcspn(pattern, " ,.:");
		if (length >= 4 && *pattern != '{') {
			words++;
			found += memmem(text->lower.bytes, text->lower.length, pattern, length) != NULL;
		}
		pattern += length + (pattern[length] != '\0');
	}
	return words > 0 ? found * 100 / words : 0;
}

size_t ms_closest(const char *bytes, size_t length, struct ms_candidate *candidates, size_t room)
{
	struct table_row row;
	struct ms_text text;
	size_t count = 0;
	ms_text_init(&text, bytes, length < MS_TEXT_BYTES ? length : MS_TEXT_BYTES);
	table_begin(&row, embedded_text("data/messages.tsv"));
	while (table_next(&row)) {
		struct ms_candidate candidate;
		struct buf lower;
		buf_init(&lower, TABLE_FIELD_BYTES);
		ms_text_clean(row.fields[2], strlen(row.fields[2]), &lower);
		str_lower(lower.bytes);
		candidate.percent = shared_words(lower.bytes, &text);
		buf_clear(&lower);
		if (candidate.percent < 50)
			continue;
		snprintf(candidate.name, sizeof candidate.name, "%.31s", row.fields[0]);
		snprintf(candidate.pattern, sizeof candidate.pattern, "%s", row.fields[2]);
		/* Insertion from the end keeps the table's order among equals. */
		size_t at = count < room ? count++ : room;
		while (at > 0 && candidates[at - 1].percent < candidate.percent) {
			if (at < room)
				candidates[at] = candidates[at - 1];
			at--;
		}
		if (at < room)
			candidates[at] = candidate;
	}
	ms_text_clear(&text);
	return count;
}
