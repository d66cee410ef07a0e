/* The records of a migration in zone-file form, phase by phase, each marked with what is to be done. */
#include "render/todo.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cutover/sink.h"

enum { LINE_BYTES = 100000 };

/* A stranger's text, with control characters escaped. */
static void put(struct sink *sink, const char *before, const char *text, const char *after)
{
	struct buf line;
	buf_init(&line, LINE_BYTES);
	escape_terminal(&line, text);
	sink_printf(sink, "%s%s%s", before, line.bytes, after);
	buf_clear(&line);
}

static const char *const words[TODO_STATES] = {"present", "TO ADD", "TO CHANGE", "TO REMOVE", "not compared"};

/* What is to go stands as a remark, so that the whole can be pasted into a zone file. */
static void put_item(struct sink *sink, const struct todo *todo, const char *domain)
{
	char *line = todo_line(todo, domain);
	sink_printf(sink, "; %s", words[todo->state]);
	if (todo->now != NULL)
		put(sink, ", now: ", todo->now, "");
	if (todo->note != NULL)
		sink_printf(sink, " (%s)", todo->note);
	put(sink, todo->state == TODO_REMOVE ? "\n; " : "\n", line, "\n");
	free(line);
}

static void put_phase(struct sink *sink, const struct todo_list *list, enum todo_phase phase, const char *domain)
{
	sink_printf(sink, "\n; == %s ==\n", todo_phase_title(phase));
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].phase == phase)
			put_item(sink, &list->items[i], domain);
}

/* The same at a glance. */
static void put_table(struct sink *sink, const struct todo_list *list)
{
	sink_puts(sink, "\n; == All of it ==\n; when    state      type   name                      data\n");
	for (size_t i = 0; i < list->count; i++) {
		const struct todo *todo = &list->items[i];
		sink_printf(sink, "; %-7s %-10s %-6s %-25s ", todo_phase_name(todo->phase), todo_state_name(todo->state), todo->type,
		            todo->name);
		put(sink, "", todo->data, "\n");
	}
}

void todo_print(struct sink *sink, const struct report *report)
{
	struct todo_list list;
	const char *domain = report->policy->domain;
	todo_make(&list, report);
	if (domain != NULL)
		put(sink, "; Records of ", domain, " for Microsoft 365\n");
	for (int phase = 0; phase < TODO_PHASES && domain != NULL; phase++)
		put_phase(sink, &list, (enum todo_phase)phase, domain);
	if (domain != NULL)
		put_table(sink, &list);
	todo_clear(&list);
}
