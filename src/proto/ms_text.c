#include "proto/ms_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

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

void ms_text_clean(const char *bytes, size_t length, struct buf *out)
{
	bool is_line_start = true;
	while (length > 0) {
		size_t step = 1;
		/* Most bytes are plain letters: only the others can begin a fold. */
		bool is_plain = (*bytes >= 'a' && *bytes <= 'z') || (*bytes >= 'A' && *bytes <= 'Z');
		const char *instead = is_plain ? NULL : fold_at(bytes, length, &step);
		if (instead != NULL && *instead == '\n') {
			put_blank(out);
			is_line_start = true;
		} else if ((instead != NULL && *instead == ' ') || (instead == NULL && (*bytes == ' ' || *bytes == '\0'))) {
			put_blank(out);
		} else if (instead == NULL && *bytes == '>' && is_line_start) {
			put_blank(out); /* mail quoting */
		} else if (instead == NULL) {
			buf_putc(out, *bytes);
			is_line_start = false;
		} else {
			buf_puts(out, instead);
		}
		bytes += step;
		length -= step;
	}
}

void ms_text_init(struct ms_text *text, const char *bytes, size_t length)
{
	buf_init(&text->clean, length * 2 + 16);
	buf_init(&text->lower, length * 2 + 16);
	ms_text_clean(bytes, length, &text->clean);
	buf_add(&text->lower, text->clean.bytes, text->clean.length);
	str_lower(text->lower.bytes);
}

void ms_text_clear(struct ms_text *text)
{
	buf_clear(&text->clean);
	buf_clear(&text->lower);
}
