#include "render/page.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/sink.h"

/* SGR: faint and the plain eight colours only, which every theme keeps readable. */
static const char *const sequences[] = {
    [SEVERITY_PASS] = "32",      [SEVERITY_INFO] = "36",   [SEVERITY_SKIP] = "2",  [SEVERITY_UNKNOWN] = "1;35",
    [SEVERITY_WARN] = "1;33",    [SEVERITY_FAIL] = "1;31", [STYLE_PLAIN] = "",     [STYLE_BOLD] = "1",
    [STYLE_FAINT] = "2",
};

void page_init(struct page *page, const struct render *render)
{
	const struct render_options *options = render->options;
	int width = options->width > 0 ? options->width : PAGE_WIDTH_UNKNOWN;
	*page = (struct page){
	    .sink = render->sink,
	    .use_color = options->use_color,
	    .use_ascii = options->use_ascii,
	    .width = width < PAGE_WIDTH_LOW ? PAGE_WIDTH_LOW : width > PAGE_WIDTH_HIGH ? PAGE_WIDTH_HIGH : width,
	};
}

/* Escaped for the terminal; without a character beyond ASCII when the terminal shows none. */
static void clean(const struct page *page, struct buf *out, const char *text)
{
	struct buf escaped;
	buf_init(&escaped, LIMIT_FACT_BYTES * 4);
	escape_terminal(&escaped, text);
	for (const char *at = escaped.bytes; *at != '\0'; at++)
		if (page->use_ascii && (unsigned char)*at >= 0x80)
			buf_printf(out, "\\%03u", (unsigned char)*at);
		else
			buf_putc(out, *at);
	buf_clear(&escaped);
}

/* Columns of one character: East Asian wide ones and pictures take two, combining marks none. */
static int columns_of(uint32_t c)
{
	static const uint32_t wide[][2] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},
	                                   {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60},
	                                   {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
	if (c >= 0x300 && c <= 0x36f)
		return 0;
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (c >= wide[i][0] && c <= wide[i][1])
			return 2;
	return 1;
}

/* Of clean text, which is valid UTF-8. */
static int measure(const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text;
	int columns = 0;
	while (length > 0) {
		size_t step = str_utf8_length(at, length);
		if (step == 0)
			step = 1;
		static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
		uint32_t c = at[0] & masks[step];
		for (size_t i = 1; i < step; i++)
			c = c << 6 | (at[i] & 0x3f);
		columns += columns_of(c);
		at += step;
		length -= step;
	}
	return columns;
}

int page_columns(const struct page *page, const char *text)
{
	struct buf out;
	buf_init(&out, LIMIT_FACT_BYTES * 4);
	clean(page, &out, text);
	int columns = measure(out.bytes, out.length);
	buf_clear(&out);
	return columns;
}

static void emit(struct page *page, int style, const char *text, size_t length)
{
	bool is_styled = page->use_color && sequences[style][0] != '\0' && length > 0;
	if (is_styled)
		sink_printf(page->sink, "\033[%sm", sequences[style]);
	sink_write(page->sink, text, length);
	if (is_styled)
		sink_puts(page->sink, "\033[0m");
	page->column += measure(text, length);
}

void page_put(struct page *page, int style, const char *text)
{
	struct buf out;
	buf_init(&out, LIMIT_FACT_BYTES * 4);
	clean(page, &out, text);
	emit(page, style, out.bytes, out.length);
	buf_clear(&out);
}

void page_printf(struct page *page, int style, const char *format, ...)
{
	struct buf out;
	va_list arguments;
	buf_init(&out, LIMIT_FACT_BYTES * 4);
	va_start(arguments, format);
	buf_vprintf(&out, format, arguments);
	va_end(arguments);
	page_put(page, style, out.bytes);
	buf_clear(&out);
}

void page_to(struct page *page, int column)
{
	int blanks = column > page->column ? column - page->column : 0;
	sink_printf(page->sink, "%*s", blanks, "");
	page->column += blanks;
}

void page_gap(struct page *page, int column)
{
	page_to(page, column > page->column + 2 ? column : page->column + 2);
}

void page_line(struct page *page)
{
	sink_puts(page->sink, "\n");
	page->column = 0;
}

/* One paragraph of clean text. */
static void wrap_words(struct page *page, int indent, int style, const char *text)
{
	bool is_first = true;
	while (*text != '\0') {
		size_t blanks = strspn(text, " "), word = strcspn(text + blanks, " ");
		int columns = measure(text + blanks, word);
		if (word == 0)
			break; /* blanks at the end */
		if (!is_first && page->column + (int)blanks + columns > page->width) {
			page_line(page);
			page_to(page, indent);
			blanks = 0;
			text += strspn(text, " ");
		}
		emit(page, style, text, blanks + word);
		text += blanks + word;
		is_first = false;
	}
}

void page_wrap(struct page *page, int indent, int style, const char *text)
{
	struct buf out;
	buf_init(&out, LIMIT_FACT_BYTES * 4);
	clean(page, &out, text);
	if (out.length > 0)
		page_to(page, indent);
	wrap_words(page, indent, style, out.bytes);
	page_line(page);
	buf_clear(&out);
}

void page_wrap_lines(struct page *page, int indent, int style, const char *lines)
{
	while (*lines != '\0') {
		size_t length = strcspn(lines, "\n");
		char *line = xstrndup(lines, length);
		page_wrap(page, indent, style, line);
		free(line);
		lines += length + (lines[length] == '\n');
	}
}
