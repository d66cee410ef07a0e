#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "render/seen.h"
#include "render/seen_dns.h"
#include "render/seen_hanging.h"
#include "render/text_parts.h"
#include "render/words.h"

enum { BAR_CELLS = 10, DIALOGUE_COLUMN = 14 };

static void ttl_label(struct buf *out, const struct seen_ttl *ttl)
{
	if (ttl->vantage != NULL)
		buf_printf(out, "[%s] ", ttl->vantage);
	if (ttl->server != NULL)
		buf_printf(out, "%s ", ttl->server);
	buf_puts(out, ttl->address != NULL ? ttl->address : "");
}

/* "  MX   300 s [#---------] limit 3600 s": full at the limit, and a word when over it. */
static void put_bar(struct page *page, const struct seen_ttl *ttl, int64_t limit)
{
	char bar[BAR_CELLS + 1];
	bool is_over = ttl->ttl_s > limit;
	int64_t filled = is_over || limit <= 0 ? BAR_CELLS : (ttl->ttl_s * BAR_CELLS + limit - 1) / limit;
	memset(bar, '-', BAR_CELLS);
	memset(bar, '#', (size_t)filled);
	bar[BAR_CELLS] = '\0';
	page_printf(page, STYLE_PLAIN, "MX %6lld s ", (long long)ttl->ttl_s);
	page_printf(page, is_over ? SEVERITY_WARN : SEVERITY_PASS, "[%s]", bar);
	page_printf(page, STYLE_FAINT, is_over ? " over the limit %lld s" : " limit %lld s", (long long)limit);
	if (ttl->is_cache)
		page_put(page, STYLE_FAINT, ", left in this cache");
	if (ttl->set != NULL)
		page_printf(page, STYLE_FAINT, ": %.200s", ttl->set);
	page_line(page);
}

static void hanging_label(struct buf *out, const struct seen_hanging *hanging)
{
	buf_printf(out, "%s %s%s", hanging->name, hanging->kind, hanging->is_parent ? " at the parent" : "");
}

/* "autodiscover.contoso.com CNAME   300 to 86400 s at 4 addresses" */
static void put_hangings(struct text *text)
{
	size_t count = 0;
	struct seen_hanging *hangings = seen_hangings(text->report, &count);
	struct page *page = &text->page;
	struct buf label;
	int widest = 0;
	buf_init(&label, LIMIT_LINE_BYTES);
	for (int is_print = 0; is_print <= 1; is_print++)
		for (size_t i = 0; i < count; i++) {
			const struct seen_hanging *hanging = &hangings[i];
			buf_reset(&label);
			hanging_label(&label, hanging);
			if (is_print == 0) {
				int columns = page_columns(page, label.bytes);
				widest = columns > widest ? columns : widest;
				continue;
			}
			page_put(page, STYLE_PLAIN, label.bytes);
			page_gap(page, widest + 2);
			if (hanging->least_s < hanging->most_s)
				page_printf(page, STYLE_PLAIN, "%lld to ", (long long)hanging->least_s);
			page_printf(page, STYLE_PLAIN, "%lld s", (long long)hanging->most_s);
			page_printf(page, STYLE_FAINT, " at %zu address%s", hanging->addresses, hanging->addresses > 1 ? "es" : "");
			if (hanging->caches > 0)
				page_printf(page, STYLE_FAINT, "; %zu cache%s, up to %lld s left", hanging->caches, hanging->caches > 1 ? "s" : "",
				            (long long)hanging->left_s);
			page_line(page);
		}
	if (count > 0)
		page_line(page);
	buf_clear(&label);
	free(hangings);
}

/* A resolver that works and has given no set, fresh or old: what is asked of it next comes from the zone. */
static bool is_without_set(const struct observation *o)
{
	return str_equal(o->probe, "cache") && str_equal(observation_text(o, FACT_CACHE_REACH, 0), outcome_name(OUTCOME_OK)) &&
	       o->address != NULL && observation_rows(o, FACT_CACHE_MX) == 0;
}

static int compare_addresses(const void *left, const void *right)
{
	const struct observation *const *a = left, *const *b = right;
	return strverscmp((*a)->address, (*b)->address);
}

/* "No MX set in 2 resolvers: cache-4 192.0.2.64, cache-5 192.0.2.65". */
static void put_without_set(struct text *text)
{
	const struct evidence *evidence = text->report->evidence;
	const struct observation **list = xcalloc(evidence->count + 1, sizeof *list);
	size_t count = 0;
	struct buf words;
	for (size_t i = 0; i < evidence->count; i++)
		if (is_without_set(evidence->observations[i]))
			list[count++] = evidence->observations[i];
	qsort(list, count, sizeof *list, compare_addresses);
	buf_init(&words, LIMIT_FACT_BYTES);
	buf_printf(&words, "No MX set in %zu resolver%s", count, count > 1 ? "s" : "");
	for (size_t i = 0; i < count && i < LIMIT_SHOWN_ALIKE; i++) {
		const char *name = observation_text(list[i], FACT_CACHE_NAME, 0);
		buf_printf(&words, "%s%s%s%s", i > 0 ? ", " : ": ", name != NULL ? name : "", name != NULL ? " " : "", list[i]->address);
	}
	buf_puts(&words, count > LIMIT_SHOWN_ALIKE ? ", ..." : "");
	if (count > 0)
		page_wrap(&text->page, 0, STYLE_FAINT, words.bytes);
	buf_clear(&words);
	free(list);
}

void text_ttls(struct text *text)
{
	size_t count = 0;
	bool is_ttl = str_equal(text->report->run->command, "ttl");
	if (text->verbosity < 1 && !is_ttl && !str_equal(text->report->run->command, "propagation"))
		return;
	struct seen_ttl *ttls = seen_ttls(text->report, &count);
	struct buf label;
	int widest = 0;
	buf_init(&label, LIMIT_LINE_BYTES);
	for (size_t i = 0; i < count; i++) {
		buf_reset(&label);
		ttl_label(&label, &ttls[i]);
		int columns = page_columns(&text->page, label.bytes);
		if (columns > widest)
			widest = columns;
	}
	for (size_t i = 0; i < count; i++) {
		buf_reset(&label);
		ttl_label(&label, &ttls[i]);
		page_put(&text->page, STYLE_PLAIN, label.bytes);
		page_gap(&text->page, widest + 2);
		put_bar(&text->page, &ttls[i], text->report->policy->ttl_limit_s);
	}
	put_without_set(text);
	if (count > 0)
		page_line(&text->page);
	buf_clear(&label);
	free(ttls);
	if (is_ttl)
		put_hangings(text);
}

static void put_dialogue(struct text *text, size_t index)
{
	const struct observation *o = text->report->evidence->observations[index];
	struct page *page = &text->page;
	struct buf words;
	buf_init(&words, LIMIT_FACT_BYTES);
	page_printf(page, STYLE_BOLD, "[%zu] %s %s", index, o->probe, o->target);
	buf_printf(&words, "  ");
	seen_label(&words, o, text->report->run);
	buf_printf(&words, "  %s, ", outcome_name(o->outcome));
	words_duration(&words, o->elapsed_ms);
	page_put(page, STYLE_PLAIN, words.bytes);
	page_line(page);
	buf_reset(&words);
	seen_words(&words, o);
	page_to(page, TEXT_INDENT);
	page_wrap_lines(page, TEXT_INDENT, STYLE_PLAIN, words.bytes);
	for (size_t i = 0; i < o->line_count; i++) {
		const struct transcript_line *line = &o->lines[i];
		long long at_ms = line->at_ms;
		page_printf(page, STYLE_FAINT, "%4lld.%03lld s %c", at_ms / 1000, at_ms % 1000, line->direction);
		page_to(page, DIALOGUE_COLUMN);
		page_wrap(page, DIALOGUE_COLUMN, STYLE_PLAIN, line->text);
	}
	page_line(page);
	buf_clear(&words);
}

void text_dialogues(struct text *text)
{
	for (size_t i = 0; i < text->report->evidence->count; i++)
		put_dialogue(text, i);
}
