#include "io/dns_client.h"

#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"
#include "base/buf.h"
#include "base/clock.h"
#include "cutover/limits.h"
#include "dns_peer.h"
#include "io/deadline.h"
#include "io/loop.h"
#include "io/net.h"
#include "patience.h"

#define ZONE \
	"contoso.com. 3600 IN SOA ns1.contoso.com. host.contoso.com. 7 7200 3600 1209600 600\n" \
	"contoso.com. 3600 IN NS ns1.contoso.com.\n" \
	"contoso.com. 300 IN MX 10 mail.contoso.com.\n" \
	"mail.contoso.com. 300 IN A 192.0.2.1\n" \
	"loop.contoso.com. 60 IN CNAME pool.contoso.com.\n" \
	"pool.contoso.com. 60 IN CNAME loop.contoso.com.\n"

static struct endpoint resolver; /* never asked */
static struct net_config config;
static struct net *net;

static void setup(void)
{
	endpoint_from_text(&resolver, "127.0.0.1", 9);
	config = (struct net_config){
	    .resolvers = &resolver,
	    .resolver_count = 1,
	    .connect_timeout_ms = 1000,
	    .dns_timeout_ms = AMPLE_MS,
	    .dns_tries = 2,
	    .dns_port = 53,
	    .rate = 10000,
	    .per_host = 4,
	};
	net = net_new(&config, NULL);
}

static void teardown(void)
{
	net_free(net);
}

/* What came back, in words. */
struct seen {
	int calls;
	enum outcome outcome;
	bool is_icmp, is_tcp, is_edns, was_truncated, has_packet;
	char steps[256];
	int64_t elapsed_ms;
	struct observation *observation;
	struct dns_question question;
};

static void on_done(void *user, const struct dns_reply *reply)
{
	struct seen *seen = user;
	size_t length = 0;
	seen->calls++;
	seen->outcome = reply->outcome;
	seen->is_icmp = reply->is_icmp;
	seen->is_tcp = reply->is_tcp;
	seen->is_edns = reply->is_edns;
	seen->was_truncated = reply->was_truncated;
	seen->has_packet = reply->packet != NULL;
	seen->elapsed_ms = reply->elapsed_ms;
	for (int i = 0; i < reply->step_count; i++)
		length += (size_t)snprintf(seen->steps + length, sizeof seen->steps - length, "%s%s/%s=%s", i > 0 ? " " : "",
		                           reply->steps[i].step, reply->steps[i].is_tcp ? "tcp" : "udp",
		                           outcome_name(reply->steps[i].outcome));
	observation_free(seen->observation);
	seen->observation = dns_observe("dns", "contoso.com", &seen->question, reply);
}

static struct endpoint address_of(struct dns_peer *peer)
{
	struct endpoint endpoint;
	endpoint_from_text(&endpoint, "127.0.0.1", dns_peer_port(peer));
	return endpoint;
}

static void seen_clear(struct seen *seen)
{
	observation_free(seen->observation);
}

static const struct scene {
	const char *name;
	unsigned traits, flags;
	int rcode;
	const char *question;
	ldns_rr_type type;
	enum outcome outcome;
	const char *steps;
	bool is_tcp, is_edns;
} scenes[] = {
    {"an answer", 0, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_OK, "query/udp=ok", false, true},
    {"no such name", 0, 0, 0, "nope.contoso.com", LDNS_RR_TYPE_MX, OUTCOME_NXDOMAIN, "query/udp=nxdomain", false, true},
    {"no such type", 0, 0, 0, "mail.contoso.com", LDNS_RR_TYPE_MX, OUTCOME_NODATA, "query/udp=nodata", false, true},
    {"SERVFAIL", 0, 0, LDNS_RCODE_SERVFAIL, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_SERVFAIL, "query/udp=servfail", false, true},
    {"REFUSED", 0, 0, LDNS_RCODE_REFUSED, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_REFUSED, "query/udp=refused", false, true},
    {"lame: refers to the root", PEER_LAME, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_PROTOCOL, "query/udp=protocol", false, true},
    {"the first packet is lost", PEER_DROP_FIRST, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_OK,
     "query/udp=timeout retry/udp=ok", false, true},
    {"one try only", PEER_DROP_FIRST, DNS_ONCE, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_TIMEOUT, "query/udp=timeout", false, false},
    {"FORMERR with EDNS", PEER_FORMERR_EDNS, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_OK,
     "query/udp=servfail plain-after-formerr/udp=ok", false, false},
    {"FORMERR as a bare header", PEER_FORMERR_BARE, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_OK,
     "query/udp=servfail plain-after-formerr/udp=ok", false, false},
    {"FORMERR always", 0, 0, LDNS_RCODE_FORMERR, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_SERVFAIL,
     "query/udp=servfail plain-after-formerr/udp=servfail", false, false},
    {"silent with EDNS", PEER_DROP_EDNS | PEER_DROP_TCP, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_OK,
     "query/udp=timeout retry/udp=timeout plain-after-silence/udp=ok tcp-after-silence/tcp=cancelled", false, false},
    {"silent over UDP", PEER_DROP_UDP, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_OK,
     "query/udp=timeout retry/udp=timeout plain-after-silence/udp=cancelled tcp-after-silence/tcp=ok", true, true},
    {"silent over UDP, asked plainly", PEER_DROP_UDP, DNS_NO_EDNS, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_OK,
     "query/udp=timeout retry/udp=timeout tcp-after-silence/tcp=ok", true, false},
    {"silent", PEER_DROP_UDP | PEER_DROP_TCP, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_TIMEOUT,
     "query/udp=timeout retry/udp=timeout plain-after-silence/udp=timeout tcp-after-silence/tcp=timeout", false, false},
    {"silent, TCP closed", PEER_DROP_UDP | PEER_NO_TCP, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_TIMEOUT,
     "query/udp=timeout retry/udp=timeout plain-after-silence/udp=timeout tcp-after-silence/tcp=refused", false, false},
    {"port closed", PEER_NO_UDP | PEER_NO_TCP, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_REFUSED, "query/udp=refused", false, false},
    {"truncated", PEER_TRUNCATE, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_OK,
     "query/udp=nodata tcp-after-truncation/tcp=ok", true, true},
    {"truncated, TCP closed", PEER_TRUNCATE | PEER_NO_TCP, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_REFUSED,
     "query/udp=nodata tcp-after-truncation/tcp=refused", false, false},
    {"truncated, TCP silent", PEER_TRUNCATE | PEER_DROP_TCP, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_TIMEOUT,
     "query/udp=nodata tcp-after-truncation/tcp=timeout", false, false},
    {"over TCP", 0, DNS_TCP, 0, "contoso.com", LDNS_RR_TYPE_SOA, OUTCOME_OK, "query/tcp=ok", true, true},
    {"over TCP, closed port", PEER_NO_TCP, DNS_TCP, 0, "contoso.com", LDNS_RR_TYPE_SOA, OUTCOME_REFUSED, "query/tcp=refused", false, false},
    {"over TCP, silent", PEER_DROP_TCP, DNS_TCP, 0, "contoso.com", LDNS_RR_TYPE_SOA, OUTCOME_TIMEOUT, "query/tcp=timeout", false, false},
    {"over TCP, hung up on", PEER_HANG_UP, DNS_TCP, 0, "contoso.com", LDNS_RR_TYPE_SOA, OUTCOME_CLOSED,
     "query/tcp=closed retry/tcp=closed", false, false},
    {"over TCP, hung up on once", PEER_HANG_UP_FIRST, DNS_TCP, 0, "contoso.com", LDNS_RR_TYPE_SOA, OUTCOME_OK,
     "query/tcp=closed retry/tcp=ok", true, true},
    {"another id", PEER_WRONG_ID | PEER_NO_TCP, DNS_ONCE, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_TIMEOUT, "query/udp=timeout", false, false},
    {"another question", PEER_WRONG_QUESTION, DNS_ONCE, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_TIMEOUT, "query/udp=timeout", false, false},
    {"our query echoed", PEER_ECHO, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_PROTOCOL, "query/udp=protocol", false, false},
    {"garbage", PEER_GARBAGE, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_PROTOCOL, "query/udp=protocol", false, false},
    {"garbage over TCP", PEER_GARBAGE, DNS_TCP, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_PROTOCOL, "query/tcp=protocol", true, false},
    {"bytes behind", PEER_TRAILING, 0, 0, "contoso.com", LDNS_RR_TYPE_MX, OUTCOME_OK, "query/udp=ok", false, true},
    {"aliases in a circle", 0, 0, 0, "loop.contoso.com", LDNS_RR_TYPE_A, OUTCOME_OK, "query/udp=ok", false, true},
};

static struct dns_peer *start(const struct scene *scene)
{
	return dns_peer_start(&(struct dns_peer_config){.zone = ZONE, .traits = scene->traits, .rcode = scene->rcode});
}

START_TEST(each_behaviour_has_its_outcome_and_its_steps)
{
	const struct scene *scene = &scenes[_i];
	struct dns_peer *peer = start(scene);
	struct endpoint server = address_of(peer);
	struct seen seen = {.question = {scene->question, scene->type, &server, scene->flags}};
	bool is_waited_out = strstr(scene->steps, "timeout") != NULL;
	int64_t began = clock_monotonic_ms();
	config.dns_timeout_ms = is_waited_out ? patience_ms() : AMPLE_MS;
	ck_assert_ptr_nonnull(dns_ask(net, &seen.question, on_done, &seen));
	ck_assert_int_eq(seen.calls, 0);
	loop_run(net->loop);
	ck_assert_int_eq(seen.calls, 1);
	ck_assert_msg(seen.outcome == scene->outcome, "%s: %s (%s)", scene->name, outcome_name(seen.outcome), seen.steps);
	ck_assert_msg(strcmp(seen.steps, scene->steps) == 0, "%s: %s", scene->name, seen.steps);
	ck_assert_int_eq(seen.is_tcp, scene->is_tcp);
	ck_assert_int_eq(seen.is_edns, scene->is_edns);
	ck_assert_int_eq(seen.is_icmp, seen.outcome == OUTCOME_REFUSED && scene->rcode == 0);
	ck_assert_int_eq(seen.was_truncated, (scene->traits & PEER_TRUNCATE) != 0);
	ck_assert_int_lt(clock_monotonic_ms() - began, is_waited_out ? patience_ms() * 4 + 4000 : AMPLE_MS);
	seen_clear(&seen);
	dns_peer_stop(peer);
}
END_TEST

START_TEST(an_observation_holds_header_steps_and_records)
{
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){
	    .zone = ZONE, .traits = PEER_NSID | PEER_TRAILING, .forged = "fabrikam.com. 300 IN MX 1 evil.example."});
	struct endpoint server = address_of(peer);
	struct seen seen = {.question = {"contoso.com", LDNS_RR_TYPE_MX, &server, DNS_NSID}};
	dns_ask(net, &seen.question, on_done, &seen);
	loop_run(net->loop);
	const struct observation *o = seen.observation;
	ck_assert_str_eq(o->probe, "dns");
	ck_assert_str_eq(o->target, "contoso.com");
	ck_assert_str_eq(o->address, "127.0.0.1");
	ck_assert_int_eq(o->outcome, OUTCOME_OK);
	ck_assert_str_eq(observation_text(o, FACT_DNS_QUESTION, 0), "contoso.com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_TYPE, 0), "MX");
	ck_assert_int_eq(observation_int_or(o, FACT_DNS_SERVER_PORT, 0, 0), dns_peer_port(peer));
	ck_assert_str_eq(observation_text(o, FACT_DNS_RCODE, 0), "NOERROR");
	ck_assert(observation_flag(o, FACT_DNS_AA, 0));
	ck_assert(!observation_flag(o, FACT_DNS_TC, 0));
	ck_assert(observation_flag(o, FACT_DNS_EDNS, 0));
	ck_assert_str_eq(observation_text(o, FACT_DNS_TRANSPORT, 0), "udp");
	ck_assert_str_eq(observation_text(o, FACT_DNS_NSID, 0), "peer-1");
	ck_assert_str_eq(observation_text(o, FACT_DNS_STEP, 0), "query");
	ck_assert_str_eq(observation_text(o, FACT_DNS_STEP_OUTCOME, 0), "ok");
	ck_assert_uint_eq(observation_rows(o, FACT_DNS_MX_HOST), 1);
	ck_assert_str_eq(observation_text(o, FACT_DNS_MX_HOST, 0), "mail.contoso.com");
	ck_assert_str_eq(observation_text(o, FACT_DETAIL, 0), "7 bytes behind the last record; records of other names left out: 1");
	seen_clear(&seen);
	dns_peer_stop(peer);
}
END_TEST

START_TEST(a_large_answer_over_udp_is_whole)
{
	struct buf zone;
	buf_init(&zone, 100000);
	for (int i = 0; i < 60; i++)
		buf_printf(&zone, "many.example. 60 IN A 192.0.2.%d\n", i);
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){.zone = zone.bytes, .traits = PEER_RECURSIVE});
	struct endpoint server = address_of(peer);
	struct seen seen = {.question = {"many.example", LDNS_RR_TYPE_A, &server, DNS_RD}};
	dns_ask(net, &seen.question, on_done, &seen);
	loop_run(net->loop);
	ck_assert_int_eq(seen.outcome, OUTCOME_OK);
	ck_assert(!seen.is_tcp);
	ck_assert_uint_eq(observation_rows(seen.observation, FACT_DNS_ADDRESS), 60);
	seen_clear(&seen);
	buf_clear(&zone);
	dns_peer_stop(peer);
}
END_TEST

START_TEST(a_thousand_records_come_over_tcp)
{
	struct buf zone;
	buf_init(&zone, 100000);
	for (int i = 0; i < 1200; i++)
		buf_printf(&zone, "many.example. 60 IN A 10.0.%d.%d\n", i / 256, i % 256);
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){.zone = zone.bytes, .traits = PEER_RECURSIVE});
	struct endpoint server = address_of(peer);
	struct seen seen = {.question = {"many.example", LDNS_RR_TYPE_A, &server, DNS_TCP}};
	dns_ask(net, &seen.question, on_done, &seen);
	loop_run(net->loop);
	ck_assert_int_eq(seen.outcome, OUTCOME_OK);
	ck_assert_uint_eq(observation_rows(seen.observation, FACT_DNS_ADDRESS), 1000);
	ck_assert_str_eq(observation_text(seen.observation, FACT_DETAIL, 0), "records above the limit left out: 200");
	seen_clear(&seen);
	buf_clear(&zone);
	dns_peer_stop(peer);
}
END_TEST

START_TEST(the_same_question_is_asked_once)
{
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){.zone = ZONE, .delay_ms = 20});
	struct endpoint server = address_of(peer);
	struct seen seen[4] = {
	    {.question = {"contoso.com", LDNS_RR_TYPE_MX, &server, 0}},
	    {.question = {"CONTOSO.com.", LDNS_RR_TYPE_MX, &server, 0}},
	    {.question = {"contoso.com", LDNS_RR_TYPE_MX, &server, DNS_NO_MEMO}},
	    {.question = {"contoso.com", LDNS_RR_TYPE_MX, &server, 0}},
	};
	for (int i = 0; i < 3; i++)
		dns_ask(net, &seen[i].question, on_done, &seen[i]);
	loop_run(net->loop);
	dns_ask(net, &seen[3].question, on_done, &seen[3]); /* after the answer is known */
	loop_run(net->loop);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(seen[i].calls, 1);
		ck_assert_int_eq(seen[i].outcome, OUTCOME_OK);
		ck_assert_str_eq(observation_text(seen[i].observation, FACT_DNS_MX_HOST, 0), "mail.contoso.com");
		seen_clear(&seen[i]);
	}
	ck_assert_uint_eq(dns_peer_count(peer, "contoso.com", LDNS_RR_TYPE_MX), 2);
	dns_peer_stop(peer);
}
END_TEST

START_TEST(other_flags_types_and_names_are_other_questions)
{
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){.zone = ZONE});
	struct endpoint server = address_of(peer);
	struct seen seen[4] = {
	    {.question = {"contoso.com", LDNS_RR_TYPE_MX, &server, 0}},
	    {.question = {"contoso.com", LDNS_RR_TYPE_NS, &server, 0}},
	    {.question = {"contoso.com", LDNS_RR_TYPE_MX, &server, DNS_RD}},
	    {.question = {"mail.contoso.com", LDNS_RR_TYPE_MX, &server, 0}},
	};
	for (int i = 0; i < 4; i++)
		dns_ask(net, &seen[i].question, on_done, &seen[i]);
	loop_run(net->loop);
	ck_assert_uint_eq(dns_peer_count(peer, NULL, 0), 4);
	ck_assert_uint_eq(dns_peer_count_rd(peer), 1);
	for (int i = 0; i < 4; i++)
		seen_clear(&seen[i]);
	dns_peer_stop(peer);
}
END_TEST

START_TEST(many_questions_to_a_closed_port_all_end_at_once)
{
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){.traits = PEER_NO_UDP | PEER_NO_TCP});
	struct endpoint server = address_of(peer);
	struct seen seen[40] = {0};
	char names[40][32];
	int64_t began = clock_monotonic_ms();
	for (int i = 0; i < 40; i++) {
		snprintf(names[i], sizeof names[i], "n%d.contoso.com", i);
		seen[i].question = (struct dns_question){names[i], LDNS_RR_TYPE_A, &server, 0};
		dns_ask(net, &seen[i].question, on_done, &seen[i]);
	}
	loop_run(net->loop);
	ck_assert_int_lt(clock_monotonic_ms() - began, AMPLE_MS); /* not one of them waited */
	for (int i = 0; i < 40; i++) {
		ck_assert_int_eq(seen[i].outcome, OUTCOME_REFUSED);
		ck_assert(seen[i].is_icmp);
		ck_assert_str_eq(observation_text(seen[i].observation, FACT_ERRNO, 0), "ECONNREFUSED");
		seen_clear(&seen[i]);
	}
	dns_peer_stop(peer);
}
END_TEST

START_TEST(a_late_answer_still_counts)
{
	const int timeout_ms = 1500;
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){.zone = ZONE, .delay_ms = timeout_ms + timeout_ms / 2});
	struct endpoint server = address_of(peer);
	struct seen seen = {.question = {"contoso.com", LDNS_RR_TYPE_MX, &server, 0}};
	config.dns_timeout_ms = timeout_ms;
	dns_ask(net, &seen.question, on_done, &seen);
	loop_run(net->loop);
	ck_assert_str_eq(seen.steps, "query/udp=ok retry/udp=cancelled");
	ck_assert_int_ge(observation_int_or(seen.observation, FACT_DNS_STEP_MS, 0, 0), timeout_ms);
	seen_clear(&seen);
	dns_peer_stop(peer);
}
END_TEST

static void on_cancel_due(void *user)
{
	dns_query_cancel(user);
}

START_TEST(cancelling_is_safe_at_any_moment)
{
	/* delay of the peer, moment of the cancel: before anything is sent (-1), under way, in a retry, after the fallbacks */
	const int moments[] = {-1, 1, 10, patience_ms() + 40, patience_ms() * 2 + 80};
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){.zone = ZONE, .traits = PEER_DROP_UDP | PEER_DROP_TCP});
	struct endpoint server = address_of(peer);
	struct seen seen = {.question = {"contoso.com", LDNS_RR_TYPE_MX, &server, 0}};
	config.dns_timeout_ms = patience_ms();
	struct dns_query *query = dns_ask(net, &seen.question, on_done, &seen);
	if (moments[_i] < 0) {
		dns_query_cancel(query);
		loop_run(net->loop);
	} else {
		struct deadline *deadline = deadline_new(net->loop, moments[_i], on_cancel_due, query);
		loop_run(net->loop);
		deadline_free(deadline);
	}
	ck_assert_int_eq(seen.calls, 0);
	dns_peer_stop(peer);
}
END_TEST

struct pair {
	struct dns_query *mine, *other;
	int calls;
};

static void on_first(void *user, const struct dns_reply *reply)
{
	struct pair *pair = user;
	ck_assert_int_eq(reply->outcome, OUTCOME_OK);
	pair->calls++;
	dns_query_cancel(pair->other);
	dns_query_cancel(pair->mine);
}

START_TEST(a_callback_may_cancel_its_fellows_and_itself)
{
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){.zone = ZONE});
	struct endpoint server = address_of(peer);
	struct dns_question question = {"contoso.com", LDNS_RR_TYPE_MX, &server, 0};
	struct pair pair = {0};
	pair.mine = dns_ask(net, &question, on_first, &pair);
	pair.other = dns_ask(net, &question, on_first, &pair);
	loop_run(net->loop);
	ck_assert_int_eq(pair.calls, 1);
	dns_peer_stop(peer);
}
END_TEST

START_TEST(a_family_that_is_off_is_skipped)
{
	struct seen seen = {0};
	struct endpoint server;
	config.family = 4;
	endpoint_from_text(&server, "::1", 53);
	seen.question = (struct dns_question){"contoso.com", LDNS_RR_TYPE_MX, &server, 0};
	dns_ask(net, &seen.question, on_done, &seen);
	ck_assert_int_eq(seen.calls, 0);
	loop_run(net->loop);
	ck_assert_int_eq(seen.outcome, OUTCOME_SKIPPED);
	ck_assert_str_eq(observation_text(seen.observation, FACT_SKIP_REASON, 0), "no-family");
	ck_assert_str_eq(seen.steps, "");
	seen_clear(&seen);
}
END_TEST

START_TEST(what_is_no_name_is_not_asked)
{
	struct seen seen = {.question = {"a..b", LDNS_RR_TYPE_MX, &resolver, 0}};
	ck_assert_ptr_null(dns_ask(net, &seen.question, on_done, &seen));
}
END_TEST

START_TEST(the_memo_is_bounded)
{
	struct dns_peer *peer = dns_peer_start(&(struct dns_peer_config){.zone = ZONE});
	struct endpoint server = address_of(peer);
	struct seen seen = {0};
	char name[32];
	for (int i = 0; i <= LIMIT_DNS_MEMO + 8; i++) {
		/* the last question is the first one again: forgotten by then */
		snprintf(name, sizeof name, "n%d.contoso.com", i == LIMIT_DNS_MEMO + 8 ? 0 : i);
		seen.question = (struct dns_question){name, LDNS_RR_TYPE_A, &server, 0};
		dns_ask(net, &seen.question, on_done, &seen);
		loop_run(net->loop);
	}
	ck_assert_uint_eq(dns_peer_count(peer, "n0.contoso.com", 0), 2);
	ck_assert_uint_eq(dns_peer_count(peer, "n1.contoso.com", 0), 1);
	seen_clear(&seen);
	dns_peer_stop(peer);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("dns_client");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 20);
	tcase_add_loop_test(tcase, each_behaviour_has_its_outcome_and_its_steps, 0, sizeof scenes / sizeof scenes[0]);
	tcase_add_test(tcase, an_observation_holds_header_steps_and_records);
	tcase_add_test(tcase, a_large_answer_over_udp_is_whole);
	tcase_add_test(tcase, a_thousand_records_come_over_tcp);
	tcase_add_test(tcase, the_same_question_is_asked_once);
	tcase_add_test(tcase, other_flags_types_and_names_are_other_questions);
	tcase_add_test(tcase, many_questions_to_a_closed_port_all_end_at_once);
	tcase_add_test(tcase, a_late_answer_still_counts);
	tcase_add_loop_test(tcase, cancelling_is_safe_at_any_moment, 0, 5);
	tcase_add_test(tcase, a_callback_may_cancel_its_fellows_and_itself);
	tcase_add_test(tcase, a_family_that_is_off_is_skipped);
	tcase_add_test(tcase, what_is_no_name_is_not_asked);
	tcase_add_test(tcase, the_memo_is_bounded);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("io/dns_client", fill)
