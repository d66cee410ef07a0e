#include "app/targets.h"

#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/csv_check.h"
#include "app/facts.h"
#include "app/plan_file.h"
#include "app/since.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "io/endpoint.h"

enum { PORT_IMAPS = 993, PORT_IMAP = 143 };

struct collector {
	plan_section *each;
	void *user;
	uint32_t part, parts;  /* of --shard */
	struct names sections; /* domains that the plan names, A-labels */
};

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

/* Of the whole run. */
static void take_options(struct migration *migration, const struct options *options)
{
	migration->job_options.protocol = option_text(options, OPTION_PROTOCOL);
	migration->job_options.fetches = option_is_set(options, OPTION_FETCH);
	migration->job_options.is_deep = option_is_set(options, OPTION_DEEP);
	migration->job_options.connections = (int)option_number(options, OPTION_CONNECTIONS, 0);
	migration->job_options.keeps_going = option_is_set(options, OPTION_KEEP_GOING);
}

/* With all that is told of it. The policy is moved. */
static struct migration *make_migration(const struct options *options, struct policy *policy, const char *domain, struct error *error)
{
	if (facts_apply(options, policy, error) != 0 || since_apply(options, policy, error) != 0)
		return NULL;
	struct migration *migration = migration_new(policy);
	if (csv_check_given(options, domain, &migration->evidence, error) == 0)
		return migration;
	migration_free(migration);
	return NULL;
}

static void begin_policy(struct policy *policy, const struct probing *probing, const struct command *command)
{
	policy_init(policy);
	policy->phase = command->phase;
	policy->now = probing_started(probing);
}

/* A domain, or for a command that takes one a mailbox of it. */
static int add_domain(struct probing *probing, const struct options *options, const char *text, struct error *error)
{
	const char *at = options->command->takes_mailbox ? strrchr(text, '@') : NULL;
	struct target target = {0};
	struct policy policy;
	struct migration *migration = NULL;
	if (at == text)
		return error_set(error, "%s: '%.80s' has nothing before the @", options->command->name, text);
	begin_policy(&policy, probing, options->command);
	if (target_parse_domain(at != NULL ? at + 1 : text, &target, error) == 0) {
		policy.domain = xstrdup(target.host);
		migration = make_migration(options, &policy, target.host, error);
	}
	if (migration != NULL) {
		migration->job_options.mailbox = at != NULL ? text : NULL;
		plan_domain(migration, options->command, &target);
		take_options(migration, probing_options(probing));
		probing_take(probing, migration);
	}
	policy_clear(&policy);
	target_clear(&target);
	return migration != NULL ? 0 : -1;
}

/* A host, of a domain where that is known. */
static int plan_one_host(struct probing *probing, const struct options *options, const char *text, const char *domain, struct error *error)
{
	struct target target = {0};
	struct policy policy;
	struct migration *migration = NULL;
	begin_policy(&policy, probing, options->command);
	if (target_parse(text, &target, error) == 0)
		migration = make_migration(options, &policy, domain, error);
	if (migration != NULL) {
		free(migration->policy.imap_host);
		migration->policy.imap_host = xstrdup(target.host);
		migration->policy.imap_port = target.port;
		probing_plan_ports(migration, probe_find(options->command->probes), &target);
		take_options(migration, probing_options(probing));
		probing_take(probing, migration);
	}
	policy_clear(&policy);
	target_clear(&target);
	return migration != NULL ? 0 : -1;
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

static bool is_of_this_shard(const struct collector *collector, const char *text)
{
	return stable_hash(text) % collector->parts == collector->part;
}

static int on_section(void *user, const struct options *options, const char *domain, struct error *error)
{
	struct collector *collector = user;
	names_add(&collector->sections, domain);
	return is_of_this_shard(collector, domain) ? collector->each(collector->user, options, domain, error) : 0;
}

static int on_argument(struct collector *collector, const struct options *options, const char *text, struct error *error)
{
	struct target target = {0};
	bool has_section = false;
	if (options->command->takes_domain && target_parse_domain(text, &target, NULL) == 0)
		has_section = names_has(&collector->sections, target.host);
	target_clear(&target);
	return !has_section && is_of_this_shard(collector, text) ? collector->each(collector->user, options, text, error) : 0;
}

int targets_each(const struct options *options, plan_section *each, void *user, struct error *error)
{
	struct collector collector = {.each = each, .user = user};
	int result = parse_shard(options, &collector.part, &collector.parts, error);
	if (result == 0)
		result = plan_file_each(options, on_section, &collector, error);
	for (size_t i = 0; i < options->arguments.count && result == 0; i++)
		result = on_argument(&collector, options, options->arguments.items[i], error);
	names_clear(&collector.sections);
	return result;
}

/* The host of an argument, or that of a section. */
static int add_host(struct probing *probing, const struct options *options, const char *text, struct error *error)
{
	bool is_section = options != probing_options(probing);
	const char *host = is_section ? option_text(options, OPTION_IMAP) : text;
	if (host == NULL)
		return error_set(error, "%s names no imap = HOST, which '%s' looks at", text, options->command->name);
	return plan_one_host(probing, options, host, is_section ? text : option_text(options, OPTION_DOMAIN), error);
}

static int add(void *user, const struct options *options, const char *text, struct error *error)
{
	return options->command->takes_domain ? add_domain(user, options, text, error) : add_host(user, options, text, error);
}

int targets_fill(struct probing *probing, void *user, struct error *error)
{
	(void)user;
	return targets_each(probing_options(probing), add, probing, error);
}
