/* `csv FILE`: the migration file in the service's words; a repaired copy; batches. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/csv_check.h"
#include "app/csv_files.h"
#include "app/facts.h"
#include "app/options.h"
#include "app/output.h"
#include "app/vantage.h"
#include "base/clock.h"

static void say(const char *line)
{
	fprintf(stderr, "cutover: %s\n", line);
}

static int check_pairs(const struct options *options, struct error *error)
{
	bool splits = option_is_set(options, OPTION_SPLIT) || option_is_set(options, OPTION_TEST);
	if (splits && !option_is_set(options, OPTION_OUT))
		return error_set(error, "--split and --test need --out DIR");
	if (!splits && option_is_set(options, OPTION_OUT))
		return error_set(error, "--out needs --split N or --test N");
	return 0;
}

static int write_files(const struct options *options, struct csv_input *input, struct evidence *evidence, struct error *error)
{
	struct csv_writing writing = {
	    .input = input, .evidence = evidence, .say = option_is_set(options, OPTION_QUIET) ? NULL : say};
	struct csv_batches batches = {
	    .folder = option_text(options, OPTION_OUT),
	    .size = (uint64_t)option_number(options, OPTION_SPLIT, 0),
	    .test_size = (uint64_t)option_number(options, OPTION_TEST, 0),
	    .rows = (uint64_t)observation_int_or(evidence->observations[0], FACT_CSV_ROWS, 0, 0),
	};
	const char *copy = option_text(options, OPTION_REWRITE);
	if (copy != NULL && csv_rewrite(&writing, copy, error) != 0)
		return -1;
	return batches.folder != NULL ? csv_split(&writing, &batches, error) : 0;
}

/* --csv, unless it is the same file by another way. */
static int check_other(const struct options *options, const struct csv_input *input, struct evidence *evidence, struct error *error)
{
	const char *other = option_text(options, OPTION_CSV);
	return other == NULL || csv_input_is(input, other) ? 0 : csv_check_given(options, NULL, evidence, error);
}

/* Reads, writes what is asked for, judges, shows. */
static int judge_input(const struct options *options, struct csv_input *input, struct policy *policy, struct error *error)
{
	struct run_info run = {.command = "csv", .vantage = vantage_name(options), .started_ms = clock_now_ms()};
	struct names domains = {0};
	struct evidence evidence;
	struct output *output = NULL;
	int result = -1;
	evidence_init(&evidence);
	if (policy->now == TIME_UNKNOWN)
		policy->now = run.started_ms / 1000;
	if (facts_domains(options, &domains, error) != 0 || csv_input_guard(input, options, error) != 0)
		goto out;
	output = output_open(options, error);
	if (output == NULL || csv_check(input, &domains, &evidence, error) != 0 || write_files(options, input, &evidence, error) != 0 ||
	    check_other(options, input, &evidence, error) != 0)
		goto out;
	run.finished_ms = clock_now_ms();
	output_judge(output, &run, policy, &evidence);
	result = output_close(output, error);
	output = NULL;
out:
	output_abandon(output);
	evidence_clear(&evidence);
	names_clear(&domains);
	return result;
}

static int csv_run(const struct options *options, struct error *error)
{
	struct csv_input input;
	struct policy policy;
	if (check_pairs(options, error) != 0 || csv_input_open(&input, options->arguments.items[0], error) != 0)
		return -1;
	policy_init(&policy);
	int result = facts_apply(options, &policy, error);
	if (result == 0)
		result = judge_input(options, &input, &policy, error);
	policy_clear(&policy);
	csv_input_close(&input);
	return result;
}

const struct command csv_command = {
    .name = "csv",
    .arguments = "FILE",
    .about = "The migration file in the service's words; --rewrite a repaired copy, --split it into batches",
    .examples = "cutover csv users.csv\n"
                "cutover csv users.csv --domain contoso.com --json\n"
                "cutover csv users.csv --rewrite fixed.csv\n"
                "cutover csv users.csv --test 10 --split 2000 --out batches",
    .least_arguments = 1,
    .most_arguments = 1,
    .run = csv_run,
};
