#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H
/*
 * A page of text for a terminal: styles, columns, wrapping at the width. Whatever is put on it is escaped here and
 * nowhere else. Colour is an addition: no meaning hangs on it.
 */
#include <stdbool.h>

#include "cutover/catalogue.h"
#include "cutover/renderer.h"

/* The severities are styles of their own; these follow them. */
enum style { STYLE_PLAIN = SEVERITY_COUNT, STYLE_BOLD, STYLE_FAINT };

struct page {
	struct sink *sink;
	bool use_color, use_ascii;
	int width;  /* columns at which prose is wrapped */
	int column; /* of the cursor, from 0 */
};

enum { PAGE_WIDTH_UNKNOWN = 80, PAGE_WIDTH_LOW = 40, PAGE_WIDTH_HIGH = 120 };

void page_init(struct page *page, const struct render *render);
int page_columns(const struct page *page, const char *text); /* that the text takes when put */

void page_put(struct page *page, int style, const char *text);
void page_printf(struct page *page, int style, const char *format, ...) __attribute__((format(printf, 3, 4)));
void page_to(struct page *page, int column);  /* blanks up to that column */
void page_gap(struct page *page, int column); /* the same, two blanks at least: from a text to the next column */
void page_line(struct page *page);            /* ends the line */

/*
 * Puts words from the cursor on, breaking lines at the width and beginning the next at column `indent`. A word longer
 * than a line is not cut, so that it can be copied. Ends the line.
 */
void page_wrap(struct page *page, int indent, int style, const char *text);
void page_wrap_lines(struct page *page, int indent, int style, const char *lines); /* '\n' breaks too */

#endif
