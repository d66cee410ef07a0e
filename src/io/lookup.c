#include "io/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "io/dns_resolve.h"
#include "io/loop.h"
#include "io/net.h"
#include "proto/dns_facts.h"
#include "proto/dns_name.h"

/* One of the two questions. */
struct side {
	struct lookup *lookup;
	ldns_rr_type type;
	struct dns_resolve *resolve; /* NULL: not under way */
	enum outcome outcome;        /* SKIPPED: not asked */
	bool was_asked_again;        /* for the end of an alias chain */
	int asked, answered;
	struct endpoint addresses[LIMIT_ADDRESSES];
	int64_t ttls[LIMIT_ADDRESSES];
	size_t count;
	char *aliases[LIMIT_CNAME_CHAIN * 2];
	size_t alias_count;
};

struct lookup {
	struct net *net;
	char *host;
	struct side sides[2]; /* A, AAAA */
	struct dns_query *cd;
	bool cd_was_asked, cd_works;
	bool is_address, is_overridden;
	const char *skip_reason;
	struct ready ready;
	struct observation *observation;
	int64_t began_ms; /* monotonic */
	lookup_done *done;
	void *user;
};

static void side_add(struct side *side, const struct endpoint *address, int64_t ttl)
{
	for (size_t i = 0; i < side->count; i++)
		if (endpoint_equal(&side->addresses[i], address))
			return;
	if (side->count == LIMIT_ADDRESSES)
		return;
	side->addresses[side->count] = *address;
	side->ttls[side->count++] = ttl;
}

static void lookup_free(struct lookup *lookup)
{
	for (int i = 0; i < 2; i++) {
		dns_resolve_cancel(lookup->sides[i].resolve);
		for (size_t k = 0; k < lookup->sides[i].alias_count; k++)
			free(lookup->sides[i].aliases[k]);
	}
	dns_query_cancel(lookup->cd);
	ready_cancel(&lookup->ready);
	observation_free(lookup->observation);
	free(lookup->host);
	free(lookup);
}

/* Both families get their share of the room. */
static void fill_result(const struct lookup *lookup, struct lookup_result *result)
{
	const struct side *v6 = &lookup->sides[1];
	size_t reserved = v6->count < LIMIT_ADDRESSES / 2 ? v6->count : LIMIT_ADDRESSES / 2;
	result->v4 = lookup->sides[0].outcome;
	result->v6 = v6->outcome;
	for (int i = 0; i < 2; i++) {
		const struct side *side = &lookup->sides[i];
		size_t room = i == 0 ? LIMIT_ADDRESSES - reserved : LIMIT_ADDRESSES;
		for (size_t k = 0; k < side->count && result->count < room; k++) {
			result->addresses[result->count] = side->addresses[k];
			result->ttls[result->count++] = side->ttls[k];
		}
	}
}

/* With addresses ok; else what is least certain of the two, since it may hide an address. */
static enum outcome sum_up(enum outcome a, enum outcome b)
{
	static const enum outcome order[] = {OUTCOME_OK,     OUTCOME_SERVFAIL,    OUTCOME_REFUSED, OUTCOME_PROTOCOL, OUTCOME_RESET,
	                                     OUTCOME_CLOSED, OUTCOME_UNREACHABLE, OUTCOME_TIMEOUT, OUTCOME_INTERNAL, OUTCOME_NODATA,
	                                     OUTCOME_NXDOMAIN};
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return OUTCOME_SKIPPED;
}

static void add_facts(const struct lookup *lookup, const struct lookup_result *result)
{
	struct observation *o = lookup->observation;
	const struct side *v4 = &lookup->sides[0], *v6 = &lookup->sides[1];
	const struct side *aliased = v4->alias_count > 0 ? v4 : v6;
	char text[ENDPOINT_TEXT_BYTES];
	observation_add_text(o, FACT_HOST_NAME, 0, lookup->host);
	observation_add_bool(o, FACT_HOST_IS_ADDRESS, 0, lookup->is_address);
	observation_add_bool(o, FACT_HOST_OVERRIDDEN, 0, lookup->is_overridden);
	observation_add_text(o, FACT_HOST_V4, 0, outcome_name(result->v4));
	observation_add_text(o, FACT_HOST_V6, 0, outcome_name(result->v6));
	if (lookup->cd_was_asked)
		observation_add_bool(o, FACT_HOST_CD_WORKS, 0, lookup->cd_works);
	if (!lookup->is_address && !lookup->is_overridden) {
		observation_add_int(o, FACT_HOST_RESOLVERS_ASKED, 0, v4->asked > v6->asked ? v4->asked : v6->asked);
		observation_add_int(o, FACT_HOST_RESOLVERS_ANSWERED, 0, v4->answered > v6->answered ? v4->answered : v6->answered);
	}
	for (size_t i = 0; i < result->count; i++) {
		observation_add_text(o, FACT_HOST_ADDRESS, (uint32_t)i, endpoint_address(&result->addresses[i], text));
		if (result->ttls[i] >= 0)
			observation_add_int(o, FACT_HOST_ADDRESS_TTL, (uint32_t)i, result->ttls[i]);
	}
	for (size_t i = 0; i < aliased->alias_count; i++)
		observation_add_text(o, FACT_HOST_ALIAS, (uint32_t)i, aliased->aliases[i]);
}

static void finish(void *user)
{
	struct lookup *lookup = user;
	struct lookup_result result = {0};
	fill_result(lookup, &result);
	add_facts(lookup, &result);
	struct observation *o = lookup->observation;
	o->outcome = sum_up(result.v4, result.v6);
	o->elapsed_ms = clock_monotonic_ms() - lookup->began_ms;
	if (o->outcome == OUTCOME_SKIPPED)
		observation_add_text(o, FACT_SKIP_REASON, 0, lookup->skip_reason);
	lookup->observation = NULL;
	lookup_done *done = lookup->done;
	lookup->done = NULL; /* cancelling it from the callback changes nothing */
	done(lookup->user, &result, o);
	lookup_free(lookup);
}

static void finish_if_complete(struct lookup *lookup)
{
	if (lookup->sides[0].resolve == NULL && lookup->sides[1].resolve == NULL && lookup->cd == NULL)
		finish(lookup);
}

static void on_cd_reply(void *user, const struct dns_reply *reply)
{
	struct lookup *lookup = user;
	lookup->cd = NULL;
	lookup->cd_works = dns_is_answer(reply->outcome);
	finish_if_complete(lookup);
}

/* SERVFAIL is what a validating resolver says of a bad signature: without the check it would have answered. */
static void ask_unchecked(struct lookup *lookup, const struct side *side, const struct endpoint *resolver)
{
	struct dns_question question = {lookup->host, side->type, resolver, DNS_RD | DNS_CD | DNS_ONCE};
	if (lookup->cd_was_asked)
		return;
	lookup->cd_was_asked = true;
	lookup->cd = dns_ask(lookup->net, &question, on_cd_reply, lookup);
}

static void take_aliases(struct side *side, const struct dns_chain *chain)
{
	char text[DNS_NAME_TEXT];
	for (size_t i = 1; i < chain->count && side->alias_count < sizeof side->aliases / sizeof side->aliases[0]; i++)
		side->aliases[side->alias_count++] = xstrdup(dns_name_text(chain->names[i], text));
}

static void take_addresses(struct side *side, const ldns_pkt *packet, const struct dns_chain *chain)
{
	const ldns_rr_list *answer = ldns_pkt_answer(packet);
	char text[DNS_ADDRESS_TEXT];
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *record = ldns_rr_list_rr(answer, i);
		struct endpoint address;
		if (ldns_rr_get_type(record) == side->type && dns_chain_has(chain, record) &&
		    endpoint_from_text(&address, dns_address_text(record, text), 0))
			side_add(side, &address, dns_record_ttl(record));
	}
}

static void on_resolved(void *user, const struct dns_resolved *resolved);

static bool ask(struct side *side, const char *name)
{
	struct dns_question question = {name, side->type, NULL, DNS_RD};
	side->resolve = dns_resolve_start(side->lookup->net, &question, on_resolved, side);
	return side->resolve != NULL;
}

/* Reads an answer. True when the question has to be asked again, for the name at the end of an unfinished alias chain. */
static bool take_answer(struct side *side, const ldns_pkt *packet)
{
	struct dns_chain chain;
	char end[DNS_NAME_TEXT];
	dns_chain_follow(&chain, packet, ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(packet), 0)));
	take_aliases(side, &chain);
	take_addresses(side, packet, &chain);
	if (side->count > 0)
		return false;
	side->outcome = OUTCOME_NODATA;
	bool is_unfinished = chain.count > 1 && !chain.is_loop && !side->was_asked_again;
	side->was_asked_again = true;
	return is_unfinished && ask(side, dns_name_text(chain.names[chain.count - 1], end));
}

static void on_resolved(void *user, const struct dns_resolved *resolved)
{
	struct side *side = user;
	struct lookup *lookup = side->lookup;
	const struct dns_reply *reply = resolved->reply;
	side->resolve = NULL;
	/* What the network says of the resolver is no word of DNS on the name. */
	side->outcome = reply->is_icmp ? OUTCOME_UNREACHABLE : reply->outcome;
	side->asked = resolved->asked > side->asked ? resolved->asked : side->asked;
	side->answered = resolved->answered > side->answered ? resolved->answered : side->answered;
	if (reply->outcome == OUTCOME_OK && take_answer(side, reply->packet))
		return;
	if (reply->skip_reason != NULL)
		lookup->skip_reason = reply->skip_reason;
	if (reply->outcome == OUTCOME_SERVFAIL)
		ask_unchecked(lookup, side, &reply->server);
	finish_if_complete(lookup);
}

static bool family_is_on(const struct lookup *lookup, int i)
{
	int family = lookup->net->config->family;
	return family == 0 || family == (i == 0 ? 4 : 6);
}

/* Takes an address as given, unless its family is off. */
static void take_given(struct lookup *lookup, const struct endpoint *given)
{
	struct endpoint address = *given;
	int i = endpoint_family(given) == 4 ? 0 : 1;
	if (!family_is_on(lookup, i))
		return;
	endpoint_set_port(&address, 0);
	side_add(&lookup->sides[i], &address, -1);
	lookup->sides[i].outcome = OUTCOME_OK;
}

/* True when the addresses are known without asking. */
static bool take_known(struct lookup *lookup)
{
	const struct net_config *config = lookup->net->config;
	struct endpoint address;
	for (size_t i = 0; i < config->override_count; i++) {
		if (!str_equal_nocase(config->overrides[i].host, lookup->host))
			continue;
		lookup->is_overridden = true;
		take_given(lookup, &config->overrides[i].address);
	}
	if (lookup->is_overridden)
		return true;
	lookup->is_address = endpoint_from_text(&address, lookup->host, 0);
	if (lookup->is_address)
		take_given(lookup, &address);
	return lookup->is_address;
}

struct lookup *lookup_start(struct net *net, const char *host, const char *target, lookup_done *done, void *user)
{
	struct lookup *lookup = xcalloc(1, sizeof *lookup);
	lookup->net = net;
	lookup->host = xstrdup(host);
	lookup->skip_reason = "no-family";
	lookup->observation = observation_new("host", target, NULL, clock_now_ms());
	lookup->began_ms = clock_monotonic_ms();
	lookup->done = done;
	lookup->user = user;
	lookup->sides[0] = (struct side){.lookup = lookup, .type = LDNS_RR_TYPE_A, .outcome = OUTCOME_SKIPPED};
	lookup->sides[1] = (struct side){.lookup = lookup, .type = LDNS_RR_TYPE_AAAA, .outcome = OUTCOME_SKIPPED};
	bool is_under_way = false;
	if (!take_known(lookup)) {
		for (int i = 0; i < 2; i++) {
			if (!family_is_on(lookup, i))
				continue;
			/* A name that DNS cannot carry cannot exist in it. */
			if (ask(&lookup->sides[i], host))
				is_under_way = true;
			else
				lookup->sides[i].outcome = OUTCOME_NXDOMAIN;
		}
	}
	if (!is_under_way)
		ready_queue(&lookup->ready, net->loop, finish, lookup);
	return lookup;
}

void lookup_cancel(struct lookup *lookup)
{
	if (lookup != NULL && lookup->done != NULL)
		lookup_free(lookup);
}
