#ifndef RENDER_SEEN_HANGING_H
#define RENDER_SEEN_HANGING_H
/* TTLs of what hangs on the MX set: addresses of MX hosts, autodiscover, SPF, NS, DS, and how long absence is kept. */
#include <stddef.h>
#include <stdint.h>

#include "cutover/report.h"

/* One name and kind at all addresses of the zone's servers, or of the parent's. Borrows from the report. */
struct seen_hanging {
	const char *name;
	const char *kind;       /* "A", "SPF", "DS", "absence" */
	bool is_parent;         /* the parent's word: NS and DS */
	int64_t least_s, most_s;
	size_t addresses;       /* of servers that gave it */
	int64_t left_s;         /* longest time left in a cache */
	size_t caches;          /* that hold it */
};

/* In the order in which they were first seen; NULL and 0 without any. The caller frees. */
struct seen_hanging *seen_hangings(const struct report *report, size_t *count);

#endif
