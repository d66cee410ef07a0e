#ifndef APP_WATCH_ROUND_H
#define APP_WATCH_ROUND_H
/* The rounds of `watch`: what was seen so far, who has to be asked again, and when. */
#include "app/options.h"
#include "cutover/evidence.h"
#include "cutover/policy.h"
#include "io/net.h"
#include "io/resolver_list.h"
#include "rule/cache_view.h"

/* What is known of one resolver after a round. */
struct watched {
	const struct listed_resolver *resolver;
	enum cache_state state, before; /* before: of the round before; CACHE_STATE_COUNT at first */
	int64_t expires;                /* seconds since 1970 UTC, or TIME_UNKNOWN */
	char *set;                      /* NULL: none */
};

struct watch {
	struct policy policy;
	struct net_config config;
	struct cache_options caches; /* the whole list */
	struct evidence evidence;    /* the newest observations */
	struct watched *items;       /* as many as the list has */
	size_t behind, servers;      /* addresses of the zone's servers without the new set, and all that serve one */
	bool was_asked;              /* a round has ended */
	int64_t started_ms;
};

int watch_init(struct watch *watch, const struct options *options, struct error *error);
void watch_clear(struct watch *watch);

/* Asks whoever has not the new set yet, and judges. Returns whether SIGINT cut it short; -1 with the error. */
int watch_round(struct watch *watch, struct error *error);

/* The new set at every server, and in every cache that could be asked. */
bool watch_is_done(const struct watch *watch);
size_t watch_count(const struct watch *watch, enum cache_state state);
bool watch_is_waiting(const struct watched *item); /* has yet to get the new set */

/* When the next round is due, milliseconds since 1970: just behind the next expiry, and not too often. */
int64_t watch_next(const struct watch *watch, int64_t now_ms);

#endif
