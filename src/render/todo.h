#ifndef RENDER_TODO_H
#define RENDER_TODO_H
/*
 * The records of a migration, phase by phase: what Exchange Online wants, beside what the zone's own servers serve (the evidence of the
 * probe dns), and what is to be done with each. Without evidence: what to publish.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/report.h"

enum todo_phase { TODO_BEFORE, TODO_CHANGE, TODO_LATER, TODO_PHASES };
enum todo_state { TODO_PRESENT, TODO_ADD, TODO_REPLACE, TODO_REMOVE, TODO_UNKNOWN, TODO_STATES };

struct todo {
	enum todo_phase phase;
	enum todo_state state; /* UNKNOWN: nobody answered, or nothing was asked */
	char *name;            /* relative to the domain; "@" is the domain itself */
	const char *type;      /* "MX" */
	int ttl_s;
	char *data;            /* as in a zone file */
	char *now;             /* what is served instead, or NULL */
	const char *note;      /* or NULL */
};

struct todo_list {
	struct todo *items;
	size_t count, room;
};

/* Nothing when the policy has no domain. */
void todo_make(struct todo_list *list, const struct report *report);
void todo_clear(struct todo_list *list);

const char *todo_phase_title(enum todo_phase phase); /* "Before the change" */
const char *todo_phase_name(enum todo_phase phase);  /* before, change, later */
const char *todo_state_name(enum todo_state state);  /* present, add, change, remove, unknown */

/* All of it in zone-file form, phase by phase, then as a table; what is to go stands as a remark. */
struct sink;
void todo_print(struct sink *sink, const struct report *report);

/* "contoso.com. 3600 IN MX 0 host." of one item; allocated. */
char *todo_line(const struct todo *todo, const char *domain);

#endif
