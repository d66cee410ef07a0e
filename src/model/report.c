#include "cutover/report.h"

#include "cutover/diagnosis.h"

/* The Nagios codes; see cli.md, "Exit status". */
static const int exit_codes[SEVERITY_COUNT] = {
    [SEVERITY_PASS] = 0, [SEVERITY_INFO] = 0, [SEVERITY_SKIP] = 0, [SEVERITY_UNKNOWN] = 3, [SEVERITY_WARN] = 1, [SEVERITY_FAIL] = 2,
};
enum { EXIT_AWAITED = 0, EXIT_LATE = 4, EXIT_INTERRUPTED = 130 };

static int exit_code(const struct verdict *verdict, enum run_end end)
{
	if (verdict->is_interrupted)
		return EXIT_INTERRUPTED;
	if (end != END_BY_FINDINGS)
		return end == END_AWAITED ? EXIT_AWAITED : EXIT_LATE;
	return exit_codes[verdict->status];
}

void verdict_init(struct verdict *verdict)
{
	*verdict = (struct verdict){.status = SEVERITY_UNKNOWN,
	                            .exit_code = exit_codes[SEVERITY_UNKNOWN],
	                            .earliest_cutover = TIME_UNKNOWN,
	                            .old_gone_by = TIME_UNKNOWN,
	                            .sync_until = TIME_UNKNOWN};
}

/* TIME_UNKNOWN is the smallest number, so what is known wins. */
static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void add_answer(struct verdict *verdict, const struct diagnosis *diagnosis)
{
	if (diagnosis == NULL)
		return;
	enum answer answer = diagnosis->likely != NULL ? ANSWER_FOUND : ANSWER_OPEN;
	if (answer > verdict->answer)
		verdict->answer = answer;
	if (answer == ANSWER_OPEN && verdict->status < SEVERITY_UNKNOWN)
		verdict->status = SEVERITY_UNKNOWN;
}

void verdict_add(struct verdict *verdict, const struct report *report)
{
	if (verdict->findings == 0)
		verdict->status = SEVERITY_PASS;
	for (size_t i = 0; i < report->findings->count; i++) {
		enum severity severity = report->findings->items[i]->severity;
		verdict->counts[severity]++;
		if (severity > verdict->status)
			verdict->status = severity;
	}
	verdict->findings += report->findings->count + report->findings->ignored;
	if (verdict->findings == 0)
		verdict->status = SEVERITY_UNKNOWN;
	add_answer(verdict, report->diagnosis);
	verdict->ignored += report->findings->ignored;
	verdict->earliest_cutover = later(verdict->earliest_cutover, report->findings->earliest_cutover);
	verdict->old_gone_by = later(verdict->old_gone_by, report->findings->old_gone_by);
	verdict->sync_until = later(verdict->sync_until, report->findings->sync_until);
	verdict->is_interrupted = verdict->is_interrupted || report->run->is_interrupted;
	verdict->exit_code = exit_code(verdict, report->run->end);
}

struct verdict report_verdict(const struct report *reports, size_t count)
{
	struct verdict verdict;
	verdict_init(&verdict);
	for (size_t i = 0; i < count; i++)
		verdict_add(&verdict, &reports[i]);
	return verdict;
}
