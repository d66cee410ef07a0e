/*
 * The clock of the migration, as far as the zone's own servers and what the user told allow. Unknown stays unknown.
 *
 * before  earliest cutover = now + the old TTL, once every server gives out a short TTL: it was lowered no later
 *         than now, and who asked just before may keep the old one for its whole TTL. Unknown without --old-ttl.
 *         An MTA-STS policy in mode enforce that shuts the new MX out holds it off for its max_age, if that is longer.
 *         With a planned --cutover, the old answer is gone when the zone's TTL has passed since then, or the old
 *         one since now, whichever is later.
 * after   old gone by = the old TTL after the change (--cutover, when it has been; else now), once every server serves
 *         Microsoft's set, or that of --expect-mx.
 * sync until = that, and not before 72 h after the change.
 */
#include "base/str.h"
#include "rule/authority.h"
#include "rule/mtasts_policy.h"
#include "rule/mx_view.h"
#include "rule/rules.h"

enum { SYNC_S = 72 * 3600 };

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* `held_s`: how long senders may hold an MTA-STS policy that shuts the new MX out; -1: nothing of the kind. */
static void tell_before(const struct policy *policy, const struct authority *authority, int64_t held_s, struct findings *findings)
{
	int64_t ttl_s = authority_ttl(authority);
	if (!authority_is_heard(authority))
		return;
	if (policy->old_ttl_s >= 0 && ttl_s <= policy->ttl_limit_s)
		findings->earliest_cutover = policy->now + later(policy->old_ttl_s, held_s);
	if (policy->cutover == TIME_UNKNOWN)
		return;
	findings->old_gone_by = policy->cutover + ttl_s;
	if (policy->old_ttl_s >= 0)
		findings->old_gone_by = later(findings->old_gone_by, policy->now + policy->old_ttl_s);
	findings->sync_until = later(findings->old_gone_by, policy->cutover + SYNC_S);
}

/* All hosts of the set are where mail should go now. */
static bool is_new_set(const struct dns_view *view, const struct mx_set *set)
{
	const struct policy *policy = view->policy;
	struct microsoft_name unused;
	size_t hosts = 0;
	for (size_t i = 0; i < set->count; i++) {
		enum mx_kind kind = mx_host_kind(view, set->items[i].host, &unused);
		if (kind == MX_KIND_VERIFICATION)
			continue;
		if (policy->expect_mx.count > 0 ? !names_has(&policy->expect_mx, set->items[i].host)
		                                : kind != MX_KIND_MICROSOFT)
			return false;
		hosts++;
	}
	return hosts > 0;
}

static void tell_after(const struct dns_view *view, const struct authority *authority, struct findings *findings)
{
	const struct policy *policy = view->policy;
	bool is_told = policy->cutover != TIME_UNKNOWN && policy->cutover <= policy->now;
	if (policy->old_ttl_s < 0 || !authority_is_heard(authority))
		return;
	for (size_t i = 0; i < authority->count; i++)
		if (authority->items[i].mx != NULL && !is_new_set(view, &authority->items[i].mx_set))
			return;
	findings->old_gone_by = (is_told ? policy->cutover : policy->now) + policy->old_ttl_s;
	if (is_told)
		findings->sync_until = later(findings->old_gone_by, policy->cutover + SYNC_S);
}

void rule_clock(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct authority authority;
	if (policy->now == TIME_UNKNOWN || !dns_view_init(&view, evidence, policy, findings))
		return;
	authority_init(&authority, &view);
	if (policy->phase == PHASE_BEFORE)
		tell_before(policy, &authority, mtasts_policy_horizon(&view), findings);
	else
		tell_after(&view, &authority, findings);
	authority_clear(&authority);
	dns_view_clear(&view);
}
