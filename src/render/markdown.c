/* Markdown (GitHub's flavour) for tickets and wikis: verdict, a table of checks, then what decides with its remedy. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cutover/limits.h"
#include "cutover/renderer.h"
#include "cutover/sink.h"
#include "render/actions.h"
#include "render/advice.h"
#include "render/seen.h"
#include "render/walk.h"
#include "render/words.h"

static void put_text(struct sink *sink, const char *text)
{
	struct buf clean, out;
	buf_init(&clean, LIMIT_FACT_BYTES * 4);
	buf_init(&out, LIMIT_FACT_BYTES * 24);
	escape_terminal(&clean, text);
	escape_markdown(&out, clean.bytes);
	sink_write(sink, out.bytes, out.length);
	buf_clear(&clean);
	buf_clear(&out);
}

/* `open` and `close` are ours, the text between them is escaped. */
static void put(struct sink *sink, const char *open, const char *text, const char *close)
{
	sink_puts(sink, open);
	put_text(sink, text);
	sink_puts(sink, close);
}

/* What can be pasted in a fence of its own, where it ends its step; its first byte is ours, so it cannot close the fence. */
static void put_step(struct sink *sink, const struct advice_step *step)
{
	sink_puts(sink, "1. ");
	for (size_t i = 0; i < step->part_count; i++) {
		const struct advice_part *part = &step->parts[i];
		if (part->kind == ADVICE_BLOCK)
			sink_printf(sink, "\n   ```\n   %s\n   ```", part->text);
		else if (part->kind == ADVICE_CODE)
			put(sink, "<code>", part->text, "</code>");
		else
			put_text(sink, part->text);
	}
	sink_puts(sink, "\n");
}

/* Lines as one, "; " between them. */
static void put_lines(struct sink *sink, char *lines)
{
	for (char *newline; (newline = strchr(lines, '\n')) != NULL; lines = newline + 1) {
		*newline = '\0';
		put(sink, "", lines, "; ");
	}
	put(sink, "", lines, "\n");
}

static void put_evidence(struct sink *sink, const struct report *report, const struct finding *finding)
{
	for (size_t i = 0; i < finding->because_count; i++) {
		const struct observation *o = report->evidence->observations[finding->because[i]];
		struct buf label, words;
		buf_init(&label, LIMIT_LINE_BYTES);
		buf_init(&words, LIMIT_FACT_BYTES);
		seen_label(&label, o, report->run);
		seen_words(&words, o);
		put(sink, i == 0 ? "Seen:\n\n- " : "- ", label.bytes, ": ");
		put_lines(sink, words.bytes);
		buf_clear(&label);
		buf_clear(&words);
	}
	if (finding->because_count > 0)
		sink_puts(sink, "\n");
}

static void put_finding(struct sink *sink, const struct report *report, const struct finding *finding)
{
	const struct catalogue_entry *entry = catalogue_get(finding->id);
	struct advice advice;
	advice_init(&advice, finding);
	sink_printf(sink, "### %s %s: ", words_state(finding->severity), entry->id);
	put(sink, "", finding->subject, "\n\n");
	put(sink, "", finding->summary, "\n\n");
	if (advice.message != NULL)
		put(sink, "> Microsoft: ", advice.message, "\n\n");
	if (*advice.cause != '\0')
		put(sink, "", advice.cause, "\n\n");
	put_evidence(sink, report, finding);
	if (advice.step_count > 0)
		sink_printf(sink, "To do%s%s:\n\n", entry->actor != ACTOR_NOBODY ? ", by " : "", words_actor(entry->actor));
	for (size_t i = 0; i < advice.step_count; i++)
		put_step(sink, &advice.steps[i]);
	if (advice.step_count > 0)
		sink_puts(sink, "\n");
	advice_clear(&advice);
}

static void put_actions(struct sink *sink, const struct findings *findings)
{
	struct actions actions;
	actions_init(&actions, findings);
	if (actions.count > 0)
		sink_puts(sink, "Who has to act, in this order:\n\n");
	for (size_t i = 0; i < actions.count; i++) {
		const struct action *action = &actions.items[i];
		put(sink, "1. **", words_actor(action->actor), "**:");
		for (size_t n = 0; n < action->count; n++) {
			put(sink, n == 0 ? " " : ", ", catalogue_get(action->findings[n]->id)->id, " (");
			put(sink, "", action->findings[n]->subject, ")");
		}
		sink_puts(sink, "\n");
	}
	if (actions.count > 0)
		sink_puts(sink, "\n");
	actions_clear(&actions);
}

static void put_messages(struct sink *sink, const struct diagnosis *diagnosis)
{
	if (!diagnosis->is_known)
		sink_puts(sink, "None of the messages that are known here.\n\n");
	for (size_t i = 0; i < diagnosis->message_count; i++) {
		struct buf words;
		buf_init(&words, LIMIT_FACT_BYTES);
		walk_message(&words, &diagnosis->messages[i]);
		put(sink, i == 0 ? "**Message:** " : "- also there: ", words.bytes, "");
		buf_reset(&words);
		walk_users(&words, &diagnosis->messages[i]);
		put(sink, words.length > 0 ? " - " : "", words.bytes, i == 0 ? "\n\n" : "\n");
		buf_clear(&words);
	}
	if (diagnosis->message_count > 1)
		sink_puts(sink, "\n");
}

static void put_walk(struct sink *sink, const struct diagnosis *diagnosis)
{
	struct buf words;
	buf_init(&words, LIMIT_FACT_BYTES);
	sink_puts(sink, "## The message, step by step\n\n");
	put_messages(sink, diagnosis);
	for (size_t i = 0; i < diagnosis->step_count; i++) {
		const struct diagnosis_step *step = &diagnosis->steps[i];
		sink_printf(sink, "%zu. **%s**", i + 1, walk_state(step->state));
		put(sink, " ", step->title, "");
		buf_reset(&words);
		walk_evidence(&words, step);
		put(sink, words.length > 0 ? ": " : "", words.bytes, "\n");
	}
	buf_reset(&words);
	walk_likely(&words, diagnosis);
	put(sink, "\n**Most likely:** ", words.bytes, "\n\n");
	buf_clear(&words);
}

static void put_clock(struct sink *sink, const struct report *report, const struct verdict *verdict)
{
	struct words_clock lines[WORDS_CLOCK_LINES];
	bool is_known = false;
	words_clock(verdict, lines);
	for (int i = 0; i < WORDS_CLOCK_LINES; i++) {
		struct buf when;
		if (lines[i].seconds == TIME_UNKNOWN)
			continue;
		buf_init(&when, LIMIT_LINE_BYTES);
		words_time(&when, lines[i].seconds);
		buf_puts(&when, ", ");
		words_distance(&when, lines[i].seconds, report->policy->now);
		sink_printf(sink, "- %s: **%s**\n", lines[i].label, when.bytes);
		is_known = true;
		buf_clear(&when);
	}
	if (is_known)
		sink_puts(sink, "\n");
}

static void put_table(struct sink *sink, const struct findings *findings)
{
	if (findings->count > 0)
		sink_puts(sink, "| state | finding | subject | fact |\n|---|---|---|---|\n");
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->items[i];
		sink_printf(sink, "| %s | %s | ", words_state(finding->severity), catalogue_get(finding->id)->id);
		put(sink, "", finding->subject, " | ");
		put(sink, "", finding->summary, " |\n");
	}
	if (findings->count > 0)
		sink_puts(sink, "\n");
	if (findings->ignored > 0)
		sink_printf(sink, "%zu ignored as asked.\n\n", findings->ignored);
}

static void report_markdown(struct render *render, const struct report *report)
{
	struct sink *sink = render->sink;
	struct verdict verdict = report_verdict(report, 1);
	struct buf headline;
	buf_init(&headline, LIMIT_LINE_BYTES);
	words_headline(&headline, &verdict);
	put(sink, "# ", words_title(report), "\n\n");
	put(sink, "**", headline.bytes, "**\n\n");
	if (report->diagnosis != NULL)
		put_walk(sink, report->diagnosis);
	put_actions(sink, report->findings);
	put_clock(sink, report, &verdict);
	put_table(sink, report->findings);
	for (size_t i = 0; i < report->findings->count; i++)
		if (report->findings->items[i]->severity >= SEVERITY_UNKNOWN)
			put_finding(sink, report, report->findings->items[i]);
	buf_clear(&headline);
}

static void nothing(struct render *render)
{
	render->state = NULL;
}

const struct renderer markdown_renderer = {"markdown", "for tickets and wikis", nothing, report_markdown, nothing};
