/* The troubleshooter's walk of `diagnose`: the message, each step with its state, the most likely cause. */
#include "base/buf.h"
#include "cutover/diagnosis.h"
#include "cutover/limits.h"
#include "render/text_parts.h"

enum { STATE_COLUMN = 4, TITLE_COLUMN = 19 };

static const struct {
	const char *word;
	int style;
} states[] = {
    [STEP_CONFIRMED] = {"THIS ONE", SEVERITY_FAIL},
    [STEP_RULED_OUT] = {"ruled out", SEVERITY_PASS},
    [STEP_NOT_TESTED] = {"not tested", SEVERITY_UNKNOWN},
    [STEP_FOR_A_PERSON] = {"for a person", STYLE_BOLD},
};

/* "timed-out (host imap.contoso.com), 3 times" */
static void put_message(struct page *page, const struct observation *o)
{
	struct buf words;
	buf_init(&words, LIMIT_LINE_BYTES);
	page_put(page, STYLE_BOLD, "Message");
	page_gap(page, TEXT_GUTTER);
	buf_puts(&words, observation_text(o, FACT_MESSAGE_NAME, 0));
	for (uint32_t row = 0; row < observation_rows(o, FACT_MESSAGE_CAPTURE); row++)
		buf_printf(&words, ", %s %s", observation_text(o, FACT_MESSAGE_CAPTURE, row), observation_text(o, FACT_MESSAGE_CAPTURED, row));
	int64_t times = observation_int_or(o, FACT_MESSAGE_TIMES, 0, 1);
	if (times > 1)
		buf_printf(&words, ", %lld times", (long long)times);
	page_wrap(page, TEXT_GUTTER, STYLE_PLAIN, words.bytes);
	buf_clear(&words);
}

static void put_unknown(struct page *page, const struct observation *o)
{
	page_wrap(page, 0, SEVERITY_UNKNOWN, "This is none of the messages that are known here.");
	for (uint32_t row = 0; row < observation_rows(o, FACT_MESSAGE_CANDIDATE); row++) {
		page_printf(page, STYLE_PLAIN, "  %lld %% of the words of  ", (long long)observation_int_or(o, FACT_MESSAGE_SHARED, row, 0));
		page_wrap(page, TEXT_GUTTER, STYLE_PLAIN, observation_text(o, FACT_MESSAGE_CANDIDATE, row));
	}
}

static void put_step(struct page *page, const struct diagnosis_step *step, int number)
{
	page_printf(page, STYLE_PLAIN, "%2d.", number);
	page_to(page, STATE_COLUMN);
	page_put(page, states[step->state].style, states[step->state].word);
	page_gap(page, TITLE_COLUMN);
	page_wrap(page, TITLE_COLUMN, STYLE_PLAIN, step->title);
	if (step->finding != NULL) {
		page_to(page, TITLE_COLUMN);
		page_printf(page, STYLE_FAINT, "%s ", catalogue_get(step->finding->id)->id);
		page_printf(page, STYLE_FAINT, "%s: %s", step->finding->subject, step->finding->summary);
		page_line(page);
	} else if (step->needs[0] != '\0') {
		page_to(page, TITLE_COLUMN);
		page_printf(page, STYLE_FAINT, "would be answered with %s", step->needs);
		page_line(page);
	}
}

static void put_likely(struct page *page, const struct diagnosis *diagnosis)
{
	page_put(page, STYLE_BOLD, "Most likely");
	page_gap(page, TEXT_GUTTER);
	if (diagnosis->likely != NULL) {
		const struct catalogue_entry *entry = catalogue_get(diagnosis->likely->finding->id);
		struct buf words;
		buf_init(&words, LIMIT_LINE_BYTES);
		buf_printf(&words, "%s at %s", entry->title, diagnosis->likely->finding->subject);
		if (entry->actor != ACTOR_NOBODY)
			buf_printf(&words, "; %s has to act", actor_name(entry->actor));
		page_wrap(page, TEXT_GUTTER, STYLE_PLAIN, words.bytes);
		buf_clear(&words);
	} else {
		page_wrap(page, TEXT_GUTTER, STYLE_PLAIN, "none of the steps that could be tested from here; the others stand above, in order");
	}
}

void text_walk(struct page *page, const struct diagnosis *diagnosis)
{
	if (!diagnosis->is_known) {
		put_unknown(page, diagnosis->message);
		page_line(page);
		return;
	}
	put_message(page, diagnosis->message);
	for (size_t i = 0; i < diagnosis->step_count; i++)
		put_step(page, &diagnosis->steps[i], (int)i + 1);
	put_likely(page, diagnosis);
	page_line(page);
}
