/* The command autodiscover: the client's ladder for a domain, or for one mailbox of it. */
#include <string.h>

#include "app/command.h"
#include "app/facts.h"
#include "app/probing.h"
#include "base/xalloc.h"
#include "cutover/probe.h"

struct ladder_command {
	const struct options *options;
};

/* Behind the last '@' stands the domain. */
static int add(struct probing *probing, const struct options *options, const char *text, struct error *error)
{
	const char *at = strrchr(text, '@');
	struct target target = {0};
	struct policy policy;
	if (at == text)
		return error_set(error, "autodiscover: '%.80s' has nothing before the @", text);
	if (target_parse_domain(at != NULL ? at + 1 : text, &target, error) != 0)
		return -1;
	policy_init(&policy);
	policy.phase = options->command->phase;
	policy.now = probing_started(probing);
	policy.domain = xstrdup(target.host);
	if (facts_apply(options, &policy, error) != 0) {
		policy_clear(&policy);
		target_clear(&target);
		return -1;
	}
	struct migration *migration = migration_new(&policy);
	migration->job_options.mailbox = at != NULL ? text : NULL;
	migration_plan(migration, probe_find("autodiscover"), &target);
	probing_take(probing, migration);
	return 0;
}

static int fill(struct probing *probing, void *user, struct error *error)
{
	const struct options *options = ((const struct ladder_command *)user)->options;
	for (size_t i = 0; i < options->arguments.count; i++)
		if (add(probing, options, options->arguments.items[i], error) != 0)
			return -1;
	return 0;
}

static int autodiscover_run(const struct options *options, struct error *error)
{
	struct ladder_command command = {options};
	return probing_execute(options, fill, &command, error);
}

const struct command autodiscover_command = {
    .name = "autodiscover",
    .arguments = "DOMAIN|ADDRESS",
    .about = "What mail clients find for a domain, step by step, over DNS and HTTP(S)",
    .examples = "cutover autodiscover contoso.com\n"
                "cutover autodiscover user@contoso.com --phase after",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_resolver = true,
    .phase = PHASE_BEFORE,
    .run = autodiscover_run,
};
