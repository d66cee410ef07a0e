/* TTLs of the zone, and the clock that they give. */
#include <stdlib.h>
#include <string.h>

#include "dns_world.h"
#include "replay.h"

#define OLD "mail.contoso.com"
#define NEW "contoso-com.mail.protection.outlook.com"
#define SAYS(id, severity, says) {id, severity, "contoso.com", says}
#define BACKGROUND {"ns-ok", "pass", "contoso.com", NULL}, {"mx-ok", "pass", "contoso.com", NULL}
#define IS_OLD SAYS("mx-not-microsoft", "info", NULL)

static void ttls(struct world *world, int64_t first_s, int64_t second_s)
{
	serve_mx(world, NS1, first_s, OLD, NULL);
	serve_mx(world, NS2, second_s, OLD, NULL);
}

static void short_everywhere(struct world *world) { ttls(world, 300, 300); }
static void at_the_limit(struct world *world) { ttls(world, 3600, 3600); }
static void one_above(struct world *world) { ttls(world, 3601, 3601); }
static void long_at_one(struct world *world) { ttls(world, 300, 86400); }
static void short_but_different(struct world *world) { ttls(world, 300, 600); }

static void long_after(struct world *world)
{
	world->policy.phase = PHASE_AFTER;
	serve_mx_everywhere(world, 86400, NEW, NULL);
}

static void one_record_of_two(struct world *world)
{
	for (int server = NS1; server <= NS2; server++) {
		struct observation *o = ask_zone(world, server, "contoso.com", "MX", OUTCOME_OK);
		add_mx(o, 10, OLD, 300);
		add_mx(o, 20, "mx2.contoso.com", 7200);
	}
}

static void one_not_heard(struct world *world)
{
	serve_mx(world, NS1, 300, OLD, NULL);
	ask_zone(world, NS2, "contoso.com", "MX", OUTCOME_TIMEOUT);
}

/* A cache's remaining time is no TTL of the zone. */
static void only_a_cache(struct world *world)
{
	add_mx(ask_resolver(world, "contoso.com", "MX", OUTCOME_OK), 10, OLD, 86000);
}

static void asked_by_both_probes(struct world *world)
{
	short_everywhere(world);
	struct observation *o = serve_mx(world, NS1, 300, OLD, NULL);
	free(o->probe);
	o->probe = strdup("ttl");
}

static const struct replay_case mx_cases[] = {
    {"short everywhere", short_everywhere, {BACKGROUND, IS_OLD, SAYS("ttl-ok", "pass", "the zone's MX TTL is 300 s at 2 auth")}},
    {"at the limit", at_the_limit, {BACKGROUND, IS_OLD, SAYS("ttl-ok", "pass", "limit 3600 s")}},
    {"one second above", one_above, {BACKGROUND, IS_OLD, SAYS("ttl-too-long", "warn", "limit 3600 s; mail may go to the old place up to 1 h")}},
    {"long at one of two servers", long_at_one,
     {BACKGROUND, IS_OLD,
      SAYS("ttl-too-long", "warn", "the zone's MX TTL is 86400 s at ns2.contoso.com (192.0.2.54), limit 3600 s; mail may go to the "
                                   "old place up to 1 d after the change"),
      SAYS("ttl-differs-between-servers", "warn", "300 s at ns1.contoso.com (192.0.2.53); 86400 s at ns2.contoso.com (192.0.2.54)")}},
    {"short but different", short_but_different,
     {BACKGROUND, IS_OLD, SAYS("ttl-ok", "pass", "600 s"), SAYS("ttl-differs-between-servers", "warn", NULL)}},
    {"each record counts", one_record_of_two, {BACKGROUND, IS_OLD, SAYS("ttl-too-long", "warn", "7200 s at ns1.contoso.com (192.0.2.53), ns2")}},
    {"long after the change", long_after, {BACKGROUND, SAYS("ttl-too-long", "info", "caches keep the present set up to 1 d")}},
    {"a silent server may serve anything", one_not_heard,
     {{"ns-unreachable", "fail", "ns2.contoso.com", NULL}, {"mx-ok", "pass", "contoso.com", NULL}, IS_OLD}},
    {"a cache's time is not taken for one", only_a_cache, {{"mx-ok", "pass", "contoso.com", NULL}, IS_OLD}},
    {"two probes, one server", asked_by_both_probes, {BACKGROUND, IS_OLD, SAYS("ttl-ok", "pass", "at 2 authoritative addresses")}},
    {0},
};

static void absent(struct world *world, const char *name, const char *type, int64_t negative_ttl_s)
{
	for (int server = NS1; server <= NS2; server++)
		add_soa(ask_zone(world, server, name, type, OUTCOME_NXDOMAIN), 5, negative_ttl_s);
}

#define AUTODISCOVER "autodiscover.contoso.com"
#define SELECTOR "selector1._domainkey.contoso.com"
#define NS_OK {"ns-ok", "pass", "contoso.com", NULL}

static void autodiscover_absent(struct world *world, int64_t negative_ttl_s)
{
	short_everywhere(world);
	absent(world, AUTODISCOVER, "CNAME", negative_ttl_s);
	absent(world, AUTODISCOVER, "A", negative_ttl_s);
}

static void negative_long(struct world *world) { autodiscover_absent(world, 86400); }
static void negative_short(struct world *world) { autodiscover_absent(world, 3600); }

static void negative_long_after(struct world *world)
{
	world->policy.phase = PHASE_AFTER;
	serve_mx_everywhere(world, 300, NEW, NULL);
	absent(world, AUTODISCOVER, "CNAME", 86400);
	absent(world, AUTODISCOVER, "A", 86400);
}

static void several_absent(struct world *world)
{
	short_everywhere(world);
	absent(world, SELECTOR, "CNAME", 86400);
	absent(world, "selector2._domainkey.contoso.com", "CNAME", 7200);
}

/* min(SOA TTL, minimum), taken from the SOA when the probe did not say it. */
static void minimum_counts(struct world *world)
{
	short_everywhere(world);
	give(ask_zone(world, NS1, SELECTOR, "CNAME", OUTCOME_NXDOMAIN), INT(DNS_SOA_TTL, 86400), INT(DNS_SOA_MINIMUM, 300));
}

/* The name is there, with an address: its absence is nothing that a cache could keep. */
static void has_address(struct world *world)
{
	short_everywhere(world);
	for (int server = NS1; server <= NS2; server++)
		add_soa(ask_zone(world, server, AUTODISCOVER, "CNAME", OUTCOME_NODATA), 5, 86400);
	publish_address(world, AUTODISCOVER, "93.184.216.80", 300);
}

static void cache_says_absent(struct world *world)
{
	short_everywhere(world);
	add_soa(ask_resolver(world, SELECTOR, "CNAME", OUTCOME_NXDOMAIN), 5, 86400);
}

#define MISSING {"autodiscover-missing", "info", "contoso.com", NULL}
#define TTL_OK {"ttl-ok", "pass", "contoso.com", NULL}
#define NO_DKIM {"dkim-missing", "info", "contoso.com", NULL}
#define MX_OK {"mx-ok", "pass", "contoso.com", NULL}

static const struct replay_case negative_cases[] = {
    {"absence is kept for a day", negative_long,
     {NS_OK, MX_OK, IS_OLD, TTL_OK, MISSING, SAYS("ttl-negative-long", "warn", "up to 1 d (the zone's negative TTL, limit 3600 s): " AUTODISCOVER)}},
    {"absence is kept for an hour", negative_short, {NS_OK, MX_OK, IS_OLD, TTL_OK, MISSING}},
    {"after the change", negative_long_after,
     {NS_OK, MX_OK, TTL_OK, {"autodiscover-missing", "fail", "contoso.com", NULL}, SAYS("ttl-negative-long", "info", NULL)}},
    {"several names, the longest counts", several_absent,
     {NS_OK, MX_OK, IS_OLD, TTL_OK, NO_DKIM, SAYS("ttl-negative-long", "warn", "up to 1 d (the zone's negative TTL, limit 3600 s): " SELECTOR " CNAME 86400 s, selector2")}},
    {"the smaller of SOA TTL and minimum", minimum_counts, {NS_OK, MX_OK, IS_OLD, TTL_OK, NO_DKIM}},
    {"a name with an address is there", has_address,
     {NS_OK, MX_OK, IS_OLD, TTL_OK, {"autodiscover-not-alias", "warn", "contoso.com", NULL}}},
    {"a cache's word on absence", cache_says_absent, {NS_OK, MX_OK, IS_OLD, TTL_OK, NO_DKIM}},
    {0},
};

static void long_target(struct world *world)
{
	short_everywhere(world);
	publish_address(world, OLD, "93.184.216.25", 86400);
	publish_alias(world, AUTODISCOVER, "autodiscover.outlook.com", 7200);
}

static void long_spf(struct world *world)
{
	short_everywhere(world);
	for (int server = NS1; server <= NS2; server++) {
		struct observation *o = ask_zone(world, server, "contoso.com", "TXT", OUTCOME_OK);
		add_txt(o, "MS=ms12345678", 3600);
		add_txt(o, "v=spf1 include:spf.protection.outlook.com -all", 86400);
	}
}

static void short_targets(struct world *world)
{
	short_everywhere(world);
	publish_address(world, OLD, "93.184.216.25", 3600);
	publish_alias(world, AUTODISCOVER, "autodiscover.outlook.com", 3600);
	publish_address(world, "www.contoso.com", "93.184.216.80", 86400);
}

/* The server with the newer zone has the short one, too. */
static void uneven_target(struct world *world)
{
	short_everywhere(world);
	add_alias(ask_zone(world, NS1, AUTODISCOVER, "CNAME", OUTCOME_OK), "autodiscover.outlook.com", 300);
	add_alias(ask_zone(world, NS2, AUTODISCOVER, "CNAME", OUTCOME_OK), "autodiscover.outlook.com", 86400);
}

/* `ttl`: a record that nothing but its TTL is wanted of is not judged for what it says or lacks. */
static void asked_for_the_ttl_alone(struct world *world)
{
	short_everywhere(world);
	add_txt(ask_ttl(world, NS1, "contoso.com", "TXT", OUTCOME_OK), "v=spf1 mx -all", 86400);
	add_soa(ask_ttl(world, NS1, AUTODISCOVER, "CNAME", OUTCOME_NXDOMAIN), 5, 7200);
	add_soa(ask_ttl(world, NS1, AUTODISCOVER, "A", OUTCOME_NXDOMAIN), 5, 7200);
}

static void cached_target(struct world *world)
{
	short_everywhere(world);
	add_address(ask_resolver(world, OLD, "A", OUTCOME_OK), "93.184.216.25", 86000);
}

static const struct replay_case target_cases[] = {
    {"MX host and autodiscover", long_target,
     {NS_OK, MX_OK, IS_OLD, TTL_OK, {"autodiscover-ok", "pass", "contoso.com", NULL},
      SAYS("ttl-target-long", "info", "the zone's TTL over 3600 s: mail.contoso.com A 86400 s, autodiscover.contoso.com CNAME 7200 s")}},
    {"SPF", long_spf,
     {NS_OK, MX_OK, IS_OLD, TTL_OK, {"verify-ok", "pass", "contoso.com", NULL}, {"spf-ok", "pass", "contoso.com", NULL},
      SAYS("ttl-target-long", "info", "contoso.com SPF 86400 s")}},
    {"the server that gives it longest counts", uneven_target,
     {NS_OK, MX_OK, IS_OLD, TTL_OK, {"autodiscover-ok", "pass", "contoso.com", NULL},
      SAYS("ttl-target-long", "info", "autodiscover.contoso.com CNAME 86400 s")}},
    {"asked for the TTL alone", asked_for_the_ttl_alone,
     {NS_OK, MX_OK, IS_OLD, TTL_OK, SAYS("ttl-target-long", "info", "contoso.com SPF 86400 s"),
      SAYS("ttl-negative-long", "warn", AUTODISCOVER " CNAME 7200 s")}},
    {"short, and others do not count", short_targets, {NS_OK, MX_OK, IS_OLD, TTL_OK, {"autodiscover-ok", "pass", "contoso.com", NULL}}},
    {"a cache's time is not taken for one", cached_target, {NS_OK, MX_OK, IS_OLD, TTL_OK}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {mx_cases, negative_cases, target_cases, NULL};
	static const char *const families[] = {"ttl-ok", "ttl-too-long", "ttl-differs-between-servers", "ttl-negative-long",
	                                       "ttl-target-long", NULL};
	static const struct replay_suite suite = {"replay/ttl", tables, families};
	return replay_main(&suite);
}
