#include "io/lookup.h"

#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"
#include "dns_peer.h"
#include "io/deadline.h"
#include "io/loop.h"
#include "io/net.h"
#include "patience.h"

#define ZONE \
	"contoso.com. 3600 IN SOA ns1.contoso.com. host.contoso.com. 7 7200 3600 1209600 600\n" \
	"imap.contoso.com. 300 IN A 192.0.2.1\nimap.contoso.com. 60 IN A 192.0.2.2\n" \
	"imap.contoso.com. 300 IN AAAA 2001:db8::1\n" \
	"v4.contoso.com. 300 IN A 192.0.2.4\n" \
	"text.contoso.com. 300 IN TXT \"x\"\n" \
	"alias.contoso.com. 300 IN CNAME other.contoso.com.\n" \
	"other.contoso.com. 300 IN CNAME v4.contoso.com.\n" \
	"loop.contoso.com. 300 IN CNAME pool.contoso.com.\n" \
	"pool.contoso.com. 300 IN CNAME loop.contoso.com.\n" \
	"far.contoso.com. 300 IN CNAME end.fabrikam.com.\n"

static struct endpoint resolvers[4];
static struct connect_override overrides[2];
static struct net_config config;
static struct net *net;
static int calls;

static void setup(void)
{
	config = (struct net_config){
	    .resolvers = resolvers,
	    .overrides = overrides,
	    .connect_timeout_ms = 1000,
	    .dns_timeout_ms = AMPLE_MS,
	    .dns_tries = 2,
	    .dns_patience_ms = AMPLE_MS,
	    .dns_port = 53,
	    .rate = 10000,
	    .per_host = 4,
	};
	net = net_new(&config, NULL);
	calls = 0;
}

static void teardown(void)
{
	net_free(net);
}

static struct dns_peer *start_resolver(const struct dns_peer_config *wanted)
{
	struct dns_peer_config peer_config = *wanted;
	peer_config.traits |= PEER_RECURSIVE;
	struct dns_peer *peer = dns_peer_start(&peer_config);
	endpoint_from_text(&resolvers[config.resolver_count++], "127.0.0.1", dns_peer_port(peer));
	return peer;
}

static struct lookup_result result;
static struct observation *observation;

static void on_done(void *user, const struct lookup_result *r, struct observation *o)
{
	(void)user;
	calls++;
	result = *r;
	observation_free(observation);
	observation = o;
}

static void look_up(const char *host)
{
	calls = 0;
	lookup_start(net, host, "imap.contoso.com:993", on_done, NULL);
	ck_assert_int_eq(calls, 0);
	loop_run(net->loop);
	ck_assert_int_eq(calls, 1);
}

/* "192.0.2.1 192.0.2.2 2001:db8::1" */
static const char *addresses(void)
{
	static char text[1024];
	char one[ENDPOINT_TEXT_BYTES];
	size_t length = 0;
	text[0] = '\0';
	for (size_t i = 0; i < result.count; i++)
		length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? " " : "", endpoint_address(&result.addresses[i], one));
	return text;
}

static const struct scene {
	const char *host;
	int family;
	const char *addresses;
	enum outcome outcome, v4, v6;
	const char *aliases[2];
} scenes[] = {
    {"imap.contoso.com", 0, "192.0.2.1 192.0.2.2 2001:db8::1", OUTCOME_OK, OUTCOME_OK, OUTCOME_OK, {NULL, NULL}},
    {"imap.contoso.com", 4, "192.0.2.1 192.0.2.2", OUTCOME_OK, OUTCOME_OK, OUTCOME_SKIPPED, {NULL, NULL}},
    {"imap.contoso.com", 6, "2001:db8::1", OUTCOME_OK, OUTCOME_SKIPPED, OUTCOME_OK, {NULL, NULL}},
    {"v4.contoso.com", 0, "192.0.2.4", OUTCOME_OK, OUTCOME_OK, OUTCOME_NODATA, {NULL, NULL}},
    {"v4.contoso.com", 6, "", OUTCOME_NODATA, OUTCOME_SKIPPED, OUTCOME_NODATA, {NULL, NULL}},
    {"text.contoso.com", 0, "", OUTCOME_NODATA, OUTCOME_NODATA, OUTCOME_NODATA, {NULL, NULL}},
    {"nope.contoso.com", 0, "", OUTCOME_NXDOMAIN, OUTCOME_NXDOMAIN, OUTCOME_NXDOMAIN, {NULL, NULL}},
    {"alias.contoso.com", 0, "192.0.2.4", OUTCOME_OK, OUTCOME_OK, OUTCOME_NODATA, {"other.contoso.com", "v4.contoso.com"}},
    {"loop.contoso.com", 0, "", OUTCOME_NODATA, OUTCOME_NODATA, OUTCOME_NODATA, {"pool.contoso.com", NULL}},
    {"192.0.2.9", 0, "192.0.2.9", OUTCOME_OK, OUTCOME_OK, OUTCOME_SKIPPED, {NULL, NULL}},
    {"2001:db8::9", 0, "2001:db8::9", OUTCOME_OK, OUTCOME_SKIPPED, OUTCOME_OK, {NULL, NULL}},
    {"2001:db8::9", 4, "", OUTCOME_SKIPPED, OUTCOME_SKIPPED, OUTCOME_SKIPPED, {NULL, NULL}},
    {"a..b", 0, "", OUTCOME_NXDOMAIN, OUTCOME_NXDOMAIN, OUTCOME_NXDOMAIN, {NULL, NULL}},
};

START_TEST(a_host_has_its_addresses_and_outcomes)
{
	const struct scene *scene = &scenes[_i];
	struct dns_peer *peer = start_resolver(&(struct dns_peer_config){.zone = ZONE});
	config.family = scene->family;
	look_up(scene->host);
	ck_assert_msg(strcmp(addresses(), scene->addresses) == 0, "%s: %s", scene->host, addresses());
	ck_assert_msg(observation->outcome == scene->outcome, "%s: %s", scene->host, outcome_name(observation->outcome));
	ck_assert_int_eq(result.v4, scene->v4);
	ck_assert_int_eq(result.v6, scene->v6);
	ck_assert_str_eq(observation_text(observation, FACT_HOST_V4, 0), outcome_name(scene->v4));
	ck_assert_str_eq(observation_text(observation, FACT_HOST_V6, 0), outcome_name(scene->v6));
	ck_assert_uint_eq(observation_rows(observation, FACT_HOST_ADDRESS), result.count);
	for (uint32_t i = 0; i < 2; i++)
		if (scene->aliases[i] != NULL)
			ck_assert_str_eq(observation_text(observation, FACT_HOST_ALIAS, i), scene->aliases[i]);
		else
			ck_assert(!observation_has(observation, FACT_HOST_ALIAS, i));
	if (scene->outcome == OUTCOME_SKIPPED)
		ck_assert_str_eq(observation_text(observation, FACT_SKIP_REASON, 0), "no-family");
	dns_peer_stop(peer);
}
END_TEST

START_TEST(the_observation_names_host_target_and_ttl)
{
	struct dns_peer *peer = start_resolver(&(struct dns_peer_config){.zone = ZONE});
	look_up("imap.contoso.com");
	ck_assert_str_eq(observation->probe, "host");
	ck_assert_str_eq(observation->target, "imap.contoso.com:993");
	ck_assert_str_eq(observation_text(observation, FACT_HOST_NAME, 0), "imap.contoso.com");
	ck_assert_int_eq(observation_int_or(observation, FACT_HOST_ADDRESS_TTL, 1, -1), 60);
	ck_assert_int_eq(result.ttls[1], 60);
	ck_assert_int_eq(observation_int_or(observation, FACT_HOST_RESOLVERS_ASKED, 0, -1), 1);
	ck_assert_int_eq(observation_int_or(observation, FACT_HOST_RESOLVERS_ANSWERED, 0, -1), 1);
	ck_assert(!observation_has(observation, FACT_HOST_CD_WORKS, 0));
	dns_peer_stop(peer);
}
END_TEST

START_TEST(overrides_are_taken_without_asking)
{
	struct dns_peer *peer = start_resolver(&(struct dns_peer_config){.zone = ZONE});
	overrides[0].host = overrides[1].host = (char[]){"Imap.contoso.com"};
	endpoint_from_text(&overrides[0].address, "2001:db8::7", 0);
	endpoint_from_text(&overrides[1].address, "192.0.2.7", 0);
	config.override_count = 2;
	look_up("imap.contoso.com");
	ck_assert_str_eq(addresses(), "192.0.2.7 2001:db8::7");
	ck_assert(observation_flag(observation, FACT_HOST_OVERRIDDEN, 0));
	ck_assert_int_eq(result.ttls[0], -1);
	ck_assert_uint_eq(dns_peer_count(peer, NULL, 0), 0);
	dns_peer_stop(peer);
}
END_TEST

START_TEST(an_unfinished_alias_chain_is_asked_again_once)
{
	/* The zone of the peer does not hold the target: it answers with the alias alone, and NXDOMAIN for the target. */
	struct dns_peer *peer = start_resolver(&(struct dns_peer_config){.zone = ZONE});
	look_up("far.contoso.com");
	ck_assert_uint_eq(dns_peer_count(peer, "end.fabrikam.com", LDNS_RR_TYPE_A), 1);
	ck_assert_uint_eq(dns_peer_count(peer, "end.fabrikam.com", LDNS_RR_TYPE_AAAA), 1);
	ck_assert_int_eq(observation->outcome, OUTCOME_NXDOMAIN);
	ck_assert_str_eq(observation_text(observation, FACT_HOST_ALIAS, 0), "end.fabrikam.com");
	dns_peer_stop(peer);
}
END_TEST

static const struct {
	const char *name;
	struct dns_peer_config first, second;
	enum outcome outcome;
	int asked, answered;
} groups[] = {
    {"the first answers", {.zone = ZONE}, {.zone = ZONE}, OUTCOME_OK, 1, 1},
    {"the first fails", {.zone = ZONE, .rcode = LDNS_RCODE_SERVFAIL}, {.zone = ZONE}, OUTCOME_OK, 2, 2},
    {"the first refuses", {.zone = ZONE, .rcode = LDNS_RCODE_REFUSED}, {.zone = ZONE}, OUTCOME_OK, 2, 2},
    {"the first is closed", {.traits = PEER_NO_UDP | PEER_NO_TCP}, {.zone = ZONE}, OUTCOME_OK, 2, 1},
    {"the first is silent", {.traits = PEER_DROP_UDP | PEER_DROP_TCP}, {.zone = ZONE}, OUTCOME_OK, 2, 1},
    {"the first is slow", {.zone = ZONE, .delay_ms = 100}, {.traits = PEER_DROP_UDP | PEER_DROP_TCP}, OUTCOME_OK, 1, 1},
    {"one fails, one is silent", {.traits = PEER_DROP_UDP | PEER_DROP_TCP}, {.rcode = LDNS_RCODE_SERVFAIL}, OUTCOME_SERVFAIL, 2, 1},
    {"one refuses, one is closed", {.traits = PEER_NO_UDP | PEER_NO_TCP}, {.rcode = LDNS_RCODE_REFUSED}, OUTCOME_REFUSED, 2, 1},
    {"both are silent", {.traits = PEER_DROP_UDP | PEER_DROP_TCP}, {.traits = PEER_DROP_UDP | PEER_DROP_TCP}, OUTCOME_TIMEOUT, 2, 0},
};

START_TEST(resolvers_are_asked_in_turn)
{
	bool is_waited_out = strstr(groups[_i].name, "silent") != NULL;
	config.dns_timeout_ms = is_waited_out ? patience_ms() : AMPLE_MS;
	config.dns_patience_ms = is_waited_out ? LIMIT_DNS_PATIENCE_MS : AMPLE_MS;
	struct dns_peer *first = start_resolver(&groups[_i].first), *second = start_resolver(&groups[_i].second);
	look_up("imap.contoso.com");
	ck_assert_msg(observation->outcome == groups[_i].outcome, "%s: %s", groups[_i].name, outcome_name(observation->outcome));
	ck_assert_int_eq(observation_int_or(observation, FACT_HOST_RESOLVERS_ASKED, 0, -1), groups[_i].asked);
	ck_assert_int_eq(observation_int_or(observation, FACT_HOST_RESOLVERS_ANSWERED, 0, -1), groups[_i].answered);
	dns_peer_stop(first);
	dns_peer_stop(second);
}
END_TEST

START_TEST(servfail_is_asked_again_without_checking)
{
	struct dns_peer *peer = start_resolver(&(struct dns_peer_config){.zone = ZONE, .traits = PEER_FAIL_UNLESS_CD});
	look_up("imap.contoso.com");
	ck_assert_int_eq(observation->outcome, OUTCOME_SERVFAIL);
	ck_assert(observation_has(observation, FACT_HOST_CD_WORKS, 0));
	ck_assert(observation_flag(observation, FACT_HOST_CD_WORKS, 0));
	ck_assert_uint_eq(dns_peer_count(peer, NULL, 0), 3); /* A, AAAA, one of them once more */
	dns_peer_stop(peer);
}
END_TEST

START_TEST(servfail_for_another_reason_stays)
{
	struct dns_peer *peer = start_resolver(&(struct dns_peer_config){.rcode = LDNS_RCODE_SERVFAIL});
	look_up("imap.contoso.com");
	ck_assert(observation_has(observation, FACT_HOST_CD_WORKS, 0));
	ck_assert(!observation_flag(observation, FACT_HOST_CD_WORKS, 0));
	dns_peer_stop(peer);
}
END_TEST

static void on_cancel_due(void *user)
{
	lookup_cancel(user);
}

START_TEST(a_lookup_can_be_cancelled_at_any_moment)
{
	static const int moments[] = {-1, 1, 40, 320, 420};
	struct dns_peer *peer = start_resolver(&(struct dns_peer_config){.traits = PEER_DROP_UDP | PEER_DROP_TCP});
	struct dns_peer *other = start_resolver(&(struct dns_peer_config){.traits = PEER_DROP_UDP | PEER_DROP_TCP});
	struct deadline *deadline = NULL;
	config.dns_timeout_ms = 120;
	config.dns_patience_ms = LIMIT_DNS_PATIENCE_MS;
	struct lookup *lookup = lookup_start(net, "imap.contoso.com", "t", on_done, NULL);
	calls = 0;
	if (moments[_i] < 0)
		lookup_cancel(lookup);
	else
		deadline = deadline_new(net->loop, moments[_i], on_cancel_due, lookup);
	loop_run(net->loop);
	deadline_free(deadline);
	ck_assert_int_eq(calls, 0);
	dns_peer_stop(peer);
	dns_peer_stop(other);
}
END_TEST

START_TEST(a_flood_of_addresses_leaves_room_for_both_families)
{
	static char zone[8192];
	size_t length = 0;
	for (int i = 0; i < 60; i++)
		length += (size_t)snprintf(zone + length, sizeof zone - length, "many.example. 60 IN A 192.0.2.%d\nmany.example. 60 IN AAAA 2001:db8::%d\n", i, i + 1);
	struct dns_peer *peer = start_resolver(&(struct dns_peer_config){.zone = zone});
	look_up("many.example");
	ck_assert_uint_eq(result.count, LIMIT_ADDRESSES);
	ck_assert_int_eq(endpoint_family(&result.addresses[LIMIT_ADDRESSES / 2 - 1]), 4);
	ck_assert_int_eq(endpoint_family(&result.addresses[LIMIT_ADDRESSES / 2]), 6);
	dns_peer_stop(peer);
}
END_TEST

static void forget(void)
{
	observation_free(observation);
	observation = NULL;
}

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("lookup");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_checked_fixture(tcase, NULL, forget);
	tcase_set_timeout(tcase, 20);
	tcase_add_loop_test(tcase, a_host_has_its_addresses_and_outcomes, 0, sizeof scenes / sizeof scenes[0]);
	tcase_add_test(tcase, the_observation_names_host_target_and_ttl);
	tcase_add_test(tcase, overrides_are_taken_without_asking);
	tcase_add_test(tcase, an_unfinished_alias_chain_is_asked_again_once);
	tcase_add_loop_test(tcase, resolvers_are_asked_in_turn, 0, sizeof groups / sizeof groups[0]);
	tcase_add_test(tcase, servfail_is_asked_again_without_checking);
	tcase_add_test(tcase, servfail_for_another_reason_stays);
	tcase_add_loop_test(tcase, a_lookup_can_be_cancelled_at_any_moment, 0, 5);
	tcase_add_test(tcase, a_flood_of_addresses_leaves_room_for_both_families);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("io/lookup", fill)
