#include "render/actions.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"

/* Only what keeps from READY without reserve asks for somebody. */
static bool asks_for(const struct finding *finding, enum actor actor)
{
	return finding->severity >= SEVERITY_UNKNOWN && catalogue_get(finding->id)->actor == actor;
}

/* Waiting comes after all doing; else a fail before a warn, and the network before what stands on it (enum actor). */
static bool comes_first(const struct action *a, const struct action *b)
{
	if ((a->actor == ACTOR_WAIT) != (b->actor == ACTOR_WAIT))
		return b->actor == ACTOR_WAIT;
	return a->severity != b->severity ? a->severity > b->severity : a->actor < b->actor;
}

/* The same of the same subject, as of three rows of one file, is said once; such findings stand together. */
static bool is_told(const struct action *action, const struct finding *finding)
{
	const struct finding *last = action->count > 0 ? action->findings[action->count - 1] : NULL;
	return last != NULL && last->id == finding->id && str_equal(last->subject, finding->subject);
}

static void insert(struct actions *actions, struct action action)
{
	size_t at = actions->count++;
	for (; at > 0 && comes_first(&action, &actions->items[at - 1]); at--)
		actions->items[at] = actions->items[at - 1];
	actions->items[at] = action;
}

void actions_init(struct actions *actions, const struct findings *findings)
{
	*actions = (struct actions){.memory = xcalloc(findings->count + 1, sizeof *actions->memory)};
	const struct finding **next = actions->memory;
	for (int actor = ACTOR_NOBODY + 1; actor < ACTOR_COUNT; actor++) {
		struct action action = {.actor = (enum actor)actor, .findings = next};
		for (size_t i = 0; i < findings->count; i++) {
			if (!asks_for(findings->items[i], action.actor) || is_told(&action, findings->items[i]))
				continue;
			*next++ = findings->items[i];
			action.count++;
			if (findings->items[i]->severity > action.severity)
				action.severity = findings->items[i]->severity;
		}
		if (action.count > 0)
			insert(actions, action);
	}
}

void actions_clear(struct actions *actions)
{
	free(actions->memory);
	*actions = (struct actions){0};
}
