/* Text for people: one line a check, evidence and remedy under what does not pass, the verdict last. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/sink.h"
#include "render/text_parts.h"
#include "render/todo.h"
#include "render/words.h"

struct state {
	struct verdict all;
	size_t reports, lists;
	int64_t now;
};

static void begin(struct render *render)
{
	struct state *state = xcalloc(1, sizeof *state);
	verdict_init(&state->all);
	render->state = state;
}

/* Widths of the id and subject columns: the widest, up to a sane width. */
static void measure(struct text *text)
{
	enum { SUBJECT_HIGH = 36 };
	const struct findings *findings = text->report->findings;
	for (size_t i = 0; i < findings->count; i++) {
		int id = page_columns(&text->page, catalogue_get(findings->items[i]->id)->id);
		int subject = page_columns(&text->page, findings->items[i]->subject);
		if (id > text->id_columns)
			text->id_columns = id;
		if (subject > text->subject_columns && subject <= SUBJECT_HIGH)
			text->subject_columns = subject;
	}
}

static void put_heading(struct text *text)
{
	const struct report *report = text->report;
	struct page *page = &text->page;
	struct buf rest;
	buf_init(&rest, LIMIT_LINE_BYTES);
	page_put(page, STYLE_BOLD, words_title(report));
	buf_printf(&rest, "  %s the change", phase_name(report->policy->phase));
	if (report->policy->now != TIME_UNKNOWN) {
		buf_puts(&rest, ", as of ");
		words_time(&rest, report->policy->now);
	}
	words_places(&rest, report);
	if (report->policy->cutover != TIME_UNKNOWN) {
		buf_puts(&rest, ", change planned for ");
		words_time(&rest, report->policy->cutover);
	}
	page_wrap(page, 2, STYLE_FAINT, rest.bytes);
	page_line(page);
	buf_clear(&rest);
}

static void text_clear(struct text *text)
{
	for (int slot = 0; slot < 3; slot++)
		for (int id = 0; id < FINDING_COUNT; id++)
			free(text->said[slot][id]);
	free(text->shown);
	free(text);
}

/* How many findings from `from` on are alike: same id, same subject. */
static size_t count_alike(const struct findings *findings, size_t from)
{
	const struct finding *first = findings->items[from];
	size_t end = from + 1;
	while (end < findings->count && findings->items[end]->id == first->id && str_equal(findings->items[end]->subject, first->subject))
		end++;
	return end - from;
}

/* Of findings that are alike, as the rows of a file, the first ones; the rest is counted. */
static void put_findings(struct text *text)
{
	const struct findings *findings = text->report->findings;
	for (size_t i = 0, alike = 0; i < findings->count; i += alike) {
		alike = count_alike(findings, i);
		for (size_t k = 0; k < alike && k < LIMIT_SHOWN_ALIKE; k++)
			text_finding(text, findings->items[i + k], k > 0);
		if (alike <= LIMIT_SHOWN_ALIKE)
			continue;
		page_to(&text->page, TEXT_INDENT);
		page_printf(&text->page, STYLE_FAINT, "and %zu more %s; --json has all", alike - LIMIT_SHOWN_ALIKE,
		            catalogue_get(findings->items[i]->id)->id);
		page_line(&text->page);
		page_line(&text->page);
	}
}

static void put_report(struct render *render, const struct report *report, const struct verdict *verdict)
{
	struct text *text = xcalloc(1, sizeof *text);
	text->report = report;
	text->shown = xcalloc(report->evidence->count + 1, sizeof *text->shown);
	text->verbosity = render->options->verbosity;
	text->is_piped = render->options->width <= 0;
	page_init(&text->page, render);
	measure(text);
	put_heading(text);
	if (report->diagnosis != NULL)
		text_walk(&text->page, report->diagnosis);
	put_findings(text);
	/* What decides ends with a blank line of its own; the best stands last. */
	size_t count = report->findings->count;
	if (count > 0 && report->findings->items[count - 1]->severity < SEVERITY_UNKNOWN)
		page_line(&text->page);
	text_ttls(text);
	if (text->verbosity >= 2)
		text_dialogues(text);
	text_verdict(&text->page, verdict, report->findings, report->policy->now);
	text_clear(text);
}

/* -q: "contoso.com: NOT READY: 2 fail". */
static void put_short(struct render *render, const char *title, const struct verdict *verdict)
{
	struct page page;
	struct buf headline;
	page_init(&page, render);
	buf_init(&headline, LIMIT_LINE_BYTES);
	words_headline(&headline, verdict);
	if (title != NULL)
		page_printf(&page, STYLE_PLAIN, "%s: ", title);
	page_put(&page, (int)verdict->status, headline.bytes);
	page_line(&page);
	buf_clear(&headline);
}

static void report_text(struct render *render, const struct report *report)
{
	struct state *state = render->state;
	struct verdict verdict = report_verdict(report, 1);
	verdict_add(&state->all, report);
	/* The list is what was asked for; what is wrong with the zone is told by dns. */
	if (str_equal(report->run->command, "records")) {
		todo_print(render->sink, report);
		state->lists++;
		return;
	}
	state->now = report->policy->now;
	if (render->options->verbosity < 0) {
		put_short(render, words_title(report), &verdict);
	} else {
		if (state->reports > 0)
			sink_puts(render->sink, "\n");
		put_report(render, report, &verdict);
	}
	state->reports++;
}

static void end(struct render *render)
{
	struct state *state = render->state;
	if (state->lists > 0) {
		; /* nothing to sum up */
	} else if (state->reports != 1 && render->options->verbosity < 0) {
		put_short(render, NULL, &state->all);
	} else if (state->reports != 1) {
		struct page page;
		page_init(&page, render);
		page_line(&page);
		page_printf(&page, STYLE_BOLD, "%zu migrations", state->reports);
		page_line(&page);
		text_verdict(&page, &state->all, NULL, state->now);
	}
	free(state);
	render->state = NULL;
}

const struct renderer text_renderer = {"text", "one line a check, for people", begin, report_text, end};
