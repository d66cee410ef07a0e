#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cutover/limits.h"
#include "render/html_parts.h"
#include "render/seen.h"
#include "render/seen_dns.h"
#include "render/words.h"

/* One linear scale up to the limit, full beyond it: what matters is on which side of it a server is. */
static void put_bar(const struct html *html, const struct seen_ttl *ttl, int64_t limit)
{
	bool is_over = ttl->ttl_s > limit;
	int percent = is_over || limit <= 0 ? 100 : (int)(ttl->ttl_s * 100 / limit);
	sink_printf(html->sink, "<td class='number'>%lld s</td>", (long long)ttl->ttl_s);
	sink_puts(html->sink, "<td class='bar'><svg width='100%' height='12' aria-hidden='true'>"
	                      "<rect class='track' width='100%' height='12' rx='3'/>");
	sink_printf(html->sink, "<rect class='%s' width='%d%%' height='12' rx='3'/></svg></td>", is_over ? "warn" : "pass",
	            percent > 2 ? percent : 2);
	sink_printf(html->sink, "<td>%s %lld s", is_over ? "<b>over the limit</b>" : "limit", (long long)limit);
	sink_puts(html->sink, ttl->is_cache ? ", left in this cache</td>" : "</td>");
}

static void put_ttl(const struct html *html, const struct seen_ttl *ttl, int64_t limit)
{
	const char *server = ttl->server != NULL ? ttl->server : ttl->is_cache ? "cache" : "-";
	html_element(html, "<tr><th scope='row'>", server, "</th>");
	html_element(html, "<td><code>", ttl->address != NULL ? ttl->address : "-", "</code>");
	if (ttl->vantage != NULL)
		html_element(html, " <span class='faint'>from ", ttl->vantage, "</span>");
	sink_puts(html->sink, "</td>");
	put_bar(html, ttl, limit);
	sink_puts(html->sink, "</tr>\n");
}

void html_ttls(const struct html *html)
{
	size_t count = 0;
	struct seen_ttl *ttls = seen_ttls(html->report, &count);
	if (count > 0)
		sink_puts(html->sink, "<section class='card'>\n<h2>TTL of the MX set</h2>\n"
		                      "<div class='wide'><table class='ttl stack'>\n");
	for (size_t i = 0; i < count; i++)
		put_ttl(html, &ttls[i], html->report->policy->ttl_limit_s);
	if (count > 0)
		sink_puts(html->sink, "</table></div>\n</section>\n");
	free(ttls);
}

static void put_dialogue(const struct html *html, const struct observation *o)
{
	if (o->line_count == 0)
		return;
	sink_puts(html->sink, "<pre class='dialogue'>");
	for (size_t i = 0; i < o->line_count; i++) {
		const struct transcript_line *line = &o->lines[i];
		char arrow[2] = {line->direction, '\0'};
		sink_printf(html->sink, "%4lld.%03lld s ", (long long)(line->at_ms / 1000), (long long)(line->at_ms % 1000));
		html_text(html, arrow);
		html_element(html, " ", line->text, "\n");
	}
	sink_puts(html->sink, "</pre>");
}

static void put_observation(const struct html *html, size_t index)
{
	const struct observation *o = html->report->evidence->observations[index];
	struct buf label, words, took;
	buf_init(&label, LIMIT_LINE_BYTES);
	buf_init(&words, LIMIT_FACT_BYTES);
	buf_init(&took, LIMIT_LINE_BYTES);
	seen_label(&label, o, html->report->run);
	seen_words(&words, o);
	words_duration(&took, o->elapsed_ms);
	sink_printf(html->sink, "<tr id='m%zu-o%zu'><td class='number'>%zu</td>", html->number, index, index);
	html_element(html, "<td><code>", o->probe, "</code> ");
	html_element(html, "", o->target, "<br>");
	html_element(html, "<span class='faint'>", label.bytes, "</span></td>");
	html_element(html, "<td>", outcome_name(o->outcome), "</td>");
	html_element(html, "<td class='number'>", took.bytes, "</td><td>");
	html_lines(html, "div", words.bytes);
	if (html->verbosity >= 2)
		put_dialogue(html, o);
	sink_puts(html->sink, "</td></tr>\n");
	buf_clear(&label);
	buf_clear(&words);
	buf_clear(&took);
}

void html_observations(const struct html *html)
{
	size_t count = html->report->evidence->count;
	if (count == 0)
		return;
	sink_printf(html->sink, "<details class='all'><summary>All observations (%zu)</summary>\n", count);
	sink_puts(html->sink, "<div class='wide'><table class='stack'>\n<thead><tr><th>#</th><th>probe</th>"
	                      "<th>outcome</th><th>took</th><th>seen</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < count; i++)
		put_observation(html, i);
	sink_puts(html->sink, "</tbody></table></div>\n</details>\n");
}
