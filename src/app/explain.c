/* `explain [ID]`: the page of a finding, built in; --list: all of them, a line each. */
#include <stdio.h>
#include <stdlib.h>

#include "app/command.h"
#include "app/options.h"
#include "base/xalloc.h"
#include "cutover/catalogue.h"
#include "model/embedded.h"

static void print_list(void)
{
	for (int id = 0; id < FINDING_COUNT; id++) {
		const struct catalogue_entry *entry = catalogue_get((enum finding_id)id);
		printf("%-28s %-8s %-8s %-10s %s\n", entry->id, severity_name(entry->before), severity_name(entry->after),
		       actor_name(entry->actor), entry->title);
	}
}

static int print_page(const char *id, struct error *error)
{
	if (catalogue_find(id) == FINDING_COUNT)
		return error_set(error, "'%.60s' is no finding; 'cutover explain --list' names all", id);
	char *name = xasprintf("doc/findings/%s.md", id);
	const char *page = embedded_text(name);
	free(name);
	if (page == NULL)
		return error_set(error, "%.60s: its page is missing from this build", id);
	fputs(page, stdout);
	return 0;
}

static int explain_run(const struct options *options, struct error *error)
{
	if (option_is_set(options, OPTION_LIST)) {
		puts("finding                      before   after    who        what it says");
		print_list();
		return 0;
	}
	for (size_t i = 0; i < options->arguments.count; i++)
		if (print_page(options->arguments.items[i], error) != 0)
			return -1;
	return 0;
}

const struct command explain_command = {
    .name = "explain",
    .arguments = "ID...",
    .about = "The page of a finding: what it means, how it was found, what to do (--list: all ids)",
    .examples = "cutover explain cert-chain-incomplete\n"
                "cutover explain --list",
    .least_arguments = 1,
    .most_arguments = -1,
    .run = explain_run,
};
