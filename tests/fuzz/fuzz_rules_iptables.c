/* iptables-save; what stands before a line "----" is read as ipset save. */
#include <stdint.h>
#include <string.h>

#include "rules.h"
#include "proto/rules_iptables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset ruleset;
	struct ipsets sets;
	const char *text = (const char *)data, *cut = size > 0 ? memmem(text, size, "----\n", 5) : NULL;
	size_t before = cut != NULL ? (size_t)(cut - text) : 0, start = cut != NULL ? before + 5 : 0;
	ruleset_init(&ruleset);
	ipsets_init(&sets);
	ipsets_read(&sets, &ruleset, text, before);
	rules_iptables_read(&ruleset, &sets, text + start, size - start);
	judge_and_check(&ruleset);
	ipsets_clear(&sets);
	ruleset_clear(&ruleset);
	return 0;
}
