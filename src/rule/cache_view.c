#include "rule/cache_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

enum { STALE_TTL_S = 30 }; /* RFC 8767 4: the TTL that stale data are given */

#define CACHE_NAME(symbol, name) name,
static const char *const names[] = {CACHE_STATES(CACHE_NAME)};
#undef CACHE_NAME

const char *cache_state_name(enum cache_state state)
{
	return names[state];
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t change_time(const struct policy *policy)
{
	if (policy->cutover != TIME_UNKNOWN && policy->cutover <= policy->now)
		return policy->cutover;
	return policy->changed_by != TIME_UNKNOWN ? policy->changed_by : policy->now;
}

int64_t old_set_ends(const struct policy *policy)
{
	int64_t change = change_time(policy);
	if (policy->since_ttl_s < 0)
		return policy->old_ttl_s >= 0 ? change + policy->old_ttl_s : TIME_UNKNOWN;
	/* Taken after the TTL was lowered, it lives as long as the last TTL; taken before, as long as the longest. */
	int64_t lowered = policy->short_since != TIME_UNKNOWN && policy->short_since < change ? policy->short_since : change;
	int64_t last_s = policy->last_ttl_s >= 0 ? policy->last_ttl_s : policy->since_ttl_s;
	return later(change + last_s, lowered + policy->since_ttl_s);
}

/* The answers of one resolver, by what they say. */
struct tally {
	bool has[CACHE_STATE_COUNT];
	int64_t expires[CACHE_STATE_COUNT];
	const char *set[CACHE_STATE_COUNT];
	int64_t old_ttl_s; /* longest of the old set's; -1 */
	enum outcome first, recursive; /* of the answers without and with recursion; OUTCOME_COUNT: none */
};

static void tally_set(struct tally *tally, const struct expectation *expectation, const struct observation *o, uint32_t row)
{
	static const enum cache_state states[] = {
	    [MX_AGE_NEW] = CACHE_NEW_STATE, [MX_AGE_OLD] = CACHE_OLD_STATE, [MX_AGE_OTHER] = CACHE_OTHER_STATE};
	const char *words = observation_text(o, FACT_CACHE_MX, row);
	int64_t ttl_s = observation_int_or(o, FACT_CACHE_TTL, row, 0);
	char *text = xstrdup(words);
	struct mx_set set;
	mx_set_parse(&set, text);
	enum cache_state state = states[expectation_age(expectation, &set)];
	tally->has[state] = true;
	tally->expires[state] = later(tally->expires[state], o->started_ms / 1000 + ttl_s);
	tally->set[state] = words;
	if (state == CACHE_OLD_STATE)
		tally->old_ttl_s = later(tally->old_ttl_s, ttl_s);
	mx_set_clear(&set);
	free(text);
}

static void tally_answers(struct tally *tally, const struct expectation *expectation, const struct observation *o)
{
	*tally = (struct tally){.old_ttl_s = -1, .first = OUTCOME_COUNT, .recursive = OUTCOME_COUNT};
	for (int i = 0; i < CACHE_STATE_COUNT; i++)
		tally->expires[i] = TIME_UNKNOWN;
	uint32_t rows = observation_rows(o, FACT_CACHE_OUTCOME);
	for (uint32_t row = 0; row < rows && row <= LIMIT_CACHE_SAMPLES; row++) {
		const char *name = observation_text(o, FACT_CACHE_OUTCOME, row);
		enum outcome outcome = name != NULL ? outcome_from_name(name) : OUTCOME_COUNT;
		int64_t ttl_s = 0;
		bool is_recursive = observation_flag(o, FACT_CACHE_RECURSIVE, row);
		enum outcome *place = is_recursive ? &tally->recursive : &tally->first;
		*place = *place == OUTCOME_COUNT ? outcome : *place;
		if (observation_text(o, FACT_CACHE_MX, row) != NULL) {
			tally_set(tally, expectation, o, row);
		} else if ((outcome == OUTCOME_NODATA || outcome == OUTCOME_NXDOMAIN) &&
		           (is_recursive || observation_int(o, FACT_CACHE_TTL, row, &ttl_s))) {
			tally->has[CACHE_NEGATIVE_STATE] = true;
			tally->expires[CACHE_NEGATIVE_STATE] = later(tally->expires[CACHE_NEGATIVE_STATE], o->started_ms / 1000 + ttl_s);
		}
	}
}

static bool is_answer(const char *outcome)
{
	return str_equal(outcome, "ok") || str_equal(outcome, "nodata") || str_equal(outcome, "nxdomain");
}

/* No answer held anything. */
static void judge_silent(struct cache_entry *entry, const struct tally *tally)
{
	const char *reach = observation_text(entry->o, FACT_CACHE_REACH, 0), *control = observation_text(entry->o, FACT_CACHE_CONTROL, 0);
	entry->state = CACHE_UNTESTED_STATE;
	if (!is_answer(reach) && !is_answer(control)) {
		entry->why = entry->o->outcome == OUTCOME_CANCELLED ? "cancelled" :
		             entry->o->outcome == OUTCOME_SKIPPED ? "no way to it from here" :
		             str_equal(reach, "timeout") ? "no answer" : "it resolves nothing for us";
	} else if (str_equal(control, "servfail") || tally->recursive == OUTCOME_SERVFAIL) {
		entry->state = CACHE_SERVFAIL_STATE;
	} else if (tally->first == OUTCOME_REFUSED && tally->recursive == OUTCOME_COUNT) {
		entry->why = "it refuses questions without recursion; --warm asks with it";
	} else if (tally->first == OUTCOME_TIMEOUT && tally->recursive == OUTCOME_COUNT) {
		entry->why = "no answer to the question for the MX set";
	} else if (tally->first == OUTCOME_COUNT || tally->first == OUTCOME_CANCELLED) {
		entry->why = "cancelled";
	} else {
		entry->state = CACHE_EMPTY_STATE;
	}
}

/* Why an old set cannot be waited out, or NULL. */
static const char *stale_reason(const struct cache_view *caches, const struct tally *tally)
{
	const struct policy *policy = caches->dns->policy;
	int64_t ends = old_set_ends(policy), known_s = policy->since_ttl_s >= 0 ? policy->last_ttl_s : policy->old_ttl_s;
	if (caches->expectation->zone_is_old || policy->phase == PHASE_BEFORE)
		return NULL;
	bool is_timed = policy->changed_by != TIME_UNKNOWN || (policy->cutover != TIME_UNKNOWN && policy->cutover <= policy->now);
	if (is_timed && ends != TIME_UNKNOWN && ends < policy->now)
		return "past the time at which its TTL must have run out";
	if (policy->since_gone_by != TIME_UNKNOWN && policy->since_gone_by < policy->now)
		return "past the time at which an earlier look saw it end";
	if (tally->old_ttl_s == STALE_TTL_S && (known_s < 0 || known_s > STALE_TTL_S) && mx_set_ttl(&caches->expectation->zone) != STALE_TTL_S)
		return "with the TTL of 30 s that stale data are given (RFC 8767)";
	return NULL;
}

static void judge(struct cache_view *caches, struct cache_entry *entry)
{
	static const enum cache_state worst[] = {CACHE_OTHER_STATE, CACHE_OLD_STATE, CACHE_NEGATIVE_STATE, CACHE_NEW_STATE};
	struct tally tally;
	size_t i = 0;
	tally_answers(&tally, caches->expectation, entry->o);
	while (i < sizeof worst / sizeof *worst && !tally.has[worst[i]])
		i++;
	entry->expires = TIME_UNKNOWN;
	entry->new_left_s = tally.has[CACHE_NEW_STATE] ? later(tally.expires[CACHE_NEW_STATE] - caches->dns->policy->now, 0) : -1;
	if (i == sizeof worst / sizeof *worst) {
		judge_silent(entry, &tally);
		return;
	}
	entry->state = worst[i];
	entry->expires = tally.expires[worst[i]];
	entry->left_s = later(entry->expires - caches->dns->policy->now, 0);
	entry->set = tally.set[worst[i]];
	if (entry->state != CACHE_OLD_STATE)
		return;
	entry->why = stale_reason(caches, &tally);
	entry->state = entry->why != NULL ? CACHE_STALE_STATE : tally.has[CACHE_NEW_STATE] ? CACHE_MIXED_STATE : CACHE_OLD_STATE;
}

static int compare(const void *left, const void *right)
{
	const struct cache_entry *a = left, *b = right;
	const char *x = a->o->address != NULL ? a->o->address : "", *y = b->o->address != NULL ? b->o->address : "";
	int order = strcmp(x, y);
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

void cache_view_init(struct cache_view *caches, const struct dns_view *dns, const struct expectation *expectation)
{
	bool is_rewritable = dns_view_denies_made_up(dns);
	*caches = (struct cache_view){.dns = dns, .expectation = expectation};
	for (size_t i = 0; i < dns->evidence->count; i++) {
		const struct observation *o = dns->evidence->observations[i];
		if (!str_equal(o->probe, "cache") || !str_equal_nocase(o->target, dns->domain) || o->address == NULL)
			continue;
		caches->entries = xgrow(caches->entries, caches->count, &caches->room, sizeof *caches->entries);
		struct cache_entry *entry = &caches->entries[caches->count++];
		*entry = (struct cache_entry){.o = o, .index = i};
		judge(caches, entry);
		if (is_rewritable && str_equal(observation_text(o, FACT_CACHE_CONTROL, 0), "ok")) {
			entry->state = CACHE_UNTESTED_STATE;
			entry->why = "it answers for names that do not exist";
		}
	}
	if (caches->count > 1)
		qsort(caches->entries, caches->count, sizeof *caches->entries, compare);
}

void cache_view_clear(struct cache_view *caches)
{
	free(caches->entries);
	*caches = (struct cache_view){0};
}

size_t cache_view_count(const struct cache_view *caches, enum cache_state state)
{
	size_t count = 0;
	for (size_t i = 0; i < caches->count; i++)
		count += caches->entries[i].state == state;
	return count;
}

int64_t cache_view_last(const struct cache_view *caches, enum cache_state state)
{
	int64_t last = TIME_UNKNOWN;
	for (size_t i = 0; i < caches->count; i++)
		if (caches->entries[i].state == state)
			last = later(last, caches->entries[i].expires);
	return last;
}

void cache_entry_say(struct buf *out, const struct cache_entry *entry)
{
	const char *name = observation_text(entry->o, FACT_CACHE_NAME, 0), *place = observation_text(entry->o, FACT_CACHE_PLACE, 0);
	if (name == NULL) {
		buf_puts(out, entry->o->address);
		return;
	}
	buf_printf(out, "%s%s%s (%s)", name, place != NULL ? ", " : "", place != NULL ? place : "", entry->o->address);
}
