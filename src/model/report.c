#include "cutover/report.h"

/* The Nagios codes; see cli.md, "Exit status". */
static const int exit_codes[SEVERITY_COUNT] = {
    [SEVERITY_PASS] = 0, [SEVERITY_INFO] = 0, [SEVERITY_SKIP] = 0, [SEVERITY_UNKNOWN] = 3, [SEVERITY_WARN] = 1, [SEVERITY_FAIL] = 2,
};
enum { EXIT_INTERRUPTED = 130 };

void verdict_init(struct verdict *verdict)
{
	*verdict = (struct verdict){.status = SEVERITY_UNKNOWN, .exit_code = exit_codes[SEVERITY_UNKNOWN]};
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
	verdict->is_interrupted = verdict->is_interrupted || report->run->is_interrupted;
	verdict->exit_code = verdict->is_interrupted ? EXIT_INTERRUPTED : exit_codes[verdict->status];
}

struct verdict report_verdict(const struct report *reports, size_t count)
{
	struct verdict verdict;
	verdict_init(&verdict);
	for (size_t i = 0; i < count; i++)
		verdict_add(&verdict, &reports[i]);
	return verdict;
}
