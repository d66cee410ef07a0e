#include "rule/drain.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"

/* RFC 8767 4: what resolvers are advised to keep at most, whatever the TTL. */
static const int64_t CEILING_S = INT64_C(7) * 86400;

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The cache that holds the zone's present set longest. */
static const struct cache_entry *find_longest(const struct cache_view *caches)
{
	const struct cache_entry *longest = NULL;
	for (size_t i = 0; i < caches->count; i++) {
		const struct cache_entry *entry = &caches->entries[i];
		bool has_set = (entry->state == CACHE_NEW_STATE || entry->state == CACHE_OLD_STATE) && entry->expires != TIME_UNKNOWN;
		if (has_set && (longest == NULL || entry->expires > longest->expires))
			longest = entry;
	}
	return longest;
}

/* Without --since. */
static void ask_caches(struct drain *drain, const struct policy *policy, int64_t ttl_s, int64_t lowered)
{
	int64_t told = policy->old_ttl_s >= 0 ? lowered + policy->old_ttl_s : TIME_UNKNOWN;
	/* What it had left when it was asked: the run began a little earlier. */
	bool is_long = drain->longest != NULL && drain->longest->expires - drain->longest->o->started_ms / 1000 > ttl_s;
	if (is_long) {
		drain->earliest = later(drain->longest->expires, told);
		snprintf(drain->why, DRAIN_TEXT, "a cache holds the set for another %" PRId64 " s", drain->longest->left_s);
	} else if (told != TIME_UNKNOWN) {
		drain->earliest = told;
		snprintf(drain->why, DRAIN_TEXT, "the old TTL of %" PRId64 " s was told", policy->old_ttl_s);
	} else if (drain->longest != NULL) {
		drain->earliest = policy->now;
		snprintf(drain->why, DRAIN_TEXT, "no cache asked holds the set longer than the zone's TTL");
	} else if (policy->short_since != TIME_UNKNOWN) {
		snprintf(drain->why, DRAIN_TEXT,
		         "recordings saw only short TTLs, and no cache asked holds the set; --old-ttl tells what was before");
	} else {
		snprintf(drain->why, DRAIN_TEXT, "no cache asked holds the set; --since or --old-ttl tells the TTL that was before");
	}
}

void drain_find(struct drain *drain, const struct authority *authority, const struct cache_view *caches)
{
	const struct policy *policy = caches->dns->policy;
	int64_t ttl_s = authority_ttl(authority);
	int64_t lowered = policy->short_since != TIME_UNKNOWN ? policy->short_since : policy->now;
	*drain = (struct drain){.earliest = TIME_UNKNOWN, .longest = find_longest(caches)};
	if (!authority_is_heard(authority)) {
		snprintf(drain->why, DRAIN_TEXT, "not every name server told its TTL");
	} else if (ttl_s > policy->ttl_limit_s) {
		snprintf(drain->why, DRAIN_TEXT, "the TTL is not short at every name server yet");
	} else if (policy->since_ttl_s > policy->ttl_limit_s) {
		drain->earliest = lowered + policy->since_ttl_s;
		snprintf(drain->why, DRAIN_TEXT, "recordings saw a TTL of %" PRId64 " s before", policy->since_ttl_s);
	} else if (policy->short_since != TIME_UNKNOWN && policy->short_since + CEILING_S <= policy->now) {
		drain->earliest = policy->short_since + CEILING_S;
		snprintf(drain->why, DRAIN_TEXT, "recordings saw short TTLs for 7 d, and caches keep nothing longer (RFC 8767)");
	} else {
		ask_caches(drain, policy, ttl_s, lowered);
	}
}
