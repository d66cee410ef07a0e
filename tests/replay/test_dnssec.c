/* The chain of DNSSEC signatures, judged. */
#include "dns_world.h"
#include "replay.h"

#define SAYS(id, severity, says) {id, severity, "contoso.com", says}

static struct observation *chain(struct world *world, const char *result)
{
	return observe(world, "dnssec", "contoso.com", "198.51.100.53", ENDED(OK), TEXT(DNSSEC_RESULT, result), ROW_TEXT(DNSSEC_NAME, 0, "com"),
	               ROW_TEXT(DNSSEC_TYPE, 0, "DS"), ROW_TEXT(DNSSEC_STATUS, 0, "secure"), ROW_TIME(DNSSEC_EXPIRES, 0, REPLAY_NOW + REPLAY_DAY),
	               ROW_BOOL(DNSSEC_OWN, 0, false));
}

static void last(struct observation *o, const char *status, const char *reason, int64_t expires)
{
	give(o, ROW_TEXT(DNSSEC_NAME, 1, "contoso.com"), ROW_TEXT(DNSSEC_TYPE, 1, "MX"), ROW_TEXT(DNSSEC_STATUS, 1, status),
	     ROW_TEXT(DNSSEC_REASON, 1, reason), ROW_BOOL(DNSSEC_OWN, 1, true));
	if (expires != 0)
		give(o, ROW_TIME(DNSSEC_EXPIRES, 1, expires));
}

static void good(struct world *world) { last(chain(world, "secure"), "secure", "", REPLAY_NOW + 4 * REPLAY_DAY); }
static void ending(struct world *world) { last(chain(world, "secure"), "secure", "", REPLAY_NOW + 2 * REPLAY_DAY); }
static void judged_later(struct world *world) { last(chain(world, "secure"), "secure", "", REPLAY_NOW - 1); }

static void short_lived(struct world *world, int64_t age_h, int64_t left_h)
{
	struct observation *o = chain(world, "secure");
	last(o, "secure", "", REPLAY_NOW + left_h * 3600);
	give(o, ROW_TIME(DNSSEC_BEGINS, 1, REPLAY_NOW - age_h * 3600));
}

static void online(struct world *world) { short_lived(world, 25, 25); }
static void online_at_the_edge(struct world *world) { short_lived(world, 64, 32); }
static void online_stopped(struct world *world) { short_lived(world, 64, 31); }
static void not_that_short(struct world *world) { short_lived(world, 49, 48); }

static void bogus(struct world *world) { last(chain(world, "bogus"), "bogus", "no key matches the DS record", 0); }
static void unsigned_zone(struct world *world) { last(chain(world, "insecure"), "insecure", "there is no DS record", 0); }
static void unknown(struct world *world) { last(chain(world, "unknown"), "unknown", "nobody answered", 0); }

static void planned(struct world *world)
{
	world->policy.cutover = REPLAY_NOW + 5 * REPLAY_DAY;
	last(chain(world, "secure"), "secure", "", REPLAY_NOW + 7 * REPLAY_DAY);
}

static void no_ds(struct world *world)
{
	struct observation *o = chain(world, "insecure");
	last(o, "insecure", "there is no DS record", 0);
	give(o, BOOL(DNSSEC_SIGNED_BELOW, true));
}

static const struct replay_case cases[] = {
    {"a whole chain; only the zone's own signatures count", good, {SAYS("dnssec-ok", "pass", "2026-06-05T12:00:00Z")}},
    {"signatures that end within 72 h", ending, {SAYS("dnssec-expiring", "warn", "contoso.com MX: the last signature ends at 2026-06-03")}},
    {"signatures that end within 72 h of the plan", planned, {SAYS("dnssec-expiring", "warn", NULL)}},
    {"short signatures, as servers make that sign as they answer", online, {SAYS("dnssec-ok", "pass", "made anew all the time")}},
    {"short signatures with a third of their time left", online_at_the_edge, {SAYS("dnssec-ok", "pass", "made anew")}},
    {"short signatures that were not made anew", online_stopped, {SAYS("dnssec-expiring", "warn", "contoso.com MX")}},
    {"signatures that are not that short", not_that_short, {SAYS("dnssec-expiring", "warn", "contoso.com MX")}},
    {"judged when they have ended", judged_later, {SAYS("dnssec-bogus", "fail", "expired")}},
    {"a broken link", bogus, {SAYS("dnssec-bogus", "fail", "contoso.com MX: no key matches")}},
    {"not signed", unsigned_zone, {SAYS("dnssec-unsigned", "info", "there is no DS record")}},
    {"signed, and the parent does not know", no_ds, {SAYS("dnssec-unsigned", "info", "though the zone itself is signed")}},
    {"nothing known", unknown, {{0}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {cases, NULL};
	static const char *const families[] = {"dnssec-", NULL};
	static const struct replay_suite suite = {"replay/dnssec", tables, families};
	return replay_main(&suite);
}
