#include "rule/history.h"

#include "rule/authority.h"
#include "rule/expectation.h"

void history_init(struct history *history)
{
	*history = (struct history){.ttl_s = -1,
	                            .longest_s = -1,
	                            .last_ttl_s = -1,
	                            .short_since = TIME_UNKNOWN,
	                            .changed_by = TIME_UNKNOWN,
	                            .gone_by = TIME_UNKNOWN};
}

void history_clear(struct history *history)
{
	names_clear(&history->mx);
	names_clear(&history->old_mx);
}

static void copy_names(struct names *to, const struct names *from)
{
	names_clear(to);
	for (size_t i = 0; i < from->count; i++)
		names_add(to, from->items[i]);
}

static bool has_same_hosts(const struct names *hosts, const struct mx_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (!names_has(hosts, set->items[i].host))
			return false;
	return hosts->count == set->count;
}

/* The one set that all servers serve; NULL when they differ. */
static const struct mx_set *common_set(const struct authority *authority)
{
	const struct mx_set *common = NULL;
	for (size_t i = 0; i < authority->count; i++) {
		const struct authority_server *server = &authority->items[i];
		if (server->mx == NULL)
			continue;
		if (common != NULL && !mx_set_equal(common, &server->mx_set))
			return NULL;
		common = &server->mx_set;
	}
	return common;
}

static void note_ttl(struct history *history, const struct policy *recorded, int64_t ttl_s, int64_t limit_s)
{
	int64_t longest_s = ttl_s > recorded->since_ttl_s ? ttl_s : recorded->since_ttl_s;
	history->longest_s = longest_s > history->longest_s ? longest_s : history->longest_s;
	if (ttl_s > limit_s)
		history->short_since = TIME_UNKNOWN;
	else if (history->short_since == TIME_UNKNOWN)
		history->short_since = recorded->short_since != TIME_UNKNOWN ? recorded->short_since : recorded->now;
}

static void note_set(struct history *history, const struct dns_view *view, const struct mx_set *set, int64_t ttl_s)
{
	const struct policy *recorded = view->policy;
	struct expectation expectation;
	expectation_init(&expectation, view);
	history->mx_is_new = recorded->phase == PHASE_AFTER && expectation_age(&expectation, set) == MX_AGE_NEW;
	expectation_clear(&expectation);
	if (history->mx.count > 0 && !has_same_hosts(&history->mx, set)) {
		copy_names(&history->old_mx, &history->mx);
		history->last_ttl_s = history->ttl_s;
		history->changed_by = recorded->now;
	} else if (history->mx.count == 0 && recorded->old_mx.count > 0 && !has_same_hosts(&recorded->old_mx, set)) {
		copy_names(&history->old_mx, &recorded->old_mx);
		history->last_ttl_s = recorded->last_ttl_s;
		history->changed_by = recorded->changed_by != TIME_UNKNOWN || !history->mx_is_new ? recorded->changed_by : recorded->now;
	}
	names_clear(&history->mx);
	for (size_t i = 0; i < set->count; i++)
		names_add(&history->mx, set->items[i].host);
	history->ttl_s = ttl_s;
}

void history_note(struct history *history, const struct evidence *evidence, const struct policy *recorded, int64_t limit_s)
{
	struct dns_view view;
	struct authority authority;
	if (recorded->now == TIME_UNKNOWN || !dns_view_init(&view, evidence, recorded, NULL))
		return;
	authority_init(&authority, &view);
	if (authority_is_heard(&authority)) {
		const struct mx_set *set = common_set(&authority);
		note_ttl(history, recorded, authority_ttl(&authority), limit_s);
		if (set != NULL)
			note_set(history, &view, set, authority_ttl(&authority));
	}
	authority_clear(&authority);
	dns_view_clear(&view);
}

void history_apply(const struct history *history, struct policy *policy)
{
	bool has_changed = history->old_mx.count > 0;
	const struct names *old = has_changed ? &history->old_mx : &history->mx;
	if (policy->old_mx.count == 0 && (has_changed || !history->mx_is_new))
		copy_names(&policy->old_mx, old);
	policy->since_ttl_s = history->longest_s;
	policy->last_ttl_s = has_changed ? history->last_ttl_s : history->ttl_s;
	policy->short_since = history->short_since;
	policy->changed_by = history->changed_by;
	policy->since_gone_by = history->gone_by;
}
