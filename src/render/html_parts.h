#ifndef RENDER_HTML_PARTS_H
#define RENDER_HTML_PARTS_H
/*
 * The parts of the HTML page, one file each. Every text of a report goes through html_text or html_element; format
 * strings are ours and hold no %s.
 */
#include "cutover/report.h"
#include "cutover/sink.h"

struct html {
	struct sink *sink;
	const struct report *report; /* the migration being printed */
	size_t number;               /* of that migration, from 0: part of anchors */
	int verbosity;
};

void html_text(const struct html *html, const char *text); /* escaped for HTML, control characters too */
/* `open` and `close` are ours, the text between them is escaped. */
void html_element(const struct html *html, const char *open, const char *text, const char *close);
/* One block element of that class for each line; '\n' parts them. */
void html_lines(const struct html *html, const char *element, const char *lines);
/* The state word as a badge. */
void html_badge(const struct html *html, enum severity severity);

/* The card at the top: headline, counts, who has to act in which order with links to the findings. */
void html_verdict(const struct html *html, const struct verdict *verdict);

/* The troubleshooter's walk of `diagnose`; nothing when no message was given. */
void html_walk(const struct html *html);

/* The times as a drawn line; nothing when none is known. */
void html_clock(const struct html *html, const struct verdict *verdict);

/* A bar a server for the TTLs of the MX set; nothing when none is known. */
void html_ttls(const struct html *html);

/* A card a subject with its findings, the evidence folded. */
void html_findings(const struct html *html);

/* Every observation in a table, folded; dialogues with -vv. */
void html_observations(const struct html *html);

#endif
