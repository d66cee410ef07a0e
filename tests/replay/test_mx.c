/* The MX set, phase by phase. */
#include <string.h>

#include "dns_world.h"
#include "replay.h"

#define OLD "mail.contoso.com"
#define NEW "contoso-com.mail.protection.outlook.com"
#define DNSSEC_FORM "contoso-com.k-v1.mx.microsoft"
#define PUBLIC "93.184.216.34"

/* What the background of every case gives: both servers answer with authority, the TTL is short. */
#define SERVERS {"ns-ok", "pass", "contoso.com", NULL}, {"ttl-ok", "pass", "contoso.com", NULL}
#define SAYS(id, severity, says) {id, severity, "contoso.com", says}
#define IS_OLD SAYS("mx-not-microsoft", "info", OLD)
#define OK_(says) SAYS("mx-ok", "pass", says)

static void after(struct world *world)
{
	world->policy.phase = PHASE_AFTER;
}

static void mx(struct world *world, const char *host, const char *second)
{
	serve_mx_everywhere(world, 300, host, second);
}

static void old_before(struct world *world) { mx(world, OLD, NULL); }
static void new_before(struct world *world) { mx(world, NEW, NULL); }
static void mixed_before(struct world *world) { mx(world, OLD, NEW); }
static void missing(struct world *world) { mx(world, NULL, NULL); }
static void null_mx(struct world *world) { mx(world, ".", NULL); }
static void null_beside(struct world *world) { mx(world, OLD, "."); }
static void literal(struct world *world) { mx(world, "192.0.2.25", NULL); }
static void literal_in_brackets(struct world *world) { mx(world, "[192.0.2.25]", NULL); }
static void literal_appended(struct world *world) { mx(world, "192.0.2.25.contoso.com", NULL); }

static void no_such_domain(struct world *world)
{
	ask_resolver(world, "contoso.com", "MX", OUTCOME_NXDOMAIN);
}

static void nobody_answers(struct world *world)
{
	ask_zone(world, NS1, "contoso.com", "MX", OUTCOME_SERVFAIL);
	ask_resolver(world, "contoso.com", "MX", OUTCOME_SERVFAIL);
}

/* An answer without AA is not the zone's word. */
static void only_a_lame_answer(struct world *world)
{
	struct observation *o = ask_zone(world, NS1, "contoso.com", "MX", OUTCOME_OK);
	give(o, BOOL(DNS_AA, false));
	add_mx(o, 10, "smtp.office365.com", 300);
}

static void only_a_resolver_answers(struct world *world)
{
	ask_zone(world, NS1, "contoso.com", "MX", OUTCOME_SERVFAIL);
	add_mx(ask_resolver(world, "contoso.com", "MX", OUTCOME_OK), 10, OLD, 300);
}

static void old_and_expected_before(struct world *world)
{
	names_add(&world->policy.old_mx, OLD);
	names_add(&world->policy.expect_mx, NEW);
	mx(world, OLD, NULL);
}

static void stranger_before(struct world *world)
{
	names_add(&world->policy.old_mx, OLD);
	names_add(&world->policy.expect_mx, NEW);
	mx(world, "mx.elsewhere.example", NULL);
}

static void expected_does_not_resolve_before(struct world *world)
{
	names_add(&world->policy.expect_mx, NEW);
	mx(world, OLD, NULL);
	resolve_host(world, NEW, NULL);
}

static const struct replay_case before_cases[] = {
    {"the old host is right before the change", old_before, {SERVERS, IS_OLD, OK_("10 " OLD)}},
    {"already changed", new_before, {SERVERS, OK_("10 " NEW)}},
    {"a mixed set is a warning", mixed_before, {SERVERS, SAYS("mx-mixed", "warn", NEW)}},
    {"no MX", missing, {{"ns-ok", "pass", "contoso.com", NULL}, SAYS("mx-missing", "fail", "no MX record")}},
    {"no such domain", no_such_domain, {SAYS("mx-missing", "fail", "NXDOMAIN), as resolver 198.51.100.53 says")}},
    {"null MX", null_mx, {SERVERS, SAYS("mx-null", "fail", NULL)}},
    {"null MX beside another", null_beside, {SERVERS, SAYS("mx-null", "fail", NULL)}},
    {"an address", literal, {SERVERS, SAYS("mx-is-address", "fail", "192.0.2.25")}},
    {"an address in brackets", literal_in_brackets, {SERVERS, SAYS("mx-is-address", "fail", NULL)}},
    {"an address with the zone appended", literal_appended, {SERVERS, SAYS("mx-is-address", "fail", NULL)}},
    {"nobody can answer", nobody_answers, {{"ns-lame", "fail", "ns1.contoso.com", "SERVFAIL"}}},
    {"a lame server's answer does not count", only_a_lame_answer, {{"ns-lame", "fail", "ns1.contoso.com", "without authority"}}},
    {"only a resolver can answer, and it is said so", only_a_resolver_answers,
     {{"ns-lame", "fail", "ns1.contoso.com", NULL}, IS_OLD, OK_("as resolver 198.51.100.53 says")}},
    {"the set that is to come is not expected yet", old_and_expected_before, {SERVERS, IS_OLD, OK_(NULL)}},
    {"a host that is neither old nor to come", stranger_before, {SERVERS, SAYS("mx-unexpected", "fail", "mx.elsewhere.example")}},
    {"the set that is to come does not resolve", expected_does_not_resolve_before,
     {SERVERS, IS_OLD, SAYS("mx-target-not-found", "fail", NEW " (the domain is not accepted")}},
    {0},
};

static void new_after(struct world *world) { after(world); mx(world, NEW, NULL); }
static void dnssec_form_after(struct world *world) { after(world); mx(world, DNSSEC_FORM, NULL); }
static void old_after(struct world *world) { after(world); mx(world, OLD, NULL); }
static void mixed_after(struct world *world) { after(world); mx(world, NEW, OLD); }
static void appended_after(struct world *world) { after(world); mx(world, NEW ".contoso.com", NULL); }
static void submission_after(struct world *world) { after(world); mx(world, "smtp.office365.com", NULL); }
static void retired_after(struct world *world) { after(world); mx(world, "contoso-com.mail.protection.outlook.de", NULL); }
static void label_after(struct world *world) { after(world); mx(world, "fabrikam-com.mail.protection.outlook.com", NULL); }
static void verification_after(struct world *world) { after(world); mx(world, NEW, "ms12345678.msv1.invalid"); }
static void verification_alone(struct world *world) { mx(world, "ms12345678.msv1.invalid.outlook.com", NULL); }
static void other_cloud_after(struct world *world) { after(world); mx(world, "contoso.mail.protection.office365.us", NULL); }
static void other_cloud_before(struct world *world) { mx(world, "contoso.mail.protection.office365.us", NULL); }

static void old_after_told(struct world *world)
{
	names_add(&world->policy.old_mx, OLD);
	names_add(&world->policy.expect_mx, NEW);
	old_after(world);
}

static void old_after_expecting(struct world *world)
{
	names_add(&world->policy.expect_mx, NEW);
	old_after(world);
}

static void stranger_after(struct world *world)
{
	names_add(&world->policy.old_mx, OLD);
	after(world);
	mx(world, "mx.elsewhere.example", NULL);
}

static void other_label_expected(struct world *world)
{
	names_add(&world->policy.expect_mx, "contoso.onmicrosoft-com.mail.protection.outlook.com");
	names_add(&world->policy.expect_mx, "fabrikam-com.mail.protection.outlook.com");
	new_after(world);
}

static void label_is_expected(struct world *world)
{
	names_add(&world->policy.expect_mx, "FABRIKAM-com.mail.protection.outlook.com");
	label_after(world);
}

static void gateway_after(struct world *world)
{
	names_add(&world->policy.expect_mx, "mx1.gateway.example");
	names_add(&world->policy.expect_mx, "mx2.gateway.example");
	after(world);
	mx(world, "mx2.gateway.example", "mx1.gateway.example");
}

static void gateway_missed(struct world *world)
{
	names_add(&world->policy.expect_mx, "mx1.gateway.example");
	old_after(world);
}

static void tenant_label(struct world *world)
{
	world->policy.cloud = CLOUD_GCC_HIGH;
	world->policy.tenant = strdup("contosogov");
	after(world);
	mx(world, "contosogov.mail.protection.office365.us", NULL);
}

static void wrong_tenant_label(struct world *world)
{
	world->policy.cloud = CLOUD_DOD;
	world->policy.tenant = strdup("contosogov");
	after(world);
	mx(world, "contoso-com.mail.protection.office365.us", NULL);
}

static void tenant_not_told(struct world *world)
{
	world->policy.cloud = CLOUD_GCC_HIGH;
	after(world);
	mx(world, "anything.mail.protection.office365.us", NULL);
}

static const struct replay_case after_cases[] = {
    {"Microsoft's host", new_after, {SERVERS, OK_("10 " NEW)}},
    {"Microsoft's host in the new form", dnssec_form_after, {SERVERS, OK_(DNSSEC_FORM)}},
    {"still the old host", old_after, {SERVERS, SAYS("mx-not-microsoft", "fail", OLD)}},
    {"still the old host, as told", old_after_told, {SERVERS, SAYS("mx-not-microsoft", "fail", OLD)}},
    {"not Microsoft's and not as expected", old_after_expecting,
     {SERVERS, SAYS("mx-not-microsoft", "fail", OLD), SAYS("mx-unexpected", "fail", NEW)}},
    {"neither old nor new", stranger_after, {SERVERS, SAYS("mx-unexpected", "fail", "neither the old host nor Microsoft's")}},
    {"another of Microsoft's hosts than expected", other_label_expected, {SERVERS, SAYS("mx-unexpected", "fail", "fabrikam-com.mail")}},
    {"an expected label is not questioned", label_is_expected, {SERVERS, OK_(NULL)}},
    {"a gateway that was expected", gateway_after, {SERVERS, OK_("10 mx2.gateway.example, 20 mx1.gateway.example")}},
    {"the old host where a gateway was expected", gateway_missed, {SERVERS, SAYS("mx-unexpected", "fail", NULL)}},
    {"the old host left beside", mixed_after, {SERVERS, SAYS("mx-mixed", "fail", OLD)}},
    {"the zone appended", appended_after, {SERVERS, SAYS("mx-zone-appended", "fail", NEW ".contoso.com")}},
    {"a submission host", submission_after, {SERVERS, SAYS("mx-submission-host", "fail", "smtp.office365.com")}},
    {"the retired German cloud", retired_after, {SERVERS, SAYS("mx-retired", "fail", NULL)}},
    {"another domain's label", label_after, {SERVERS, SAYS("mx-label-differs", "warn", "label fabrikam-com where contoso-com")}},
    {"the proof of ownership left", verification_after, {SERVERS, SAYS("mx-verification-left", "warn", "ms12345678")}},
    {"nothing but the proof", verification_alone,
     {SERVERS, SAYS("mx-missing", "fail", NULL), SAYS("mx-verification-left", "info", NULL)}},
    {"Microsoft's host in another cloud", other_cloud_after, {SERVERS, SAYS("mx-unexpected", "fail", "not of the cloud worldwide")}},
    {"moving from another cloud", other_cloud_before,
     {SERVERS, SAYS("mx-not-microsoft", "info", NULL), OK_(NULL)}},
    {"the tenant's label in GCC High", tenant_label, {SERVERS, OK_(NULL)}},
    {"the domain's label where the tenant's is wanted", wrong_tenant_label, {SERVERS, SAYS("mx-label-differs", "warn", "contosogov")}},
    {"no tenant told, no label wanted", tenant_not_told, {SERVERS, OK_(NULL)}},
    {0},
};

static void host(struct world *world, const char *address)
{
	mx(world, OLD, NULL);
	resolve_host(world, OLD, address);
}

static void good_target(struct world *world) { host(world, PUBLIC); }
static void no_target(struct world *world) { host(world, NULL); }
static void private_target(struct world *world) { host(world, "10.0.0.25"); }

static void assumed_public(struct world *world)
{
	names_add(&world->policy.assume_public, "10.0.0.0/8");
	host(world, "10.0.0.25");
}

static void one_public_address(struct world *world)
{
	mx(world, OLD, NULL);
	struct observation *o = ask_resolver(world, OLD, "A", OUTCOME_OK);
	add_address(o, "10.0.0.25", 60);
	add_address(o, PUBLIC, 60);
	ask_resolver(world, OLD, "AAAA", OUTCOME_NODATA);
}

static void aaaa_unknown(struct world *world)
{
	mx(world, OLD, NULL);
	ask_resolver(world, OLD, "A", OUTCOME_NODATA);
	ask_resolver(world, OLD, "AAAA", OUTCOME_TIMEOUT);
}

static void target_unknown(struct world *world)
{
	mx(world, OLD, NULL);
	ask_resolver(world, OLD, "A", OUTCOME_SERVFAIL);
	ask_resolver(world, OLD, "AAAA", OUTCOME_SERVFAIL);
}

static void alias(struct world *world)
{
	mx(world, OLD, NULL);
	struct observation *o = ask_resolver(world, OLD, "A", OUTCOME_OK);
	add_alias(o, "www.contoso.com", 60);
	add_address(o, PUBLIC, 60);
}

static void dangling_alias(struct world *world)
{
	mx(world, OLD, NULL);
	add_alias(ask_resolver(world, OLD, "A", OUTCOME_OK), "gone.contoso.com", 60);
	add_alias(ask_resolver(world, OLD, "AAAA", OUTCOME_OK), "gone.contoso.com", 60);
}

static void unknown_tenant(struct world *world)
{
	after(world);
	mx(world, NEW, NULL);
	resolve_host(world, NEW, NULL);
}

static const struct replay_case target_cases[] = {
    {"a host with an address", good_target, {SERVERS, IS_OLD, OK_(NULL)}},
    {"a host without", no_target, {SERVERS, IS_OLD, SAYS("mx-target-not-found", "fail", OLD)}},
    {"a host in private space", private_target, {SERVERS, IS_OLD, SAYS("mx-private-address", "fail", "10.0.0.25, private use")}},
    {"private space that counts as public", assumed_public, {SERVERS, IS_OLD, OK_(NULL)}},
    {"one address outside is enough", one_public_address, {SERVERS, IS_OLD, OK_(NULL)}},
    {"no A, and no word on AAAA", aaaa_unknown, {SERVERS, IS_OLD, OK_(NULL)}},
    {"no word on either", target_unknown, {SERVERS, IS_OLD, OK_(NULL)}},
    {"a host that is an alias", alias, {SERVERS, IS_OLD, SAYS("mx-is-alias", "fail", "to www.contoso.com")}},
    {"an alias that leads nowhere is one fault", dangling_alias, {SERVERS, IS_OLD, SAYS("mx-is-alias", "fail", NULL)}},
    {"a domain that Microsoft does not know", unknown_tenant, {SERVERS, SAYS("mx-target-not-found", "fail", "not accepted there yet")}},
    {0},
};

static void one_server_is_behind(struct world *world)
{
	after(world);
	add_soa(ask_zone(world, NS1, "contoso.com", "SOA", OUTCOME_OK), 7, 300);
	add_soa(ask_zone(world, NS2, "contoso.com", "SOA", OUTCOME_OK), 8, 300);
	serve_mx(world, NS1, 300, OLD, NULL);
	serve_mx(world, NS2, 300, NEW, NULL);
}

static void one_server_has_none(struct world *world)
{
	serve_mx(world, NS1, 300, OLD, NULL);
	serve_mx(world, NS2, 300, NULL, NULL);
}

static void only_ttl_and_case_differ(struct world *world)
{
	serve_mx(world, NS1, 300, OLD, "mx2.contoso.com");
	struct observation *o = ask_zone(world, NS2, "contoso.com", "MX", OUTCOME_OK);
	add_mx(o, 20, "mx2.contoso.com", 300);
	add_mx(o, 10, "Mail.Contoso.com", 300);
}

static const struct replay_case server_cases[] = {
    {"one server is behind: the newest zone is judged", one_server_is_behind,
     {{"ttl-ok", "pass", "contoso.com", NULL}, {"ns-serial-differs", "warn", "contoso.com", NULL},
      SAYS("mx-differs-between-servers", "fail", "10 mail.contoso.com at ns1.contoso.com (192.0.2.53); 10 contoso-com.mail")}},
    {"one server has no MX", one_server_has_none,
     {{"ns-ok", "pass", "contoso.com", NULL}, IS_OLD,
      SAYS("mx-differs-between-servers", "fail", "no MX at ns2.contoso.com (192.0.2.54)")}},
    {"order and case are no difference", only_ttl_and_case_differ, {SERVERS, IS_OLD, OK_(NULL)}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {before_cases, after_cases, target_cases, server_cases, NULL};
	static const char *const families[] = {"mx-", NULL};
	static const struct replay_suite suite = {"replay/mx", tables, families};
	return replay_main(&suite);
}
