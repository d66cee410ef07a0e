#ifndef RENDER_MEASURES_H
#define RENDER_MEASURES_H
/* The few numbers that monitoring draws over time, taken from the evidence of one migration. */
#include <stdint.h>

#include "cutover/report.h"

struct measures {
	int64_t mx_ttl_s;        /* longest TTL of the MX set at an authoritative server, or -1 */
	int64_t ttl_limit_s;
	int64_t cert_not_after;  /* earliest end of a leaf certificate, or TIME_UNKNOWN */
	int64_t elapsed_ms;      /* of the run */
};

struct measures measures_of(const struct report *report);

/* The end of the leaf certificate that the observation holds, or TIME_UNKNOWN. */
int64_t measures_leaf_end(const struct observation *observation);

#endif
