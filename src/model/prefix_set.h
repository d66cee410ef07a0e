#ifndef MODEL_PREFIX_SET_H
#define MODEL_PREFIX_SET_H
/*
 * Sets of addresses of both families, exact: disjoint ranges in ascending order, none touching the next. Union,
 * intersection and difference are one sweep; what comes out as prefixes is the shortest list of them.
 */
#include <stdbool.h>
#include <stddef.h>

#include "model/address.h"

struct address_range {
	struct address first, last; /* of one family, first <= last */
};

struct prefix_set {
	struct address_range *items;
	size_t count, room;
	bool is_unsettled; /* something was added out of order: settle before any question */
};

void prefix_set_init(struct prefix_set *set);
void prefix_set_clear(struct prefix_set *set);

/* In any order; prefix_set_settle after the last one. */
void prefix_set_add(struct prefix_set *set, const struct prefix *prefix);
void prefix_set_add_range(struct prefix_set *set, const struct address *first, const struct address *last);
void prefix_set_add_family(struct prefix_set *set, int family); /* 0.0.0.0/0 or ::/0 */
void prefix_set_settle(struct prefix_set *set);

/* New sets, owned by the caller. */
struct prefix_set prefix_set_copy(const struct prefix_set *set);
struct prefix_set prefix_set_and(const struct prefix_set *a, const struct prefix_set *b);
struct prefix_set prefix_set_or(const struct prefix_set *a, const struct prefix_set *b);
struct prefix_set prefix_set_minus(const struct prefix_set *a, const struct prefix_set *b);

/* The same, in place of `set`. */
void prefix_set_merge(struct prefix_set *set, const struct prefix_set *other);
void prefix_set_keep(struct prefix_set *set, const struct prefix_set *other);
void prefix_set_drop(struct prefix_set *set, const struct prefix_set *other);

bool prefix_set_is_empty(const struct prefix_set *set);
bool prefix_set_has(const struct prefix_set *set, const struct address *address);
bool prefix_set_is_within(const struct prefix_set *inner, const struct prefix_set *outer);
bool prefix_set_meets(const struct prefix_set *a, const struct prefix_set *b); /* have an address in common */

/* Calls each(prefix, user) for the shortest list of prefixes that is the set, ascending. */
void prefix_set_each(const struct prefix_set *set, void (*each)(const struct prefix *prefix, void *user), void *user);

#endif
