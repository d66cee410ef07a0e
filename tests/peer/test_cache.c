/* The probe `cache`: resolvers of all kinds, well behaved or not. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../unit/check_main.h"
#include "base/str.h"
#include "cutover/evidence.h"
#include "cutover/limits.h"
#include "cutover/policy.h"
#include "cutover/probe.h"
#include "dns_peer.h"
#include "io/deadline.h"
#include "io/loop.h"
#include "io/net.h"
#include "io/resolver_list.h"
#include "patience.h"

extern const struct probe cache_probe;

#define ROOT ". 3600 IN NS a.root.test.\n. 3600 IN SOA a.root.test. h.root.test. 1 1 1 1 60\n"
#define SOA "contoso.com. 600 IN SOA ns1.contoso.com. h.contoso.com. 1 1 1 1 55\n"
#define MX "contoso.com. 42 IN MX 20 mx2.contoso.com.\ncontoso.com. 42 IN MX 10 Mail.contoso.com.\n"

enum { PEERS = 3 };

static struct endpoint run_resolver;
static struct net_config config;
static struct net *net;
static struct evidence evidence, seen; /* seen: what the zone's servers said before */
static struct cache_options caches;
static struct dns_peer *peers[PEERS];
static size_t peer_count;
static int ends;

void job_observe(struct job *job, struct observation *observation)
{
	(void)job;
	evidence_take(&evidence, observation);
}

const struct evidence *job_seen(const struct job *job)
{
	(void)job;
	return &seen;
}

void job_lead(struct job *job, const char *probe, const char *target)
{
	(void)job;
	ck_abort_msg("a lead to %s %s", probe, target);
}

void job_end(struct job *job)
{
	ck_assert_ptr_null(job->state);
	ends++;
}

static void setup(void)
{
	config = (struct net_config){.resolvers = &run_resolver, .connect_timeout_ms = 1000, .dns_timeout_ms = AMPLE_MS, .dns_tries = 2,
	                             .rate = 10000, .per_host = 4};
	net = net_new(&config, NULL);
	evidence_init(&evidence);
	evidence_init(&seen);
	caches = (struct cache_options){.samples = 3};
	peer_count = 0;
	ends = 0;
}

static void teardown(void)
{
	net_free(net);
	evidence_clear(&evidence);
	evidence_clear(&seen);
	resolver_list_clear(&caches);
	while (peer_count > 0)
		dns_peer_stop(peers[--peer_count]);
}

static struct dns_peer *resolver(struct dns_peer_config peer)
{
	struct endpoint address;
	peer.traits |= PEER_RECURSIVE;
	struct dns_peer *started = dns_peer_start(&peer);
	peers[peer_count++] = started;
	endpoint_from_text(&address, "127.0.0.1", dns_peer_port(started));
	resolver_list_add(&caches, &address, "Peer", "a place");
	return started;
}

static struct job job;
static struct target target;
static char host[] = "contoso.com";

static void start(void)
{
	static struct job_options options;
	options = (struct job_options){.caches = &caches};
	target = (struct target){.host = host};
	job = (struct job){.probe = &cache_probe, .target = &target, .options = &options, .net = net};
	cache_probe.start(&job);
}

static const struct observation *run(void)
{
	start();
	loop_run(net->loop);
	ck_assert_int_eq(ends, 1);
	ck_assert_uint_eq(evidence.count, caches.count);
	return evidence.observations[0];
}

static const char *text(const struct observation *o, enum fact_key key)
{
	const char *found = observation_text(o, key, 0);
	return found != NULL ? found : "-";
}

START_TEST(a_cache_is_asked_without_recursion)
{
	struct dns_peer *peer = resolver((struct dns_peer_config){.zone = ROOT SOA MX, .traits = PEER_NSID});
	const struct observation *o = run();
	ck_assert_int_eq(o->outcome, OUTCOME_OK);
	ck_assert_str_eq(o->probe, "cache");
	ck_assert_str_eq(o->address, "127.0.0.1");
	ck_assert_str_eq(text(o, FACT_CACHE_MX), "10 mail.contoso.com, 20 mx2.contoso.com");
	ck_assert_int_eq(observation_int_or(o, FACT_CACHE_TTL, 0, -1), 42);
	ck_assert_int_eq(observation_int_or(o, FACT_CACHE_SEEN, 0, -1), 3);
	ck_assert_uint_eq(observation_rows(o, FACT_CACHE_OUTCOME), 1);
	ck_assert_str_eq(text(o, FACT_CACHE_REACH), "ok");
	ck_assert_str_eq(text(o, FACT_CACHE_CONTROL), "nxdomain");
	ck_assert_str_eq(text(o, FACT_CACHE_NAME), "Peer");
	ck_assert_str_eq(text(o, FACT_CACHE_PLACE), "a place");
	ck_assert_str_eq(text(o, FACT_DNS_NSID), "peer-1");
	ck_assert_uint_eq(dns_peer_count(peer, "contoso.com", LDNS_RR_TYPE_MX), 3);
	ck_assert_uint_eq(dns_peer_count_rd(peer), 2); /* the controls */
}
END_TEST

/* What the zone's servers said before: then a resolver is asked for what hangs on the set, too, and who it is. */
static void see_mx_host(void)
{
	struct observation *said = observation_new("ttl", "contoso.com", "192.0.2.53", 0);
	observation_add_text(said, FACT_DNS_QUESTION, 0, "contoso.com");
	observation_add_bool(said, FACT_DNS_AA, 0, true);
	observation_add_text(said, FACT_DNS_MX_HOST, 0, "mail.contoso.com");
	evidence_take(&seen, said);
}

START_TEST(what_hangs_on_the_set_is_asked_for_once)
{
	struct dns_peer *peer = resolver((struct dns_peer_config){
	    .zone = ROOT SOA MX "contoso.com. 77 IN TXT \"v=spf1 -all\"\n"
	                        "autodiscover.contoso.com. 66 IN CNAME autodiscover.outlook.com.\nmail.contoso.com. 55 IN A 192.0.2.25\n"});
	see_mx_host();
	const struct observation *o = run();
	ck_assert_uint_eq(observation_rows(o, FACT_CACHE_KEPT_NAME), 3);
	for (uint32_t row = 0; row < 3; row++) {
		const char *type = observation_text(o, FACT_CACHE_KEPT_TYPE, row);
		bool is_spf = str_equal(type, "TXT"), is_alias = str_equal(type, "CNAME");
		ck_assert_str_eq(observation_text(o, FACT_CACHE_KEPT_NAME, row),
		                 is_spf ? "contoso.com" : is_alias ? "autodiscover.contoso.com" : "mail.contoso.com");
		ck_assert_int_eq(observation_int_or(o, FACT_CACHE_KEPT_TTL, row, 0), is_spf ? 77 : is_alias ? 66 : 55);
	}
	ck_assert_uint_eq(dns_peer_count(peer, "contoso.com", LDNS_RR_TYPE_TXT), 1);
	ck_assert_uint_eq(dns_peer_count_rd(peer), 2); /* the controls */
}
END_TEST

#define WHO "id.server. 0 CH TXT \"cache\" \"-1\"\n"

static const struct {
	const char *name;
	struct dns_peer_config peer;
	const char *nsid, *id_server;
} identities[] = {
    {"says it", {.zone = ROOT SOA MX WHO}, "-", "cache-1"},
    {"has an NSID", {.zone = ROOT SOA MX WHO, .traits = PEER_NSID}, "peer-1", "-"},
    {"has neither", {.zone = ROOT SOA MX}, "-", "-"},
    {"refuses it", {.zone = ROOT SOA MX WHO, .only_class = LDNS_RR_CLASS_CH, .rcode = LDNS_RCODE_REFUSED}, "-", "-"},
    {"does not implement it", {.zone = ROOT SOA MX WHO, .only_class = LDNS_RR_CLASS_CH, .rcode = LDNS_RCODE_NOTIMPL}, "-", "-"},
    {"is silent", {.zone = ROOT SOA MX WHO, .only_class = LDNS_RR_CLASS_CH, .traits = PEER_DROP_UDP}, "-", "-"},
};

START_TEST(a_resolver_is_asked_once_who_it_is)
{
	struct dns_peer *peer = resolver(identities[_i].peer);
	config.dns_timeout_ms = AMPLE_MS;
	see_mx_host();
	const struct observation *o = run();
	ck_assert_msg(o->outcome == OUTCOME_OK, "%s", identities[_i].name);
	ck_assert_str_eq(text(o, FACT_DNS_NSID), identities[_i].nsid);
	ck_assert_str_eq(text(o, FACT_DNS_ID_SERVER), identities[_i].id_server);
	ck_assert_uint_eq(dns_peer_count(peer, "id.server", LDNS_RR_TYPE_TXT), 1);
	ck_assert_uint_eq(dns_peer_count_tcp(peer), 0);
	ck_assert_int_lt(o->elapsed_ms, AMPLE_MS / 3); /* silence is nothing to wait for */
}
END_TEST

START_TEST(absence_is_kept_for_the_smaller_of_soa_ttl_and_minimum)
{
	resolver((struct dns_peer_config){.zone = ROOT SOA});
	const struct observation *o = run();
	ck_assert_int_eq(o->outcome, OUTCOME_NODATA);
	ck_assert_int_eq(observation_int_or(o, FACT_CACHE_TTL, 0, -1), 55);
	ck_assert_str_eq(text(o, FACT_CACHE_MX), "-");
}
END_TEST

/* What each kind of misbehaviour amounts to. */
static const struct {
	const char *name, *zone;
	unsigned traits;
	int rcode;
	enum outcome outcome;
	const char *reach, *mx;
} behaviours[] = {
    {"truncation is followed over TCP", ROOT SOA MX, PEER_TRUNCATE, 0, OUTCOME_OK, "ok", "10 mail.contoso.com, 20 mx2.contoso.com"},
    {"a lost packet is sent again", ROOT SOA MX, PEER_DROP_FIRST, 0, OUTCOME_OK, "ok", "10 mail.contoso.com, 20 mx2.contoso.com"},
    {"no EDNS", ROOT SOA MX, PEER_FORMERR_EDNS, 0, OUTCOME_OK, "ok", "10 mail.contoso.com, 20 mx2.contoso.com"},
    {"silence on EDNS", ROOT SOA MX, PEER_DROP_EDNS, 0, OUTCOME_TIMEOUT, "timeout", "-"},
    {"truncation where TCP is closed", ROOT SOA MX, PEER_TRUNCATE | PEER_NO_TCP, 0, OUTCOME_REFUSED, "refused", "-"},
    {"truncation where TCP is silent", ROOT SOA MX, PEER_TRUNCATE | PEER_DROP_TCP, 0, OUTCOME_TIMEOUT, "timeout", "-"},
    {"silence", ROOT SOA MX, PEER_DROP_UDP, 0, OUTCOME_TIMEOUT, "timeout", "-"},
    {"another id", ROOT SOA MX, PEER_WRONG_ID, 0, OUTCOME_TIMEOUT, "timeout", "-"},
    {"another question", ROOT SOA MX, PEER_WRONG_QUESTION, 0, OUTCOME_TIMEOUT, "timeout", "-"},
    {"our own query", ROOT SOA MX, PEER_ECHO, 0, OUTCOME_TIMEOUT, "timeout", "-"},
    {"garbage", ROOT SOA MX, PEER_GARBAGE, 0, OUTCOME_TIMEOUT, "timeout", "-"},
    {"nothing listens", ROOT SOA MX, PEER_NO_UDP, 0, OUTCOME_REFUSED, "refused", "-"},
    {"REFUSED", ROOT SOA MX, 0, LDNS_RCODE_REFUSED, OUTCOME_REFUSED, "refused", "-"},
    {"SERVFAIL", ROOT SOA MX, 0, LDNS_RCODE_SERVFAIL, OUTCOME_SERVFAIL, "servfail", "-"},
    {"a referral: nothing cached", ROOT SOA MX, PEER_LAME, 0, OUTCOME_PROTOCOL, "ok", "-"},
    {"a loop of aliases", ROOT "contoso.com. 60 IN CNAME a.contoso.com.\na.contoso.com. 60 IN CNAME contoso.com.\n", 0, 0, OUTCOME_PROTOCOL, "ok", "-"},
    {"a TTL above 2^31", ROOT SOA "contoso.com. 2147483649 IN MX 10 mail.contoso.com.\n", 0, 0, OUTCOME_OK, "ok", "10 mail.contoso.com"},
};

START_TEST(misbehaviour_is_told_apart)
{
	bool is_waited_out = behaviours[_i].outcome == OUTCOME_TIMEOUT || (behaviours[_i].traits & PEER_DROP_FIRST) != 0;
	config.dns_timeout_ms = is_waited_out ? 3 * patience_ms() : AMPLE_MS; /* a third of it, and a packet is sent again */
	resolver((struct dns_peer_config){.zone = behaviours[_i].zone, .traits = behaviours[_i].traits, .rcode = behaviours[_i].rcode});
	const struct observation *o = run();
	ck_assert_msg(o->outcome == behaviours[_i].outcome, "%s: %s", behaviours[_i].name, outcome_name(o->outcome));
	ck_assert_msg(str_equal(text(o, FACT_CACHE_REACH), behaviours[_i].reach), "%s: reach %s", behaviours[_i].name, text(o, FACT_CACHE_REACH));
	ck_assert_msg(str_equal(text(o, FACT_CACHE_MX), behaviours[_i].mx), "%s: %s", behaviours[_i].name, text(o, FACT_CACHE_MX));
	ck_assert_msg(observation_int_or(o, FACT_CACHE_TTL, 0, 0) <= 42, "%s", behaviours[_i].name);
	ck_assert_msg(o->elapsed_ms < (is_waited_out ? config.dns_timeout_ms * 3 : AMPLE_MS), "%s: %d ms", behaviours[_i].name, (int)o->elapsed_ms);
}
END_TEST

/* A busy machine, a lid that is closed: the time is over when the program looks again, and the answers lie in its sockets. */
START_TEST(answers_that_came_while_the_program_was_held_up_count)
{
	config.dns_timeout_ms = 60;
	struct dns_peer *peer = resolver((struct dns_peer_config){.zone = ROOT SOA MX});
	start();
	while (dns_peer_count(peer, NULL, 0) < 5)
		usleep(10000);
	sleep(1); /* the peer has noted the last question, and answers it */
	loop_run(net->loop);
	ck_assert_uint_eq(evidence.count, 1);
	const struct observation *o = evidence.observations[0];
	ck_assert_int_eq(o->outcome, OUTCOME_OK);
	ck_assert_int_eq(observation_int_or(o, FACT_CACHE_SEEN, 0, -1), 3);
	ck_assert_str_eq(text(o, FACT_CACHE_REACH), "ok");
	ck_assert_str_eq(text(o, FACT_CACHE_CONTROL), "nxdomain");
	ck_assert_uint_eq(dns_peer_count(peer, NULL, 0), 5); /* nothing was sent again */
}
END_TEST

START_TEST(forged_records_of_other_names_are_left_out)
{
	resolver((struct dns_peer_config){.zone = ROOT SOA MX, .forged = "example.org. 60 IN MX 5 evil.example.org."});
	ck_assert_str_eq(text(run(), FACT_CACHE_MX), "10 mail.contoso.com, 20 mx2.contoso.com");
}
END_TEST

START_TEST(a_thousand_records_are_cut_and_counted)
{
	static char zone[131072];
	size_t length = (size_t)snprintf(zone, sizeof zone, "%s", ROOT SOA);
	for (int i = 0; i < 1000; i++)
		length += (size_t)snprintf(zone + length, sizeof zone - length, "contoso.com. 60 IN MX 10 h%04d.example.org.\n", i);
	resolver((struct dns_peer_config){.zone = zone, .traits = PEER_TRUNCATE});
	const char *mx = text(run(), FACT_CACHE_MX);
	ck_assert(str_starts(mx, "10 h0000.example.org, 10 h0001.example.org, "));
	ck_assert(str_ends_nocase(mx, "h0063.example.org and 936 more"));
}
END_TEST

START_TEST(several_caches_behind_one_list_are_asked_side_by_side)
{
	resolver((struct dns_peer_config){.zone = ROOT SOA MX, .delay_ms = 100});
	resolver((struct dns_peer_config){.zone = ROOT SOA, .delay_ms = 100});
	resolver((struct dns_peer_config){.zone = ROOT SOA MX, .delay_ms = 100});
	caches.samples = 1;
	run();
	unsigned have = 0;
	int64_t last_start = INT64_MIN, first_end = INT64_MAX;
	for (size_t i = 0; i < evidence.count; i++) {
		const struct observation *o = evidence.observations[i];
		have += observation_has(o, FACT_CACHE_MX, 0);
		last_start = o->started_ms > last_start ? o->started_ms : last_start;
		first_end = o->started_ms + o->elapsed_ms < first_end ? o->started_ms + o->elapsed_ms : first_end;
	}
	ck_assert_uint_eq(have, 2);
	ck_assert_int_lt(last_start, first_end);
}
END_TEST

START_TEST(warm_asks_with_recursion_where_nothing_was_learnt)
{
	struct dns_peer *peer = resolver((struct dns_peer_config){.zone = ROOT SOA MX, .traits = PEER_LAME, .only_type = LDNS_RR_TYPE_MX});
	caches.is_warm = true;
	caches.samples = 1;
	const struct observation *o = run();
	ck_assert_uint_eq(dns_peer_count(peer, "contoso.com", LDNS_RR_TYPE_MX), 2);
	ck_assert_uint_eq(observation_rows(o, FACT_CACHE_OUTCOME), 2);
	ck_assert(observation_flag(o, FACT_CACHE_RECURSIVE, 1));
}
END_TEST

START_TEST(a_warm_cache_is_not_asked_with_recursion)
{
	struct dns_peer *peer = resolver((struct dns_peer_config){.zone = ROOT SOA MX});
	caches.is_warm = true;
	run();
	ck_assert_uint_eq(dns_peer_count(peer, "contoso.com", LDNS_RR_TYPE_MX), 3);
}
END_TEST

START_TEST(stopping_states_what_was_open_and_ends)
{
	resolver((struct dns_peer_config){.zone = ROOT, .traits = PEER_DROP_UDP});
	resolver((struct dns_peer_config){.zone = ROOT, .traits = PEER_DROP_UDP});
	start();
	if (_i == 1)
		uv_run(loop_uv(net->loop), UV_RUN_NOWAIT);
	cache_probe.stop(&job);
	loop_run(net->loop);
	ck_assert_int_eq(ends, 1);
	ck_assert_uint_eq(evidence.count, 2);
	ck_assert_int_eq(evidence.observations[0]->outcome, OUTCOME_CANCELLED);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("cache");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, a_cache_is_asked_without_recursion);
	tcase_add_test(tcase, what_hangs_on_the_set_is_asked_for_once);
	tcase_add_loop_test(tcase, a_resolver_is_asked_once_who_it_is, 0, sizeof identities / sizeof identities[0]);
	tcase_add_test(tcase, absence_is_kept_for_the_smaller_of_soa_ttl_and_minimum);
	tcase_add_loop_test(tcase, misbehaviour_is_told_apart, 0, sizeof behaviours / sizeof *behaviours);
	tcase_add_test(tcase, answers_that_came_while_the_program_was_held_up_count);
	tcase_add_test(tcase, forged_records_of_other_names_are_left_out);
	tcase_add_test(tcase, a_thousand_records_are_cut_and_counted);
	tcase_add_test(tcase, several_caches_behind_one_list_are_asked_side_by_side);
	tcase_add_test(tcase, warm_asks_with_recursion_where_nothing_was_learnt);
	tcase_add_test(tcase, a_warm_cache_is_not_asked_with_recursion);
	tcase_add_loop_test(tcase, stopping_states_what_was_open_and_ends, 0, 2);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("probe/cache", fill)
