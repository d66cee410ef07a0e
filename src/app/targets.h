#ifndef APP_TARGETS_H
#define APP_TARGETS_H
/* What a probing command looks at: its arguments and the sections of --plan, of which --shard takes a part. */
#include "app/plan_file.h"
#include "app/probing.h"

/*
 * Calls `each` with every section's options and domain, and with the run's own options and each argument that has no section. Non-zero
 * ends it. -1 with one line that names the argument, or the plan's file and line.
 */
int targets_each(const struct options *options, plan_section *each, void *user, struct error *error);

/* A probing_fill without a `user`: a migration for each of them, planned. */
int targets_fill(struct probing *probing, void *user, struct error *error);

#endif
