#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "render/advice.h"
#include "render/seen.h"
#include "render/text_parts.h"
#include "render/words.h"

enum { SLOT_MESSAGE, SLOT_CAUSE, SLOT_REMEDY };
enum { SHOWN_OBSERVATIONS = 6, LABEL_HIGH = 40, HANGING_HIGH = 18, SUMMARY_LOW = 28 };

void text_labelled(struct page *page, const char *label, int style, const char *words)
{
	page_to(page, TEXT_INDENT);
	page_put(page, STYLE_FAINT, label);
	page_gap(page, TEXT_GUTTER);
	page_wrap(page, TEXT_GUTTER, style, words);
}

/* "FAIL  port-timeout  imap.contoso.com:993  no answer in 15.0 s" */
static void put_check(struct text *text, const struct finding *finding)
{
	struct page *page = &text->page;
	int summary_column = TEXT_INDENT + text->id_columns + 2 + text->subject_columns + 2;
	page_put(page, (int)finding->severity, words_state(finding->severity));
	page_to(page, TEXT_INDENT);
	page_put(page, STYLE_PLAIN, catalogue_get(finding->id)->id);
	page_gap(page, TEXT_INDENT + text->id_columns + 2);
	page_put(page, STYLE_BOLD, finding->subject);
	bool is_narrow = !text->is_piped && page->width - summary_column < SUMMARY_LOW;
	page_gap(page, is_narrow ? 0 : summary_column);
	if (text->is_piped) { /* one line a check, for grep */
		page_put(page, STYLE_PLAIN, finding->summary);
		page_line(page);
	} else {
		int indent = is_narrow ? summary_column - text->subject_columns - 2 : summary_column;
		page_wrap(page, indent, STYLE_PLAIN, finding->summary);
	}
}

/* One observation: its label in a column of its own, its words beside it; the first line alone when shown before. */
static void put_observation(struct text *text, size_t index, int widest)
{
	const struct observation *o = text->report->evidence->observations[index];
	struct page *page = &text->page;
	struct buf label, words;
	buf_init(&label, LIMIT_LINE_BYTES);
	buf_init(&words, LIMIT_FACT_BYTES);
	seen_label(&label, o, text->report->run);
	seen_words(&words, o);
	char *rest = strchr(words.bytes, '\n');
	if (rest != NULL && text->shown[index])
		*rest = '\0';
	text->shown[index] = true;
	page_to(page, TEXT_GUTTER);
	page_put(page, STYLE_PLAIN, label.bytes);
	page_gap(page, TEXT_GUTTER + widest + 2);
	/* Beside a long label there is no room to wrap in. */
	page_wrap_lines(page, TEXT_GUTTER + (widest <= HANGING_HIGH ? widest + 2 : 4), STYLE_PLAIN, words.bytes);
	buf_clear(&label);
	buf_clear(&words);
}

static int label_columns(struct text *text, const struct observation *o)
{
	struct buf label;
	buf_init(&label, LIMIT_LINE_BYTES);
	seen_label(&label, o, text->report->run);
	int columns = page_columns(&text->page, label.bytes);
	buf_clear(&label);
	return columns;
}

static void put_evidence(struct text *text, const struct finding *finding, bool is_sequel)
{
	const struct evidence *evidence = text->report->evidence;
	size_t shown = 0, left = 0, most = text->verbosity < 1 ? SHOWN_OBSERVATIONS : SIZE_MAX;
	int widest = 0;
	for (size_t i = 0; i < finding->because_count && i < most; i++) {
		int columns = label_columns(text, evidence->observations[finding->because[i]]);
		if (columns > widest && columns <= LABEL_HIGH)
			widest = columns;
	}
	for (size_t i = 0; i < finding->because_count; i++) {
		if (is_sequel && text->shown[finding->because[i]])
			continue;
		left += shown >= most;
		if (shown >= most)
			continue;
		if (shown++ == 0) {
			page_to(&text->page, TEXT_INDENT);
			page_put(&text->page, STYLE_FAINT, "seen");
		}
		put_observation(text, finding->because[i], widest);
	}
	if (left > 0) {
		page_to(&text->page, TEXT_GUTTER);
		page_printf(&text->page, STYLE_FAINT, "and %zu more (-v shows all)", left);
		page_line(&text->page);
	}
}

/* Whether the text is worth saying: not empty, and not what was said last for that id. */
static bool is_new(struct text *text, int slot, enum finding_id id, const char *said)
{
	if (said == NULL || *said == '\0' || str_equal(said, text->said[slot][id]))
		return false;
	free(text->said[slot][id]);
	text->said[slot][id] = xstrdup(said);
	return true;
}

static void put_remedy(struct text *text, enum actor actor, const struct advice *advice)
{
	struct page *page = &text->page;
	const char *who = words_actor(actor);
	page_to(page, TEXT_INDENT);
	page_printf(page, STYLE_FAINT, "%s %s", page->use_ascii ? ">" : "\xe2\x86\x92", *who != '\0' ? who : "to do");
	page_gap(page, TEXT_GUTTER);
	for (size_t i = 0; i < advice->step_count; i++) {
		bool is_list = advice->step_count > 1;
		page_to(page, TEXT_GUTTER);
		if (is_list)
			page_printf(page, STYLE_FAINT, "%zu. ", i + 1);
		page_wrap(page, TEXT_GUTTER + (is_list ? 3 : 0), STYLE_PLAIN, advice->steps[i].text);
	}
}

static void put_advice(struct text *text, const struct finding *finding, bool is_sequel)
{
	struct advice advice;
	struct buf out;
	advice_init(&advice, finding);
	buf_init(&out, LIMIT_FACT_BYTES * 4);
	if (is_new(text, SLOT_MESSAGE, finding->id, advice.message)) {
		buf_printf(&out, "\"%s\"", advice.message);
		text_labelled(&text->page, "Microsoft", STYLE_PLAIN, out.bytes);
	}
	if (!is_sequel && is_new(text, SLOT_CAUSE, finding->id, advice.cause))
		text_labelled(&text->page, "cause", STYLE_PLAIN, advice.cause);
	buf_reset(&out);
	for (size_t i = 0; i < advice.step_count; i++)
		buf_printf(&out, "%s\n", advice.steps[i].text);
	if (!is_sequel && is_new(text, SLOT_REMEDY, finding->id, out.bytes))
		put_remedy(text, catalogue_get(finding->id)->actor, &advice);
	buf_clear(&out);
	advice_clear(&advice);
}

void text_finding(struct text *text, const struct finding *finding, bool is_sequel)
{
	put_check(text, finding);
	bool decides = finding->severity >= SEVERITY_UNKNOWN;
	if (decides || text->verbosity >= 1)
		put_evidence(text, finding, is_sequel);
	if (decides || (finding->severity != SEVERITY_PASS && text->verbosity >= 1))
		put_advice(text, finding, is_sequel);
	if (decides)
		page_line(&text->page);
}
