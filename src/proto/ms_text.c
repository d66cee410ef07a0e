#include "proto/ms_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/ms_message.h"

/* What is dropped ("") or becomes a blank (" "). Quotes go on both sides of a comparison, so apostrophes may go too. */
static const struct {
	const char *bytes, *instead;
} folds[] = {
    {"'", ""}, {"\"", ""}, {"`", ""}, {"\\\"", ""}, {"\\'", ""},
    {"\xe2\x80\x98", ""}, {"\xe2\x80\x99", ""}, {"\xe2\x80\x9a", ""}, {"\xe2\x80\x9b", ""}, /* single */
    {"\xe2\x80\x9c", ""}, {"\xe2\x80\x9d", ""}, {"\xe2\x80\x9e", ""}, {"\xe2\x80\x9f", ""}, /* double */
    {"\xc2\xab", ""}, {"\xc2\xbb", ""}, {"\xe2\x80\xb9", ""}, {"\xe2\x80\xba", ""},         /* guillemets */
    {"\xc2\xb4", ""}, {"\xef\xbb\xbf", ""}, {"\xe2\x80\x8b", ""}, {"\xc2\xad", ""},         /* acute, BOM, zero width, soft hyphen */
    {"&quot;", ""}, {"&#39;", ""}, {"&#x27;", ""}, {"&apos;", ""}, {"&lsquo;", ""}, {"&rsquo;", ""}, {"&ldquo;", ""}, {"&rdquo;", ""},
    {"&nbsp;", " "}, {"\xc2\xa0", " "}, {"\xe2\x80\xaf", " "}, {"\t", " "}, {"\r", " "}, {"\v", " "}, {"\f", " "},
    {"\n", "\n"}, {"&lt;", "<"}, {"&gt;", ">"},
};
enum { FOLDS = sizeof folds / sizeof folds[0] };

/* The fold at these bytes, or NULL; its length in *length. */
static const char *fold_at(const char *at, size_t left, size_t *length)
{
	for (int i = 0; i < FOLDS; i++) {
		if (folds[i].bytes[0] != *at)
			continue;
		*length = strlen(folds[i].bytes);
		if (*length <= left && memcmp(at, folds[i].bytes, *length) == 0)
			return folds[i].instead;
	}
	*length = 1;
	return NULL;
}

static void put_blank(struct buf *out)
{
	if (out->length > 0 && out->bytes[out->length - 1] != ' ')
		buf_putc(out, ' ');
}

/* Most bytes are no fold's first: which, is asked once a text. */
static void find_first_bytes(bool is_first[256])
{
	memset(is_first, 0, 256 * sizeof is_first[0]);
	for (int i = 0; i < FOLDS; i++)
		is_first[(unsigned char)folds[i].bytes[0]] = true;
	is_first[' '] = is_first['>'] = is_first['\0'] = true;
}

static void keep_line(struct ms_text *text, size_t offset)
{
	if (text->line_count == text->line_room) {
		text->line_room = text->line_room * 2 + 64;
		text->lines = xrealloc(text->lines, text->line_room, sizeof *text->lines);
	}
	text->lines[text->line_count++] = offset;
}

/* What a byte that may be more than itself becomes. */
static void put_fold(struct buf *out, char byte, const char *instead, bool is_line_start)
{
	if (instead == NULL && byte != ' ' && byte != '\0' && !(byte == '>' && is_line_start)) {
		buf_putc(out, byte);
		return;
	}
	if (instead == NULL || *instead == ' ' || *instead == '\n')
		put_blank(out); /* mail quoting, too */
	else
		buf_puts(out, instead);
}

/* `text`: who wants to know where lines begin; NULL: nobody. */
static void clean(const char *bytes, size_t length, struct buf *out, struct ms_text *text)
{
	bool is_first[256], is_line_start = true;
	find_first_bytes(is_first);
	while (length > 0) {
		size_t step = 0;
		while (step < length && !is_first[(unsigned char)bytes[step]])
			step++;
		if (step > 0) {
			buf_add(out, bytes, step);
			is_line_start = false;
		} else {
			const char *instead = fold_at(bytes, length, &step);
			put_fold(out, *bytes, instead, is_line_start);
			bool is_break = *bytes == '\n';
			is_line_start = is_break || (is_line_start && (instead != NULL || *bytes == ' ' || *bytes == '>'));
			if (is_break && text != NULL)
				keep_line(text, out->length);
		}
		bytes += step;
		length -= step;
	}
}

void ms_text_clean(const char *bytes, size_t length, struct buf *out)
{
	clean(bytes, length, out, NULL);
}

void ms_text_init(struct ms_text *text, const char *bytes, size_t length)
{
	*text = (struct ms_text){0};
	buf_init(&text->clean, length + 16);
	buf_init(&text->lower, length + 16);
	keep_line(text, 0);
	clean(bytes, length, &text->clean, text);
	buf_add(&text->lower, text->clean.bytes, text->clean.length);
	str_lower(text->lower.bytes);
}

void ms_text_clear(struct ms_text *text)
{
	buf_clear(&text->clean);
	buf_clear(&text->lower);
	free(text->lines);
}

static bool is_address_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr("._-+=", c) != NULL);
}

/* The address round an '@'; none when one side is missing. */
static struct ms_slice address_at(const struct ms_text *text, const char *at)
{
	const char *low = text->clean.bytes, *high = low + text->clean.length, *start = at, *end = at + 1;
	low = at - low > MS_USER_BYTES ? at - MS_USER_BYTES : low;
	high = high - at > MS_USER_BYTES ? at + MS_USER_BYTES : high;
	while (start > low && is_address_byte(start[-1]))
		start--;
	while (end < high && is_address_byte(*end))
		end++;
	while (end > at && strchr(".-_+=", end[-1]) != NULL)
		end--;
	bool is_whole = start < at && end > at + 1 && memchr(at, '.', (size_t)(end - at)) != NULL && end - start < MS_USER_BYTES;
	return (struct ms_slice){start, is_whole ? (size_t)(end - start) : 0};
}

/* The last address that begins in [from, to), or the first one. */
static struct ms_slice address_between(const struct ms_text *text, size_t from, size_t to, bool is_last)
{
	enum { TRIES = 8 }; /* text that is full of them is no report */
	const char *bytes = text->clean.bytes;
	for (int i = 0; i < TRIES && from < to; i++) {
		const char *at = is_last ? memrchr(bytes + from, '@', to - from) : memchr(bytes + from, '@', to - from);
		if (at == NULL)
			break;
		struct ms_slice address = address_at(text, at);
		if (address.length > 0)
			return address;
		if (is_last)
			to = (size_t)(at - bytes);
		else
			from = (size_t)(at - bytes) + 1;
	}
	return (struct ms_slice){NULL, 0};
}

/* Where the line of that offset begins; *end where it ends. */
static size_t line_at(const struct ms_text *text, size_t offset, size_t *end)
{
	size_t low = 0, high = text->line_count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (text->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	*end = high < text->line_count ? text->lines[high] : text->clean.length;
	return text->lines[low];
}

static size_t higher(size_t a, size_t b)
{
	return a > b ? a : b;
}

struct ms_slice ms_text_user(const struct ms_text *text, size_t start, size_t end)
{
	size_t line_end, line = line_at(text, start, &line_end), low = start > MS_USER_REACH ? start - MS_USER_REACH : 0;
	struct ms_slice user = address_between(text, higher(line, low), start, true);
	if (line_end > end + MS_USER_REACH)
		line_end = end + MS_USER_REACH;
	if (user.length == 0 && end < line_end)
		user = address_between(text, end, line_end, false);
	return user.length > 0 ? user : address_between(text, low, line, true);
}
