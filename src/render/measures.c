#include "render/measures.h"

#include <stdlib.h>

#include "render/seen_dns.h"

int64_t measures_leaf_end(const struct observation *observation)
{
	int64_t end = TIME_UNKNOWN;
	observation_int(observation, FACT_CERT_NOT_AFTER, 0, &end);
	return end;
}

struct measures measures_of(const struct report *report)
{
	struct measures measures = {
	    .mx_ttl_s = -1,
	    .ttl_limit_s = report->policy->ttl_limit_s,
	    .cert_not_after = TIME_UNKNOWN,
	    .elapsed_ms = report->run->finished_ms - report->run->started_ms,
	};
	size_t count;
	struct seen_ttl *ttls = seen_ttls(report, &count);
	for (size_t i = 0; i < count; i++)
		if (!ttls[i].is_cache && ttls[i].ttl_s > measures.mx_ttl_s)
			measures.mx_ttl_s = ttls[i].ttl_s;
	free(ttls);
	for (size_t i = 0; i < report->evidence->count; i++) {
		int64_t end = measures_leaf_end(report->evidence->observations[i]);
		if (end != TIME_UNKNOWN && (measures.cert_not_after == TIME_UNKNOWN || end < measures.cert_not_after))
			measures.cert_not_after = end;
	}
	return measures;
}
