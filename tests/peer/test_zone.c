/* The probes dns and ttl against a world of scripted servers. */
#include "probe/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check_main.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/evidence.h"
#include "cutover/limits.h"
#include "cutover/policy.h"
#include "cutover/probe.h"
#include "dns_peer.h"
#include "io/deadline.h"
#include "io/loop.h"
#include "io/net.h"
#include "patience.h"

extern const struct probe dns_probe, ttl_probe;

#define CONTOSO_AT(mx_ttl) \
	"contoso.com. 3600 IN SOA ns1.contoso.com. host.contoso.com. 7 7200 3600 1209600 600\n" \
	"contoso.com. 3600 IN NS ns1.contoso.com.\ncontoso.com. 3600 IN NS ns2.fabrikam.com.\n" \
	"contoso.com. " mx_ttl " IN MX 10 mail.contoso.com.\ncontoso.com. " mx_ttl " IN MX 20 mx.fabrikam.com.\n" \
	"contoso.com. 300 IN TXT \"v=spf1 -all\"\n" \
	"ns1.contoso.com. 3600 IN A 127.0.0.2\n" \
	"mail.contoso.com. 7200 IN A 192.0.2.25\n" \
	"autodiscover.contoso.com. 300 IN CNAME autodiscover.outlook.com.\n"
#define CONTOSO CONTOSO_AT("300")
#define FABRIKAM \
	"fabrikam.com. 3600 IN SOA ns2.fabrikam.com. host.fabrikam.com. 7 7200 3600 1209600 600\n" \
	"ns2.fabrikam.com. 3600 IN A 127.0.0.3\n" \
	"mx.fabrikam.com. 300 IN A 192.0.2.26\n"
#define COM \
	"com. 3600 IN SOA a.nic.test. host.nic.test. 1 7200 3600 1209600 600\n" \
	"com. 3600 IN NS a.nic.test.\ncom. 3600 IN NS b.nic.test.\ncom. 3600 IN NS c.nic.test.\n"
#define NIC "a.nic.test. 3600 IN A 127.0.0.4\nb.nic.test. 3600 IN A 127.0.0.5\nc.nic.test. 3600 IN A 127.0.0.6\n"
#define DELEGATION COM "contoso.com. 3600 IN NS ns1.contoso.com.\ncontoso.com. 3600 IN NS ns2.fabrikam.com.\n"
#define EVERYTHING CONTOSO FABRIKAM COM NIC

enum { PLACES = 4 };

static struct endpoint resolvers[2];
static struct net_config config;
static struct net *net;
static struct evidence evidence;
static int ends;
static struct dns_peer *resolver, *servers[PLACES]; /* 127.0.0.2: ns1, .3: ns2, .4 and .5: com */

/* What the engine gives to probes. */
void job_observe(struct job *job, struct observation *observation)
{
	(void)job;
	ck_assert_int_ne(observation->outcome, OUTCOME_INTERNAL);
	evidence_take(&evidence, observation);
}

static struct names leads;

const struct evidence *job_seen(const struct job *job)
{
	(void)job;
	return &evidence;
}

void job_lead(struct job *job, const char *probe, const char *target)
{
	(void)job;
	char *lead = xasprintf("%s %s", probe, target);
	if (!names_has(&leads, lead))
		names_add(&leads, lead);
	free(lead);
}

void job_end(struct job *job)
{
	ck_assert_ptr_null(job->state);
	ends++;
}

static void setup(void)
{
	config = (struct net_config){
	    .resolvers = resolvers,
	    .connect_timeout_ms = 1000,
	    .dns_timeout_ms = AMPLE_MS,
	    .dns_tries = 2,
	    .dns_patience_ms = AMPLE_MS,
	    .rate = 10000,
	    .per_host = 4,
	};
	net = net_new(&config, NULL);
	evidence_init(&evidence);
	ends = 0;
	resolver = NULL;
	for (int i = 0; i < PLACES; i++)
		servers[i] = NULL;
	names_clear(&leads);
}

static void teardown(void)
{
	net_free(net);
	evidence_clear(&evidence);
	dns_peer_stop(resolver);
	for (int i = 0; i < PLACES; i++)
		dns_peer_stop(servers[i]);
}

static void start_resolver(const char *zone, unsigned traits, int rcode)
{
	resolver = dns_peer_start(&(struct dns_peer_config){.zone = zone, .traits = traits | PEER_RECURSIVE, .rcode = rcode});
	endpoint_from_text(&resolvers[config.resolver_count++], "127.0.0.1", dns_peer_port(resolver));
}

/* All servers of the world listen on one port, as real ones do. */
static void start_peer(int place, struct dns_peer_config peer)
{
	char address[32];
	snprintf(address, sizeof address, "127.0.0.%d", place + 2);
	peer.address = address;
	peer.port = config.dns_port;
	servers[place] = dns_peer_start(&peer);
	config.dns_port = dns_peer_port(servers[place]);
}

static void start_server(int place, const char *zone, unsigned traits)
{
	start_peer(place, (struct dns_peer_config){.zone = zone, .traits = traits});
}

static void start_good_world(void)
{
	start_resolver(EVERYTHING, 0, 0);
	start_server(0, CONTOSO, PEER_NSID);
	start_server(1, CONTOSO, 0);
	start_server(2, DELEGATION, 0);
	start_server(3, DELEGATION, 0);
}

static struct job job;
static struct target target;
static struct job_options options;

static void run(const struct probe *probe, const char *domain)
{
	char host[256];
	snprintf(host, sizeof host, "%s", domain);
	target = (struct target){.host = host};
	job = (struct job){.probe = probe, .target = &target, .options = &options, .net = net};
	probe->start(&job);
	loop_run(net->loop);
	ck_assert_int_eq(ends, 1);
}

/* A pattern: "role purpose question type address"; "-" stands for anything, "none" for no address. */
static bool is_like(const struct observation *o, const char *pattern)
{
	const char *texts[] = {observation_text(o, FACT_DNS_ROLE, 0), observation_text(o, FACT_DNS_PURPOSE, 0),
	                       observation_text(o, FACT_DNS_QUESTION, 0), observation_text(o, FACT_DNS_TYPE, 0),
	                       o->address != NULL ? o->address : "none"};
	char copy[256], *save = NULL;
	snprintf(copy, sizeof copy, "%s", pattern);
	char *word = strtok_r(copy, " ", &save);
	for (size_t i = 0; i < 5 && word != NULL; i++, word = strtok_r(NULL, " ", &save))
		if (strcmp(word, "-") != 0 && !str_equal(word, texts[i]))
			return false;
	return true;
}

static unsigned count(const char *pattern)
{
	unsigned found = 0;
	for (size_t i = 0; i < evidence.count; i++)
		found += is_like(evidence.observations[i], pattern);
	return found;
}

static const struct observation *find(const char *pattern)
{
	for (size_t i = 0; i < evidence.count; i++)
		if (is_like(evidence.observations[i], pattern))
			return evidence.observations[i];
	ck_abort_msg("nothing like \"%s\"", pattern);
}

static enum outcome outcome_of(const char *pattern)
{
	return find(pattern)->outcome;
}

START_TEST(dns_asks_every_server_for_every_record)
{
	static const char *const asked[] = {
	    "contoso.com SOA", "contoso.com NS", "contoso.com MX", "contoso.com TXT", "autodiscover.contoso.com CNAME",
	    "autodiscover.contoso.com A", "autodiscover.contoso.com AAAA", "_autodiscover._tcp.contoso.com SRV", "msoid.contoso.com CNAME",
	    "selector1._domainkey.contoso.com CNAME", "selector1._domainkey.contoso.com TXT", "selector2._domainkey.contoso.com CNAME",
	    "selector2._domainkey.contoso.com TXT", "_dmarc.contoso.com TXT", "_mta-sts.contoso.com TXT", "_smtp._tls.contoso.com TXT",
	};
	char pattern[256];
	start_good_world();
	run(&dns_probe, "contoso.com");
	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		for (int place = 2; place <= 3; place++) {
			snprintf(pattern, sizeof pattern, "authoritative records %s 127.0.0.%d", asked[i], place);
			ck_assert_msg(count(pattern) == 1, "%s: %u", pattern, count(pattern));
			ck_assert(observation_flag(find(pattern), FACT_DNS_AA, 0));
		}
	}
	ck_assert_uint_eq(count("authoritative records"), 2 * sizeof asked / sizeof asked[0]);
	ck_assert_uint_eq(count("authoritative wildcard - TXT"), 2);
	ck_assert_uint_eq(count("authoritative wildcard - A"), 2);
	ck_assert_int_eq(outcome_of("authoritative wildcard"), OUTCOME_NXDOMAIN);
	ck_assert_uint_eq(count("authoritative tcp-check contoso.com SOA"), 2);
	ck_assert_str_eq(observation_text(find("authoritative tcp-check"), FACT_DNS_TRANSPORT, 0), "tcp");
	ck_assert_str_eq(observation_text(find("authoritative records - SOA 127.0.0.2"), FACT_DNS_NSID, 0), "peer-1");
	ck_assert_uint_eq(dns_peer_count_rd(servers[0]), 0);
	ck_assert_uint_eq(dns_peer_count_rd(servers[1]), 0);
}
END_TEST

#define WHO "id.server. 0 CH TXT \"ns\"\n"

START_TEST(servers_are_asked_once_who_they_are)
{
	const struct probe *const probes[] = {&dns_probe, &ttl_probe};
	start_resolver(EVERYTHING, 0, 0);
	start_server(0, CONTOSO WHO, PEER_NSID);
	start_server(1, CONTOSO WHO, 0);
	run(probes[_i], "contoso.com");
	const struct observation *o = find("authoritative identity id.server TXT");
	ck_assert_uint_eq(count("authoritative identity"), 1); /* the other has an NSID */
	ck_assert_int_eq(o->outcome, OUTCOME_OK);
	ck_assert_str_eq(o->address, "127.0.0.3");
	ck_assert_str_eq(observation_text(o, FACT_DNS_SERVER, 0), "ns2.fabrikam.com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_ID_SERVER, 0), "ns");
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(dns_peer_count(servers[i], "id.server", LDNS_RR_TYPE_TXT), 1);
	ck_assert_uint_eq(dns_peer_count(resolver, "id.server", 0), 0); /* the probe cache asks them */
}
END_TEST

static const struct dns_peer_config reticent[] = {
    {.zone = CONTOSO},
    {.zone = CONTOSO WHO, .only_class = LDNS_RR_CLASS_CH, .rcode = LDNS_RCODE_REFUSED},
    {.zone = CONTOSO WHO, .only_class = LDNS_RR_CLASS_CH, .traits = PEER_DROP_UDP},
};

START_TEST(a_server_that_does_not_say_who_it_is_is_not_waited_for)
{
	start_resolver(EVERYTHING, 0, 0);
	start_peer(0, reticent[_i]);
	start_peer(1, reticent[_i]);
	int64_t began_ms = clock_monotonic_ms();
	run(&ttl_probe, "contoso.com");
	ck_assert_int_lt(clock_monotonic_ms() - began_ms, AMPLE_MS / 3);
	ck_assert_uint_eq(count("authoritative identity"), 0);
	ck_assert_uint_eq(count("authoritative records contoso.com MX"), 2);
	ck_assert_uint_eq(dns_peer_count(servers[0], "id.server", 0), 1);
	ck_assert_uint_eq(dns_peer_count_tcp(servers[0]), 1); /* the check of TCP */
}
END_TEST

START_TEST(each_answer_says_whose_it_is)
{
	start_good_world();
	run(&dns_probe, "contoso.com");
	const struct observation *o = find("authoritative records contoso.com MX 127.0.0.3");
	ck_assert_str_eq(o->probe, "dns");
	ck_assert_str_eq(o->target, "contoso.com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_SERVER, 0), "ns2.fabrikam.com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_ZONE, 0), "contoso.com");
	ck_assert_int_eq(observation_int_or(o, FACT_DNS_SERVER_PORT, 0, 0), config.dns_port);
	ck_assert_int_eq(observation_int_or(o, FACT_DNS_MX_TTL, 0, 0), 300);
}
END_TEST

START_TEST(the_parent_is_asked_whom_it_delegates_to)
{
	start_good_world();
	run(&dns_probe, "contoso.com");
	ck_assert_uint_eq(count("parent"), 2); /* of three names */
	const struct observation *o = find("parent delegation contoso.com NS 127.0.0.4");
	ck_assert_int_eq(o->outcome, OUTCOME_OK);
	ck_assert(!observation_flag(o, FACT_DNS_AA, 0));
	ck_assert_str_eq(observation_text(o, FACT_DNS_ZONE, 0), "com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_SERVER, 0), "a.nic.test");
	ck_assert_str_eq(observation_text(o, FACT_DNS_NS_SECTION, 0), "authority");
	ck_assert_uint_eq(observation_rows(o, FACT_DNS_NS_HOST), 2);
}
END_TEST

START_TEST(mx_hosts_are_looked_up_and_those_inside_asked_of_the_zone)
{
	start_good_world();
	run(&dns_probe, "contoso.com");
	ck_assert_uint_eq(count("resolver addresses mail.contoso.com A"), 1);
	ck_assert_uint_eq(count("resolver addresses mail.contoso.com AAAA"), 1);
	ck_assert_uint_eq(count("resolver addresses mx.fabrikam.com A"), 1);
	ck_assert_str_eq(observation_text(find("resolver addresses mx.fabrikam.com A"), FACT_DNS_ADDRESS, 0), "192.0.2.26");
	ck_assert_uint_eq(count("authoritative target mail.contoso.com A"), 2);
	ck_assert_uint_eq(count("authoritative target mail.contoso.com AAAA"), 2);
	ck_assert_int_eq(observation_int_or(find("authoritative target mail.contoso.com A"), FACT_DNS_ADDRESS_TTL, 0, 0), 7200);
	ck_assert_uint_eq(count("authoritative target mx.fabrikam.com"), 0);
}
END_TEST

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TLSA "_25._tcp.mail.contoso.com. 300 IN TLSA 3 1 1 " DIGEST "\n_25._tcp.new.example.com. 300 IN TLSA 3 1 1 " DIGEST "\n"

START_TEST(hosts_with_tlsa_records_are_leads)
{
	struct policy policy;
	policy_init(&policy);
	names_add(&policy.expect_mx, "new.example.com");
	names_add(&policy.old_mx, "mail.contoso.com");
	options.policy = &policy;
	start_resolver(EVERYTHING TLSA, 0, 0);
	start_server(0, CONTOSO, 0);
	run(&dns_probe, "contoso.com");
	options.policy = NULL;
	policy_clear(&policy);
	ck_assert_uint_eq(count("resolver tlsa _25._tcp.mail.contoso.com TLSA"), 1);
	ck_assert_str_eq(observation_text(find("resolver tlsa _25._tcp.new.example.com TLSA"), FACT_DNS_OTHER_DATA, 0), "3 1 1 " DIGEST);
	ck_assert(names_has(&leads, "dane mail.contoso.com:25") && names_has(&leads, "dnssec _25._tcp.mail.contoso.com"));
	ck_assert(names_has(&leads, "dane new.example.com:25") && names_has(&leads, "dnssec _25._tcp.new.example.com"));
	/* No records, and nothing withheld: nothing to look at. */
	ck_assert(!names_has(&leads, "dane mx.fabrikam.com:25") && !names_has(&leads, "dnssec _25._tcp.mx.fabrikam.com"));
}
END_TEST

START_TEST(caches_are_a_lead_once_the_mx_set_is_known_to_exist)
{
	start_good_world();
	run(&dns_probe, "contoso.com");
	ck_assert(names_has(&leads, "cache contoso.com"));
	ck_assert_uint_eq(dns_peer_count(resolver, "contoso.com", LDNS_RR_TYPE_MX), 0);
	ck_assert_uint_eq(count("resolver control - A"), 1);
	ck_assert_int_eq(outcome_of("resolver control"), OUTCOME_NXDOMAIN);
	ck_assert_uint_eq(count("resolver records"), 0);
	ck_assert_uint_eq(dns_peer_count(resolver, "autodiscover.contoso.com", 0), 0);
}
END_TEST

START_TEST(caches_are_not_asked_for_what_is_not_published)
{
	start_resolver("contoso.com. 60 IN SOA ns1.contoso.com. h.contoso.com. 1 1 1 1 60\ncontoso.com. 60 IN NS ns1.contoso.com.\n"
	               "ns1.contoso.com. 60 IN A 127.0.0.2\n" COM NIC, 0, 0);
	start_server(0, "contoso.com. 60 IN SOA ns1.contoso.com. h.contoso.com. 1 1 1 1 60\ncontoso.com. 60 IN NS ns1.contoso.com.\n", 0);
	run(&dns_probe, "contoso.com");
	ck_assert_int_eq(outcome_of("authoritative records contoso.com MX"), OUTCOME_NODATA);
	ck_assert_uint_eq(dns_peer_count(resolver, NULL, LDNS_RR_TYPE_MX), 0);
	ck_assert_uint_eq(count("resolver organization _dmarc.com TXT"), 1);
	ck_assert_uint_eq(dns_peer_count(resolver, NULL, LDNS_RR_TYPE_TXT), 1);
	ck_assert(!names_has(&leads, "cache contoso.com"));
}
END_TEST

START_TEST(ttl_asks_for_the_mx_set_and_what_hangs_on_it)
{
	start_resolver(EVERYTHING, 0, 0);
	start_server(0, CONTOSO, 0);
	start_server(1, CONTOSO_AT("86400"), 0);
	run(&ttl_probe, "contoso.com");
	ck_assert_str_eq(find("authoritative records contoso.com MX")->probe, "ttl");
	ck_assert_int_eq(observation_int_or(find("authoritative records - MX 127.0.0.2"), FACT_DNS_MX_TTL, 0, 0), 300);
	ck_assert_int_eq(observation_int_or(find("authoritative records - MX 127.0.0.3"), FACT_DNS_MX_TTL, 0, 0), 86400);
	ck_assert_uint_eq(count("authoritative ttl contoso.com TXT"), 2);
	ck_assert_uint_eq(count("authoritative ttl autodiscover.contoso.com"), 6);
	ck_assert_uint_eq(count("- - - SRV"), 0);
	ck_assert_uint_eq(count("authoritative target mail.contoso.com A"), 2);
	ck_assert_uint_eq(leads.count, 1);
	ck_assert(names_has(&leads, "cache contoso.com"));
}
END_TEST

START_TEST(ttl_asks_the_parent_for_the_delegation_and_ds)
{
	start_good_world();
	run(&ttl_probe, "contoso.com");
	ck_assert_uint_eq(count("parent delegation contoso.com NS"), 2);
	ck_assert_uint_eq(count("parent ttl contoso.com DS"), 2);
}
END_TEST

START_TEST(a_domain_inside_a_zone_is_asked_of_that_zone)
{
	start_resolver(EVERYTHING "sub.contoso.com. 300 IN MX 10 mail.contoso.com.\n", 0, 0);
	start_server(0, CONTOSO "sub.contoso.com. 300 IN MX 10 mail.contoso.com.\n", 0);
	start_server(1, CONTOSO, 0);
	start_server(2, DELEGATION, 0);
	start_server(3, DELEGATION, 0);
	run(&dns_probe, "sub.contoso.com");
	ck_assert_int_eq(outcome_of("authoritative records sub.contoso.com MX 127.0.0.2"), OUTCOME_OK);
	ck_assert_int_eq(outcome_of("authoritative records sub.contoso.com MX 127.0.0.3"), OUTCOME_NXDOMAIN);
	ck_assert_int_eq(outcome_of("authoritative records contoso.com SOA 127.0.0.2"), OUTCOME_OK);
	ck_assert_str_eq(observation_text(find("authoritative records - MX"), FACT_DNS_ZONE, 0), "contoso.com");
	ck_assert_int_eq(outcome_of("parent delegation contoso.com NS 127.0.0.4"), OUTCOME_OK);
	ck_assert_uint_eq(count("parent delegation sub.contoso.com"), 0);
	ck_assert_uint_eq(count("authoritative records _dmarc.sub.contoso.com TXT"), 2);
	ck_assert_uint_eq(count("authoritative records _dmarc.contoso.com TXT"), 2);
}
END_TEST

START_TEST(servers_out_of_reach_leave_the_word_to_the_resolvers)
{
	start_resolver(EVERYTHING, 0, 0);
	start_server(0, CONTOSO, PEER_DROP_UDP | PEER_DROP_TCP);
	start_server(1, CONTOSO, PEER_NO_UDP | PEER_NO_TCP);
	config.dns_timeout_ms = patience_ms();
	run(&dns_probe, "contoso.com");
	ck_assert_int_eq(outcome_of("authoritative records contoso.com MX 127.0.0.2"), OUTCOME_TIMEOUT);
	ck_assert_int_eq(outcome_of("authoritative records contoso.com MX 127.0.0.3"), OUTCOME_REFUSED);
	const struct observation *o = find("resolver records contoso.com MX 127.0.0.1");
	ck_assert_int_eq(o->outcome, OUTCOME_OK);
	ck_assert_uint_eq(observation_rows(o, FACT_DNS_MX_HOST), 2);
	ck_assert_uint_eq(count("resolver records contoso.com TXT"), 1);
	ck_assert_uint_eq(count("resolver records autodiscover.contoso.com CNAME"), 1);
	ck_assert_uint_eq(count("resolver addresses mail.contoso.com A"), 1);
	ck_assert(names_has(&leads, "cache contoso.com"));
}
END_TEST

START_TEST(one_good_server_is_enough)
{
	start_resolver(EVERYTHING, 0, 0);
	start_server(0, CONTOSO, PEER_DROP_UDP | PEER_DROP_TCP);
	start_server(1, CONTOSO, 0);
	config.dns_timeout_ms = patience_ms();
	run(&dns_probe, "contoso.com");
	ck_assert_uint_eq(count("resolver records"), 0);
	ck_assert(names_has(&leads, "cache contoso.com"));
}
END_TEST

START_TEST(lame_servers_do_not_speak_for_the_zone)
{
	start_resolver(EVERYTHING, 0, 0);
	start_server(0, CONTOSO, PEER_LAME);
	start_server(1, "fabrikam.com. 60 IN SOA a.b. c.d. 1 1 1 1 1", 0);
	run(&dns_probe, "contoso.com");
	ck_assert_int_eq(outcome_of("authoritative records contoso.com MX 127.0.0.2"), OUTCOME_PROTOCOL);
	ck_assert_int_eq(outcome_of("authoritative records contoso.com MX 127.0.0.3"), OUTCOME_REFUSED);
	ck_assert_str_eq(observation_text(find("authoritative records contoso.com MX 127.0.0.3"), FACT_DNS_RCODE, 0), "REFUSED");
	ck_assert_int_eq(outcome_of("resolver records contoso.com MX"), OUTCOME_OK);
}
END_TEST

START_TEST(a_server_name_without_address_is_stated)
{
	start_resolver(CONTOSO COM NIC "fabrikam.com. 60 IN SOA a.b. c.d. 1 1 1 1 1\n", 0, 0);
	start_server(0, CONTOSO, 0);
	run(&dns_probe, "contoso.com");
	const struct observation *o = find("authoritative addresses ns2.fabrikam.com - none");
	ck_assert_int_eq(o->outcome, OUTCOME_NXDOMAIN);
	ck_assert_str_eq(observation_text(o, FACT_DNS_SERVER, 0), "ns2.fabrikam.com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_ZONE, 0), "contoso.com");
	ck_assert_uint_eq(count("authoritative addresses"), 1);
	ck_assert_int_eq(outcome_of("authoritative records contoso.com MX 127.0.0.2"), OUTCOME_OK);
}
END_TEST

START_TEST(a_domain_that_does_not_exist_is_asked_no_further)
{
	start_resolver(COM NIC, 0, 0);
	run(&dns_probe, "contoso.com");
	ck_assert_int_eq(outcome_of("resolver delegation contoso.com NS"), OUTCOME_NXDOMAIN);
	ck_assert_int_eq(outcome_of("resolver records contoso.com MX"), OUTCOME_NXDOMAIN);
	ck_assert_uint_eq(count("resolver records"), 1);
	ck_assert_uint_eq(count("authoritative"), 0);
}
END_TEST

START_TEST(resolvers_that_fail_are_stated)
{
	start_resolver("", 0, LDNS_RCODE_SERVFAIL);
	run(&dns_probe, "contoso.com");
	ck_assert_int_eq(outcome_of("resolver delegation contoso.com NS"), OUTCOME_SERVFAIL);
	ck_assert_int_eq(outcome_of("resolver records contoso.com MX"), OUTCOME_SERVFAIL);
}
END_TEST

START_TEST(what_a_validator_withholds_is_asked_for_with_cd)
{
	start_resolver(EVERYTHING, PEER_FAIL_UNLESS_CD, 0);
	start_server(0, CONTOSO, 0);
	start_server(1, CONTOSO, 0);
	run(&dns_probe, "contoso.com");
	ck_assert_int_eq(outcome_of("resolver delegation contoso.com NS"), OUTCOME_SERVFAIL);
	ck_assert_uint_eq(count("resolver delegation contoso.com NS"), 2);
	ck_assert_uint_eq(count("authoritative records contoso.com MX"), 2);
	ck_assert(names_has(&leads, "dnssec contoso.com"));
}
END_TEST

START_TEST(silent_resolvers_end_it_within_one_round)
{
	start_resolver("", PEER_DROP_UDP | PEER_DROP_TCP, 0);
	config.dns_timeout_ms = patience_ms();
	run(&dns_probe, "contoso.com");
	ck_assert_int_eq(outcome_of("resolver delegation contoso.com NS"), OUTCOME_TIMEOUT);
	ck_assert_int_eq(outcome_of("resolver control"), OUTCOME_TIMEOUT);
	ck_assert_uint_eq(count("resolver records"), 0);
}
END_TEST

START_TEST(every_resolver_is_controlled)
{
	start_good_world();
	struct dns_peer *liar = dns_peer_start(&(struct dns_peer_config){
	    .zone = EVERYTHING "*.contoso.com. 60 IN A 192.0.2.66\n", .traits = PEER_RECURSIVE});
	endpoint_from_text(&resolvers[config.resolver_count++], "127.0.0.1", dns_peer_port(liar));
	run(&dns_probe, "contoso.com");
	ck_assert_uint_eq(count("resolver control"), 2);
	unsigned rewritten = 0;
	for (size_t i = 0; i < evidence.count; i++)
		rewritten += is_like(evidence.observations[i], "resolver control") && evidence.observations[i]->outcome == OUTCOME_OK;
	ck_assert_uint_eq(rewritten, 1);
	dns_peer_stop(liar);
}
END_TEST

START_TEST(a_family_that_is_off_is_skipped_and_said_once)
{
	start_resolver(EVERYTHING "ns1.contoso.com. 60 IN AAAA 2001:db8::2\n", 0, 0);
	start_server(0, CONTOSO, 0);
	start_server(1, CONTOSO, 0);
	config.family = 4;
	run(&dns_probe, "contoso.com");
	const struct observation *o = find("authoritative records contoso.com SOA 2001:db8::2");
	ck_assert_int_eq(o->outcome, OUTCOME_SKIPPED);
	ck_assert_str_eq(observation_text(o, FACT_SKIP_REASON, 0), "no-family");
	ck_assert_uint_eq(count("- - - - 2001:db8::2"), 1);
}
END_TEST

START_TEST(an_mx_host_that_is_an_alias_is_followed)
{
	start_resolver("contoso.com. 60 IN SOA ns1.contoso.com. h.contoso.com. 1 1 1 1 60\ncontoso.com. 60 IN NS ns1.contoso.com.\n"
	               "ns1.contoso.com. 60 IN A 127.0.0.2\nmx.example.org. 60 IN CNAME far.example.net.\n" COM NIC, 0, 0);
	start_server(0, "contoso.com. 60 IN SOA ns1.contoso.com. h.contoso.com. 1 1 1 1 60\ncontoso.com. 60 IN NS ns1.contoso.com.\n"
	                "contoso.com. 60 IN MX 10 mx.example.org.\ncontoso.com. 60 IN MX 20 192.0.2.1.\ncontoso.com. 60 IN MX 30 .\n", 0);
	run(&dns_probe, "contoso.com");
	ck_assert_str_eq(observation_text(find("resolver addresses mx.example.org A"), FACT_DNS_CNAME, 0), "far.example.net");
	ck_assert_uint_eq(count("resolver addresses far.example.net A"), 1);
	ck_assert_uint_eq(count("- - 192.0.2.1"), 0);
	ck_assert_uint_eq(count("resolver addresses ."), 0);
}
END_TEST

static void on_stop_due(void *user)
{
	struct job *stopped = user;
	stopped->probe->stop(stopped);
}

START_TEST(stopping_states_what_was_open_and_ends)
{
	static const int moments[] = {1, 20, 160, 360};
	char host[] = "contoso.com";
	start_resolver(EVERYTHING, 0, 0);
	start_server(0, CONTOSO, PEER_DROP_UDP | PEER_DROP_TCP);
	start_server(1, CONTOSO, PEER_DROP_UDP | PEER_DROP_TCP);
	target = (struct target){.host = host};
	job = (struct job){.probe = &dns_probe, .target = &target, .options = &options, .net = net};
	dns_probe.start(&job);
	struct deadline *deadline = deadline_new(net->loop, moments[_i], on_stop_due, &job);
	loop_run(net->loop);
	deadline_free(deadline);
	ck_assert_int_eq(ends, 1);
	unsigned cancelled = 0;
	for (size_t i = 0; i < evidence.count; i++)
		cancelled += evidence.observations[i]->outcome == OUTCOME_CANCELLED;
	ck_assert_uint_gt(cancelled, 0);
}
END_TEST

START_TEST(hostile_sets_are_cut_at_the_ceilings)
{
	static char zone[65536];
	size_t length = (size_t)snprintf(zone, sizeof zone, "%s", EVERYTHING);
	for (int i = 0; i < 40; i++)
		length += (size_t)snprintf(zone + length, sizeof zone - length,
		                           "contoso.com. 60 IN NS x%d.contoso.com.\nx%d.contoso.com. 60 IN A 127.0.0.3\n"
		                           "x%d.contoso.com. 60 IN A 127.0.0.2\ncontoso.com. 60 IN MX 10 h%d.example.org.\n", i, i, i, i);
	start_resolver(zone, 0, 0);
	start_server(0, zone, 0);
	start_server(1, zone, 0);
	run(&dns_probe, "contoso.com");
	ck_assert_uint_le(count("authoritative records contoso.com MX"), LIMIT_SERVER_ADDRESSES);
	ck_assert_uint_ge(count("authoritative records contoso.com MX"), LIMIT_SERVER_ADDRESSES - 2);
	ck_assert_uint_le(count("resolver addresses"), 2 * (LIMIT_MX_HOSTS + LIMIT_NAME_SERVERS + 2));
	/* many names, two addresses: each is asked once */
	ck_assert_uint_eq(dns_peer_count(servers[0], "contoso.com", LDNS_RR_TYPE_TXT), 1);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("zone");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, dns_asks_every_server_for_every_record);
	tcase_add_loop_test(tcase, servers_are_asked_once_who_they_are, 0, 2);
	tcase_add_loop_test(tcase, a_server_that_does_not_say_who_it_is_is_not_waited_for, 0, sizeof reticent / sizeof reticent[0]);
	tcase_add_test(tcase, each_answer_says_whose_it_is);
	tcase_add_test(tcase, the_parent_is_asked_whom_it_delegates_to);
	tcase_add_test(tcase, mx_hosts_are_looked_up_and_those_inside_asked_of_the_zone);
	tcase_add_test(tcase, hosts_with_tlsa_records_are_leads);
	tcase_add_test(tcase, caches_are_a_lead_once_the_mx_set_is_known_to_exist);
	tcase_add_test(tcase, caches_are_not_asked_for_what_is_not_published);
	tcase_add_test(tcase, ttl_asks_for_the_mx_set_and_what_hangs_on_it);
	tcase_add_test(tcase, ttl_asks_the_parent_for_the_delegation_and_ds);
	tcase_add_test(tcase, a_domain_inside_a_zone_is_asked_of_that_zone);
	tcase_add_test(tcase, servers_out_of_reach_leave_the_word_to_the_resolvers);
	tcase_add_test(tcase, one_good_server_is_enough);
	tcase_add_test(tcase, lame_servers_do_not_speak_for_the_zone);
	tcase_add_test(tcase, a_server_name_without_address_is_stated);
	tcase_add_test(tcase, a_domain_that_does_not_exist_is_asked_no_further);
	tcase_add_test(tcase, resolvers_that_fail_are_stated);
	tcase_add_test(tcase, what_a_validator_withholds_is_asked_for_with_cd);
	tcase_add_test(tcase, silent_resolvers_end_it_within_one_round);
	tcase_add_test(tcase, every_resolver_is_controlled);
	tcase_add_test(tcase, a_family_that_is_off_is_skipped_and_said_once);
	tcase_add_test(tcase, an_mx_host_that_is_an_alias_is_followed);
	tcase_add_loop_test(tcase, stopping_states_what_was_open_and_ends, 0, 4);
	tcase_add_test(tcase, hostile_sets_are_cut_at_the_ceilings);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("probe/zone", fill)
