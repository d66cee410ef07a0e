/* The MX set in caches against the zone, and the clock that both give, to the second. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "dns_world.h"
#include "replay.h"

#define OLD "mail.contoso.com"
#define NEW "contoso-com.mail.protection.outlook.com"
#define NOW REPLAY_NOW
#define DAY REPLAY_DAY
#define OF(id, severity, subject, says) {id, severity, subject, says}
#define HERE(id, severity, says) {id, severity, "contoso.com", says}
#define ZONE HERE("ns-ok", "pass", NULL), HERE("mx-ok", "pass", NULL), HERE("ttl-ok", "pass", NULL)
#define NEVER TIME_UNKNOWN

/* The observation of a cache without an answer yet; times count from NOW. */
static struct observation *visit(struct world *world, const char *address)
{
	struct observation *o = observe(world, "cache", "contoso.com", address, ENDED(OK), TEXT(CACHE_REACH, "ok"), TEXT(CACHE_CONTROL, "nxdomain"));
	o->started_ms = NOW * 1000;
	return o;
}

static void answer(struct observation *o, const char *outcome, const char *mx, int64_t ttl_s)
{
	uint32_t row = observation_rows(o, FACT_CACHE_OUTCOME);
	give(o, ROW_TEXT(CACHE_OUTCOME, row, outcome), ROW_INT(CACHE_SEEN, row, 1), ROW_BOOL(CACHE_RECURSIVE, row, false));
	if (mx != NULL)
		give(o, ROW_TEXT(CACHE_MX, row, mx));
	if (ttl_s >= 0)
		give(o, ROW_INT(CACHE_TTL, row, ttl_s));
}

static void cache(struct world *world, const char *address, const char *mx, int64_t ttl_s)
{
	answer(visit(world, address), "ok", mx, ttl_s);
}

#define A "203.0.113.1"
#define B "203.0.113.2"

/* After the change an hour ago, both servers serve the new set with that TTL. */
static void changed(struct world *world, int64_t ttl_s)
{
	world->policy.phase = PHASE_AFTER;
	world->policy.cutover = NOW - 3600;
	names_add(&world->policy.old_mx, OLD);
	serve_mx_everywhere(world, ttl_s, NEW, NULL);
}

static void all_new(struct world *world)
{
	changed(world, 300);
	cache(world, A, "10 " NEW, 120);
	answer(visit(world, B), "protocol", NULL, -1);
}

static void some_old(struct world *world)
{
	changed(world, 300);
	cache(world, A, "10 " OLD, 42);
	cache(world, B, "10 " NEW, 300);
}

static void in_turn(struct world *world)
{
	changed(world, 300);
	struct observation *o = visit(world, A);
	answer(o, "ok", "10 " NEW, 299);
	answer(o, "ok", "10 " OLD, 77);
}

static void stale_by_ttl(struct world *world)
{
	changed(world, 300);
	cache(world, A, "10 " OLD, 30);
}

static void stale_by_time(struct world *world)
{
	changed(world, 300);
	world->policy.old_ttl_s = 600;
	cache(world, A, "10 " OLD, 250);
}

/* An old TTL of 30 s is no stale data. */
static void short_old_ttl(struct world *world)
{
	changed(world, 300);
	world->policy.cutover = NOW;
	world->policy.old_ttl_s = 30;
	cache(world, A, "10 " OLD, 30);
}

static void negative(struct world *world)
{
	changed(world, 300);
	answer(visit(world, A), "nxdomain", NULL, 55);
	cache(world, B, "10 " NEW, 10);
}

static void broken(struct world *world)
{
	changed(world, 300);
	struct observation *o = observe(world, "cache", "contoso.com", A, ENDED(SERVFAIL), TEXT(CACHE_REACH, "ok"), TEXT(CACHE_CONTROL, "servfail"));
	answer(o, "servfail", NULL, -1);
}

static void third_set(struct world *world)
{
	changed(world, 300);
	cache(world, A, "10 mail.elsewhere.example", 60);
}

static void no_answer(struct world *world)
{
	changed(world, 300);
	struct observation *o = observe(world, "cache", "contoso.com", A, ENDED(TIMEOUT), TEXT(CACHE_REACH, "timeout"), TEXT(CACHE_CONTROL, "timeout"));
	answer(o, "timeout", NULL, -1);
	cache(world, B, "10 " NEW, 10);
}

static void refuses(struct world *world)
{
	changed(world, 300);
	answer(visit(world, A), "refused", NULL, -1);
	cache(world, B, "10 " NEW, 10);
}

static void makes_names_up(struct world *world)
{
	changed(world, 300);
	struct observation *o = ask_zone(world, NS1, "cutover-1.contoso.com", "A", OUTCOME_NXDOMAIN);
	for (size_t i = 0; i < o->fact_count; i++)
		if (o->facts[i].key == FACT_DNS_PURPOSE) {
			free(o->facts[i].value.text);
			o->facts[i].value.text = strdup("wildcard");
		}
	o = observe(world, "cache", "contoso.com", A, ENDED(OK), TEXT(CACHE_REACH, "ok"), TEXT(CACHE_CONTROL, "ok"));
	answer(o, "ok", "10 " OLD, 500);
	cache(world, B, "10 " NEW, 10);
}

static void not_started(struct world *world)
{
	world->policy.phase = PHASE_AFTER;
	names_add(&world->policy.old_mx, OLD);
	serve_mx_everywhere(world, 300, OLD, NULL);
	cache(world, A, "10 " OLD, 42);
}

static void one_server_behind(struct world *world)
{
	world->policy.phase = PHASE_AFTER;
	names_add(&world->policy.expect_mx, NEW);
	serve_mx(world, NS1, 300, NEW, NULL);
	serve_mx(world, NS2, 300, OLD, NULL);
	cache(world, A, "10 " NEW, 42);
}

/* The majority has the old set: it is still the old one. */
static void outvoted(struct world *world)
{
	changed(world, 300);
	names_clear(&world->policy.old_mx);
	names_add(&world->policy.expect_mx, NEW);
	cache(world, A, "10 " OLD, 100);
	cache(world, B, "10 " OLD, 200);
	cache(world, "203.0.113.3", "10 " NEW, 200);
}

static void floor_of_its_own(struct world *world)
{
	changed(world, 300);
	cache(world, A, "10 " NEW, 900);
}

#define SOON(summary) HERE("sync-until", "info", summary)

static const struct replay_case state_cases[] = {
    {"all have the new set", all_new,
     {ZONE, HERE("propagation-ok", "pass", "at 2 authoritative addresses; of 2 resolvers 1 have it, 1 hold nothing, 0 were not tested"),
      SOON("2026-06-04T11:00:00Z: 72 h after the change; no cache asked holds the old set")}},
    {"one has the old set", some_old,
     {ZONE, OF("propagation-pending", "warn", A, "has the old set 10 " OLD ", 42 s left, until 2026-06-01T12:00:42Z"), SOON("2026-06-04T11:00:00Z")}},
    {"old and new in turn", in_turn, {ZONE, OF("propagation-mixed", "warn", A, "77 s left, until 2026-06-01T12:01:17Z"), SOON(NULL)}},
    {"stale data by their TTL of 30 s", stale_by_ttl, {ZONE, OF("propagation-stale", "warn", A, "RFC 8767")}},
    {"stale data by the clock", stale_by_time, {ZONE, OF("propagation-stale", "warn", A, "past the time at which its TTL")}},
    {"an old TTL of 30 s", short_old_ttl, {ZONE, OF("propagation-pending", "warn", A, "30 s left"), SOON(NULL)}},
    {"absence in a cache", negative, {ZONE, OF("propagation-negative", "warn", A, "there is no MX, 55 s left, until 2026-06-01T12:00:55Z"), SOON(NULL)}},
    {"SERVFAIL for the domain alone", broken, {ZONE, OF("propagation-servfail", "fail", A, "SERVFAIL")}},
    {"neither old nor new", third_set, {ZONE, OF("propagation-other", "fail", A, "10 mail.elsewhere.example")}},
    {"no answer is not a wrong answer", no_answer,
     {ZONE, OF("resolver-not-tested", "skip", A, "no answer"), HERE("propagation-ok", "pass", "1 were not tested"), SOON(NULL)}},
    {"a resolver that refuses to be snooped", refuses,
     {ZONE, OF("resolver-not-tested", "skip", A, "--warm"), HERE("propagation-ok", "pass", NULL), SOON(NULL)}},
    {"a resolver that makes names up", makes_names_up,
     {ZONE, OF("resolver-not-tested", "skip", A, "names that do not exist"), HERE("propagation-ok", "pass", NULL), SOON(NULL)}},
    {"the zone has not been changed", not_started,
     {HERE("ns-ok", "pass", NULL), HERE("ttl-ok", "pass", NULL), HERE("mx-not-microsoft", "fail", NULL),
      HERE("propagation-not-started", "fail", "all 2 addresses of the name servers serve 10 " OLD)}},
    {"one server is behind", one_server_behind,
     {HERE("ns-ok", "pass", NULL), HERE("ttl-ok", "pass", NULL), HERE("mx-differs-between-servers", "fail", NULL),
      HERE("propagation-not-started", "fail", "1 of 2 addresses of the name servers do not serve the new set: ns2.contoso.com (192.0.2.54): 10 " OLD)}},
    {"most caches are wrong", outvoted,
     {ZONE, OF("propagation-pending", "warn", A, "100 s left"), OF("propagation-pending", "warn", B, "200 s left"), SOON(NULL)}},
    {"a resolver with a floor", floor_of_its_own,
     {ZONE, HERE("propagation-ok", "pass", NULL), OF("ttl-clamped", "info", A, "another 900 s; the zone's TTL is 300 s"), SOON(NULL)}},
    {0},
};

/* Before the change: the TTL is short now at both servers. */
static void lowered(struct world *world)
{
	serve_mx_everywhere(world, 300, OLD, NULL);
}

static void recorded(struct world *world, int64_t longest_s, int64_t short_since)
{
	world->policy.since_ttl_s = world->policy.last_ttl_s = longest_s;
	world->policy.short_since = short_since;
	names_add(&world->policy.old_mx, OLD);
}

static void lowered_long_ago(struct world *world)
{
	lowered(world);
	recorded(world, DAY, NOW - 3 * DAY);
	cache(world, A, "10 " OLD, 200);
}

static void lowered_just_now(struct world *world)
{
	lowered(world);
	recorded(world, DAY, TIME_UNKNOWN);
	cache(world, A, "10 " OLD, 7200);
}

static void lowered_an_hour_ago(struct world *world)
{
	lowered(world);
	recorded(world, DAY, NOW - 3600);
}

static void never_lowered(struct world *world)
{
	serve_mx_everywhere(world, DAY, OLD, NULL);
	recorded(world, DAY, TIME_UNKNOWN);
}

static void one_lags(struct world *world)
{
	serve_mx(world, NS1, 300, OLD, NULL);
	serve_mx(world, NS2, DAY, OLD, NULL);
	recorded(world, DAY, TIME_UNKNOWN);
}

/* The secondary has an older zone, with the TTL that was. */
static void secondary_out_of_sync(struct world *world)
{
	one_lags(world);
	add_soa(ask_zone(world, NS1, "contoso.com", "SOA", OUTCOME_OK), 8, 300);
	add_soa(ask_zone(world, NS2, "contoso.com", "SOA", OUTCOME_OK), 7, 300);
}

static void clamping(struct world *world)
{
	lowered_long_ago(world);
	cache(world, B, "10 " OLD, 3000);
}

static void by_caches(struct world *world)
{
	lowered(world);
	cache(world, A, "10 " OLD, 5000);
	cache(world, B, "10 " OLD, 100);
}

static void by_drained_caches(struct world *world)
{
	lowered(world);
	cache(world, A, "10 " OLD, 300);
}

static void by_what_was_told(struct world *world)
{
	lowered(world);
	world->policy.old_ttl_s = 7200;
	answer(visit(world, A), "protocol", NULL, -1);
}

static void by_nothing(struct world *world)
{
	lowered(world);
	answer(visit(world, A), "protocol", NULL, -1);
}

static void short_for_a_week(struct world *world)
{
	lowered(world);
	recorded(world, 300, NOW - 8 * DAY);
}

static void absent_in_a_cache(struct world *world)
{
	lowered(world);
	answer(visit(world, A), "nodata", NULL, 100);
}

static void planned_well(struct world *world)
{
	lowered_just_now(world);
	world->policy.cutover = NOW + 2 * DAY;
}

#define IS_OLD HERE("mx-not-microsoft", "info", NULL)

static const struct replay_case before_cases[] = {
    {"lowered long ago", lowered_long_ago, {ZONE, IS_OLD}},
    {"lowered just now", lowered_just_now,
     {ZONE, IS_OLD, HERE("ttl-not-drained", "warn", "earliest safe cutover 2026-06-02T12:00:00Z, in 1 d: recordings saw a TTL of 86400 s")}},
    {"lowered an hour ago", lowered_an_hour_ago, {ZONE, IS_OLD, HERE("ttl-not-drained", "warn", "2026-06-02T11:00:00Z, in 23 h")}},
    {"never lowered", never_lowered,
     {HERE("ns-ok", "pass", NULL), HERE("mx-ok", "pass", NULL), IS_OLD,
      HERE("ttl-too-long", "warn", "earliest safe cutover unknown: the TTL is not short at every name server yet")}},
    {"one server lags", one_lags,
     {HERE("ns-ok", "pass", NULL), HERE("mx-ok", "pass", NULL), IS_OLD, HERE("ttl-differs-between-servers", "warn", NULL),
      HERE("ttl-too-long", "warn", "earliest safe cutover unknown")}},
    {"a secondary is out of sync", secondary_out_of_sync,
     {HERE("ns-serial-differs", "warn", NULL), HERE("mx-ok", "pass", NULL), IS_OLD, HERE("ttl-differs-between-servers", "warn", NULL),
      HERE("ttl-too-long", "warn", "earliest safe cutover unknown")}},
    {"a resolver that clamps", clamping, {ZONE, IS_OLD, OF("ttl-clamped", "info", B, "another 3000 s; the zone's TTL is 300 s")}},
    {"from the caches", by_caches, {ZONE, IS_OLD, HERE("ttl-not-drained", "warn", "2026-06-01T13:23:20Z, in 1 h 23 min: a cache holds the set for another 5000 s")}},
    {"from caches that are drained", by_drained_caches, {ZONE, IS_OLD}},
    {"from --old-ttl", by_what_was_told, {ZONE, IS_OLD, HERE("ttl-not-drained", "warn", "in 2 h: the old TTL of 7200 s was told")}},
    {"from nothing", by_nothing,
     {HERE("ns-ok", "pass", NULL), HERE("mx-ok", "pass", NULL), IS_OLD, HERE("ttl-ok", "pass", "earliest safe cutover unknown: no cache asked holds the set; --since")}},
    {"short for longer than caches keep anything", short_for_a_week, {ZONE, IS_OLD}},
    {"absence in a cache says nothing of the TTL", absent_in_a_cache, {ZONE, IS_OLD, OF("propagation-negative", "info", A, "100 s left")}},
    {"a change planned for later", planned_well, {ZONE, IS_OLD}},
    {0},
};

/* After: the old TTL from recordings. */
static void changed_as_recorded(struct world *world, int64_t short_since)
{
	changed(world, 300);
	world->policy.since_ttl_s = DAY;
	world->policy.last_ttl_s = 300;
	world->policy.short_since = short_since;
}

static void drained_then_changed(struct world *world)
{
	changed_as_recorded(world, NOW - 3 * DAY);
	world->policy.cutover = NOW - 100;
	cache(world, A, "10 " OLD, 150);
}

static void changed_too_early(struct world *world)
{
	changed_as_recorded(world, NOW - DAY / 2);
	cache(world, A, "10 " OLD, 40000);
}

static void changed_without_lowering(struct world *world)
{
	changed_as_recorded(world, TIME_UNKNOWN);
	world->policy.last_ttl_s = DAY;
	cache(world, A, "10 " NEW, 10);
}

static void changed_some_time(struct world *world)
{
	changed_as_recorded(world, NOW - 3 * DAY);
	world->policy.cutover = TIME_UNKNOWN;
	world->policy.changed_by = NOW - 50;
	cache(world, A, "10 " OLD, 100);
}

static void past_an_earlier_look(struct world *world)
{
	changed(world, 300);
	world->policy.since_gone_by = NOW - 10;
	cache(world, A, "10 " OLD, 100);
}

static const struct replay_case after_cases[] = {
    {"drained, then changed", drained_then_changed, {ZONE, OF("propagation-pending", "warn", A, NULL), SOON("last old answer gone by 2026-06-01T12:03:20Z")}},
    {"changed too early", changed_too_early, {ZONE, OF("propagation-pending", "warn", A, NULL), SOON(NULL)}},
    {"changed without lowering", changed_without_lowering, {ZONE, HERE("propagation-ok", "pass", NULL), SOON(NULL)}},
    {"changed between two recordings", changed_some_time, {ZONE, OF("propagation-pending", "warn", A, NULL), SOON(NULL)}},
    {"old past an earlier look", past_an_earlier_look, {ZONE, OF("propagation-stale", "warn", A, "an earlier look")}},
    {0},
};

/* What the clock must say of a case, to the second. */
static const struct {
	const char *name;
	int64_t earliest, gone, sync;
} clocks[] = {
    {"all have the new set", NEVER, NEVER, NOW - 3600 + 3 * DAY},
    {"one has the old set", NEVER, NOW + 42, NOW - 3600 + 3 * DAY},
    {"old and new in turn", NEVER, NOW + 77, NOW - 3600 + 3 * DAY},
    {"stale data by their TTL of 30 s", NEVER, NEVER, NEVER},
    {"stale data by the clock", NEVER, NEVER, NEVER},
    {"an old TTL of 30 s", NEVER, NOW + 30, NOW + 3 * DAY},
    {"absence in a cache", NEVER, NEVER, NOW - 3600 + 3 * DAY},
    {"the zone has not been changed", NEVER, NEVER, NEVER},
    {"one server is behind", NEVER, NEVER, NEVER},
    {"most caches are wrong", NEVER, NOW + 200, NOW - 3600 + 3 * DAY},
    {"lowered long ago", NOW - 2 * DAY, NEVER, NEVER},
    {"lowered just now", NOW + DAY, NEVER, NEVER},
    {"lowered an hour ago", NOW - 3600 + DAY, NEVER, NEVER},
    {"never lowered", NEVER, NEVER, NEVER},
    {"one server lags", NEVER, NEVER, NEVER},
    {"a secondary is out of sync", NEVER, NEVER, NEVER},
    {"a resolver that clamps", NOW - 2 * DAY, NEVER, NEVER},
    {"from the caches", NOW + 5000, NEVER, NEVER},
    {"from caches that are drained", NOW, NEVER, NEVER},
    {"from --old-ttl", NOW + 7200, NEVER, NEVER},
    {"from nothing", NEVER, NEVER, NEVER},
    {"short for longer than caches keep anything", NOW - DAY, NEVER, NEVER},
    {"absence in a cache says nothing of the TTL", NEVER, NEVER, NEVER},
    {"a change planned for later", NOW + DAY, NOW + 2 * DAY + 300, NOW + 5 * DAY},
    {"drained, then changed", NEVER, NOW + 200, NOW - 100 + 3 * DAY},
    {"changed too early", NEVER, NOW + DAY / 2, NOW - 3600 + 3 * DAY},
    {"changed without lowering", NEVER, NOW - 3600 + DAY, NOW - 3600 + 3 * DAY},
    {"changed between two recordings", NEVER, NOW + 250, NOW - 50 + 3 * DAY},
    {"old past an earlier look", NEVER, NEVER, NEVER},
};

static void check_clock(const struct replay_case *replayed, const struct findings *findings)
{
	for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
		if (strcmp(clocks[i].name, replayed->name) != 0)
			continue;
		ck_assert_msg(findings->earliest_cutover == clocks[i].earliest, "case '%s': earliest cutover %lld", replayed->name,
		              (long long)(findings->earliest_cutover - NOW));
		ck_assert_msg(findings->old_gone_by == clocks[i].gone, "case '%s': old gone by %lld", replayed->name,
		              (long long)(findings->old_gone_by - NOW));
		ck_assert_msg(findings->sync_until == clocks[i].sync, "case '%s': sync until %lld", replayed->name,
		              (long long)(findings->sync_until - NOW));
	}
}

int main(void)
{
	static const struct replay_case *const tables[] = {state_cases, before_cases, after_cases, NULL};
	static const char *const families[] = {"propagation-", "resolver-not-tested", "ttl-not-drained", "ttl-clamped", "sync-until", NULL};
	static const struct replay_suite suite = {"replay/propagation", tables, families};
	replay_check = check_clock;
	return replay_main(&suite);
}
