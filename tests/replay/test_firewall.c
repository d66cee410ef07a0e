/* Firewall rules: what firewall_scan tells, judged. */
#include "replay.h"

#include "base/xalloc.h"

#define R "rules.nft"

/* Two ranges at a port; verdicts of each. */
static struct observation *port(struct world *world, int64_t number, const char *first, const char *second)
{
	struct observation *o = observe(world, "firewall", R, NULL, ENDED(OK), INT(FIREWALL_PORT, number), TEXT(FIREWALL_HOOK, "input"),
	                                TEXT(FIREWALL_LIST, "the built-in list of worldwide"), TIME(FIREWALL_LIST_DATE, REPLAY_NOW - 10 * REPLAY_DAY),
	                                ROW_TEXT(FIREWALL_RANGE, 0, "40.96.0.0/13"), ROW_TEXT(FIREWALL_VERDICT, 0, first),
	                                ROW_TEXT(FIREWALL_RANGE, 1, "52.96.0.0/14"), ROW_TEXT(FIREWALL_VERDICT, 1, second),
	                                INT(FIREWALL_LET_IN, (first[0] == 'y') + (second[0] == 'y')), BOOL(FIREWALL_HAS_LOST, false));
	return o;
}

static void both_open(struct world *world)
{
	port(world, 993, "yes", "yes");
	port(world, 143, "yes", "yes");
}

static void one_port_closed(struct world *world)
{
	port(world, 993, "yes", "yes");
	give(port(world, 143, "no", "no"), ROW_TEXT(FIREWALL_MISSING, 0, "40.96.0.0/13"), ROW_TEXT(FIREWALL_MISSING, 1, "52.96.0.0/14"));
}

static void both_closed(struct world *world)
{
	world->policy.imap_host = xstrdup("imap.contoso.com");
	give(port(world, 993, "no", "no"), ROW_TEXT(FIREWALL_MISSING, 0, "40.96.0.0/13"), ROW_TEXT(FIREWALL_PLACE, 0, "line 3"),
	     ROW_TEXT(FIREWALL_WHY, 0, "policy"));
	give(port(world, 143, "no", "no"), ROW_TEXT(FIREWALL_MISSING, 0, "40.96.0.0/13"));
}

static void one_range_missing(struct world *world)
{
	give(port(world, 993, "yes", "no"), ROW_TEXT(FIREWALL_PLACE, 1, "line 12"), ROW_TEXT(FIREWALL_MISSING, 0, "52.96.0.0/14"));
	give(port(world, 143, "no", "no"), ROW_TEXT(FIREWALL_MISSING, 0, "40.96.0.0/13"));
}

static void a_part_missing(struct world *world)
{
	give(port(world, 993, "yes", "partly"), ROW_TEXT(FIREWALL_MISSING, 0, "52.98.0.0/16"));
}

static void undecided(struct world *world)
{
	give(port(world, 993, "yes", "uncertain"), ROW_TEXT(FIREWALL_PLACE, 1, "line 5"), ROW_TEXT(FIREWALL_WHY, 1, "it depends on iifname eth0"),
	     ROW_TEXT(FIREWALL_UNCERTAIN, 0, "52.96.0.0/14"));
}

static void missing_and_undecided(struct world *world)
{
	give(port(world, 993, "no", "uncertain"), ROW_TEXT(FIREWALL_UNCERTAIN, 0, "52.96.0.0/14"), ROW_TEXT(FIREWALL_MISSING, 0, "40.96.0.0/13"));
}

static void lines_lost(struct world *world)
{
	give(port(world, 993, "yes", "yes"), BOOL(FIREWALL_HAS_LOST, true), ROW_TEXT(FIREWALL_NOTE_PLACE, 0, "line 2"),
	     ROW_TEXT(FIREWALL_NOTE, 0, "'frobnicate' was not understood"));
	port(world, 143, "yes", "yes");
}

static void more_than_needed(struct world *world)
{
	give(port(world, 993, "yes", "yes"), ROW_TEXT(FIREWALL_EXTRA, 0, "191.234.140.0/22"));
}

static void an_old_list(struct world *world)
{
	give(port(world, 993, "yes", "yes"), TIME(FIREWALL_LIST_DATE, REPLAY_NOW - 61 * REPLAY_DAY));
}

static void a_list_without_a_name(struct world *world)
{
	observe(world, "firewall", R, NULL, ENDED(OK), INT(FIREWALL_PORT, 993), TIME(FIREWALL_LIST_DATE, REPLAY_NOW - 61 * REPLAY_DAY),
	        ROW_TEXT(FIREWALL_RANGE, 0, "40.96.0.0/13"), ROW_TEXT(FIREWALL_VERDICT, 0, "yes"), INT(FIREWALL_LET_IN, 1));
}

static void sixty_days(struct world *world)
{
	give(port(world, 993, "yes", "yes"), TIME(FIREWALL_LIST_DATE, REPLAY_NOW - 60 * REPLAY_DAY));
}

static void two_firewalls(struct world *world)
{
	one_port_closed(world);
	for (size_t i = 0; i < 2; i++)
		world->evidence.observations[i]->target[0] = 'R';
	a_part_missing(world);
}

static const struct replay_case cases[] = {
    {"both ports open", both_open, {{"firewall-ok", "pass", R, "port 993: all 2"}, {"firewall-ok", "pass", R, "port 143: all 2"}}},
    {"a port that is closed on purpose", one_port_closed, {{"firewall-ok", "pass", R, "143 is closed to all of them"}}},
    {"both closed",
     both_closed,
     {{"firewall-missing-range", "fail", R, "port 993: 0 of 2 ranges let in; refused: 40.96.0.0/13 (line 3: policy)"},
      {"firewall-missing-range", "fail", R, "port 143"}}},
    {"a range missing", one_range_missing, {{"firewall-missing-range", "fail", R, "port 993: 1 of 2 ranges let in; refused: 52.96.0.0/14 (line 12)"}}},
    {"a part missing", a_part_missing, {{"firewall-missing-range", "fail", R, "52.98.0.0/16"}}},
    {"undecided", undecided, {{"firewall-unreadable", "unknown", R, "52.96.0.0/14 (line 5: it depends on iifname eth0)"}}},
    {"missing and undecided",
     missing_and_undecided,
     {{"firewall-missing-range", "fail", R, "40.96.0.0/13"}, {"firewall-unreadable", "unknown", R, "52.96.0.0/14"}}},
    {"lines lost",
     lines_lost,
     {{"firewall-ok", "pass", R, NULL}, {"firewall-ok", "pass", R, NULL}, {"firewall-unreadable", "unknown", R, "line 2: 'frobnicate'"}}},
    {"more than needed", more_than_needed, {{"firewall-ok", "pass", R, NULL}, {"firewall-extra-range", "info", R, "191.234.140.0/22"}}},
    {"an old list", an_old_list, {{"firewall-ok", "pass", R, NULL}, {"firewall-list-old", "warn", R, "61 days"}}},
    {"an old list without a name", a_list_without_a_name, {{"firewall-ok", "pass", R, NULL}, {"firewall-list-old", "warn", R, "61 days: a list"}}},
    {"a list of sixty days", sixty_days, {{"firewall-ok", "pass", R, NULL}}},
    {"two firewalls", two_firewalls, {{"firewall-ok", "pass", "Rules.nft", NULL}, {"firewall-missing-range", "fail", R, NULL}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {cases, NULL};
	static const char *const families[] = {"firewall-", NULL};
	static const struct replay_suite suite = {"replay/firewall", tables, families};
	return replay_main(&suite);
}
