/* What a domain tells receivers and senders: DKIM, DMARC, MTA-STS, TLS-RPT, by DNS. */
#include <stdlib.h>
#include <string.h>

#include "dns_world.h"
#include "replay.h"

#define S1 "selector1._domainkey.contoso.com"
#define S2 "selector2._domainkey.contoso.com"
#define T1 "selector1-contoso-com._domainkey.contoso.onmicrosoft.com"
#define T2 "selector2-contoso-com._domainkey.contoso.onmicrosoft.com"
#define SAYS(id, severity, says) {id, severity, "contoso.com", says}
#define NS_OK {"ns-ok", "pass", "contoso.com", NULL}
#define ROWS NS_OK, {"verify-ok", "pass", "contoso.com", NULL}
#define DMARC "_dmarc.contoso.com"

static void after(struct world *world) { world->policy.phase = PHASE_AFTER; }

static void alias(struct world *world, const char *name, const char *target)
{
	for (int server = NS1; server <= NS2; server++)
		add_alias(ask_zone(world, server, name, "CNAME", OUTCOME_OK), target, 3600);
}

static void selectors(struct world *world, const char *first, const char *second)
{
	alias(world, S1, first);
	alias(world, S2, second);
}

static void good(struct world *world) { selectors(world, T1, T2); }
static void upper_case(struct world *world) { selectors(world, "Selector1-Contoso-Com._DomainKey.contoso.OnMicrosoft.com", T2); }
static void of_the_tenant(struct world *world) { world->policy.tenant = strdup("contoso"); good(world); }
static void of_another_tenant(struct world *world) { world->policy.tenant = strdup("fabrikam"); good(world); }

static void modern(struct world *world)
{
	selectors(world, "selector1-contoso-com._domainkey.contoso.n-v1.dkim.mail.microsoft",
	          "selector2-contoso-com._domainkey.contoso.n-v1.dkim.mail.microsoft");
}

static void none(struct world *world)
{
	publish_nothing(world, S1, "CNAME", OUTCOME_NXDOMAIN);
	publish_nothing(world, S2, "CNAME", OUTCOME_NXDOMAIN);
}

static void none_after(struct world *world) { after(world); none(world); }
static void one(struct world *world) { alias(world, S1, T1); publish_nothing(world, S2, "CNAME", OUTCOME_NXDOMAIN); }
static void appended(struct world *world) { selectors(world, T1 ".contoso.com", T2); }
static void appended_after(struct world *world) { after(world); appended(world); }
static void turned_round(struct world *world) { selectors(world, T2, T1); }
static void elsewhere(struct world *world) { selectors(world, "dkim.mailer.example", T2); }
static void no_key(struct world *world) { selectors(world, "selector1-contoso-com.contoso.onmicrosoft.com", T2); }
static void other_cloud(struct world *world) { selectors(world, "selector1-contoso-com._domainkey.contoso.onmicrosoft.us", T2); }
static void other_label(struct world *world) { selectors(world, "selector1-fabrikam-com._domainkey.contoso.onmicrosoft.com", T2); }

static void proxied(struct world *world)
{
	publish_nothing(world, S1, "CNAME", OUTCOME_NODATA);
	publish_nothing(world, S1, "TXT", OUTCOME_NODATA);
	alias(world, S2, T2);
}

static void own_key(struct world *world)
{
	publish_nothing(world, S1, "CNAME", OUTCOME_NODATA);
	for (int server = NS1; server <= NS2; server++)
		add_txt(ask_zone(world, server, S1, "TXT", OUTCOME_OK), "v=DKIM1; p=MIIB", 3600);
	alias(world, S2, T2);
}

static void wildcard(struct world *world)
{
	give(ask_zone(world, NS1, "cutover-7c3a91.contoso.com", "A", OUTCOME_OK), TEXT(DNS_PURPOSE, "wildcard"),
	     ROW_TEXT(DNS_ADDRESS, 0, "93.184.216.80"));
	publish_nothing(world, S1, "CNAME", OUTCOME_NODATA);
	publish_nothing(world, S2, "CNAME", OUTCOME_NODATA);
}

static void silent(struct world *world) { publish_nothing(world, S1, "CNAME", OUTCOME_SERVFAIL); }

static const struct replay_case dkim_cases[] = {
    {"both selectors", good, {SAYS("dkim-ok", "pass", NULL)}},
    {"in any case", upper_case, {SAYS("dkim-ok", "pass", NULL)}},
    {"the newer form", modern, {SAYS("dkim-ok", "pass", NULL)}},
    {"the tenant's", of_the_tenant, {SAYS("dkim-ok", "pass", NULL)}},
    {"another tenant's", of_another_tenant, {SAYS("dkim-wrong-target", "warn", "the tenant contoso, not fabrikam")}},
    {"none", none, {SAYS("dkim-missing", "info", S1 " is not there; " S2 " is not there")}},
    {"none after", none_after, {SAYS("dkim-missing", "warn", NULL)}},
    {"one of two", one, {SAYS("dkim-missing", "info", S2)}},
    {"the zone appended", appended, {SAYS("dkim-wrong-target", "warn", "the last dot was forgotten")}},
    {"the zone appended after", appended_after, {SAYS("dkim-wrong-target", "fail", NULL)}},
    {"turned round", turned_round, {SAYS("dkim-wrong-target", "warn", "is not the key of selector2")}},
    {"somebody else's", elsewhere, {SAYS("dkim-wrong-target", "warn", "dkim.mailer.example, which is not Microsoft's")}},
    {"no name of a key", no_key, {SAYS("dkim-wrong-target", "warn", "is no name of a key")}},
    {"another cloud's", other_cloud, {SAYS("dkim-wrong-target", "warn", "another Microsoft cloud")}},
    {"another domain's label", other_label, {SAYS("dkim-wrong-target", "warn", "fabrikam-com where contoso-com is expected")}},
    {"hidden by a proxy", proxied, {SAYS("dkim-wrong-target", "warn", "a web proxy")}},
    {"a key of its own", own_key, {SAYS("dkim-wrong-target", "warn", "a key of its own")}},
    {"only a wildcard", wildcard, {SAYS("dkim-missing", "info", NULL), SAYS("wildcard-record", "warn", NULL)}},
    {"nobody answered", silent, {{0}}},
    {0},
};

static void txt(struct world *world, const char *name, const char *first, const char *second)
{
	for (int server = NS1; server <= NS2; server++) {
		struct observation *o = ask_zone(world, server, name, "TXT", OUTCOME_OK);
		add_txt(o, first, 3600);
		if (second != NULL)
			add_txt(o, second, 3600);
	}
}

static void relaxed(struct world *world) { txt(world, DMARC, "v=DMARC1; p=none; rua=mailto:d@contoso.com", "unrelated"); }
static void no_dmarc(struct world *world) { publish_nothing(world, DMARC, "TXT", OUTCOME_NXDOMAIN); }
static void no_dmarc_after(struct world *world) { after(world); no_dmarc(world); }
static void two_dmarcs(struct world *world) { txt(world, DMARC, "v=DMARC1; p=none", "v=DMARC1; p=reject"); }
static void broken_dmarc(struct world *world) { txt(world, DMARC, "v=DMARC1; p=rejected", NULL); }
static void strict(struct world *world) { txt(world, DMARC, "v=DMARC1; p=reject", NULL); }
static void spf_with(struct world *world) { publish_txt(world, "MS=ms12345678", "v=spf1 include:spf.protection.outlook.com -all"); }
static void spf_without(struct world *world) { publish_txt(world, "MS=ms12345678", "v=spf1 mx -all"); }
static void strict_too_early(struct world *world) { strict(world); spf_without(world); none(world); }
static void strict_with_spf(struct world *world) { strict(world); spf_with(world); none(world); }
static void strict_with_dkim(struct world *world) { strict(world); spf_without(world); one(world); }
static void strict_for_none(struct world *world) { txt(world, DMARC, "v=DMARC1; p=quarantine; pct=0", NULL); spf_without(world); none(world); }

/* The world is another domain's. */
static void of(struct world *world, const char *domain)
{
	free(world->policy.domain);
	world->policy.domain = strdup(domain);
	for (size_t i = 0; i < world->evidence.count; i++) {
		free(world->evidence.observations[i]->target);
		world->evidence.observations[i]->target = strdup(domain);
	}
}

static void inherited(struct world *world, const char *record)
{
	publish_nothing(world, "_dmarc.mail.contoso.com", "TXT", OUTCOME_NXDOMAIN);
	txt(world, DMARC, record, NULL);
	of(world, "mail.contoso.com");
}

static void from_above(struct world *world) { inherited(world, "v=DMARC1; p=reject; sp=none"); }

/* a.dept.contoso.com, and what stands at dept.contoso.com, contoso.com and com. */
static void tree(struct world *world, const char *dept, const char *contoso, const char *com)
{
	static const char *const names[] = {"_dmarc.dept.contoso.com", DMARC, "_dmarc.com"};
	const char *const records[] = {dept, contoso, com};
	publish_nothing(world, "_dmarc.a.dept.contoso.com", "TXT", OUTCOME_NXDOMAIN);
	for (size_t i = 0; i < 3; i++) {
		struct observation *o = ask_organization(world, names[i], records[i] != NULL ? OUTCOME_OK : OUTCOME_NXDOMAIN);
		if (records[i] != NULL)
			add_txt(o, records[i], 3600);
	}
	of(world, "a.dept.contoso.com");
}

static void alike(struct world *world) { tree(world, NULL, "v=DMARC1; p=reject", NULL); }
static void only_below(struct world *world) { tree(world, "v=DMARC1; p=none", NULL, NULL); }
static void set_apart(struct world *world) { tree(world, "v=DMARC1; p=none; psd=n", "v=DMARC1; p=reject", NULL); }
static void whole_suffix(struct world *world) { tree(world, NULL, NULL, "v=DMARC1; p=reject; psd=y"); }
static void above_suffix(struct world *world) { tree(world, NULL, NULL, "v=DMARC1; p=none"); }
static void nowhere(struct world *world) { tree(world, NULL, NULL, NULL); }

#define A_DEPT "a.dept.contoso.com"
#define DIFFER "; receivers differ on the organizational domain: "
#define BY_SUFFIX " by the tree walk (RFC 9989), contoso.com by public suffixes"

#define SPF_NONE SAYS("spf-no-microsoft", "warn", NULL)
#define NO_DKIM SAYS("dkim-missing", "info", NULL)

static const struct replay_case dmarc_cases[] = {
    {"one record", relaxed, {SAYS("dmarc-ok", "pass", "p=none")}},
    {"none", no_dmarc, {SAYS("dmarc-missing", "info", NULL)}},
    {"none after", no_dmarc_after, {SAYS("dmarc-missing", "warn", NULL)}},
    {"two", two_dmarcs, {SAYS("dmarc-invalid", "warn", "2 records")}},
    {"unreadable", broken_dmarc, {SAYS("dmarc-invalid", "warn", "no valid policy: p=rejected")}},
    {"strict, and nothing known of SPF and DKIM", strict, {SAYS("dmarc-ok", "pass", NULL)}},
    {"strict too early", strict_too_early, {ROWS, SPF_NONE, NO_DKIM, SAYS("dmarc-strict-too-early", "warn", "neither SPF nor DKIM")}},
    {"strict, and SPF passes", strict_with_spf, {ROWS, SAYS("spf-ok", "pass", NULL), NO_DKIM, SAYS("dmarc-ok", "pass", NULL)}},
    {"strict, and DKIM passes", strict_with_dkim, {ROWS, SPF_NONE, NO_DKIM, SAYS("dmarc-ok", "pass", NULL)}},
    {"strict for no mail", strict_for_none, {ROWS, SPF_NONE, NO_DKIM, SAYS("dmarc-ok", "pass", NULL)}},
    {"the zone's above", from_above, {{"dmarc-ok", "pass", "mail.contoso.com", "at " DMARC}}},
    {"both rules alike", alike, {{"dmarc-ok", "pass", A_DEPT, "p=reject, at " DMARC ", as resolver 198.51.100.53 says"}}},
    {"a record between", only_below, {{"dmarc-ok", "pass", A_DEPT, "p=none, at _dmarc.dept.contoso.com" DIFFER "dept.contoso.com" BY_SUFFIX}}},
    {"psd=n below the registered domain", set_apart, {{"dmarc-ok", "pass", A_DEPT, "psd=n, at _dmarc.dept.contoso.com" DIFFER "dept.contoso.com" BY_SUFFIX}}},
    {"a public suffix's record", whole_suffix, {{"dmarc-ok", "pass", A_DEPT, "at _dmarc.com"}}},
    {"a record above the registered domain", above_suffix, {{"dmarc-ok", "pass", A_DEPT, "at _dmarc.com" DIFFER "com" BY_SUFFIX}}},
    {"none above either", nowhere, {{"dmarc-missing", "info", A_DEPT, NULL}}},
    {0},
};

#define STS "_mta-sts.contoso.com"
#define RPT "_smtp._tls.contoso.com"

static void no_sts(struct world *world) { publish_nothing(world, STS, "TXT", OUTCOME_NXDOMAIN); }
static void other_text(struct world *world) { txt(world, STS, "v=STSv2; id=1", NULL); }
static void two_sts(struct world *world) { txt(world, STS, "v=STSv1; id=1;", "v=STSv1; id=2;"); }
static void no_id(struct world *world) { txt(world, STS, "v=STSv1; id=2026-01-01;", NULL); }
static void no_rpt(struct world *world) { publish_nothing(world, RPT, "TXT", OUTCOME_NODATA); }
static void two_rpts(struct world *world) { txt(world, RPT, "v=TLSRPTv1; rua=mailto:a@b.test", "v=TLSRPTv1; rua=mailto:c@b.test"); }
static void rpt(struct world *world) { txt(world, RPT, "v=TLSRPTv1; rua=mailto:a@b.test", NULL); }

static const struct replay_case transport_cases[] = {
    {"no MTA-STS", no_sts, {SAYS("mtasts-absent", "info", NULL)}},
    {"another version", other_text, {SAYS("mtasts-absent", "info", NULL)}},
    {"two MTA-STS records", two_sts, {SAYS("mtasts-invalid", "fail", "2 records")}},
    {"no id", no_id, {SAYS("mtasts-invalid", "fail", "no id")}},
    {"no TLS-RPT", no_rpt, {SAYS("tlsrpt-absent", "info", NULL)}},
    {"two TLS-RPT records", two_rpts, {SAYS("tlsrpt-absent", "info", "several")}},
    {"TLS-RPT", rpt, {{0}}},
    {0},
};

/* The policy as the web server gave it. */
static struct observation *fetched(struct world *world, const char *mode, const char *first, const char *second)
{
	txt(world, STS, "v=STSv1; id=20260101;", NULL);
	struct observation *o =
	    observe(world, "mtasts", "contoso.com", "192.0.2.80", ENDED(OK), TEXT(HTTP_URL, "https://mta-sts.contoso.com/.well-known/mta-sts.txt"),
	            INT(HTTP_STATUS, 200), TEXT(HTTP_CONTENT_TYPE, "text/plain; charset=utf-8"), TEXT(TLS_NAME, "mta-sts.contoso.com"),
	            ROW_TEXT(CERT_SUBJECT, 0, "CN=mta-sts.contoso.com"), ROW_TEXT(CERT_NAME, 0, "mta-sts.contoso.com"), BOOL(CERT_NAME_OK, true),
	            TEXT(MTASTS_MODE, mode), INT(MTASTS_MAX_AGE_S, 604800), ROW_TEXT(MTASTS_MX, 0, first));
	if (second != NULL)
		give(o, ROW_TEXT(MTASTS_MX, 1, second));
	return o;
}

#define NEW "contoso-com.mail.protection.outlook.com"
#define NEWER "contoso-com.e-v1.mx.microsoft"
#define CLASSIC "*.mail.protection.outlook.com"

static void old_mx(struct world *world) { serve_mx_everywhere(world, 300, "mail.contoso.com", NULL); }
static void new_mx(struct world *world) { after(world); serve_mx_everywhere(world, 300, NEW, NULL); resolve_host(world, NEW, "52.101.1.1"); }
static void both_covered(struct world *world) { old_mx(world); fetched(world, "enforce", "mail.contoso.com", CLASSIC); }
static void old_alone(struct world *world) { old_mx(world); fetched(world, "enforce", "*.contoso.com", NULL); }
static void old_alone_testing(struct world *world) { old_mx(world); fetched(world, "testing", "*.contoso.com", NULL); }
static void old_left_out(struct world *world) { old_mx(world); fetched(world, "enforce", CLASSIC, NULL); }
static void new_alone(struct world *world) { new_mx(world); fetched(world, "enforce", CLASSIC, NULL); }
static void new_left_out(struct world *world) { new_mx(world); fetched(world, "enforce", "mail.contoso.com", NULL); }

static void one_label_only(struct world *world)
{
	names_add(&world->policy.expect_mx, NEWER);
	old_mx(world);
	fetched(world, "enforce", "mail.contoso.com", "*.mx.microsoft");
}

static void the_very_host(struct world *world)
{
	names_add(&world->policy.expect_mx, NEWER);
	old_mx(world);
	fetched(world, "enforce", "mail.contoso.com", NEWER);
}

static void redirected(struct world *world)
{
	give(fetched(world, "none", CLASSIC, NULL), INT(HTTP_STATUS, 301), TEXT(HTTP_LOCATION, "https://www.contoso.com/"));
}

static void not_found(struct world *world) { give(fetched(world, "none", CLASSIC, NULL), INT(HTTP_STATUS, 404)); }
static void html(struct world *world) { give(fetched(world, "none", CLASSIC, NULL), TEXT(HTTP_CONTENT_TYPE, "text/plainer")); }
static void bad_syntax(struct world *world) { give(fetched(world, "enforce", CLASSIC, NULL), TEXT(MTASTS_FAULT, "no max_age line")); }
static void wrong_name(struct world *world) { give(fetched(world, "none", CLASSIC, NULL), BOOL(CERT_NAME_OK, false)); }

static void expired(struct world *world)
{
	give(fetched(world, "none", CLASSIC, NULL), ROW_TEXT(VERIFY_WHEN, 0, "at"), ROW_TEXT(VERIFY_NAME, 0, "expired"),
	     ROW_TEXT(VERIFY_TEXT, 0, "certificate has expired"));
}

static void refused(struct world *world)
{
	txt(world, STS, "v=STSv1; id=20260101;", NULL);
	observe(world, "mtasts", "contoso.com", "192.0.2.80", ENDED(REFUSED));
}

static void no_route(struct world *world)
{
	txt(world, STS, "v=STSv1; id=20260101;", NULL);
	observe(world, "mtasts", "contoso.com", "192.0.2.80", ENDED(UNREACHABLE));
}

#define BEFORE NS_OK, SAYS("ttl-ok", "pass", NULL), SAYS("mx-ok", "pass", NULL), SAYS("mx-not-microsoft", "info", NULL)
#define AFTER NS_OK, SAYS("ttl-ok", "pass", NULL), SAYS("mx-ok", "pass", NULL)
#define EXCLUDES(says) SAYS("mtasts-excludes-mx", "fail", says)
#define INVALID(says) SAYS("mtasts-invalid", "fail", says)

static const struct replay_case policy_cases[] = {
    {"old and new covered", both_covered, {BEFORE, SAYS("mtasts-ok", "pass", "mode enforce, every MX host is covered, max_age 7 d")}},
    {"only the old one", old_alone, {BEFORE, EXCLUDES("Microsoft's MX host in whichever form; senders may hold that for 7 d")}},
    {"only the old one, testing", old_alone_testing, {BEFORE, SAYS("mtasts-ok", "pass", "nothing is refused")}},
    {"only the new one", old_left_out, {BEFORE, EXCLUDES("mail.contoso.com")}},
    {"after: only the new one", new_alone, {AFTER, SAYS("mtasts-ok", "pass", NULL)}},
    {"after: only the old one", new_left_out, {AFTER, EXCLUDES(NEW)}},
    {"a wildcard covers one label", one_label_only, {BEFORE, EXCLUDES(NEWER)}},
    {"the host itself", the_very_host, {BEFORE, SAYS("mtasts-ok", "pass", NULL)}},
    {"a redirect", redirected, {INVALID("a redirect to https://www.contoso.com/")}},
    {"no such file", not_found, {INVALID("answers 404")}},
    {"another media type", html, {INVALID("text/plainer, not text/plain")}},
    {"bad syntax", bad_syntax, {INVALID("no max_age line")}},
    {"another name's certificate", wrong_name, {INVALID("its certificate is for")}},
    {"an expired certificate", expired, {INVALID("certificate has expired")}},
    {"nothing listens", refused, {INVALID("cannot be fetched")}},
    {"no way from here says nothing", no_route, {{0}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {dkim_cases, dmarc_cases, transport_cases, policy_cases, NULL};
	static const char *const families[] = {"dkim-", "dmarc-", "mtasts-", "tlsrpt-", NULL};
	static const struct replay_suite suite = {"replay/policies", tables, families};
	return replay_main(&suite);
}
