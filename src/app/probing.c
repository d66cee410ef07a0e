#include "app/probing.h"

#include <stdlib.h>
#include <string.h>

#include "app/caches.h"
#include "app/command.h"
#include "app/facts.h"
#include "app/journal.h"
#include "app/network.h"
#include "app/output.h"
#include "app/plan_file.h"
#include "app/progress.h"
#include "app/since.h"
#include "app/vantage.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "engine/engine.h"
#include "io/net.h"

enum { JOBS_DEFAULT = 16, PORT_IMAPS = 993, PORT_IMAP = 143 };

struct probing {
	const struct options *options;
	struct output *output;
	struct progress progress;
	struct cache_options caches;
	struct engine *engine;
	struct journal *journal; /* or NULL */
	int64_t started_s;
};

int64_t probing_started(const struct probing *probing)
{
	return probing->started_s;
}

void probing_take(struct probing *probing, struct migration *migration)
{
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

static void plan_host(struct migration *migration, const struct probe *probe, const struct target *host, uint16_t port)
{
	struct target target = {.label = xstrdup(host->label), .host = xstrdup(host->host), .port = port, .is_address = host->is_address};
	migration_plan(migration, probe, &target);
}

void probing_plan_ports(struct migration *migration, const struct probe *probe, const struct target *host)
{
	if (host->port != 0) {
		plan_host(migration, probe, host, host->port);
		return;
	}
	plan_host(migration, probe, host, PORT_IMAPS);
	plan_host(migration, probe, host, PORT_IMAP);
}

/* A domain: the command's probe on it, and the endpoint test of the source server where one is known. */
static void plan_domain(struct migration *migration, const struct command *command, const struct target *domain)
{
	plan_host(migration, probe_find(command->probes), domain, 0);
	if (migration->policy.imap_host == NULL)
		return;
	struct target imap = {
	    .label = migration->policy.imap_host,
	    .host = migration->policy.imap_host,
	    .port = migration->policy.imap_port,
	};
	struct endpoint literal;
	imap.is_address = endpoint_from_text(&literal, imap.host, 0);
	probing_plan_ports(migration, probe_find("imap"), &imap);
}

static int add_target(struct probing *probing, const struct options *options, const char *text, struct error *error)
{
	const struct command *command = options->command;
	struct target target = {0};
	struct policy policy;
	policy_init(&policy);
	policy.phase = command->phase;
	policy.now = probing->started_s;
	int result = command->takes_domain ? target_parse_domain(text, &target, error) : target_parse(text, &target, error);
	if (result == 0)
		result = facts_apply(options, &policy, error);
	if (result == 0) {
		if (command->takes_domain) {
			policy.domain = xstrdup(target.host);
			result = since_apply(options, &policy, error);
		} else {
			free(policy.imap_host);
			policy.imap_host = xstrdup(target.host);
			policy.imap_port = target.port;
		}
		struct migration *migration = migration_new(&policy);
		migration->job_options.caches = caches_or_null(&probing->caches);
		migration->job_options.protocol = option_text(options, OPTION_PROTOCOL);
		migration->job_options.fetches = option_is_set(options, OPTION_FETCH);
		migration->job_options.is_deep = option_is_set(options, OPTION_DEEP);
		migration->job_options.connections = (int)option_number(options, OPTION_CONNECTIONS, 0);
		migration->job_options.keeps_going = option_is_set(options, OPTION_KEEP_GOING);
		if (command->takes_domain)
			plan_domain(migration, command, &target);
		else
			probing_plan_ports(migration, probe_find(command->probes), &target);
		engine_take(probing->engine, migration);
	}
	policy_clear(&policy);
	target_clear(&target);
	return result;
}

/* FNV-1a, 32 bits: the same part of a list on every machine. */
static uint32_t stable_hash(const char *text)
{
	uint32_t hash = 2166136261u;
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

/* I/N as --shard has it; 1/1 when not given. */
static int parse_shard(const struct options *options, uint32_t *part, uint32_t *parts, struct error *error)
{
	const char *text = option_text(options, OPTION_SHARD);
	int64_t i = 1, n = 1;
	if (text != NULL) {
		const char *slash = strchr(text, '/');
		char *first = xstrndup(text, slash != NULL ? (size_t)(slash - text) : strlen(text));
		bool is_good = slash != NULL && str_to_int(slash + 1, 1, 1000000, &n) && str_to_int(first, 1, n, &i);
		free(first);
		if (!is_good)
			return error_set(error, "--shard: '%.40s' is not I/N with 1 <= I <= N", text);
	}
	*part = (uint32_t)(i - 1);
	*parts = (uint32_t)n;
	return 0;
}

struct collector {
	struct probing *probing;
	uint32_t part, parts;
};

static int on_section(void *user, const struct options *options, const char *domain, struct error *error)
{
	struct collector *collector = user;
	if (stable_hash(domain) % collector->parts != collector->part)
		return 0;
	return add_target(collector->probing, options, domain, error);
}

static int add_all(struct probing *probing, void *user, struct error *error)
{
	const struct options *options = probing->options;
	struct collector collector = {.probing = probing};
	(void)user;
	if (parse_shard(options, &collector.part, &collector.parts, error) != 0)
		return -1;
	for (size_t i = 0; i < options->arguments.count; i++)
		if (on_section(&collector, options, options->arguments.items[i], error) != 0)
			return -1;
	const char *plan = option_text(options, OPTION_PLAN);
	return plan == NULL ? 0 : plan_file_read(plan, options, on_section, &collector, error);
}

int probing_run(const struct options *options, struct error *error)
{
	return probing_execute(options, add_all, NULL, error);
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
	struct engine_listener listener = {.migration_done = on_migration_done, .progress = on_progress, .observed = on_observed,
	                                   .user = &probing};
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
