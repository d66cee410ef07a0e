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
