#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "render/advice.h"
#include "render/html_parts.h"
#include "render/seen.h"
#include "render/words.h"

/* "Look again: <pre>dig ...</pre>": what can be pasted stands apart. */
static void put_step(const struct html *html, const struct advice_step *step)
{
	static const char *const marks[][2] = {
	    [ADVICE_WORDS] = {"", ""}, [ADVICE_CODE] = {"<code>", "</code>"}, [ADVICE_BLOCK] = {"<pre>", "</pre>"}};
	sink_puts(html->sink, "<li>");
	for (size_t i = 0; i < step->part_count; i++)
		html_element(html, marks[step->parts[i].kind][0], step->parts[i].text, marks[step->parts[i].kind][1]);
	sink_puts(html->sink, "</li>\n");
}

static void put_advice(const struct html *html, const struct finding *finding)
{
	const struct catalogue_entry *entry = catalogue_get(finding->id);
	struct advice advice;
	advice_init(&advice, finding);
	if (advice.message != NULL)
		html_element(html, "<figure><figcaption>Microsoft says</figcaption><blockquote>", advice.message,
		             "</blockquote></figure>\n");
	if (*advice.cause != '\0')
		html_element(html, "<p>", advice.cause, "</p>\n");
	if (advice.step_count > 0) {
		html_element(html, "<p class='who'>What to do", entry->actor != ACTOR_NOBODY ? ", by: " : "", "");
		html_element(html, "<b class='actor'>", words_actor(entry->actor), "</b></p>\n<ol class='remedy'>\n");
		for (size_t i = 0; i < advice.step_count; i++)
			put_step(html, &advice.steps[i]);
		sink_puts(html->sink, "</ol>\n");
	}
	if (entry->section != NULL)
		html_element(html, "<p class='faint'>In Microsoft's IMAP migration troubleshooter: ", entry->section, "</p>\n");
	advice_clear(&advice);
}

static void put_evidence(const struct html *html, const struct finding *finding)
{
	const struct evidence *evidence = html->report->evidence;
	sink_puts(html->sink, "<dl>\n");
	for (size_t i = 0; i < finding->because_count; i++) {
		const struct observation *o = evidence->observations[finding->because[i]];
		struct buf label, words;
		buf_init(&label, LIMIT_LINE_BYTES);
		buf_init(&words, LIMIT_FACT_BYTES);
		seen_label(&label, o, html->report->run);
		seen_words(&words, o);
		sink_printf(html->sink, "<dt><a href='#m%zu-o%zu'>", html->number, finding->because[i]);
		html_element(html, "", label.bytes, "</a></dt>");
		html_lines(html, "dd", words.bytes);
		sink_puts(html->sink, "\n");
		buf_clear(&label);
		buf_clear(&words);
	}
	sink_puts(html->sink, "</dl>\n");
}

static void put_line(const struct html *html, const struct finding *finding)
{
	html_badge(html, finding->severity);
	html_element(html, "<code>", catalogue_get(finding->id)->id, "</code> ");
	html_element(html, "<span class='summary'>", finding->summary, "</span>");
}

/* What decides is open with its evidence folded; what does not is a line that unfolds. */
static void put_finding(const struct html *html, size_t index)
{
	const struct finding *finding = html->report->findings->items[index];
	bool decides = finding->severity >= SEVERITY_UNKNOWN, has_evidence = finding->because_count > 0;
	sink_printf(html->sink, "<div class='finding %s' ", severity_name(finding->severity));
	sink_printf(html->sink, "id='m%zu-f%zu'>\n", html->number, index);
	sink_puts(html->sink, decides || !has_evidence ? "<h3>" : "<details><summary>");
	put_line(html, finding);
	sink_puts(html->sink, decides || !has_evidence ? "</h3>\n" : "</summary>\n");
	if (decides) {
		put_advice(html, finding);
		if (has_evidence)
			sink_printf(html->sink, "<details><summary class='faint'>Evidence (%zu)</summary>\n",
			            finding->because_count);
	}
	if (has_evidence) {
		put_evidence(html, finding);
		sink_puts(html->sink, "</details>\n");
	}
	sink_puts(html->sink, "</div>\n");
}

/* A card: all findings of the subject whose first is at `first`; those are marked as done. */
static void put_card(const struct html *html, size_t first, bool *done)
{
	const struct findings *findings = html->report->findings;
	const char *subject = findings->items[first]->subject;
	sink_printf(html->sink, "<section class='card %s'>\n", severity_name(findings->items[first]->severity));
	html_element(html, "<h2>", subject, "</h2>\n");
	for (size_t i = first; i < findings->count; i++) {
		if (done[i] || !str_equal(findings->items[i]->subject, subject))
			continue;
		put_finding(html, i);
		done[i] = true;
	}
	sink_puts(html->sink, "</section>\n");
}

void html_findings(const struct html *html)
{
	const struct findings *findings = html->report->findings;
	bool *done = xcalloc(findings->count + 1, sizeof *done);
	for (size_t i = 0; i < findings->count; i++)
		if (!done[i])
			put_card(html, i, done);
	free(done);
}
