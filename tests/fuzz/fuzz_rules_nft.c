/* nft's language and its JSON; both from the same bytes. */
#include <stdint.h>

#include "cutover/error.h"
#include "rules.h"
#include "proto/rules_nft.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset ruleset;
	struct error error;
	ruleset_init(&ruleset);
	if (size > 0 && data[0] == '{') {
		if (rules_nft_json_read(&ruleset, (const char *)data, size, &error) == 0)
			judge_and_check(&ruleset);
	} else {
		rules_nft_read(&ruleset, (const char *)data, size, false);
		judge_and_check(&ruleset);
	}
	ruleset_clear(&ruleset);
	return 0;
}
