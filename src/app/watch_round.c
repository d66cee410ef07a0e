#include "app/watch_round.h"

#include <stdlib.h>
#include <string.h>

#include "app/caches.h"
#include "app/plan_file.h"
#include "app/network.h"
#include "app/since.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "engine/engine.h"
#include "rule/authority.h"

/*
 * Times in ms. A cache counts whole seconds, so that what expires at t may be given out until t + 1 s: asked a little
 * later it is gone. Where no expiry is known, again after a while.
 */
enum { BEHIND_EXPIRY_MS = 1100, APART_MS = 5000, LEAST_MS = 1000, UNKNOWN_MS = 30000, LONGEST_MS = 3600000, JOBS = 4 };

static void fill_list(struct watch *watch)
{
	bool is_empty = watch->caches.count == 0;
	for (size_t i = 0; is_empty && i < watch->config.resolver_count; i++)
		resolver_list_add(&watch->caches, &watch->config.resolvers[i], NULL, NULL);
	watch->items = xcalloc(watch->caches.count + 1, sizeof *watch->items);
	for (size_t i = 0; i < watch->caches.count; i++)
		watch->items[i] = (struct watched){.resolver = &watch->caches.resolvers[i],
		                                   .state = CACHE_STATE_COUNT,
		                                   .before = CACHE_STATE_COUNT,
		                                   .expires = TIME_UNKNOWN};
}

int watch_init(struct watch *watch, const struct options *options, struct error *error)
{
	struct target domain = {0};
	*watch = (struct watch){.started_ms = clock_now_ms()};
	policy_init(&watch->policy);
	evidence_init(&watch->evidence);
	watch->policy.phase = PHASE_AFTER;
	watch->policy.now = watch->started_ms / 1000;
	int result = target_parse_domain(options->arguments.items[0], &domain, error);
	if (result == 0) {
		watch->policy.domain = xstrdup(domain.host);
		result = plan_file_apply(options, domain.host, &watch->policy, error);
	}
	if (result == 0)
		result = since_apply(options, &watch->policy, error);
	if (result == 0)
		result = network_config(options, &watch->config, error);
	if (result == 0)
		result = caches_apply(options, &watch->caches, error);
	if (result == 0)
		fill_list(watch);
	target_clear(&domain);
	return result;
}

void watch_clear(struct watch *watch)
{
	for (size_t i = 0; watch->items != NULL && i < watch->caches.count; i++)
		free(watch->items[i].set);
	free(watch->items);
	evidence_clear(&watch->evidence);
	policy_clear(&watch->policy);
	network_config_clear(&watch->config);
	resolver_list_clear(&watch->caches);
}

bool watch_is_waiting(const struct watched *item)
{
	return item->state != CACHE_NEW_STATE && item->state != CACHE_EMPTY_STATE && item->state != CACHE_UNTESTED_STATE;
}

size_t watch_count(const struct watch *watch, enum cache_state state)
{
	size_t count = 0;
	for (size_t i = 0; i < watch->caches.count; i++)
		count += watch->items[i].state == state;
	return count;
}

bool watch_is_done(const struct watch *watch)
{
	size_t fresh = watch_count(watch, CACHE_NEW_STATE) + watch_count(watch, CACHE_EMPTY_STATE);
	return watch->servers > 0 && watch->behind == 0 && fresh > 0 &&
	       fresh + watch_count(watch, CACHE_UNTESTED_STATE) == watch->caches.count;
}

/* Until the zone is new everywhere, an empty or new cache may still be filled with the old set. */
static bool asks_all(const struct watch *watch)
{
	return !watch->was_asked || watch->behind > 0 || watch->servers == 0;
}

static struct cache_options due_list(const struct watch *watch)
{
	struct cache_options due = watch->caches;
	due.count = due.room = 0;
	due.resolvers = xcalloc(watch->caches.count + 1, sizeof *due.resolvers);
	for (size_t i = 0; i < watch->caches.count; i++)
		if (asks_all(watch) || watch_is_waiting(&watch->items[i]) || watch->items[i].state == CACHE_UNTESTED_STATE)
			due.resolvers[due.count++] = watch->caches.resolvers[i];
	return due;
}

static bool is_of(const struct observation *o, const struct listed_resolver *resolver)
{
	char address[ENDPOINT_TEXT_BYTES];
	return str_equal(o->probe, "cache") && str_equal(o->address, endpoint_address(&resolver->address, address)) &&
	       observation_int_or(o, FACT_CACHE_PORT, 0, 0) == endpoint_port(&resolver->address);
}

static bool is_replaced(const struct observation *old, const struct evidence *by)
{
	bool is_cache = str_equal(old->probe, "cache");
	for (size_t i = 0; i < by->count; i++) {
		const struct observation *o = by->observations[i];
		if (is_cache != str_equal(o->probe, "cache"))
			continue;
		if (!is_cache || (str_equal(o->address, old->address) &&
		                  observation_int_or(o, FACT_CACHE_PORT, 0, 0) == observation_int_or(old, FACT_CACHE_PORT, 0, 0)))
			return true;
	}
	return false;
}

/* The new observations, and of the old ones those that nothing new replaces. */
static void merge(struct evidence *known, struct evidence *fresh)
{
	struct evidence merged;
	evidence_init(&merged);
	for (size_t i = 0; i < known->count; i++) {
		if (is_replaced(known->observations[i], fresh))
			observation_free(known->observations[i]);
		else
			evidence_take(&merged, known->observations[i]);
	}
	for (size_t i = 0; i < fresh->count; i++)
		evidence_take(&merged, fresh->observations[i]);
	known->count = fresh->count = 0; /* they have moved */
	evidence_clear(known);
	*known = merged;
}

static void take_states(struct watch *watch, const struct cache_view *caches)
{
	for (size_t i = 0; i < watch->caches.count; i++) {
		struct watched *item = &watch->items[i];
		item->before = item->state;
		for (size_t k = 0; k < caches->count; k++) {
			const struct cache_entry *entry = &caches->entries[k];
			if (!is_of(entry->o, item->resolver))
				continue;
			item->state = entry->state;
			item->expires = entry->expires;
			free(item->set);
			item->set = xstrdup(entry->set);
			break;
		}
		/* Nothing was asked: the zone has said nothing of the set. */
		item->state = item->state == CACHE_STATE_COUNT ? CACHE_UNTESTED_STATE : item->state;
	}
}

static void judge(struct watch *watch)
{
	struct dns_view view;
	struct authority authority;
	struct expectation expectation;
	struct cache_view caches;
	watch->behind = watch->servers = 0;
	if (!dns_view_init(&view, &watch->evidence, &watch->policy, NULL))
		return;
	authority_init(&authority, &view);
	expectation_init(&expectation, &view);
	cache_view_init(&caches, &view, &expectation);
	for (size_t i = 0; i < authority.count; i++) {
		bool has_set = authority.items[i].mx != NULL;
		watch->servers += has_set;
		watch->behind += has_set && expectation_age(&expectation, &authority.items[i].mx_set) != MX_AGE_NEW;
	}
	take_states(watch, &caches);
	cache_view_clear(&caches);
	expectation_clear(&expectation);
	authority_clear(&authority);
	dns_view_clear(&view);
}

static void on_done(void *user, struct migration *migration)
{
	struct watch *watch = user;
	merge(&watch->evidence, &migration->evidence);
	migration_free(migration);
}

int watch_round(struct watch *watch, struct error *error)
{
	struct cache_options due = due_list(watch);
	struct engine_listener listener = {.migration_done = on_done, .user = watch};
	struct target target = {.label = xstrdup(watch->policy.domain), .host = xstrdup(watch->policy.domain)};
	struct policy policy;
	int result = -1;
	struct net *net = net_new(&watch->config, error);
	watch->policy.now = clock_now_ms() / 1000;
	if (net == NULL) {
		target_clear(&target);
		goto out;
	}
	policy_copy(&policy, &watch->policy);
	struct engine *engine = engine_new(net, JOBS, &listener);
	struct migration *migration = migration_new(&policy);
	migration->job_options.caches = caches_or_null(&due);
	migration_plan(migration, probe_find(asks_all(watch) ? "ttl" : "cache"), &target);
	engine_take(engine, migration);
	result = engine_run(engine);
	engine_free(engine);
	net_free(net);
	watch->policy.now = clock_now_ms() / 1000;
	judge(watch);
	watch->was_asked = true;
out:
	free(due.resolvers); /* the names are the whole list's */
	return result;
}

/* At a known time. */
static bool ends_by_itself(const struct watched *item)
{
	return item->expires != TIME_UNKNOWN && (item->state == CACHE_OLD_STATE || item->state == CACHE_MIXED_STATE ||
	                                         item->state == CACHE_NEGATIVE_STATE);
}

int64_t watch_next(const struct watch *watch, int64_t now_ms)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	bool is_unknown = watch->behind > 0 || watch->servers == 0;
	for (size_t i = 0; i < watch->caches.count; i++) {
		const struct watched *item = &watch->items[i];
		bool is_timed = ends_by_itself(item);
		int64_t due = is_timed ? item->expires * 1000 + BEHIND_EXPIRY_MS : 0;
		is_unknown = is_unknown || item->state == CACHE_UNTESTED_STATE || (watch_is_waiting(item) && !is_timed);
		if (!is_timed)
			continue;
		first = due < first ? due : first;
		last = due > last ? due : last;
	}
	if (is_unknown && now_ms + UNKNOWN_MS < first)
		first = now_ms + UNKNOWN_MS;
	int64_t next = first > now_ms + APART_MS ? first : now_ms + APART_MS;
	/* The last one is met in time: the round before it waits for it, or comes sooner. */
	if (last != INT64_MIN && last < next + APART_MS)
		next = last > now_ms + LEAST_MS ? last : now_ms + LEAST_MS;
	return next < now_ms + LONGEST_MS ? next : now_ms + LONGEST_MS;
}
