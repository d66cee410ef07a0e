/* What recordings of a domain knew, one after the other. */
#include "rule/history.h"

#include "../../replay/dns_world.h"
#include "../check_main.h"

#define NOW REPLAY_NOW
#define DAY REPLAY_DAY
#define OLD "mail.contoso.com"
#define NEW "contoso-com.mail.protection.outlook.com"
#define UNKNOWN TIME_UNKNOWN

/* One recording: what the two servers served; no host: silent. */
struct recorded {
	int64_t at;
	enum phase phase;
	const char *host, *second_host;
	int64_t ttl_s, second_ttl_s;
	int64_t since_ttl_s, short_since; /* what its own --since knew; since_ttl_s 0: nothing */
	const char *old_mx;               /* what its own --old-mx or --since knew */
};

#define SERVED(at, host, ttl_s) {at, PHASE_BEFORE, host, host, ttl_s, ttl_s, 0, UNKNOWN, NULL}
#define CHANGED(at, host, ttl_s, old_mx) {at, PHASE_AFTER, host, host, ttl_s, ttl_s, 0, UNKNOWN, old_mx}

static const struct {
	const char *name;
	struct recorded recordings[4];
	const char *old_mx;
	int64_t longest_s, last_s, short_since, changed_by;
} cases[] = {
    {"never lowered", {SERVED(NOW - 9 * DAY, OLD, 86400), SERVED(NOW - DAY, OLD, 86400)}, OLD, 86400, 86400, UNKNOWN, UNKNOWN},
    {"lowered between two", {SERVED(NOW - 9 * DAY, OLD, 86400), SERVED(NOW - DAY, OLD, 300)}, OLD, 86400, 300, NOW - DAY, UNKNOWN},
    {"low ever since", {SERVED(NOW - 9 * DAY, OLD, 300), SERVED(NOW - DAY, OLD, 600)}, OLD, 600, 600, NOW - 9 * DAY, UNKNOWN},
    {"raised again", {SERVED(NOW - 9 * DAY, OLD, 300), SERVED(NOW - DAY, OLD, 7200)}, OLD, 7200, 7200, UNKNOWN, UNKNOWN},
    {"raised, and lowered again", {SERVED(NOW - 3 * DAY, OLD, 300), SERVED(NOW - 2 * DAY, OLD, 7200), SERVED(NOW - DAY, OLD, 60)},
     OLD, 7200, 60, NOW - DAY, UNKNOWN},
    {"what a recording knew from another", {{NOW - DAY, PHASE_BEFORE, OLD, OLD, 300, 300, 86400, NOW - 5 * DAY, NULL}},
     OLD, 86400, 300, NOW - 5 * DAY, UNKNOWN},
    {"long at one server", {SERVED(NOW - 9 * DAY, OLD, 86400), {NOW - DAY, PHASE_BEFORE, OLD, OLD, 300, 86400, 0, UNKNOWN, NULL}},
     OLD, 86400, 86400, UNKNOWN, UNKNOWN},
    {"a silent server may serve anything", {SERVED(NOW - 9 * DAY, OLD, 86400), {NOW - DAY, PHASE_BEFORE, OLD, NULL, 300, 0, 0, UNKNOWN, NULL}},
     OLD, 86400, 86400, UNKNOWN, UNKNOWN},
    {"changed between two", {SERVED(NOW - DAY, OLD, 300), CHANGED(NOW - 60, NEW, 300, NULL)}, OLD, 300, 300, NOW - DAY, NOW - 60},
    {"first seen after the change, the old host told", {CHANGED(NOW - 60, NEW, 300, OLD)}, OLD, 300, -1, NOW - 60, NOW - 60},
    {"changed at one server only", {SERVED(NOW - DAY, OLD, 300), {NOW - 60, PHASE_AFTER, NEW, OLD, 300, 300, 0, UNKNOWN, NULL}},
     OLD, 300, 300, NOW - DAY, UNKNOWN},
    {"nothing but the new set", {CHANGED(NOW - DAY, NEW, 300, NULL)}, NULL, 300, 300, NOW - DAY, UNKNOWN},
};

static void serve(struct world *world, int server, const char *host, int64_t ttl_s)
{
	if (host != NULL)
		serve_mx(world, server, ttl_s, host, NULL);
	else
		ask_zone(world, server, "contoso.com", "MX", OUTCOME_TIMEOUT);
}

static void note(struct history *history, const struct recorded *recorded)
{
	struct world world;
	world_init(&world);
	world.policy.now = recorded->at;
	world.policy.phase = recorded->phase;
	world.policy.since_ttl_s = recorded->since_ttl_s > 0 ? recorded->since_ttl_s : -1;
	world.policy.short_since = recorded->short_since;
	if (recorded->old_mx != NULL)
		names_add(&world.policy.old_mx, recorded->old_mx);
	serve(&world, NS1, recorded->host, recorded->ttl_s);
	serve(&world, NS2, recorded->second_host, recorded->second_ttl_s);
	history_note(history, &world.evidence, &world.policy, 3600);
	world_clear(&world);
}

START_TEST(recordings_tell_what_was)
{
	struct history history;
	struct policy policy;
	history_init(&history);
	policy_init(&policy);
	for (size_t i = 0; i < 4 && cases[_i].recordings[i].at != 0; i++)
		note(&history, &cases[_i].recordings[i]);
	history_apply(&history, &policy);
	const char *name = cases[_i].name;
	ck_assert_msg(policy.old_mx.count == (cases[_i].old_mx != NULL), "%s: %zu old hosts", name, policy.old_mx.count);
	ck_assert_msg(cases[_i].old_mx == NULL || names_has(&policy.old_mx, cases[_i].old_mx), "%s: old host", name);
	ck_assert_msg(policy.since_ttl_s == cases[_i].longest_s, "%s: longest %lld", name, (long long)policy.since_ttl_s);
	ck_assert_msg(policy.last_ttl_s == cases[_i].last_s, "%s: last %lld", name, (long long)policy.last_ttl_s);
	ck_assert_msg(policy.short_since == cases[_i].short_since, "%s: short since %lld", name, (long long)(policy.short_since - NOW));
	ck_assert_msg(policy.changed_by == cases[_i].changed_by, "%s: changed by %lld", name, (long long)(policy.changed_by - NOW));
	policy_clear(&policy);
	history_clear(&history);
}
END_TEST

START_TEST(what_the_user_told_stays)
{
	struct history history;
	struct policy policy;
	history_init(&history);
	policy_init(&policy);
	names_add(&policy.old_mx, "mx.elsewhere.example");
	note(&history, &cases[0].recordings[0]);
	history_apply(&history, &policy);
	ck_assert_uint_eq(policy.old_mx.count, 1);
	ck_assert(names_has(&policy.old_mx, "mx.elsewhere.example"));
	policy_clear(&policy);
	history_clear(&history);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("history");
	tcase_add_loop_test(tcase, recordings_tell_what_was, 0, sizeof cases / sizeof *cases);
	tcase_add_test(tcase, what_the_user_told_stays);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("rule/history", fill)
