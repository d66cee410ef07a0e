/* The command records: what is to be published in each phase, beside what the zone's servers serve. */
#include "app/command.h"
#include "app/output.h"
#include "app/facts.h"
#include "app/probing.h"
#include "app/targets.h"
#include "app/vantage.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/evidence.h"
#include "cutover/target.h"

/* Nothing is asked: the list alone, as if nothing were known of the zone. */
static int list_offline(void *user, const struct options *options, const char *domain, struct error *error)
{
	struct output *output = user;
	struct target target = {0};
	struct policy policy;
	struct evidence evidence;
	struct findings findings;
	int64_t now_ms = clock_now_ms();
	struct run_info run = {
	    .command = "records", .vantage = vantage_name(options), .started_ms = now_ms, .finished_ms = now_ms};
	policy_init(&policy);
	policy.now = now_ms / 1000;
	int result = target_parse_domain(domain, &target, error) == 0 ? facts_apply(options, &policy, error) : -1;
	if (result == 0) {
		policy.domain = xstrdup(target.host);
		evidence_init(&evidence);
		findings_init(&findings);
		struct report report = {.run = &run, .policy = &policy, .evidence = &evidence, .findings = &findings};
		output_report(output, &report);
		findings_clear(&findings);
		evidence_clear(&evidence);
	}
	policy_clear(&policy);
	target_clear(&target);
	return result;
}

static int run_offline(const struct options *options, struct error *error)
{
	struct output *output = output_open(options, error);
	if (output == NULL)
		return -1;
	if (targets_each(options, list_offline, output, error) != 0) {
		output_abandon(output);
		return -1;
	}
	/* Nothing was judged, so the verdict says nothing: the list is all that was asked for. */
	return output_close(output, error) < 0 ? -1 : 0;
}

static int records_run(const struct options *options, struct error *error)
{
	if (option_is_set(options, OPTION_OFFLINE))
		return run_offline(options, error);
	return probing_run(options, error);
}

const struct command records_command = {
    .name = "records",
    .arguments = "DOMAIN...",
    .about = "The records of each phase in zone-file form: present, to add, to change, to remove",
    .examples = "cutover records contoso.com --tenant contoso\n"
                "cutover records contoso.com --tenant contoso --expect-mx contoso-com.e-v1.mx.microsoft\n"
                "cutover records contoso.com --tenant contoso --offline",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .takes_domain = true,
    .phase = PHASE_BEFORE,
    .probes = "dns",
    .run = records_run,
};
