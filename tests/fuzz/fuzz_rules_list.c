/* Lists of prefixes, plain and JSON, told apart as in the program; and the ranges of the web service. */
#include <stdint.h>

#include "rules.h"
#include "model/ranges.h"
#include "proto/rules_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset ruleset;
	struct ipsets sets;
	struct ranges ranges;
	struct error error;
	ruleset_init(&ruleset);
	ipsets_init(&sets);
	ranges_init(&ranges);
	if (rules_read(&ruleset, &sets, (const char *)data, size, &error) == 0)
		judge_and_check(&ruleset);
	if (ranges_parse(&ranges, "fuzz", (const char *)data, size, &error) == 0 && ranges.count == 0)
		abort();
	ranges_clear(&ranges);
	ipsets_clear(&sets);
	ruleset_clear(&ruleset);
	return 0;
}
