#ifndef APP_EXPLAIN_PAGE_H
#define APP_EXPLAIN_PAGE_H
/* The Markdown of a finding's page, tidy on a terminal: headings stand out, prose is filled to the width, what can be pasted is left. */
#include "render/page.h"

void explain_page(struct page *page, const char *markdown);

#endif
