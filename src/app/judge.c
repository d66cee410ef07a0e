#include "app/judge.h"

#include <stdlib.h>

#include "app/command.h"
#include "app/csv_check.h"
#include "app/output.h"
#include "app/plan_file.h"
#include "app/since.h"
#include "base/str.h"
#include "base/xalloc.h"

struct judging {
	const struct options *options;
	struct recording **items; /* one a migration */
	size_t count;
};

struct judging *judging_new(const struct options *options)
{
	struct judging *judging = xcalloc(1, sizeof *judging);
	judging->options = options;
	return judging;
}

void judging_free(struct judging *judging)
{
	if (judging == NULL)
		return;
	for (size_t i = 0; i < judging->count; i++) {
		recording_clear(judging->items[i]);
		free(judging->items[i]);
	}
	free(judging->items);
	free(judging);
}

static bool is_same_migration(const struct policy *a, const struct policy *b)
{
	return a->phase == b->phase && a->imap_port == b->imap_port && str_equal(a->domain, b->domain) &&
	       str_equal(a->imap_host, b->imap_host);
}

static bool is_same_or_unknown(const char *a, const char *b)
{
	return a == NULL || b == NULL || str_equal(a, b);
}

static bool has_message(const struct recording *recording)
{
	return evidence_next(&recording->evidence, 0, "message") < recording->evidence.count;
}

/* What `diagnose` has recorded takes the evidence of commands that know less of the migration, as `csv` and `firewall`. */
static bool answers_message(const struct recording *a, const struct recording *b)
{
	return has_message(a) != has_message(b) && is_same_or_unknown(a->policy.domain, b->policy.domain) &&
	       is_same_or_unknown(a->policy.imap_host, b->policy.imap_host);
}

/* The policy that knows the host is the one that counts. */
static void keep_better_policy(struct recording *into, struct recording *from)
{
	struct policy other = from->policy;
	if (into->policy.imap_host != NULL || other.imap_host == NULL)
		return;
	from->policy = into->policy;
	into->policy = other;
}

static void merge(struct recording *into, struct recording *from)
{
	for (size_t i = 0; i < from->evidence.count; i++)
		evidence_take(&into->evidence, from->evidence.observations[i]);
	from->evidence.count = 0; /* they have moved */
	if (from->run.started_ms < into->run.started_ms)
		into->run.started_ms = from->run.started_ms;
	if (from->run.finished_ms > into->run.finished_ms)
		into->run.finished_ms = from->run.finished_ms;
	into->run.is_interrupted = into->run.is_interrupted || from->run.is_interrupted;
}

void judging_take(struct judging *judging, struct recording *recording)
{
	for (size_t i = 0; i < judging->count; i++) {
		struct recording *known = judging->items[i];
		if (!is_same_migration(&known->policy, &recording->policy) && !answers_message(known, recording))
			continue;
		keep_better_policy(known, recording);
		merge(judging->items[i], recording);
		recording_clear(recording);
		recording_init(recording);
		return;
	}
	struct recording *kept = xmalloc(sizeof *kept);
	*kept = *recording;
	recording_init(recording);
	judging->items = xrealloc(judging->items, judging->count + 1, sizeof *judging->items);
	judging->items[judging->count++] = kept;
}

/* What is told now of a migration that was recorded. */
static int take_facts(const struct options *options, struct recording *recording, struct error *error)
{
	struct policy *policy = &recording->policy;
	if (plan_file_apply(options, policy->domain, policy, error) != 0 || since_apply(options, policy, error) != 0)
		return -1;
	return csv_check_given(options, policy->domain, &recording->evidence, error);
}

int judging_finish(struct judging *judging, struct error *error)
{
	for (size_t i = 0; i < judging->count; i++)
		if (take_facts(judging->options, judging->items[i], error) != 0)
			return -1;
	struct output *output = output_open(judging->options, error);
	if (output == NULL)
		return -1;
	for (size_t i = 0; i < judging->count; i++)
		output_judge(output, &judging->items[i]->run, &judging->items[i]->policy, &judging->items[i]->evidence);
	return output_close(output, error);
}

static int on_recording(struct recording *recording, void *user)
{
	judging_take(user, recording);
	return 0;
}

static int judge_run(const struct options *options, struct error *error)
{
	struct judging *judging = judging_new(options);
	int result = 0;
	for (size_t i = 0; i < options->arguments.count && result == 0; i++)
		result = recording_read(options->arguments.items[i], on_recording, judging, error);
	if (result == 0 && judging->count == 0)
		result = error_set(error, "%.200s: holds no recording", options->arguments.items[0]);
	if (result == 0)
		result = judging_finish(judging, error);
	judging_free(judging);
	return result;
}

const struct command judge_command = {
    .name = "judge",
    .arguments = "FILE...",
    .about = "Judge recorded evidence again, without a network; several vantage points make one verdict",
    .examples = "cutover judge contoso.jsonl -o html:contoso.html\n"
                "cutover judge site-*.jsonl --only port-timeout,port-open",
    .least_arguments = 1,
    .most_arguments = -1,
    .run = judge_run,
};
