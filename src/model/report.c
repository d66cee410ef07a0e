#include "cutover/report.h"

struct verdict report_verdict(const struct report *reports, size_t count)
{
	static const int exit_codes[SEVERITY_COUNT] = {
	    [SEVERITY_PASS] = 0, [SEVERITY_INFO] = 0, [SEVERITY_SKIP] = 0, [SEVERITY_UNKNOWN] = 3, [SEVERITY_WARN] = 1, [SEVERITY_FAIL] = 2,
	};
	struct verdict verdict = {.status = SEVERITY_PASS};
	size_t findings = 0;
	bool is_interrupted = false;
	for (size_t r = 0; r < count; r++) {
		is_interrupted = is_interrupted || reports[r].run->is_interrupted;
		for (size_t i = 0; i < reports[r].findings->count; i++, findings++) {
			enum severity severity = reports[r].findings->items[i]->severity;
			verdict.counts[severity]++;
			if (severity > verdict.status)
				verdict.status = severity;
		}
		findings += reports[r].findings->ignored;
	}
	if (findings == 0)
		verdict.status = SEVERITY_UNKNOWN;
	verdict.exit_code = is_interrupted ? 130 : exit_codes[verdict.status];
	return verdict;
}
