#include "base/str.h"
#include "probe/zone_state.h"
#include "proto/spf_record.h"

static bool holds_spf(const struct observation *o)
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_DNS_TXT); row++)
		if (observation_text(o, FACT_DNS_TXT, row) != NULL && spf_is_record(observation_text(o, FACT_DNS_TXT, row)))
			return true;
	return false;
}

void zone_follow_leads(struct zone *zone)
{
	const struct evidence *seen = job_seen(zone->job);
	for (size_t i = 0; zone->has_records && i < seen->count; i++) {
		const struct observation *o = seen->observations[i];
		if (o->outcome == OUTCOME_OK && str_equal(observation_text(o, FACT_DNS_QUESTION, 0), zone->domain) && holds_spf(o))
			job_lead(zone->job, "spf", zone->domain);
	}
}
