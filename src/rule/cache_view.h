#ifndef RULE_CACHE_VIEW_H
#define RULE_CACHE_VIEW_H
/*
 * The caches that the probe `cache` asked, each with the state of the domain's MX set in it and the time at which that ends.
 * The worst of a resolver's answers counts: several caches may stand behind one address.
 */
#include "rule/authority.h"
#include "rule/expectation.h"

/* CACHE_STATE(symbol, name) */
#define CACHE_STATES(CACHE_STATE) \
	CACHE_STATE(NEW, "new")           /* the new set, in every answer */ \
	CACHE_STATE(EMPTY, "empty")       /* nothing is cached: who asks it gets what the zone has */ \
	CACHE_STATE(OLD, "old")           /* the old set, until `expires` */ \
	CACHE_STATE(MIXED, "mixed")       /* old and new in turn */ \
	CACHE_STATE(STALE, "stale")       /* the old set past its own TTL, or with the 30 s of stale data (RFC 8767 4): no end known */ \
	CACHE_STATE(NEGATIVE, "negative") /* absent, until `expires` */ \
	CACHE_STATE(SERVFAIL, "servfail") /* it cannot resolve the domain, but the rest of the world */ \
	CACHE_STATE(OTHER, "other")       /* a set that is neither */ \
	CACHE_STATE(UNTESTED, "not tested")

#define CACHE_ENUM(symbol, name) CACHE_##symbol##_STATE,
enum cache_state { CACHE_STATES(CACHE_ENUM) CACHE_STATE_COUNT };
#undef CACHE_ENUM

struct cache_entry {
	const struct observation *o;
	size_t index; /* in the evidence */
	enum cache_state state;
	int64_t expires;   /* of the worst answer; seconds since 1970 UTC, or TIME_UNKNOWN */
	int64_t left_s;    /* of it, seen from policy->now; 0 when it has passed or is not known */
	int64_t new_left_s; /* longest time left of the new set; -1: it has none */
	const char *set;   /* the worst answer's set in words, or NULL; borrowed */
	const char *why;   /* UNTESTED, STALE: in words */
};

struct cache_view {
	const struct dns_view *dns;
	const struct expectation *expectation;
	struct cache_entry *entries; /* by address, then name */
	size_t count, room;
};

void cache_view_init(struct cache_view *caches, const struct dns_view *dns, const struct expectation *expectation);
void cache_view_clear(struct cache_view *caches);

size_t cache_view_count(const struct cache_view *caches, enum cache_state state);

/* The latest expiry of entries in that state, or TIME_UNKNOWN. */
int64_t cache_view_last(const struct cache_view *caches, enum cache_state state);

const char *cache_state_name(enum cache_state state);

/* "Google, anycast (8.8.8.8)", or the address alone: put behind what `out` holds. */
void cache_entry_say(struct buf *out, const struct cache_entry *entry);

/* By when the set of the zone had been changed at the latest: --cutover once it has passed, --since, or policy->now. */
int64_t change_time(const struct policy *policy);

/* When the last answer that was taken before the change ends, by what is told or recorded; TIME_UNKNOWN. */
int64_t old_set_ends(const struct policy *policy);

#endif
