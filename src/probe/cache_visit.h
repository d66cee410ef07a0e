#ifndef PROBE_CACHE_VISIT_H
#define PROBE_CACHE_VISIT_H
/* One resolver asked for what its cache holds of the MX set; part of the probe `cache`. */
#include <ldns/ldns.h>
#include <stdbool.h>

#include "cutover/limits.h"
#include "cutover/observation.h"
#include "io/dns_burst.h"
#include "io/resolver_list.h"

struct cache_visit;

/* A name that hangs on the MX set, asked without recursion, once a resolver. */
struct cache_name {
	const char *name;
	ldns_rr_type type;
};

/* What all visits of a job share; borrowed until the last has ended. */
struct cache_question {
	struct loop *loop;
	struct dns_burst *burst;
	const char *domain, *control; /* control: a made-up name below the domain */
	const struct cache_options *options;
	struct cache_name names[LIMIT_CACHE_NAMES];
	size_t name_count;
	bool is_introduced; /* each resolver is asked who it is, for where it has no NSID */
	bool may_recurse; /* the zone has denied nothing: --warm may be followed */
	void (*seen)(struct cache_visit *visit, struct observation *observation); /* once a visit, on a later turn; takes the observation */
};

/* Puts the new visit into the list at `list`. */
void cache_visit_begin(struct cache_visit **list, const struct cache_question *question,
                       const struct listed_resolver *resolver, void *user);
void *cache_visit_user(const struct cache_visit *visit);
void cache_visit_cancel(struct cache_visit *visit); /* calls seen() now, with what is known */
void cache_visit_free(struct cache_visit *visit);   /* takes it out of its list */

#endif
