/* The troubleshooter's walk of `diagnose`: the messages, each step with its state, the most likely cause. */
#include "base/buf.h"
#include "cutover/limits.h"
#include "render/text_parts.h"
#include "render/walk.h"

enum { STATE_COLUMN = 4, TITLE_COLUMN = 19 };

static void put_message(struct page *page, const struct diagnosis_message *message, const char *label)
{
	struct buf words;
	buf_init(&words, LIMIT_FACT_BYTES);
	page_put(page, STYLE_BOLD, label);
	page_gap(page, TEXT_GUTTER);
	walk_message(&words, message);
	page_wrap(page, TEXT_GUTTER, STYLE_PLAIN, words.bytes);
	buf_reset(&words);
	walk_users(&words, message);
	if (words.length > 0) {
		page_to(page, TEXT_GUTTER);
		page_wrap(page, TEXT_GUTTER, STYLE_FAINT, words.bytes);
	}
	buf_clear(&words);
}

static void put_messages(struct page *page, const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->message_count; i++)
		put_message(page, &diagnosis->messages[i], i == 0 ? "Message" : i == 1 ? "Also there" : "");
	if (diagnosis->messages_left == 0)
		return;
	page_to(page, TEXT_GUTTER);
	page_printf(page, STYLE_FAINT, "and %zu more; --json has all", diagnosis->messages_left);
	page_line(page);
}

static void put_unknown(struct page *page, const struct observation *o)
{
	enum { PERCENT_COLUMN = 2 };
	uint32_t rows = observation_rows(o, FACT_MESSAGE_CANDIDATE);
	page_wrap(page, 0, SEVERITY_UNKNOWN, "This is none of the messages that are known here.");
	if (rows > 0)
		page_wrap(page, 0, STYLE_PLAIN, "Closest, by the words that they share with it:");
	for (uint32_t row = 0; row < rows; row++) {
		const char *candidate = observation_text(o, FACT_MESSAGE_CANDIDATE, row);
		page_to(page, PERCENT_COLUMN);
		page_printf(page, STYLE_PLAIN, "%3lld %%", (long long)observation_int_or(o, FACT_MESSAGE_SHARED, row, 0));
		page_gap(page, TEXT_INDENT + 3);
		page_wrap(page, TEXT_INDENT + 3, STYLE_PLAIN, candidate != NULL ? candidate : "-");
	}
	page_wrap(page, 0, STYLE_PLAIN, "What Microsoft's troubleshooter advises for all others:");
}

static void put_step(struct page *page, const struct diagnosis_step *step, int number)
{
	int style = step->state == STEP_FOR_A_PERSON ? STYLE_BOLD : (int)walk_severity(step->state);
	struct buf words;
	buf_init(&words, LIMIT_FACT_BYTES);
	page_printf(page, STYLE_PLAIN, "%2d.", number);
	page_to(page, STATE_COLUMN);
	page_put(page, style, walk_state(step->state));
	page_gap(page, TITLE_COLUMN);
	page_wrap(page, TITLE_COLUMN, STYLE_PLAIN, step->title);
	walk_evidence(&words, step);
	if (words.length > 0) {
		page_to(page, TITLE_COLUMN);
		page_wrap(page, TITLE_COLUMN, STYLE_FAINT, words.bytes);
	}
	buf_clear(&words);
}

void text_walk(struct page *page, const struct diagnosis *diagnosis)
{
	struct buf words;
	buf_init(&words, LIMIT_FACT_BYTES);
	if (diagnosis->is_known)
		put_messages(page, diagnosis);
	else
		put_unknown(page, diagnosis->message);
	for (size_t i = 0; i < diagnosis->step_count; i++)
		put_step(page, &diagnosis->steps[i], (int)i + 1);
	walk_likely(&words, diagnosis);
	page_put(page, STYLE_BOLD, "Most likely");
	page_gap(page, TEXT_GUTTER);
	page_wrap(page, TEXT_GUTTER, STYLE_BOLD, words.bytes);
	page_line(page);
	buf_clear(&words);
}
