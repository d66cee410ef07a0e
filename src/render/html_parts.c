#include "render/html_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "render/words.h"

void html_text(const struct html *html, const char *text)
{
	struct buf clean, out;
	buf_init(&clean, LIMIT_FACT_BYTES * 4);
	buf_init(&out, LIMIT_FACT_BYTES * 24);
	escape_terminal(&clean, text);
	escape_html(&out, clean.bytes);
	sink_write(html->sink, out.bytes, out.length);
	buf_clear(&clean);
	buf_clear(&out);
}

void html_element(const struct html *html, const char *open, const char *text, const char *close)
{
	sink_puts(html->sink, open);
	html_text(html, text);
	sink_puts(html->sink, close);
}

void html_lines(const struct html *html, const char *element, const char *lines)
{
	while (*lines != '\0') {
		size_t length = strcspn(lines, "\n");
		char *line = xstrndup(lines, length);
		sink_printf(html->sink, "<%s>", element);
		html_text(html, line);
		sink_printf(html->sink, "</%s>", element);
		free(line);
		lines += length + (lines[length] == '\n');
	}
}

void html_badge(const struct html *html, enum severity severity)
{
	sink_printf(html->sink, "<span class='badge %s'>%s</span>", severity_name(severity), words_state(severity));
}
