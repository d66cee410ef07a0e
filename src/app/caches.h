#ifndef APP_CACHES_H
#define APP_CACHES_H
/* --resolvers, --samples, --warm, --ecs: whose caches are looked at, and how. */
#include "app/options.h"
#include "io/resolver_list.h"

/*
 * Fills the options; an empty list means the resolvers of the run. The public list is taken only for a command that asks it
 * (command.h) and when no other is named. -1 with one line.
 */
int caches_apply(const struct options *options, struct cache_options *caches, struct error *error);

/* NULL when the list is empty: what job_options.caches wants. */
const struct cache_options *caches_or_null(const struct cache_options *caches);

#endif
