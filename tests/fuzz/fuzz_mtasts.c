/* An MTA-STS policy file, and the same bytes as the TXT record. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/mtasts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mtasts_policy policy;
	char id[MTASTS_ID_BYTES];
	char *text = xstrndup((const char *)data, size);
	if (mtasts_is_record(text) && mtasts_record_id(text, id) && (id[0] == '\0' || strlen(id) >= MTASTS_ID_BYTES))
		abort();
	mtasts_policy_parse((const char *)data, size, &policy);
	if (policy.pattern_count > MTASTS_PATTERNS || policy.max_age_s < 0 || policy.max_age_s > MTASTS_MAX_AGE_S)
		abort();
	/* A pattern covers itself, or, as a wildcard, a host of one label more. */
	for (size_t i = 0; i < policy.pattern_count; i++) {
		const char *pattern = policy.patterns[i];
		if (strncmp(pattern, "*.", 2) != 0 && !mtasts_covers(&policy, pattern))
			abort();
		if (strncmp(pattern, "*.", 2) == 0 && mtasts_pattern_matches(pattern, pattern + 2) && strcmp(pattern, pattern + 2) != 0 &&
		    strlen(pattern + 2) == strlen(pattern))
			abort();
	}
	mtasts_policy_clear(&policy);
	free(text);
	return 0;
}
