/* An SPF record: its terms, and the evaluation of a domain whose every name has that record. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "proto/spf.h"
#include "model/spf_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lookup(void *user, const char *name, enum spf_type type, struct spf_answer *answer)
{
	static const char *const addresses[] = {"192.0.2.1"}, *const hosts[] = {"mail.contoso.com"}, *const sixes[] = {"2001:db8::1"};
	(void)name;
	*answer = (struct spf_answer){.outcome = OUTCOME_OK, .count = 1};
	answer->items = type == SPF_TYPE_TXT ? user : type == SPF_TYPE_A ? addresses : type == SPF_TYPE_AAAA ? sixes : hosts;
	return true;
}

static void evaluate(const char *text, bool is_walk)
{
	static struct spf_report report;
	const char *records[] = {text};
	struct spf_query query = {.domain = "contoso.com", .family = 4, .address = {192, 0, 2, 1}, .is_walk = is_walk, .lookup = lookup, .user = records};
	enum spf_result result = spf_evaluate(&query, &report);
	/* All is known, so nothing waits; and a result other than a permanent error kept the limits. */
	if (result == SPF_WAIT || report.row_count > SPF_ROWS || (!is_walk && result != SPF_PERMERROR && report.lookups > SPF_LOOKUPS))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spf_record record;
	char *text = xstrndup((const char *)data, size);
	if (spf_record_parse(text, &record, NULL) == 0) {
		if (record.count > SPF_TERMS || spf_record_default(&record) == NULL)
			abort();
		spf_record_clear(&record);
	}
	evaluate(text, false);
	evaluate(text, true);
	free(text);
	return 0;
}
