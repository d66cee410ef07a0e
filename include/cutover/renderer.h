#ifndef CUTOVER_RENDERER_H
#define CUTOVER_RENDERER_H
/*
 * A format: one file under src/render, one row in renderers.def.
 *
 * begin once, report once a migration in the order of the command line, end once. A renderer that can print each
 * report at once does so (bulk runs free a report after it was rendered); one that needs all of them (a JSON
 * document) keeps what it needs in `state` and prints in end. Everything that came from a stranger goes through the
 * format's escaper (base/escape.h).
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/report.h"
#include "cutover/sink.h"

struct render_options {
	int verbosity;  /* -1: -q, 0, 1: -v, 2: -vv */
	bool use_color; /* text only */
	bool use_ascii; /* text only: no character beyond ASCII */
	int width;      /* columns of the terminal; 0: unknown */
};

struct render {
	struct sink *sink;
	const struct render_options *options;
	void *state; /* the renderer's own, freed in end */
};

struct renderer {
	const char *name; /* as in -o */
	const char *about;
	void (*begin)(struct render *render);
	void (*report)(struct render *render, const struct report *report);
	void (*end)(struct render *render);
};

/* The renderer of that name, or NULL. */
const struct renderer *renderer_find(const char *name);

/* Calls each(renderer, user) for all, in the order of renderers.def. */
void renderer_each(void (*each)(const struct renderer *renderer, void *user), void *user);

#endif
