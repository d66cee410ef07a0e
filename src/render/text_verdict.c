#include "base/buf.h"
#include "cutover/limits.h"
#include "render/actions.h"
#include "render/text_parts.h"
#include "render/words.h"

enum { ACTOR_COLUMN = 5, CLOCK_COLUMN = 27 };

/* "  1. firewall   port-timeout (imap.contoso.com:993), ..." */
static void put_action(struct page *page, size_t number, const struct action *action)
{
	enum { SHOWN = 8 };
	struct buf ids;
	buf_init(&ids, LIMIT_FACT_BYTES);
	for (size_t i = 0; i < action->count && i < SHOWN; i++) {
		const struct finding *finding = action->findings[i];
		buf_printf(&ids, "%s%s (%s)", i == 0 ? "" : ", ", catalogue_get(finding->id)->id, finding->subject);
	}
	if (action->count > SHOWN)
		buf_printf(&ids, " and %zu more", action->count - SHOWN);
	page_printf(page, STYLE_PLAIN, "  %zu. ", number);
	page_to(page, ACTOR_COLUMN);
	page_put(page, STYLE_BOLD, words_actor(action->actor));
	page_gap(page, ACTOR_COLUMN + 11);
	page_wrap(page, ACTOR_COLUMN + 11, STYLE_PLAIN, ids.bytes);
	buf_clear(&ids);
}

static void put_actions(struct page *page, const struct findings *findings)
{
	struct actions actions;
	actions_init(&actions, findings);
	if (actions.count > 0) {
		page_put(page, STYLE_FAINT, "Who has to act, in this order");
		page_line(page);
	}
	for (size_t i = 0; i < actions.count; i++)
		put_action(page, i + 1, &actions.items[i]);
	actions_clear(&actions);
}

static void put_clock(struct page *page, const struct verdict *verdict, int64_t now)
{
	struct words_clock lines[WORDS_CLOCK_LINES];
	words_clock(verdict, lines);
	for (int i = 0; i < WORDS_CLOCK_LINES; i++) {
		struct buf when;
		if (lines[i].seconds == TIME_UNKNOWN)
			continue;
		buf_init(&when, LIMIT_LINE_BYTES);
		words_time(&when, lines[i].seconds);
		if (now != TIME_UNKNOWN) {
			buf_puts(&when, " (");
			words_distance(&when, lines[i].seconds, now);
			buf_puts(&when, ")");
		}
		page_printf(page, STYLE_PLAIN, "%s", lines[i].label);
		page_gap(page, CLOCK_COLUMN);
		page_put(page, STYLE_BOLD, when.bytes);
		page_line(page);
		buf_clear(&when);
	}
}

void text_verdict(struct page *page, const struct verdict *verdict, const struct findings *findings, int64_t now)
{
	struct buf headline;
	buf_init(&headline, LIMIT_LINE_BYTES);
	words_headline(&headline, verdict);
	page_put(page, (int)verdict->status, headline.bytes);
	page_line(page);
	if (findings != NULL)
		put_actions(page, findings);
	put_clock(page, verdict, now);
	if (verdict->ignored > 0) {
		page_printf(page, STYLE_FAINT, "%zu ignored as asked", verdict->ignored);
		page_line(page);
	}
	buf_clear(&headline);
}
