#ifndef PROBE_AUTODISCOVER_STEP_H
#define PROBE_AUTODISCOVER_STEP_H
/*
 * One rung of the client's ladder: an address asked, and the redirects behind it followed one by one. Each hop is an observation
 * of the probe `autodiscover`. Ten redirects at most, only to https, never twice to the same address; never with credentials.
 */
#include <stdbool.h>

struct job;
struct autodiscover_step;

struct autodiscover_rung {
	const char *name;    /* of autodiscover.step: microsoft, root, host, redirect, srv, json */
	const char *url;
	const char *request; /* the POX request, sent at once or, with is_get, behind the first redirect */
	bool is_get;
	bool is_json;        /* a GET whose answer is JSON; its redirects say "not here" and are not followed */
};

typedef void autodiscover_step_done(void *user);

/* Never calls back before it returns; copies the rung. */
struct autodiscover_step *autodiscover_step_start(struct job *job, const struct autodiscover_rung *rung,
                                                  autodiscover_step_done *done, void *user);
/* Ends it without calling back: what is under way is observed with that outcome. NULL is fine. */
void autodiscover_step_end(struct autodiscover_step *step, bool is_cancelled);

/* A rung that was not climbed since the zone has no such name. */
void autodiscover_step_skip(struct job *job, const char *name);

#endif
