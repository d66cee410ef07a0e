#include "app/probing.h"

#include "app/caches.h"
#include "app/command.h"
#include "app/journal.h"
#include "app/network.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/targets.h"
#include "app/vantage.h"
#include "base/clock.h"
#include "cutover/limits.h"
#include "engine/engine.h"
#include "io/net.h"

enum { JOBS_DEFAULT = 16 };

struct probing {
	const struct options *options;
	struct output *output;
	struct progress progress;
	struct cache_options caches;
	struct engine *engine;
	struct journal *journal; /* or NULL */
	int64_t started_s;
};

const struct options *probing_options(const struct probing *probing)
{
	return probing->options;
}

int64_t probing_started(const struct probing *probing)
{
	return probing->started_s;
}

void probing_take(struct probing *probing, struct migration *migration)
{
	migration->job_options.caches = caches_or_null(&probing->caches);
	engine_take(probing->engine, migration);
}

static void journal_range(struct probing *probing, const struct migration *migration, struct observation **first, size_t count)
{
	const struct evidence part = {.observations = first, .count = count};
	if (probing->journal != NULL)
		journal_write(probing->journal, probing->options->command->name, vantage_name(probing->options), &migration->policy, &part);
}

void probing_keep_journal(struct probing *probing, struct journal *journal, const struct migration *migration, size_t first)
{
	probing->journal = journal;
	journal_range(probing, migration, migration->evidence.observations + first, migration->evidence.count - first);
}

bool probing_note(struct probing *probing, const struct migration *migration, struct observation *observation)
{
	journal_range(probing, migration, &observation, 1);
	return journal_is_sound(probing->journal);
}

static void on_observed(void *user, const struct migration *migration, struct observation *observation)
{
	(void)probing_note(user, migration, observation);
}

static void on_migration_done(void *user, struct migration *migration)
{
	struct probing *probing = user;
	struct run_info run = {
	    .command = probing->options->command->name,
	    .vantage = vantage_name(probing->options),
	    .started_ms = migration->started_ms != 0 ? migration->started_ms : probing->started_s * 1000,
	    .finished_ms = clock_now_ms(),
	    .is_interrupted = migration->is_interrupted,
	};
	progress_clear(&probing->progress);
	output_judge(probing->output, &run, &migration->policy, &migration->evidence);
	migration_free(migration);
}

static void on_progress(void *user, const struct engine_state *state)
{
	struct probing *probing = user;
	progress_show(&probing->progress, state);
}

static void on_asked(void *user, const struct engine_state *state)
{
	struct probing *probing = user;
	progress_say(&probing->progress, state);
}

int probing_run(const struct options *options, struct error *error)
{
	return probing_execute(options, targets_fill, NULL, error);
}

int probing_execute(const struct options *options, probing_fill *fill, void *user, struct error *error)
{
	struct net_config config = {0};
	struct probing probing = {.options = options, .started_s = clock_now_ms() / 1000};
	struct net *net = NULL;
	int result = -1;
	int jobs = (int)option_number(options, OPTION_JOBS, JOBS_DEFAULT);
	if (jobs > LIMIT_JOBS)
		return error_set(error, "--jobs: more than %d", LIMIT_JOBS);
	if (network_config(options, &config, error) != 0 || (net = net_new(&config, error)) == NULL)
		goto out;
	if (caches_apply(options, &probing.caches, error) != 0)
		goto out;
	struct engine_listener listener = {.migration_done = on_migration_done, .progress = on_progress, .asked = on_asked,
	                                   .observed = on_observed, .user = &probing};
	probing.engine = engine_new(net, jobs, &listener);
	if (fill(&probing, user, error) != 0 || (probing.output = output_open(options, error)) == NULL)
		goto out;
	progress_init(&probing.progress, options);
	engine_run(probing.engine);
	progress_clear(&probing.progress);
	result = output_close(probing.output, error);
out:
	if (journal_close(probing.journal, result >= 0 ? error : NULL) != 0)
		result = -1;
	engine_free(probing.engine);
	if (net != NULL)
		net_free(net);
	network_config_clear(&config);
	resolver_list_clear(&probing.caches);
	return result;
}
