/* Proof of ownership, SPF by itself, Autodiscover by DNS alone, wildcards and msoid. */
#include <stdlib.h>
#include <string.h>

#include "dns_world.h"
#include "replay.h"

#define PROOF "MS=ms12345678"
#define SPF "v=spf1 include:spf.protection.outlook.com -all"
#define SAYS(id, severity, says) {id, severity, "contoso.com", says}
#define NS_OK {"ns-ok", "pass", "contoso.com", NULL}
#define VERIFY_OK {"verify-ok", "pass", "contoso.com", NULL}
#define SPF_OK {"spf-ok", "pass", "contoso.com", NULL}

static void after(struct world *world)
{
	world->policy.phase = PHASE_AFTER;
}

static void want(struct world *world, const char *verify)
{
	world->policy.verify = strdup(verify);
}

static void proof(struct world *world) { publish_txt(world, PROOF, SPF); }
static void proof_as_wanted(struct world *world) { want(world, PROOF); proof(world); }
static void other_proof(struct world *world) { want(world, "MS=ms99999999"); proof(world); }
static void no_proof(struct world *world) { publish_txt(world, SPF, NULL); }
static void no_proof_after(struct world *world) { after(world); no_proof(world); }
static void no_txt_at_all(struct world *world) { publish_txt(world, NULL, NULL); }
static void odd_proofs(struct world *world) { publish_txt(world, "MS=E4A68B9AB2BB9670BCE15412F62916164C0B20BB", SPF); }
static void broken_proof(struct world *world) { publish_txt(world, "MS=ms12345678x", SPF); }
static void lower_case_proof(struct world *world) { want(world, PROOF); publish_txt(world, " ms=MS12345678 ", SPF); }
static void txt_unanswered(struct world *world) { publish_nothing(world, "contoso.com", "TXT", OUTCOME_TIMEOUT); }

static void two_proofs(struct world *world)
{
	proof(world);
	for (size_t i = 0; i < world->evidence.count; i++)
		add_txt(world->evidence.observations[i], "MS=ms87654321", 3600);
}

static void two_proofs_one_wanted(struct world *world)
{
	want(world, "MS=ms87654321");
	two_proofs(world);
}

static void proof_by_mx(struct world *world)
{
	no_proof(world);
	serve_mx_everywhere(world, 300, "mail.contoso.com", "ms12345678.msv1.invalid");
}

static void no_domain(struct world *world)
{
	ask_resolver(world, "contoso.com", "MX", OUTCOME_NXDOMAIN);
	ask_resolver(world, "contoso.com", "TXT", OUTCOME_NXDOMAIN);
	ask_resolver(world, "autodiscover.contoso.com", "A", OUTCOME_NXDOMAIN);
}

static void resolver_only(struct world *world)
{
	add_txt(ask_resolver(world, "contoso.com", "TXT", OUTCOME_OK), PROOF, 60);
}

static const struct replay_case verify_cases[] = {
    {"published", proof, {NS_OK, SPF_OK, SAYS("verify-ok", "pass", PROOF)}},
    {"published as wanted", proof_as_wanted, {NS_OK, SPF_OK, VERIFY_OK}},
    {"another than wanted", other_proof, {NS_OK, SPF_OK, SAYS("verify-differs", "fail", "MS=ms12345678, not MS=ms99999999")}},
    {"missing", no_proof, {NS_OK, SPF_OK, SAYS("verify-missing", "warn", "no MS= record")}},
    {"missing after", no_proof_after, {NS_OK, SPF_OK, SAYS("verify-missing", "info", NULL)}},
    {"no TXT at all", no_txt_at_all, {NS_OK, SAYS("verify-missing", "warn", NULL), SAYS("spf-missing", "warn", NULL)}},
    {"another sort of MS= record", odd_proofs, {NS_OK, SPF_OK, SAYS("verify-missing", "warn", NULL)}},
    {"a typing error behind", broken_proof, {NS_OK, SPF_OK, SAYS("verify-missing", "warn", NULL)}},
    {"case and blanks do not matter", lower_case_proof, {NS_OK, SPF_OK, VERIFY_OK}},
    {"two, and nobody says which", two_proofs, {NS_OK, SPF_OK, SAYS("verify-differs", "fail", "MS=ms12345678, MS=ms87654321")}},
    {"two, one of them wanted", two_proofs_one_wanted, {NS_OK, SPF_OK, VERIFY_OK}},
    {"the MX form proves as well", proof_by_mx,
     {NS_OK, SPF_OK, VERIFY_OK, {"ttl-ok", "pass", "contoso.com", NULL}, {"mx-ok", "pass", "contoso.com", NULL},
      SAYS("mx-not-microsoft", "info", NULL), SAYS("mx-verification-left", "info", NULL)}},
    {"nobody answered", txt_unanswered, {{"ns-unreachable", "fail", "ns1.contoso.com", NULL}, {"ns-unreachable", "fail", "ns2.contoso.com", NULL}}},
    {"no such domain is one fault", no_domain, {SAYS("mx-missing", "fail", NULL)}},
    {"a resolver's word, said so", resolver_only,
     {SAYS("verify-ok", "pass", "as resolver 198.51.100.53 says"), SAYS("spf-missing", "warn", "as resolver")}},
    {0},
};

static void spf(struct world *world, const char *first, const char *second)
{
	publish_txt(world, first, second);
	for (size_t i = 0; i < world->evidence.count; i++)
		add_txt(world->evidence.observations[i], PROOF, 3600);
}

static void spf_missing(struct world *world) { spf(world, "google-site-verification=abc", NULL); }
static void spf_missing_after(struct world *world) { after(world); spf_missing(world); }
static void spf_like(struct world *world) { spf(world, "v=spf10 include:spf.protection.outlook.com", "xv=spf1 -all"); }
static void spf_empty(struct world *world) { spf(world, "v=spf1", NULL); }
static void spf_two(struct world *world) { spf(world, SPF, "v=spf1 mx -all"); }
static void spf_old(struct world *world) { spf(world, "v=spf1 mx include:_spf.contoso.com -all", NULL); }
static void spf_old_after(struct world *world) { after(world); spf_old(world); }
static void spf_upper(struct world *world) { spf(world, "V=SPF1 mx ?INCLUDE:SPF.Protection.Outlook.COM ~all", NULL); }
static void spf_redirect(struct world *world) { spf(world, "v=spf1 redirect=spf.protection.outlook.com", NULL); }
static void spf_lookalike(struct world *world) { spf(world, "v=spf1 include:spf.protection.outlook.com.example -all", NULL); }
static void spf_mention(struct world *world) { spf(world, "v=spf1 exists:spf.protection.outlook.com -all", NULL); }
static void spf_blanks(struct world *world) { spf(world, "v=spf1   include:spf.protection.outlook.com   -all ", NULL); }

static void spf_other_cloud(struct world *world)
{
	world->policy.cloud = CLOUD_DOD;
	spf(world, SPF, NULL);
}

static void spf_dod(struct world *world)
{
	world->policy.cloud = CLOUD_DOD;
	spf(world, "v=spf1 include:spf.protection.office365.us -all", NULL);
}

static const struct replay_case spf_cases[] = {
    {"missing", spf_missing, {NS_OK, VERIFY_OK, SAYS("spf-missing", "warn", NULL)}},
    {"missing after", spf_missing_after, {NS_OK, VERIFY_OK, SAYS("spf-missing", "fail", NULL)}},
    {"nearly the version", spf_like, {NS_OK, VERIFY_OK, SAYS("spf-missing", "warn", NULL)}},
    {"the version alone is a record", spf_empty, {NS_OK, VERIFY_OK, SAYS("spf-no-microsoft", "warn", NULL)}},
    {"two records", spf_two, {NS_OK, VERIFY_OK, SAYS("spf-multiple", "fail", "2 records")}},
    {"without Microsoft", spf_old, {NS_OK, VERIFY_OK, SAYS("spf-no-microsoft", "warn", "without include:spf.protection.outlook.com")}},
    {"without Microsoft after", spf_old_after, {NS_OK, VERIFY_OK, SAYS("spf-no-microsoft", "fail", NULL)}},
    {"any case, any qualifier", spf_upper, {NS_OK, VERIFY_OK, SPF_OK}},
    {"a redirect counts", spf_redirect, {NS_OK, VERIFY_OK, SPF_OK}},
    {"more than one blank", spf_blanks, {NS_OK, VERIFY_OK, SPF_OK}},
    {"a name that begins alike", spf_lookalike, {NS_OK, VERIFY_OK, SAYS("spf-no-microsoft", "warn", NULL)}},
    {"another mechanism", spf_mention, {NS_OK, VERIFY_OK, SAYS("spf-no-microsoft", "warn", NULL)}},
    {"another cloud's include", spf_other_cloud,
     {NS_OK, VERIFY_OK, SAYS("spf-no-microsoft", "warn", "the cloud worldwide, not include:spf.protection.office365.us")}},
    {"DoD", spf_dod, {NS_OK, VERIFY_OK, SPF_OK}},
    {0},
};

#define NAME "autodiscover.contoso.com"
#define SRV "_autodiscover._tcp.contoso.com"
#define AUTO_OK(says) SAYS("autodiscover-ok", "pass", says)

static void srv(struct world *world, const char *target)
{
	for (int server = NS1; server <= NS2; server++)
		add_srv(ask_zone(world, server, SRV, "SRV", OUTCOME_OK), target);
}

static void no_srv(struct world *world)
{
	publish_nothing(world, SRV, "SRV", OUTCOME_NXDOMAIN);
}

static void no_name(struct world *world)
{
	publish_nothing(world, NAME, "CNAME", OUTCOME_NXDOMAIN);
	publish_nothing(world, NAME, "A", OUTCOME_NXDOMAIN);
}

static void alias(struct world *world) { publish_alias(world, NAME, "autodiscover.outlook.com", 3600); no_srv(world); }
static void none(struct world *world) { no_name(world); no_srv(world); }
static void none_after(struct world *world) { after(world); none(world); }
static void old_alias(struct world *world) { publish_alias(world, NAME, "mailconfig.ovh.net", 3600); }
static void old_alias_after(struct world *world) { after(world); publish_alias(world, NAME, "mail.elsewhere.example", 3600); }
static void other_cloud(struct world *world) { publish_alias(world, NAME, "autodiscover-dod.office365.us", 3600); }
static void china(struct world *world) { world->policy.cloud = CLOUD_CHINA; publish_alias(world, NAME, "autodiscover.partner.outlook.cn", 3600); }
static void address(struct world *world) { publish_address(world, NAME, "93.184.216.80", 3600); }
static void foreign_srv(struct world *world) { publish_alias(world, NAME, "autodiscover.outlook.com", 3600); srv(world, "cpanelemaildiscovery.cpanel.net"); }
static void foreign_srv_alone(struct world *world) { after(world); no_name(world); srv(world, "mail.contoso.com"); }
static void good_srv_alone(struct world *world) { no_name(world); srv(world, "autodiscover.outlook.com"); }
static void no_such_service(struct world *world) { no_name(world); srv(world, "."); }
static void not_asked_for(struct world *world) { publish_nothing(world, NAME, "CNAME", OUTCOME_NODATA); publish_nothing(world, NAME, "A", OUTCOME_SERVFAIL); }

static void chain(struct world *world)
{
	struct observation *o = ask_zone(world, NS1, NAME, "CNAME", OUTCOME_OK);
	add_alias(o, "autodiscover.hoster.example", 300);
	add_alias(o, "autodiscover.outlook.com", 300);
}

static void ipv6_address(struct world *world)
{
	publish_nothing(world, NAME, "A", OUTCOME_NODATA);
	add_address(ask_zone(world, NS1, NAME, "AAAA", OUTCOME_OK), "2606:2800:220:1::80", 300);
}

static void address_of_old_mx(struct world *world)
{
	names_add(&world->policy.old_mx, "mail.contoso.com");
	address(world);
	resolve_host(world, "mail.contoso.com", "93.184.216.80");
}

static void address_of_imap_host(struct world *world)
{
	world->policy.imap_host = strdup("imap.contoso.com");
	after(world);
	address(world);
	observe(world, "host", "imap.contoso.com", NULL, ENDED(OK), TEXT(HOST_NAME, "imap.contoso.com"), TEXT(HOST_V4, "ok"),
	        TEXT(HOST_V6, "nodata"), ROW_TEXT(HOST_ADDRESS, 0, "93.184.216.80"), INT(HOST_RESOLVERS_ASKED, 1),
	        INT(HOST_RESOLVERS_ANSWERED, 1));
}

static void wildcard(struct world *world, const char *alias_target)
{
	for (int server = NS1; server <= NS2; server++) {
		struct observation *o = ask_zone(world, server, "cutover-7c3a91.contoso.com", "A", OUTCOME_OK);
		give(o, TEXT(DNS_PURPOSE, "wildcard"));
		if (alias_target != NULL)
			add_alias(o, alias_target, 300);
		else
			add_address(o, "93.184.216.80", 300);
	}
}

static void wildcard_address(struct world *world)
{
	wildcard(world, NULL);
	publish_nothing(world, NAME, "CNAME", OUTCOME_NODATA);
	address(world);
}

static void wildcard_alias(struct world *world)
{
	wildcard(world, "www.contoso.com");
	publish_alias(world, NAME, "www.contoso.com", 300);
	publish_alias(world, "msoid.contoso.com", "www.contoso.com", 300);
}

static void wildcard_beside(struct world *world)
{
	wildcard(world, NULL);
	alias(world);
}

static const struct replay_case autodiscover_cases[] = {
    {"Microsoft's alias", alias, {AUTO_OK(NAME " leads to autodiscover.outlook.com")}},
    {"at the end of a chain", chain, {AUTO_OK(NAME " leads to autodiscover.outlook.com")}},
    {"China's alias", china, {AUTO_OK(NULL)}},
    {"nothing", none, {SAYS("autodiscover-missing", "info", NAME " is not there")}},
    {"nothing after", none_after, {SAYS("autodiscover-missing", "fail", NULL)}},
    {"a provider's alias", old_alias, {SAYS("autodiscover-old-target", "info", "an alias of mailconfig.ovh.net (OVH)")}},
    {"somebody's alias after", old_alias_after, {SAYS("autodiscover-old-target", "fail", "mail.elsewhere.example")}},
    {"another cloud's alias", other_cloud, {SAYS("autodiscover-old-target", "info", "(Microsoft's cloud dod)")}},
    {"an address", address, {SAYS("autodiscover-not-alias", "warn", "93.184.216.80")}},
    {"an IPv6 address", ipv6_address, {SAYS("autodiscover-not-alias", "warn", "2606:2800:220:1::80")}},
    {"the old MX host's address", address_of_old_mx,
     {SAYS("autodiscover-not-alias", "warn", NULL), SAYS("autodiscover-old-target", "info", "93.184.216.80 of mail.contoso.com")}},
    {"the IMAP host's address after", address_of_imap_host,
     {SAYS("autodiscover-not-alias", "warn", NULL), SAYS("autodiscover-old-target", "fail", "of imap.contoso.com")}},
    {"cPanel's SRV left behind", foreign_srv, {SAYS("autodiscover-srv-foreign", "warn", "cpanelemaildiscovery.cpanel.net (cPanel)")}},
    {"a foreign SRV alone after", foreign_srv_alone, {SAYS("autodiscover-srv-foreign", "fail", "mail.contoso.com")}},
    {"Microsoft's SRV alone", good_srv_alone, {AUTO_OK(SRV " leads to autodiscover.outlook.com")}},
    {"an SRV that says no", no_such_service, {SAYS("autodiscover-missing", "info", NULL)}},
    {"addresses unknown", not_asked_for, {{0}}},
    {"a wildcard's address only", wildcard_address,
     {SAYS("wildcard-record", "warn", "A 93.184.216.80"), SAYS("autodiscover-missing", "info", "only the wildcard's answer")}},
    {"a wildcard's alias only", wildcard_alias,
     {SAYS("wildcard-record", "warn", "CNAME www.contoso.com"), SAYS("autodiscover-missing", "info", NULL)}},
    {"a record of its own beside a wildcard", wildcard_beside, {SAYS("wildcard-record", "warn", NULL), AUTO_OK(NULL)}},
    {0},
};

static void msoid(struct world *world) { publish_alias(world, "msoid.contoso.com", "clientconfig.microsoftonline-p.net", 3600); }
static void msoid_after(struct world *world) { after(world); msoid(world); }
static void msoid_china(struct world *world) { world->policy.cloud = CLOUD_CHINA; publish_alias(world, "msoid.contoso.com", "clientconfig.partner.microsoftonline-p.net.cn", 3600); }
static void no_msoid(struct world *world) { publish_nothing(world, "msoid.contoso.com", "CNAME", OUTCOME_NXDOMAIN); }

static const struct replay_case msoid_cases[] = {
    {"msoid is there", msoid, {SAYS("msoid-present", "warn", "msoid.contoso.com is an alias of clientconfig")}},
    {"msoid is there after", msoid_after, {SAYS("msoid-present", "fail", NULL)}},
    {"China wants it", msoid_china, {{0}}},
    {"no msoid", no_msoid, {{0}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {verify_cases, spf_cases, autodiscover_cases, msoid_cases, NULL};
	static const char *const families[] = {"verify-", "spf-ok", "spf-missing", "spf-multiple", "spf-no-microsoft",
	                                       "autodiscover-ok", "autodiscover-missing", "autodiscover-old-target",
	                                       "autodiscover-not-alias", "autodiscover-srv-foreign", "wildcard-", "msoid-", NULL};
	static const struct replay_suite suite = {"replay/records", tables, families};
	return replay_main(&suite);
}
