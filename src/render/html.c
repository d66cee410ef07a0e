/*
 * One self-contained page: no script, nothing from the network, readable on a phone, in print, light and dark.
 * The page begins with the verdict over all migrations, so it is printed when all are known.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/renderer.h"
#include "model/embedded.h"
#include "render/html_parts.h"
#include "render/words.h"

struct state {
	struct sink *body;     /* the migrations so far */
	struct sink *contents; /* their list: one line each */
	struct verdict all;
	size_t reports;
	char *title; /* of the first */
};

static void begin(struct render *render)
{
	struct state *state = xcalloc(1, sizeof *state);
	state->body = sink_new_memory();
	state->contents = sink_new_memory();
	verdict_init(&state->all);
	render->state = state;
}

static void put_run(const struct html *html)
{
	const struct report *report = html->report;
	struct buf line;
	buf_init(&line, LIMIT_LINE_BYTES);
	buf_printf(&line, "%s the change", phase_name(report->policy->phase));
	if (report->policy->now != TIME_UNKNOWN) {
		buf_puts(&line, ", as of ");
		words_time(&line, report->policy->now);
	}
	words_places(&line, report);
	html_element(html, "<p class='run'>", line.bytes, "</p>\n");
	buf_clear(&line);
}

static void put_contents_line(struct state *state, const struct html *html, const struct verdict *verdict)
{
	struct html line = *html;
	struct buf headline;
	line.sink = state->contents;
	buf_init(&headline, LIMIT_LINE_BYTES);
	words_headline(&headline, verdict);
	sink_puts(line.sink, "<li>");
	html_badge(&line, verdict->status < SEVERITY_UNKNOWN ? SEVERITY_PASS : verdict->status);
	sink_printf(line.sink, "<a href='#m%zu'>", html->number);
	html_text(&line, words_title(html->report));
	html_element(&line, "</a> <span class='faint'>", headline.bytes, "</span></li>\n");
	buf_clear(&headline);
}

static void report_html(struct render *render, const struct report *report)
{
	struct state *state = render->state;
	struct verdict verdict = report_verdict(report, 1);
	struct html html = {state->body, report, state->reports++, render->options->verbosity};
	verdict_add(&state->all, report);
	if (state->title == NULL)
		state->title = xstrdup(words_title(report));
	put_contents_line(state, &html, &verdict);
	sink_printf(html.sink, "<article id='m%zu'>\n<header>", html.number);
	html_element(&html, "<h1>", words_title(report), "</h1>\n");
	put_run(&html);
	sink_puts(html.sink, "</header>\n");
	html_verdict(&html, &verdict);
	html_walk(&html);
	html_clock(&html, &verdict);
	html_findings(&html);
	html_ttls(&html);
	html_observations(&html);
	sink_puts(html.sink, "</article>\n");
}

static void put_head(const struct html *html, const struct state *state)
{
	struct buf title;
	buf_init(&title, LIMIT_LINE_BYTES);
	words_headline(&title, &state->all);
	if (state->title != NULL)
		buf_printf(&title, " - %s", state->title);
	if (state->reports > 1)
		buf_printf(&title, " and %zu more", state->reports - 1);
	sink_puts(html->sink, "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
	                      "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
	                      "<meta name='color-scheme' content='light dark'>\n"
	                      "<meta name='referrer' content='no-referrer'>\n");
	html_element(html, "<title>", title.bytes, "</title>\n<style>\n");
	sink_puts(html->sink, embedded_text("data/report.css"));
	sink_puts(html->sink, "</style>\n</head>\n<body>\n<main>\n");
	buf_clear(&title);
}

/* For several migrations: the verdict over all and the list of them. */
static void put_overview(const struct html *html, const struct state *state)
{
	struct buf headline;
	buf_init(&headline, LIMIT_LINE_BYTES);
	words_headline(&headline, &state->all);
	sink_printf(html->sink, "<section class='verdict %s'>\n", severity_name(state->all.status));
	html_element(html, "<p class='headline'>", headline.bytes, "</p>\n");
	sink_printf(html->sink, "<p>%zu migrations</p>\n<ul class='contents'>\n", state->reports);
	sink_puts(html->sink, sink_memory(state->contents, NULL));
	sink_puts(html->sink, "</ul>\n</section>\n");
	buf_clear(&headline);
}

static void end(struct render *render)
{
	struct state *state = render->state;
	struct html html = {.sink = render->sink};
	size_t length;
	put_head(&html, state);
	if (state->reports != 1)
		put_overview(&html, state);
	const char *body = sink_memory(state->body, &length);
	sink_write(render->sink, body, length);
	sink_puts(render->sink, "<footer>cutover " CUTOVER_VERSION "</footer>\n</main>\n</body>\n</html>\n");
	sink_abandon(state->body);
	sink_abandon(state->contents);
	free(state->title);
	free(state);
	render->state = NULL;
}

const struct renderer html_renderer = {"html", "one self-contained page, for people", begin, report_html, end};
