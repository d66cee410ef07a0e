#include "base/buf.h"
#include "cutover/limits.h"
#include "render/actions.h"
#include "render/html_parts.h"
#include "render/words.h"

static void put_counts(const struct html *html, const struct verdict *verdict)
{
	sink_puts(html->sink, "<ul class='counts'>");
	for (int severity = SEVERITY_FAIL; severity >= SEVERITY_PASS; severity--)
		if (verdict->counts[severity] > 0)
			sink_printf(html->sink, "<li class='%s'><b>%zu</b> %s</li>", severity_name((enum severity)severity),
			            verdict->counts[severity], severity_name((enum severity)severity));
	if (verdict->ignored > 0)
		sink_printf(html->sink, "<li><b>%zu</b> ignored</li>", verdict->ignored);
	sink_puts(html->sink, "</ul>\n");
}

/* The finding's place in the list: its anchor. */
static size_t index_of(const struct html *html, const struct finding *finding)
{
	size_t index = 0;
	while (html->report->findings->items[index] != finding)
		index++;
	return index;
}

static void put_action(const struct html *html, const struct action *action)
{
	enum { SHOWN = 12 };
	html_element(html, "<li><b class='actor'>", words_actor(action->actor), "</b><ul>");
	for (size_t i = 0; i < action->count && i < SHOWN; i++) {
		const struct finding *finding = action->findings[i];
		sink_printf(html->sink, "<li><a href='#m%zu-f%zu'>", html->number, index_of(html, finding));
		html_text(html, catalogue_get(finding->id)->id);
		html_element(html, "</a> <span class='faint'>", finding->subject, "</span></li>");
	}
	if (action->count > SHOWN)
		sink_printf(html->sink, "<li>and %zu more</li>", action->count - SHOWN);
	sink_puts(html->sink, "</ul></li>\n");
}

void html_verdict(const struct html *html, const struct verdict *verdict)
{
	struct actions actions;
	struct buf headline;
	buf_init(&headline, LIMIT_LINE_BYTES);
	words_headline(&headline, verdict);
	sink_printf(html->sink, "<section class='verdict %s'>\n", severity_name(verdict->status));
	html_element(html, "<p class='headline'>", headline.bytes, "</p>\n");
	put_counts(html, verdict);
	actions_init(&actions, html->report->findings);
	if (actions.count > 0)
		sink_puts(html->sink, "<h2>Who has to act, in this order</h2>\n<ol class='actions'>\n");
	for (size_t i = 0; i < actions.count; i++)
		put_action(html, &actions.items[i]);
	if (actions.count > 0)
		sink_puts(html->sink, "</ol>\n");
	sink_puts(html->sink, "</section>\n");
	actions_clear(&actions);
	buf_clear(&headline);
}
