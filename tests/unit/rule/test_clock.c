#include "../check_main.h"
#include "../../replay/dns_world.h"

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/rules.h"

#define NOW REPLAY_NOW
#define HOURS INT64_C(3600)
#define OLD "mail.contoso.com"
#define NEW "contoso-com.mail.protection.outlook.com"

static const struct {
	const char *name;
	enum phase phase;
	int64_t ttl_s, second_ttl_s; /* at the two servers; -1: the second is silent */
	const char *host, *second_host;
	const char *expected;
	int64_t old_ttl_s, cutover;
	int64_t earliest_cutover, old_gone_by, sync_until;
} cases[] = {
#define UNKNOWN TIME_UNKNOWN
#define BEFORE PHASE_BEFORE
#define AFTER PHASE_AFTER
    {"the old TTL is not known", BEFORE, 300, 300, OLD, OLD, NULL, -1, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN},
    {"one old TTL from now", BEFORE, 300, 300, OLD, OLD, NULL, 86400, UNKNOWN, NOW + 86400, UNKNOWN, UNKNOWN},
    {"not lowered yet", BEFORE, 86400, 86400, OLD, OLD, NULL, 86400, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN},
    {"not lowered at one server", BEFORE, 300, 86400, OLD, OLD, NULL, 86400, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN},
    {"one server is silent", BEFORE, 300, -1, OLD, OLD, NULL, 86400, NOW + HOURS, UNKNOWN, UNKNOWN, UNKNOWN},
    {"a planned change", BEFORE, 300, 600, OLD, OLD, NULL, -1, NOW + 48 * HOURS, UNKNOWN, NOW + 48 * HOURS + 600,
     NOW + 120 * HOURS},
    {"a change before the old TTL is drained", BEFORE, 300, 300, OLD, OLD, NULL, 86400, NOW + HOURS, NOW + 86400,
     NOW + 86400, NOW + 73 * HOURS},
    {"a TTL of a week outlasts 72 h", BEFORE, 604800, 604800, OLD, OLD, NULL, -1, NOW, UNKNOWN, NOW + 604800, NOW + 604800},
    {"changed, the old TTL is not known", AFTER, 300, 300, NEW, NEW, NULL, -1, NOW - HOURS, UNKNOWN, UNKNOWN, UNKNOWN},
    {"changed, nobody told when", AFTER, 300, 300, NEW, NEW, NULL, 3600, UNKNOWN, UNKNOWN, NOW + HOURS, UNKNOWN},
    {"changed, and when", AFTER, 300, 300, NEW, NEW, NULL, 3600, NOW - 2 * HOURS, UNKNOWN, NOW - HOURS, NOW + 70 * HOURS},
    {"changed before it was planned", AFTER, 300, 300, NEW, NEW, NULL, 3600, NOW + 2 * HOURS, UNKNOWN, NOW + HOURS, UNKNOWN},
    {"changed at one server", AFTER, 300, 300, NEW, OLD, NULL, 3600, NOW - HOURS, UNKNOWN, UNKNOWN, UNKNOWN},
    {"changed to a gateway", AFTER, 300, 300, "mx.gateway.example", "mx.gateway.example", "mx.gateway.example", 3600,
     NOW - HOURS, UNKNOWN, NOW, NOW + 71 * HOURS},
    {"changed to another than expected", AFTER, 300, 300, NEW, NEW, "mx.gateway.example", 3600, NOW - HOURS, UNKNOWN,
     UNKNOWN, UNKNOWN},
};

static void build(struct world *world, int index)
{
	world->policy.phase = cases[index].phase;
	world->policy.old_ttl_s = cases[index].old_ttl_s;
	world->policy.cutover = cases[index].cutover;
	if (cases[index].expected != NULL)
		names_add(&world->policy.expect_mx, cases[index].expected);
	serve_mx(world, NS1, cases[index].ttl_s, cases[index].host, NULL);
	if (cases[index].second_ttl_s >= 0)
		serve_mx(world, NS2, cases[index].second_ttl_s, cases[index].second_host, NULL);
	else
		ask_zone(world, NS2, "contoso.com", "MX", OUTCOME_TIMEOUT);
}

START_TEST(clock_tells_what_is_known)
{
	struct world world;
	struct findings findings;
	world_init(&world);
	findings_init(&findings);
	build(&world, _i);
	rule_change(&world.evidence, &world.policy, &findings);
	ck_assert_msg(findings.earliest_cutover == cases[_i].earliest_cutover, "%s: earliest %lld", cases[_i].name,
	              (long long)(findings.earliest_cutover - NOW));
	ck_assert_msg(findings.old_gone_by == cases[_i].old_gone_by, "%s: gone by %lld", cases[_i].name,
	              (long long)(findings.old_gone_by - NOW));
	ck_assert_msg(findings.sync_until == cases[_i].sync_until, "%s: sync %lld", cases[_i].name,
	              (long long)(findings.sync_until - NOW));
	bool is_synced = cases[_i].phase == PHASE_AFTER && cases[_i].sync_until != UNKNOWN;
	bool is_early = cases[_i].earliest_cutover > NOW && (cases[_i].cutover == UNKNOWN || cases[_i].cutover < cases[_i].earliest_cutover);
	ck_assert_int_eq(findings_has(&findings, FINDING_SYNC_UNTIL), is_synced);
	ck_assert_int_eq(findings_has(&findings, FINDING_TTL_NOT_DRAINED), is_early);
	findings_clear(&findings);
	world_clear(&world);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("clock");
	tcase_add_loop_test(tcase, clock_tells_what_is_known, 0, sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("rule/clock", fill)
