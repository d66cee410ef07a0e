#include "model/prefix_set.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void prefix_set_init(struct prefix_set *set)
{
	*set = (struct prefix_set){0};
}

void prefix_set_clear(struct prefix_set *set)
{
	free(set->items);
	prefix_set_init(set);
}

static size_t width(const struct address *address)
{
	return address_bits(address) / 8;
}

/* The address behind; false when there is none in the family. */
static bool next_address(struct address *address)
{
	for (size_t i = width(address); i-- > 0;)
		if (++address->bytes[i] != 0)
			return true;
	return false;
}

/* The address before; false when there is none. */
static bool previous_address(struct address *address)
{
	for (size_t i = width(address); i-- > 0;)
		if (address->bytes[i]-- != 0)
			return true;
	return false;
}

/* `a` ends where `b` begins, or they overlap: one range holds both. `a` begins first. */
static bool touches(const struct address_range *a, const struct address_range *b)
{
	struct address behind = a->last;
	if (a->last.family != b->first.family)
		return false;
	return address_compare(&b->first, &a->last) <= 0 || (next_address(&behind) && address_compare(&behind, &b->first) == 0);
}

static void append(struct prefix_set *set, const struct address_range *range)
{
	if (set->count > 0 && touches(&set->items[set->count - 1], range)) {
		struct address_range *last = &set->items[set->count - 1];
		if (address_compare(&range->last, &last->last) > 0)
			last->last = range->last;
		return;
	}
	set->items = xgrow(set->items, set->count, &set->room, sizeof *set->items);
	set->items[set->count++] = *range;
}

void prefix_set_add_range(struct prefix_set *set, const struct address *first, const struct address *last)
{
	struct address_range range = {*first, *last};
	if (set->count > 0 && address_compare(&set->items[set->count - 1].first, first) > 0)
		set->is_unsettled = true;
	if (!set->is_unsettled) {
		append(set, &range);
		return;
	}
	set->items = xgrow(set->items, set->count, &set->room, sizeof *set->items);
	set->items[set->count++] = range;
}

static int by_first(const void *a, const void *b)
{
	return address_compare(&((const struct address_range *)a)->first, &((const struct address_range *)b)->first);
}

void prefix_set_settle(struct prefix_set *set)
{
	if (!set->is_unsettled)
		return;
	size_t count = set->count;
	qsort(set->items, count, sizeof *set->items, by_first);
	set->count = 0;
	set->is_unsettled = false;
	for (size_t i = 0; i < count; i++) {
		struct address_range range = set->items[i]; /* append writes at or before it */
		append(set, &range);
	}
}

void prefix_set_add(struct prefix_set *set, const struct prefix *prefix)
{
	struct address last = prefix_last(prefix);
	prefix_set_add_range(set, &prefix->address, &last);
}

void prefix_set_add_family(struct prefix_set *set, int family)
{
	struct prefix all = {.address = {.family = family}};
	prefix_set_add(set, &all);
}

struct prefix_set prefix_set_copy(const struct prefix_set *set)
{
	struct prefix_set copy = {0};
	assert(!set->is_unsettled);
	for (size_t i = 0; i < set->count; i++)
		append(&copy, &set->items[i]);
	return copy;
}

struct prefix_set prefix_set_or(const struct prefix_set *a, const struct prefix_set *b)
{
	struct prefix_set out = {0};
	size_t i = 0, k = 0;
	assert(!a->is_unsettled && !b->is_unsettled);
	while (i < a->count || k < b->count) {
		bool from_a = k == b->count || (i < a->count && address_compare(&a->items[i].first, &b->items[k].first) <= 0);
		append(&out, from_a ? &a->items[i++] : &b->items[k++]);
	}
	return out;
}

struct prefix_set prefix_set_and(const struct prefix_set *a, const struct prefix_set *b)
{
	struct prefix_set out = {0};
	assert(!a->is_unsettled && !b->is_unsettled);
	for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
		const struct address_range *x = &a->items[i], *y = &b->items[k];
		struct address_range both = {.first = address_compare(&x->first, &y->first) > 0 ? x->first : y->first,
		                             .last = address_compare(&x->last, &y->last) < 0 ? x->last : y->last};
		if (address_compare(&both.first, &both.last) <= 0)
			append(&out, &both);
		if (address_compare(&x->last, &y->last) < 0)
			i++;
		else
			k++;
	}
	return out;
}

/* What is left of `rest` in front of `hole`, and `rest` cut to what is behind it; false when nothing is. */
static bool cut(struct prefix_set *out, struct address_range *rest, const struct address_range *hole)
{
	if (address_compare(&rest->first, &hole->first) < 0) {
		struct address_range front = {rest->first, hole->first};
		previous_address(&front.last);
		append(out, &front);
	}
	rest->first = hole->last;
	return next_address(&rest->first) && address_compare(&rest->first, &rest->last) <= 0;
}

struct prefix_set prefix_set_minus(const struct prefix_set *a, const struct prefix_set *b)
{
	struct prefix_set out = {0};
	size_t k = 0;
	assert(!a->is_unsettled && !b->is_unsettled);
	for (size_t i = 0; i < a->count; i++) {
		struct address_range rest = a->items[i];
		bool is_left = true;
		while (k < b->count && address_compare(&b->items[k].last, &rest.first) < 0)
			k++;
		for (size_t h = k; is_left && h < b->count && address_compare(&b->items[h].first, &rest.last) <= 0; h++)
			is_left = cut(&out, &rest, &b->items[h]);
		if (is_left)
			append(&out, &rest);
	}
	return out;
}

static void replace(struct prefix_set *set, struct prefix_set with)
{
	prefix_set_clear(set);
	*set = with;
}

void prefix_set_merge(struct prefix_set *set, const struct prefix_set *other)
{
	replace(set, prefix_set_or(set, other));
}

void prefix_set_keep(struct prefix_set *set, const struct prefix_set *other)
{
	replace(set, prefix_set_and(set, other));
}

void prefix_set_drop(struct prefix_set *set, const struct prefix_set *other)
{
	replace(set, prefix_set_minus(set, other));
}

bool prefix_set_is_empty(const struct prefix_set *set)
{
	return set->count == 0;
}

bool prefix_set_has(const struct prefix_set *set, const struct address *address)
{
	size_t low = 0, high = set->count;
	assert(!set->is_unsettled);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (address_compare(&set->items[middle].last, address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < set->count && address_compare(&set->items[low].first, address) <= 0;
}

bool prefix_set_is_within(const struct prefix_set *inner, const struct prefix_set *outer)
{
	struct prefix_set rest = prefix_set_minus(inner, outer);
	bool is_within = prefix_set_is_empty(&rest);
	prefix_set_clear(&rest);
	return is_within;
}

bool prefix_set_meets(const struct prefix_set *a, const struct prefix_set *b)
{
	struct prefix_set both = prefix_set_and(a, b);
	bool meets = !prefix_set_is_empty(&both);
	prefix_set_clear(&both);
	return meets;
}

/* The shortest prefix that begins at first and does not go beyond last. */
static struct prefix longest_step(const struct address *first, const struct address *last)
{
	struct prefix prefix = {.address = *first, .length = address_bits(first)};
	while (prefix.length > 0) {
		struct prefix wider = {.address = *first, .length = prefix.length - 1};
		unsigned bit = wider.length;
		if (first->bytes[bit / 8] & (0x80u >> bit % 8))
			break; /* does not begin there */
		struct address end = prefix_last(&wider);
		if (address_compare(&end, last) > 0)
			break;
		prefix = wider;
	}
	return prefix;
}

void prefix_set_each(const struct prefix_set *set, void (*each)(const struct prefix *prefix, void *user), void *user)
{
	for (size_t i = 0; i < set->count; i++) {
		struct address at = set->items[i].first;
		for (;;) {
			struct prefix step = longest_step(&at, &set->items[i].last);
			each(&step, user);
			at = prefix_last(&step);
			if (address_compare(&at, &set->items[i].last) >= 0 || !next_address(&at))
				break;
		}
	}
}
