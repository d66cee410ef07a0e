/* A DMARC record, as the text of a fact. */
#include <stdint.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "model/dmarc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dmarc_record record;
	char *text = xstrndup((const char *)data, size);
	dmarc_parse(text, &record);
	/* Whatever can be used has a policy within the table, a percentage, and is a record. */
	if (record.fault[0] == '\0' && (!dmarc_is_record(text) || record.percent < 0 || record.percent > 100))
		abort();
	if (dmarc_policy_name(record.policy) == NULL || dmarc_policy_name(record.subdomain_policy) == NULL)
		abort();
	free(text);
	return 0;
}
