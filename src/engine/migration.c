#include "engine/migration.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"

struct migration *migration_new(struct policy *policy)
{
	struct migration *migration = xcalloc(1, sizeof *migration);
	migration->policy = *policy;
	policy_init(policy);
	evidence_init(&migration->evidence);
	migration->job_options = (struct job_options){
	    .judge_at = migration->policy.now,
	    .cutover = migration->policy.cutover,
	    .policy = &migration->policy,
	};
	return migration;
}

void migration_free(struct migration *migration)
{
	if (migration == NULL)
		return;
	for (size_t i = 0; i < migration->plan_count; i++) {
		target_clear(&migration->plan[i]->target);
		free(migration->plan[i]);
	}
	free(migration->plan);
	evidence_clear(&migration->evidence);
	policy_clear(&migration->policy);
	free(migration);
}

bool migration_plan(struct migration *migration, const struct probe *probe, struct target *target)
{
	for (size_t i = 0; i < migration->plan_count; i++) {
		const struct planned_probe *planned = migration->plan[i];
		if (planned->probe != probe || planned->target.port != target->port || !str_equal(planned->target.host, target->host))
			continue;
		target_clear(target);
		return false;
	}
	struct planned_probe *planned = xmalloc(sizeof *planned);
	*planned = (struct planned_probe){.probe = probe, .target = *target};
	migration->plan = xrealloc(migration->plan, migration->plan_count + 1, sizeof *migration->plan);
	migration->plan[migration->plan_count++] = planned;
	*target = (struct target){0};
	return true;
}
