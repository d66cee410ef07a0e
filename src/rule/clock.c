/*
 * The clock of the migration: design and reader's words in cli.md, "The clock". Unknown stays unknown, and is said so.
 *
 * before  earliest cutover: drain.h; an MTA-STS policy in mode enforce that shuts the new MX out holds it off for its max_age, if
 *         that is longer. With a planned --cutover, the old answer is gone when the zone's TTL has passed since then, or when no cache
 *         holds a longer one, whichever is later.
 * after   once every server serves the new set, old gone by = the last moment at which a cache may still give the old answer:
 *         the change plus the TTL that recordings knew, or the last expiry in the caches asked if that is later; else the caches';
 *         else the change plus --old-ttl. A cache with stale data has no known end, so then there is none.
 * sync until = that, and not before 72 h after the change.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "base/str.h"
#include "rule/change.h"
#include "rule/drain.h"
#include "rule/mtasts_policy.h"
#include "rule/mx_view.h"

enum { SYNC_S = 72 * 3600 };

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void because_zone(struct finding *f, const struct authority *authority)
{
	for (size_t i = 0; i < authority->count; i++)
		if (authority->items[i].mx != NULL)
			finding_because(f, authority->items[i].mx->index);
}

static void tell_not_drained(const struct change *clock, const struct drain *drain)
{
	char when[CLOCK_TEXT_BYTES], span[CLOCK_TEXT_BYTES];
	const struct policy *policy = clock->view.policy;
	/* A change that is planned for later is planned well. */
	if (drain->earliest <= policy->now || (policy->cutover != TIME_UNKNOWN && policy->cutover >= drain->earliest))
		return;
	clock_format(drain->earliest, when);
	clock_format_span(drain->earliest - policy->now, span);
	struct finding *f = dns_view_add(&clock->view, FINDING_TTL_NOT_DRAINED, NULL, "earliest safe cutover %s, in %s: %s", when, span,
	                                 drain->why);
	finding_arg_int(f, "ttl", drain->earliest - policy->now);
	finding_arg(f, "value", when);
	because_zone(f, &clock->authority);
	if (drain->longest != NULL)
		finding_because(f, drain->longest->index);
}

static void tell_before(const struct change *clock)
{
	const struct policy *policy = clock->view.policy;
	struct findings *findings = clock->view.findings;
	struct drain drain;
	drain_find(&drain, &clock->authority, &clock->caches);
	int64_t held_s = mtasts_policy_horizon(&clock->view);
	findings->earliest_cutover = drain.earliest;
	if (drain.earliest != TIME_UNKNOWN && held_s >= 0)
		findings->earliest_cutover = later(drain.earliest, policy->now + held_s);
	tell_not_drained(clock, &drain);
	if (policy->cutover == TIME_UNKNOWN || !authority_is_heard(&clock->authority))
		return;
	findings->old_gone_by = policy->cutover + authority_ttl(&clock->authority);
	findings->old_gone_by = later(findings->old_gone_by, drain.earliest);
	if (policy->old_ttl_s >= 0 && drain.earliest == TIME_UNKNOWN)
		findings->old_gone_by = later(findings->old_gone_by, policy->now + policy->old_ttl_s);
	findings->sync_until = later(findings->old_gone_by, policy->cutover + SYNC_S);
}

static bool is_at_microsoft(const struct dns_view *view, const struct mx_set *set)
{
	struct microsoft_name unused;
	size_t hosts = 0;
	for (size_t i = 0; i < set->count; i++) {
		enum mx_kind kind = mx_host_kind(view, set->items[i].host, &unused);
		if (kind == MX_KIND_VERIFICATION)
			continue;
		if (kind != MX_KIND_MICROSOFT)
			return false;
		hosts++;
	}
	return hosts > 0;
}

/* Where nobody told the old set nor the new one, what a zone serves may be either: only Microsoft's is taken for the new one. */
static bool is_new_set(const struct change *clock, const struct mx_set *set)
{
	const struct policy *policy = clock->view.policy;
	if (policy->expect_mx.count == 0 && policy->old_mx.count == 0)
		return is_at_microsoft(&clock->view, set);
	return expectation_age(&clock->expectation, set) == MX_AGE_NEW;
}

static bool has_changed(const struct change *clock)
{
	if (!authority_is_heard(&clock->authority))
		return false;
	for (size_t i = 0; i < clock->authority.count; i++)
		if (clock->authority.items[i].mx != NULL && !is_new_set(clock, &clock->authority.items[i].mx_set))
			return false;
	return true;
}

static int64_t old_gone_by(const struct change *clock)
{
	const struct policy *policy = clock->view.policy;
	const struct cache_view *caches = &clock->caches;
	int64_t cached = later(cache_view_last(caches, CACHE_OLD_STATE), cache_view_last(caches, CACHE_MIXED_STATE));
	if (cache_view_count(caches, CACHE_STALE_STATE) > 0)
		return TIME_UNKNOWN;
	return policy->since_ttl_s < 0 && cached != TIME_UNKNOWN ? cached : later(old_set_ends(policy), cached);
}

static void tell_sync(const struct change *clock)
{
	char until[CLOCK_TEXT_BYTES], gone[CLOCK_TEXT_BYTES];
	const struct findings *findings = clock->view.findings;
	bool has_gone = findings->old_gone_by != TIME_UNKNOWN;
	struct finding *f = dns_view_add(&clock->view, FINDING_SYNC_UNTIL, NULL, "%s: 72 h after the change%s%s%s",
	                                 clock_format(findings->sync_until, until), has_gone ? ", last old answer gone by " : "",
	                                 has_gone ? clock_format(findings->old_gone_by, gone) : "",
	                                 has_gone ? "; the later of the two" : "; no cache asked holds the old set");
	finding_arg(f, "value", until);
	because_zone(f, &clock->authority);
}

static void tell_after(const struct change *clock)
{
	const struct policy *policy = clock->view.policy;
	struct findings *findings = clock->view.findings;
	bool is_timed = policy->changed_by != TIME_UNKNOWN || (policy->cutover != TIME_UNKNOWN && policy->cutover <= policy->now);
	bool is_drained = cache_view_count(&clock->caches, CACHE_NEW_STATE) > 0 && cache_view_count(&clock->caches, CACHE_STALE_STATE) == 0;
	if (!has_changed(clock))
		return;
	findings->old_gone_by = old_gone_by(clock);
	if (!is_timed || (findings->old_gone_by == TIME_UNKNOWN && !is_drained))
		return;
	findings->sync_until = later(findings->old_gone_by, change_time(policy) + SYNC_S);
	tell_sync(clock);
}

void clock_tell(const struct change *clock)
{
	if (clock->view.policy->phase == PHASE_BEFORE)
		tell_before(clock);
	else
		tell_after(clock);
}
