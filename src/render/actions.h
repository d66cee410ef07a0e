#ifndef RENDER_ACTIONS_H
#define RENDER_ACTIONS_H
/* Who has to act, in which order: the findings that decide, gathered by actor. */
#include <stddef.h>

#include "cutover/finding.h"

struct action {
	enum actor actor;
	enum severity severity;         /* the worst of its findings */
	const struct finding **findings; /* borrowed; one for each id and subject, worst first */
	size_t count;
};

struct actions {
	struct action items[ACTOR_COUNT]; /* who can mend a fail first; waiting last */
	size_t count;
	const struct finding **memory;
};

void actions_init(struct actions *actions, const struct findings *findings);
void actions_clear(struct actions *actions);

#endif
