#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H
/*
 * Runs plans: at most `jobs` probes under way, migrations in their order, each handed back when its last probe has ended.
 *
 * A job that ends goes on the loop's ready list; it is detached from every list before anything is told, and freed there.
 * SIGINT, SIGTERM or SIGHUP stops what runs, records what was not tried as cancelled, and hands every migration back; a second one
 * kills. SIGUSR1 asks how far the run has come.
 */
#include <stdbool.h>
#include <stddef.h>

#include "engine/migration.h"

struct net;
struct engine;

/* What a progress line can say; borrowed for the call. */
struct engine_state {
	size_t jobs_done, jobs_total, jobs_running;
	const char *oldest; /* label of the job that runs longest, or NULL */
	const char *probe;  /* its probe's name */
};

struct engine_listener {
	void (*migration_done)(void *user, struct migration *migration); /* the listener owns it now */
	void (*progress)(void *user, const struct engine_state *state);  /* five times a second; may be NULL */
	void (*asked)(void *user, const struct engine_state *state);     /* SIGUSR1 came; may be NULL */
	/* Each observation as it is made; may be NULL. */
	void (*observed)(void *user, const struct migration *migration, struct observation *observation);
	void *user;
};

struct engine *engine_new(struct net *net, int jobs, const struct engine_listener *listener);
void engine_free(struct engine *engine);

/* Takes the migration into the queue. */
void engine_take(struct engine *engine, struct migration *migration);

/* Runs all that was taken; returns true when a signal cut it short. */
bool engine_run(struct engine *engine);

#endif
