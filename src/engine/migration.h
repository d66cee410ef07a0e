#ifndef ENGINE_MIGRATION_H
#define ENGINE_MIGRATION_H
/*
 * One migration under way: what is known of it, what is probed for it, and what was seen. Judged, rendered and freed on its own, so
 * that memory does not grow with the list of domains.
 */
#include "cutover/evidence.h"
#include "cutover/policy.h"
#include "cutover/probe.h"
#include "cutover/target.h"

/* One line of the plan: a probe on a target. Its address is stable: jobs borrow the target. */
struct planned_probe {
	const struct probe *probe;
	struct target target; /* owned */
};

struct migration {
	struct policy policy;
	struct job_options job_options; /* filled by migration_options; points at the policy */
	struct planned_probe **plan;
	size_t plan_count;
	size_t next_probe;       /* of the plan: the first that has not been started */
	struct evidence evidence;
	size_t pending;          /* jobs that have not ended */
	int64_t started_ms;      /* milliseconds since 1970 UTC; 0: not begun */
	bool is_interrupted;
	struct migration *next;  /* in the engine's queue: while it has probes to start */
	bool is_queued;
};

/* Takes the policy (moved, the caller's is emptied). */
struct migration *migration_new(struct policy *policy);
void migration_free(struct migration *migration); /* NULL is fine */

/*
 * Adds a probe to the plan, unless the same probe on the same target is there already; takes the target (moved). Returns whether it was
 * added.
 */
bool migration_plan(struct migration *migration, const struct probe *probe, struct target *target);

#endif
