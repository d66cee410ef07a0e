/* `explain ID...`: the pages of findings, built in; --list: all of them, a line each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/explain_page.h"
#include "app/options.h"
#include "app/output.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/catalogue.h"
#include "cutover/sink.h"
#include "model/embedded.h"

enum { SUGGESTIONS = 4, ID_BYTES = 64, ERROR_BYTES = 512 };

/* Levenshtein's distance of two texts under ID_BYTES: insertions, deletions and replacements that turn one into the other. */
static int distance(const char *a, const char *b)
{
	int row[ID_BYTES + 1];
	int width = (int)strlen(b);
	for (int i = 0; i <= width; i++)
		row[i] = i;
	for (int line = 1; a[line - 1] != '\0'; line++) {
		int diagonal = row[0];
		row[0] = line;
		for (int i = 1; i <= width; i++) {
			int replaced = diagonal + (a[line - 1] != b[i - 1]);
			diagonal = row[i];
			int shorter = (row[i] < row[i - 1] ? row[i] : row[i - 1]) + 1;
			row[i] = replaced < shorter ? replaced : shorter;
		}
	}
	return row[width];
}

/* How far an id is from what was typed; 0 for one that holds it, -1 when it is no near miss. */
static int miss(const char *typed, const char *id)
{
	enum { SHORTEST_PART = 3 };
	size_t length = strlen(typed);
	if (length >= SHORTEST_PART && strstr(id, typed) != NULL)
		return 0;
	int far = distance(typed, id), most = length < 6 ? 1 : length < 12 ? 3 : 4;
	return far <= most ? far : -1;
}

/* The nearest ids, ", " between them. */
static void suggest(const char *typed, struct buf *out)
{
	enum { FARTHEST = 4 };
	size_t count = 0;
	for (int wanted = 0; wanted <= FARTHEST; wanted++)
		for (int id = 0; id < FINDING_COUNT && count < SUGGESTIONS; id++) {
			const char *name = catalogue_get((enum finding_id)id)->id;
			if (miss(typed, name) != wanted)
				continue;
			buf_printf(out, "%s%s", count > 0 ? ", " : "", name);
			count++;
		}
}

static int check_id(const char *id, struct error *error)
{
	char typed[ID_BYTES];
	struct buf near;
	if (catalogue_find(id) != FINDING_COUNT)
		return 0;
	snprintf(typed, sizeof typed, "%s", id);
	str_lower(typed);
	buf_init(&near, ERROR_BYTES);
	suggest(typed, &near);
	if (near.length > 0)
		error_set(error, "'%.60s' is no finding; near it: %s", id, near.bytes);
	else
		error_set(error, "'%.60s' is no finding; 'cutover explain --list' names all", id);
	buf_clear(&near);
	return -1;
}

static int print_pages(const struct options *options, struct page *page, bool is_terminal, struct error *error)
{
	const struct names *ids = &options->arguments;
	for (size_t i = 0; i < ids->count; i++) {
		char *name = xasprintf("doc/findings/%s.md", ids->items[i]);
		const char *text = embedded_text(name);
		free(name);
		if (text == NULL)
			return error_set(error, "%.60s: its page is missing from this build", ids->items[i]);
		if (i > 0)
			sink_puts(page->sink, "\n");
		if (is_terminal)
			explain_page(page, text);
		else
			sink_puts(page->sink, text);
	}
	return 0;
}

/* A line each for programs and pagers; on a terminal what a finding says is wrapped in its column. */
static void print_list(struct page *page, bool is_terminal)
{
	enum { BEFORE = 29, AFTER = 38, WHO = 47, SAYS = 58 };
	sink_puts(page->sink, "finding                      before   after    who        what it says\n");
	for (int id = 0; id < FINDING_COUNT; id++) {
		const struct catalogue_entry *entry = catalogue_get((enum finding_id)id);
		if (!is_terminal) {
			sink_printf(page->sink, "%-28s %-8s %-8s %-10s %s\n", entry->id, severity_name(entry->before), severity_name(entry->after),
			            actor_name(entry->actor), entry->title);
			continue;
		}
		page_put(page, STYLE_BOLD, entry->id);
		page_to(page, BEFORE);
		page_put(page, (int)entry->before, severity_name(entry->before));
		page_to(page, AFTER);
		page_put(page, (int)entry->after, severity_name(entry->after));
		page_to(page, WHO);
		page_put(page, STYLE_PLAIN, actor_name(entry->actor));
		page_gap(page, SAYS);
		page_wrap(page, SAYS, STYLE_PLAIN, entry->title);
	}
}

static int explain_run(const struct options *options, struct error *error)
{
	struct render_options how = output_render_options(options);
	for (size_t i = 0; i < options->arguments.count; i++)
		if (check_id(options->arguments.items[i], error) != 0)
			return -1;
	struct render render = {.sink = sink_new_fd(STDOUT_FILENO), .options = &how};
	struct page page;
	page_init(&page, &render);
	int result = 0;
	if (option_is_set(options, OPTION_LIST))
		print_list(&page, how.width > 0);
	else
		result = print_pages(options, &page, how.width > 0, error);
	return sink_commit(render.sink, result == 0 ? error : NULL) == 0 ? result : -1;
}

const struct command explain_command = {
    .name = "explain",
    .arguments = "ID...",
    .about = "The page of a finding: what it means, how it was found, what to do (--list: all ids)",
    .examples = "cutover explain cert-chain-incomplete\n"
                "cutover explain port-timeout firewall-missing-range | less\n"
                "cutover explain --list",
    .least_arguments = 1,
    .most_arguments = -1,
    .run = explain_run,
};
