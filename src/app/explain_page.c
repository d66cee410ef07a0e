#include "app/explain_page.h"

#include <string.h>

#include "base/buf.h"
#include "cutover/sink.h"

enum { PARAGRAPH_BYTES = 65536, CODE_INDENT = 4 };

/* A paragraph or an item of a list, its lines joined. */
struct paragraph {
	struct buf text;
	int indent;
};

static void flush(struct page *page, struct paragraph *paragraph)
{
	if (paragraph->text.length > 0)
		page_wrap(page, paragraph->indent, STYLE_PLAIN, paragraph->text.bytes);
	buf_reset(&paragraph->text);
	paragraph->indent = 0;
}

/* "- " or "12. ": its length, or 0. */
static size_t marker_length(const char *line, size_t length)
{
	size_t digits = strspn(line, "0123456789");
	if (length > 2 && line[0] == '-' && line[1] == ' ')
		return 2;
	return digits > 0 && length > digits + 1 && line[digits] == '.' && line[digits + 1] == ' ' ? digits + 2 : 0;
}

static void put_heading(struct page *page, const char *line, size_t length)
{
	struct buf words;
	size_t level = strspn(line, "#");
	buf_init(&words, PARAGRAPH_BYTES);
	level += line[level] == ' ';
	buf_add(&words, line + level, length - level);
	page_put(page, STYLE_BOLD, words.bytes);
	page_line(page);
	buf_clear(&words);
}

static void put_line(struct page *page, struct paragraph *paragraph, const char *line, size_t length)
{
	size_t marker = marker_length(line, length), blanks = strspn(line, " ");
	bool is_code = blanks >= CODE_INDENT && paragraph->text.length == 0;
	if (length == 0 || line[0] == '#' || is_code || marker > 0)
		flush(page, paragraph);
	if (length == 0 || is_code) {
		sink_write(page->sink, line, length);
		sink_puts(page->sink, "\n");
	} else if (line[0] == '#') {
		put_heading(page, line, length);
	} else {
		if (marker > 0)
			paragraph->indent = (int)marker;
		else if (paragraph->text.length > 0)
			buf_putc(&paragraph->text, ' ');
		else
			paragraph->indent = (int)blanks;
		size_t skipped = paragraph->text.length > 0 ? blanks : 0;
		buf_add(&paragraph->text, line + skipped, length - skipped);
	}
}

void explain_page(struct page *page, const char *markdown)
{
	struct paragraph paragraph = {.indent = 0};
	buf_init(&paragraph.text, PARAGRAPH_BYTES);
	while (*markdown != '\0') {
		size_t length = strcspn(markdown, "\n");
		put_line(page, &paragraph, markdown, length);
		markdown += length + (markdown[length] == '\n');
	}
	flush(page, &paragraph);
	buf_clear(&paragraph.text);
}
