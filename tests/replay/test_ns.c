/* The resolvers, and the zone's own servers. */
#include <stdlib.h>
#include <string.h>

#include "dns_world.h"
#include "replay.h"

#define NS1_NAME "ns1.contoso.com"
#define NS2_NAME "ns2.contoso.com"
#define SAYS(id, severity, subject, says) {id, severity, subject, says}
#define OK_ SAYS("ns-ok", "pass", "contoso.com", NULL)

static struct observation *soa(struct world *world, int server, int64_t serial)
{
	struct observation *o = ask_zone(world, server, "contoso.com", "SOA", OUTCOME_OK);
	add_soa(o, serial, 300);
	return o;
}

static void both_answer(struct world *world)
{
	soa(world, NS1, 5);
	soa(world, NS2, 5);
}

static void nothing_observed(struct world *world)
{
	(void)world;
}

static void no_domain(struct world *world)
{
	both_answer(world);
	free(world->policy.domain);
	world->policy.domain = NULL;
}

static void another_domain(struct world *world)
{
	soa(world, NS1, 5);
	soa(world, NS2, 6);
	free(world->policy.domain);
	world->policy.domain = strdup("fabrikam.com");
}

static void one_is_silent(struct world *world)
{
	soa(world, NS1, 5);
	ask_zone(world, NS2, "contoso.com", "SOA", OUTCOME_TIMEOUT);
	ask_zone(world, NS2, "contoso.com", "MX", OUTCOME_TIMEOUT);
}

/* The ICMP kind of "refused": no DNS message came. */
static void one_is_closed(struct world *world)
{
	soa(world, NS1, 5);
	ask_zone(world, NS2, "contoso.com", "SOA", OUTCOME_REFUSED);
}

static void one_was_not_asked(struct world *world)
{
	soa(world, NS1, 5);
	ask_zone(world, NS2, "contoso.com", "SOA", OUTCOME_SKIPPED);
}

static void one_lost_an_answer(struct world *world)
{
	both_answer(world);
	serve_mx(world, NS1, 300, NULL, NULL);
	ask_zone(world, NS2, "contoso.com", "MX", OUTCOME_TIMEOUT);
}

static void nobody_answers_mx(struct world *world)
{
	both_answer(world);
	ask_zone(world, NS1, "contoso.com", "MX", OUTCOME_TIMEOUT);
	ask_zone(world, NS2, "contoso.com", "MX", OUTCOME_SERVFAIL);
}

/* Nobody answers us, the resolver is answered: more likely our own way out is closed. */
static void all_are_silent_here(struct world *world)
{
	ask_zone(world, NS1, "contoso.com", "MX", OUTCOME_TIMEOUT);
	ask_zone(world, NS2, "contoso.com", "MX", OUTCOME_TIMEOUT);
	add_mx(ask_resolver(world, "contoso.com", "MX", OUTCOME_OK), 10, "mail.contoso.com", 300);
}

static void all_are_silent_everywhere(struct world *world)
{
	ask_zone(world, NS1, "contoso.com", "MX", OUTCOME_TIMEOUT);
	ask_zone(world, NS2, "contoso.com", "MX", OUTCOME_TIMEOUT);
	ask_resolver(world, "contoso.com", "MX", OUTCOME_SERVFAIL);
}

static void one_refuses(struct world *world)
{
	soa(world, NS1, 5);
	give(ask_zone(world, NS2, "contoso.com", "SOA", OUTCOME_REFUSED), TEXT(DNS_RCODE, "REFUSED"));
}

static void one_fails(struct world *world)
{
	soa(world, NS1, 5);
	ask_zone(world, NS2, "contoso.com", "SOA", OUTCOME_SERVFAIL);
}

/* What a lame server says is not believed: neither its serial nor anything else. */
static void one_has_no_authority(struct world *world)
{
	soa(world, NS1, 5);
	give(soa(world, NS2, 4), BOOL(DNS_AA, false));
}

static void one_talks_garbage(struct world *world)
{
	soa(world, NS1, 5);
	ask_zone(world, NS2, "contoso.com", "SOA", OUTCOME_PROTOCOL);
}

static void one_failed_once(struct world *world)
{
	both_answer(world);
	ask_zone(world, NS2, "contoso.com", "TXT", OUTCOME_SERVFAIL);
}

/* A name below the apex may be another server's business. */
static void no_authority_below(struct world *world)
{
	both_answer(world);
	give(ask_zone(world, NS2, "autodiscover.contoso.com", "A", OUTCOME_SERVFAIL), TEXT(DNS_RCODE, "REFUSED"));
}

static void nameless(struct world *world, const char *server, enum outcome outcome)
{
	observe(world, "dns", "contoso.com", NULL, {.kind = GIVEN_OUTCOME, .outcome = outcome}, TEXT(DNS_QUESTION, server),
	        TEXT(DNS_TYPE, "A"), TEXT(DNS_ROLE, "authoritative"), TEXT(DNS_PURPOSE, "addresses"), TEXT(DNS_SERVER, server));
}

static void name_does_not_resolve(struct world *world)
{
	both_answer(world);
	nameless(world, "ns3.contoso.com", OUTCOME_NXDOMAIN);
}

static void name_could_not_be_looked_up(struct world *world)
{
	both_answer(world);
	nameless(world, "ns3.contoso.com", OUTCOME_TIMEOUT);
}

static void name_lacks_aaaa_only(struct world *world)
{
	both_answer(world);
	nameless(world, NS2_NAME, OUTCOME_NODATA);
}

static const struct replay_case server_cases[] = {
    {"nothing observed says nothing", nothing_observed, {{0}}},
    {"no domain, no word on it", no_domain, {{0}}},
    {"another domain's servers do not count", another_domain, {{0}}},
    {"both answer", both_answer, {OK_}},
    {"one is silent", one_is_silent, {SAYS("ns-unreachable", "fail", NS2_NAME, "no answer over UDP nor TCP: 192.0.2.54")}},
    {"nothing listens at one", one_is_closed, {SAYS("ns-unreachable", "fail", NS2_NAME, NULL)}},
    {"one was not asked: neither good nor bad", one_was_not_asked, {SAYS("ns-ok", "pass", "contoso.com", "1 not asked from here")}},
    {"one answer lost is no dead server", one_lost_an_answer, {OK_, {"mx-missing", "fail", "contoso.com", NULL}}},
    {"nobody answers the question that matters", nobody_answers_mx,
     {SAYS("ns-unreachable", "unknown", "contoso.com", "nobody answers the question for MX")}},
    {"direct DNS is closed here", all_are_silent_here,
     {SAYS("ns-unreachable", "unknown", "contoso.com", "is DNS to the outside (port 53) closed here?"),
      {"mx-not-microsoft", "info", "contoso.com", "as resolver 198.51.100.53 says"}, {"mx-ok", "pass", "contoso.com", NULL}}},
    {"all are dead", all_are_silent_everywhere,
     {SAYS("ns-unreachable", "fail", NS1_NAME, NULL), SAYS("ns-unreachable", "fail", NS2_NAME, NULL)}},
    {"one refuses", one_refuses, {SAYS("ns-lame", "fail", NS2_NAME, "192.0.2.54 answers REFUSED")}},
    {"one answers SERVFAIL", one_fails, {SAYS("ns-lame", "fail", NS2_NAME, "SERVFAIL")}},
    {"one has no authority", one_has_no_authority, {SAYS("ns-lame", "fail", NS2_NAME, "without authority")}},
    {"one talks garbage", one_talks_garbage, {SAYS("ns-lame", "fail", NS2_NAME, "no DNS")}},
    {"one failed once", one_failed_once, {OK_}},
    {"names below may be delegated", no_authority_below, {OK_}},
    {"a server name that does not resolve", name_does_not_resolve, {SAYS("ns-lame", "fail", "ns3.contoso.com", "no address")}},
    {"a server name nobody could look up", name_could_not_be_looked_up, {OK_}},
    {"a server without AAAA", name_lacks_aaaa_only, {OK_}},
    {0},
};

static void serials(struct world *world)
{
	soa(world, NS1, 2026060101);
	soa(world, NS2, 2026060100);
}

static void delegation(struct world *world, const char *first, const char *second)
{
	for (int server = NS1; server <= NS2; server++) {
		struct observation *own = ask_zone(world, server, "contoso.com", "NS", OUTCOME_OK);
		add_ns(own, NS1_NAME);
		add_ns(own, NS2_NAME);
	}
	struct observation *parent = ask_parent(world, OUTCOME_OK);
	add_ns(parent, first);
	if (second != NULL)
		add_ns(parent, second);
}

static void same_delegation(struct world *world) { delegation(world, NS2_NAME, "NS1.Contoso.com"); }
static void fewer_delegated(struct world *world) { delegation(world, NS1_NAME, NULL); }
static void others_delegated(struct world *world) { delegation(world, NS1_NAME, "ns3.contoso.com"); }

/* Asked for contoso.com, the root names the servers of com. */
static void referral_above(struct world *world)
{
	delegation(world, NS1_NAME, NS2_NAME);
	struct observation *parent = world->evidence.observations[world->evidence.count - 1];
	give(parent, ROW_TEXT(DNS_NS_OWNER, 0, "com"), ROW_TEXT(DNS_NS_HOST, 0, "a.gtld-servers.net"));
}

static void parent_silent(struct world *world)
{
	delegation(world, NS1_NAME, NS2_NAME);
	ask_parent(world, OUTCOME_TIMEOUT);
}

static void check(struct world *world, int server, enum outcome outcome)
{
	struct observation *o = ask_zone(world, server, "contoso.com", "SOA", outcome);
	give(o, TEXT(DNS_PURPOSE, "tcp-check"), TEXT(DNS_TRANSPORT, "tcp"));
	if (outcome == OUTCOME_OK)
		add_soa(o, 5, 300);
}

static void tcp_works(struct world *world)
{
	both_answer(world);
	check(world, NS1, OUTCOME_OK);
	check(world, NS2, OUTCOME_OK);
}

static void tcp_blocked(struct world *world)
{
	both_answer(world);
	check(world, NS1, OUTCOME_OK);
	check(world, NS2, OUTCOME_TIMEOUT);
}

static void tcp_not_tried(struct world *world)
{
	both_answer(world);
	check(world, NS2, OUTCOME_CANCELLED);
}

/* The server is dead, not only its TCP. */
static void all_blocked(struct world *world)
{
	soa(world, NS1, 5);
	ask_zone(world, NS2, "contoso.com", "SOA", OUTCOME_TIMEOUT);
	check(world, NS2, OUTCOME_TIMEOUT);
}

static void plain(struct observation *o, const char *step)
{
	give(o, BOOL(DNS_EDNS, false), ROW_TEXT(DNS_STEP, 0, "query"), ROW_TEXT(DNS_STEP, 1, step));
}

static void formerr(struct world *world)
{
	both_answer(world);
	plain(soa(world, NS2, 5), "plain-after-formerr");
}

static void mute(struct world *world)
{
	soa(world, NS1, 5);
	plain(soa(world, NS2, 5), "plain-after-silence");
}

static void mute_over_udp(struct world *world)
{
	mute(world);
	give(soa(world, NS2, 5), TEXT(DNS_TRANSPORT, "tcp"));
}

/* Over TCP, too: that says nothing of TCP itself. */
static void mute_over_tcp(struct world *world)
{
	mute(world);
	check(world, NS2, OUTCOME_CLOSED);
}

static void packet_lost(struct world *world)
{
	both_answer(world);
	plain(soa(world, NS2, 5), "plain-after-silence");
}

static void retried(struct world *world)
{
	both_answer(world);
	give(soa(world, NS2, 5), ROW_TEXT(DNS_STEP, 0, "query"), ROW_TEXT(DNS_STEP, 1, "retry"));
}

static const struct replay_case zone_cases[] = {
    {"serials differ", serials,
     {SAYS("ns-serial-differs", "warn", "contoso.com", "2026060101 at ns1.contoso.com (192.0.2.53), 2026060100 at ns2")}},
    {"the parent says the same", same_delegation, {OK_}},
    {"the parent names fewer", fewer_delegated, {SAYS("ns-delegation-differs", "warn", "contoso.com", NS2_NAME " only in the zone")}},
    {"the parent names another", others_delegated,
     {SAYS("ns-delegation-differs", "warn", "contoso.com", "ns3.contoso.com only at the parent; " NS2_NAME " only in the zone")}},
    {"a referral above the zone is no delegation", referral_above, {OK_}},
    {"a silent parent", parent_silent, {OK_}},
    {"TCP works", tcp_works, {OK_}},
    {"TCP is blocked", tcp_blocked, {SAYS("ns-tcp-blocked", "warn", NS2_NAME, "192.0.2.54")}},
    {"TCP was not tried", tcp_not_tried, {OK_}},
    {"UDP and TCP are blocked", all_blocked, {SAYS("ns-unreachable", "fail", NS2_NAME, NULL)}},
    {"FORMERR with EDNS", formerr, {SAYS("ns-edns-broken", "warn", NS2_NAME, "FORMERR with EDNS")}},
    {"silence with EDNS", mute, {SAYS("ns-edns-broken", "warn", NS2_NAME, "silence with EDNS")}},
    {"silence with EDNS over UDP alone", mute_over_udp, {SAYS("ns-edns-broken", "warn", NS2_NAME, "silence with EDNS")}},
    {"silence with EDNS over TCP", mute_over_tcp, {SAYS("ns-edns-broken", "warn", NS2_NAME, NULL)}},
    {"one packet lost is no broken EDNS", packet_lost, {OK_}},
    {"a retry is no fault", retried, {OK_}},
    {0},
};

static void resolver_silent(struct world *world)
{
	ask_resolver(world, "contoso.com", "MX", OUTCOME_TIMEOUT);
	ask_resolver(world, "contoso.com", "NS", OUTCOME_TIMEOUT);
}

static void resolver_refuses(struct world *world)
{
	give(ask_resolver(world, "contoso.com", "MX", OUTCOME_REFUSED), TEXT(DNS_RCODE, "REFUSED"));
}
static void resolver_unrouted(struct world *world) { give(ask_resolver(world, "contoso.com", "NS", OUTCOME_SKIPPED), TEXT(SKIP_REASON, "no-route")); }

static void resolver_fails(struct world *world)
{
	ask_resolver(world, "contoso.com", "MX", OUTCOME_SERVFAIL);
}

static void one_resolver_answers(struct world *world)
{
	resolver_silent(world);
	struct observation *o = ask_resolver(world, "contoso.com", "TXT", OUTCOME_SERVFAIL);
	free(o->address);
	o->address = strdup("198.51.100.54");
}

static void domain_not_found(struct world *world)
{
	ask_resolver(world, "contoso.com", "NS", OUTCOME_SERVFAIL);
	ask_resolver(world, "contoso.com", "MX", OUTCOME_SERVFAIL);
	ask_resolver(world, "com", "NS", OUTCOME_OK);
}

static void resolvers_not_asked(struct world *world)
{
	ask_resolver(world, "contoso.com", "MX", OUTCOME_CANCELLED);
}

static void host_not_looked_up(struct world *world)
{
	free(world->policy.domain);
	world->policy.domain = NULL;
	observe(world, "host", "imap.contoso.com", NULL, ENDED(TIMEOUT), TEXT(HOST_NAME, "imap.contoso.com"),
	        INT(HOST_RESOLVERS_ASKED, 2), INT(HOST_RESOLVERS_ANSWERED, 0));
}

static void host_looked_up(struct world *world)
{
	observe(world, "host", "imap.contoso.com", NULL, ENDED(OK), TEXT(HOST_NAME, "imap.contoso.com"), TEXT(HOST_V4, "ok"),
	        TEXT(HOST_V6, "nodata"), ROW_TEXT(HOST_ADDRESS, 0, "93.184.216.34"), INT(HOST_RESOLVERS_ASKED, 2),
	        INT(HOST_RESOLVERS_ANSWERED, 1));
	resolver_silent(world);
}

#define MADE_UP "cutover-7c3a91.contoso.com"

static void control(struct world *world, const char *name, enum outcome outcome)
{
	struct observation *o = ask_resolver(world, name, "A", outcome);
	give(o, TEXT(DNS_PURPOSE, "control"));
	if (outcome == OUTCOME_OK)
		add_address(o, "203.0.113.99", 60);
}

static void made_up(struct world *world, enum outcome outcome)
{
	for (int server = NS1; server <= NS2; server++) {
		struct observation *o = ask_zone(world, server, MADE_UP, "A", outcome);
		give(o, TEXT(DNS_PURPOSE, "wildcard"));
		if (outcome == OUTCOME_OK)
			add_address(o, "203.0.113.99", 60);
	}
}

/* And what it says of the zone is not believed. */
static void rewriter(struct world *world)
{
	made_up(world, OUTCOME_NXDOMAIN);
	control(world, MADE_UP, OUTCOME_OK);
	add_mx(ask_resolver(world, "contoso.com", "MX", OUTCOME_OK), 10, "smtp.office365.com", 60);
}

static void rewriter_of_all(struct world *world)
{
	control(world, "cutover-7c3a91.invalid", OUTCOME_OK);
	control(world, "cutover-7c3a92.invalid", OUTCOME_OK);
}

static void honest(struct world *world)
{
	made_up(world, OUTCOME_NXDOMAIN);
	control(world, MADE_UP, OUTCOME_NXDOMAIN);
}

static void wildcard_explains_it(struct world *world)
{
	made_up(world, OUTCOME_OK);
	control(world, MADE_UP, OUTCOME_OK);
}

static void zone_unknown(struct world *world)
{
	made_up(world, OUTCOME_TIMEOUT);
	both_answer(world);
	control(world, MADE_UP, OUTCOME_OK);
}

static const struct replay_case resolver_cases[] = {
    {"no resolver answers", resolver_silent, {SAYS("resolver-unreachable", "unknown", "contoso.com", "198.51.100.53 (timeout)")}},
    {"no route is no service", resolver_unrouted, {SAYS("resolver-unreachable", "unknown", "contoso.com", "198.51.100.53 (no route)")}},
    {"a refusal is no service", resolver_refuses, {SAYS("resolver-unreachable", "unknown", "contoso.com", "198.51.100.53 (refused)")}},
    {"SERVFAIL is an answer", resolver_fails, {SAYS("propagation-servfail", "warn", "contoso.com", "198.51.100.53 answers SERVFAIL")}},
    {"SERVFAIL for the domain alone", domain_not_found, {SAYS("propagation-servfail", "warn", "contoso.com", NULL)}},
    {"one of two answers", one_resolver_answers, {SAYS("propagation-servfail", "warn", "contoso.com", "198.51.100.54")}},
    {"interrupted", resolvers_not_asked, {{0}}},
    {"no resolver answers for a host alone", host_not_looked_up,
     {SAYS("resolver-unreachable", "unknown", "imap.contoso.com", "no resolver answered")}},
    {"a resolver answered for the host, none for the domain", host_looked_up,
     {SAYS("resolver-unreachable", "unknown", "contoso.com", "198.51.100.53 (timeout)")}},
    {"a rewriting resolver is not believed", rewriter,
     {SAYS("resolver-rewrites", "warn", "198.51.100.53", "answers 203.0.113.99 for " MADE_UP)}},
    {"a rewriting resolver is named once", rewriter_of_all, {SAYS("resolver-rewrites", "warn", "198.51.100.53", NULL)}},
    {"an honest resolver", honest, {{0}}},
    {"a wildcard explains the answer", wildcard_explains_it,
     {SAYS("wildcard-record", "warn", "contoso.com", "any name below it gets A 203.0.113.99")}},
    {"nobody knows whether there is a wildcard", zone_unknown, {OK_}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {server_cases, zone_cases, resolver_cases, NULL};
	static const char *const families[] = {"ns-", "resolver-unreachable", "resolver-rewrites", NULL};
	static const struct replay_suite suite = {"replay/ns", tables, families};
	return replay_main(&suite);
}
