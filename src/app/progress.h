#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H
/* One rewritten line on standard error, only on a terminal and only for what takes over a second. */
#include <stdbool.h>

#include "engine/engine.h"

struct progress {
	bool is_on;      /* a terminal, and not --progress never, not -q */
	bool is_shown;   /* a line stands there now */
	int64_t began_ms; /* clock_monotonic_ms */
};

struct options;

void progress_init(struct progress *progress, const struct options *options);
void progress_show(struct progress *progress, const struct engine_state *state);
/* One line on standard error, terminal or not: the user has asked. */
void progress_say(struct progress *progress, const struct engine_state *state);
void progress_clear(struct progress *progress); /* takes the line away, so that a report can be printed */

#endif
