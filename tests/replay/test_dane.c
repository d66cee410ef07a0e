/* TLSA records beside the certificates of MX hosts. */
#include "dns_world.h"
#include "replay.h"

#define NAME "_25._tcp.mail.contoso.com"
#define KEY "aaaaaaaabbbbbbbbaaaaaaaabbbbbbbbaaaaaaaabbbbbbbbaaaaaaaabbbbbbbb"
#define CERTIFICATE "ccccccccddddddddccccccccddddddddccccccccddddddddccccccccdddddddd"
#define OTHER "eeeeeeeeffffffffeeeeeeeeffffffffeeeeeeeeffffffffeeeeeeeeffffffff"

static void world_with(struct world *world, const char *first, const char *second)
{
	struct observation *o = ask_resolver(world, NAME, "TLSA", OUTCOME_OK);
	give(o, ROW_TEXT(DNS_OTHER_TYPE, 0, "TLSA"), ROW_TEXT(DNS_OTHER_DATA, 0, first));
	if (second != NULL)
		give(o, ROW_TEXT(DNS_OTHER_TYPE, 1, "TLSA"), ROW_TEXT(DNS_OTHER_DATA, 1, second));
	observe(world, "dane", "mail.contoso.com:25", "192.0.2.25", ENDED(OK), ROW_TEXT(CERT_SHA256, 0, CERTIFICATE),
	        ROW_TEXT(CERT_KEY_SHA256, 0, KEY), ROW_TEXT(CERT_SHA256, 1, OTHER), ROW_TEXT(CERT_KEY_SHA256, 1, OTHER));
}

static void key(struct world *world) { world_with(world, "3 1 1 " KEY, NULL); }
static void upper(struct world *world) { world_with(world, "3 0 1 CCCCCCCCDDDDDDDDCCCCCCCCDDDDDDDDCCCCCCCCDDDDDDDDCCCCCCCCDDDDDDDD", NULL); }
static void anchor(struct world *world) { world_with(world, "2 1 1 " OTHER, NULL); }
static void next_key(struct world *world) { world_with(world, "3 1 1 " OTHER, "3 1 1 " KEY); }
static void stale(struct world *world) { world_with(world, "3 1 1 " OTHER, "3 0 1 " KEY); }
static void other_digest(struct world *world) { world_with(world, "3 1 2 " OTHER, NULL); }
static void web_usage(struct world *world) { world_with(world, "1 1 1 " OTHER, NULL); }

static void out_of_reach(struct world *world)
{
	stale(world);
	world->evidence.observations[1]->outcome = OUTCOME_TIMEOUT;
}

static const struct replay_case cases[] = {
    {"the key's digest", key, {{0}}},
    {"the certificate's digest", upper, {{0}}},
    {"an authority of the chain", anchor, {{0}}},
    {"the next key beside the present one", next_key, {{0}}},
    {"neither matches", stale, {{"dane-mismatch", "fail", "mail.contoso.com", "no record of " NAME " matches the certificate on port 25 of 192.0.2.25"}}},
    {"a digest that is not compared", other_digest, {{0}}},
    {"a usage that mail does not heed", web_usage, {{0}}},
    {"the port was out of reach", out_of_reach, {{0}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {cases, NULL};
	static const char *const families[] = {"dane-", NULL};
	static const struct replay_suite suite = {"replay/dane", tables, families};
	return replay_main(&suite);
}
