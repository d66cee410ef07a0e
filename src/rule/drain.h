#ifndef RULE_DRAIN_H
#define RULE_DRAIN_H
/*
 * Before the change: when no cache can hold the MX set any longer than the short TTL. That is the time at which every server of
 * the zone had the short TTL, plus the longest TTL that caches may still hold: known from --since, else from the caches
 * themselves, else --old-ttl. Where nothing tells, `why` says what is missing.
 */
#include "rule/authority.h"
#include "rule/cache_view.h"

enum { DRAIN_TEXT = 240 };

struct drain {
	int64_t earliest; /* seconds since 1970 UTC, or TIME_UNKNOWN */
	char why[DRAIN_TEXT];  /* from what it was taken, or why it is not known */
	const struct cache_entry *longest; /* the cache that holds the set longest, or NULL */
};

void drain_find(struct drain *drain, const struct authority *authority, const struct cache_view *caches);

#endif
