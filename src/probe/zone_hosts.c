/* The MX hosts: where they are, and how long that is kept. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "probe/zone_state.h"
#include "proto/dns_message.h"
#include "proto/dns_name.h"

static const ldns_rr_type ADDRESS_TYPES[] = {LDNS_RR_TYPE_A, LDNS_RR_TYPE_AAAA};

static void ask_tlsa(struct zone *zone, const char *host)
{
	if (names_has(&zone->tlsa_hosts, host) || zone->tlsa_hosts.count == LIMIT_MX_HOSTS)
		return;
	names_add(&zone->tlsa_hosts, host);
	char *name = xasprintf("_25._tcp.%s", host);
	zone_ask_resolvers(zone, &(struct zone_question){name, LDNS_RR_TYPE_TLSA, DNS_RD, "tlsa", false, zone_lead_dane});
	free(name);
}

/*
 * Of an alias: a resolver that stops there is asked for the target, once; and senders check DANE by the target's records first
 * (RFC 7672 2.2.2).
 */
static void on_address(struct zone_ask *ask, const struct dns_reply *reply)
{
	struct dns_chain chain;
	char end[DNS_NAME_TEXT];
	bool is_first = names_has(&ask->zone->mx_hosts, ask->name);
	if (reply->outcome != OUTCOME_OK || !is_first)
		return;
	dns_chain_follow(&chain, reply->packet, ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(reply->packet), 0)));
	if (chain.count == 1 || chain.is_loop)
		return;
	dns_name_text(chain.names[chain.count - 1], end);
	if (ask->zone->has_records)
		ask_tlsa(ask->zone, end);
	ldns_rr_list *answer = ldns_pkt_answer(reply->packet);
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++)
		if (ldns_rr_get_type(ldns_rr_list_rr(answer, i)) == ask->asked.type)
			return;
	zone_ask_resolvers(ask->zone, &(struct zone_question){end, ask->asked.type, DNS_RD, "addresses", false, NULL});
}

void zone_ask_targets(struct zone *zone, const struct zone_server *server, const char *host)
{
	if (server->is_parent || !str_in_domain(host, zone->domain))
		return;
	for (size_t i = 0; i < 2; i++)
		zone_ask_server(zone, server, &(struct zone_question){host, ADDRESS_TYPES[i], 0, "target", false, NULL});
}

static void take_host(struct zone *zone, const char *host)
{
	struct endpoint literal;
	/* A null MX names no host, and an address in its place is no name that DNS knows. */
	if (str_equal(host, ".") || endpoint_from_text(&literal, host, 0) || names_has(&zone->mx_hosts, host) ||
	    zone->mx_hosts.count == LIMIT_MX_HOSTS)
		return;
	names_add(&zone->mx_hosts, host);
	for (size_t i = 0; i < 2; i++)
		zone_ask_resolvers(zone, &(struct zone_question){host, ADDRESS_TYPES[i], DNS_RD, "addresses", false, on_address});
	for (size_t i = 0; i < zone->server_count; i++)
		zone_ask_targets(zone, &zone->servers[i], host);
	if (zone->has_records)
		ask_tlsa(zone, host);
}

/* Hosts that the user names: mail goes there before or after, whatever the MX set says now. */
void zone_ask_told_hosts(struct zone *zone)
{
	const struct policy *policy = zone->job->options->policy;
	const struct names *const lists[] = {policy != NULL ? &policy->expect_mx : NULL, policy != NULL ? &policy->old_mx : NULL};
	for (size_t list = 0; list < 2; list++)
		for (size_t i = 0; lists[list] != NULL && i < lists[list]->count; i++)
			ask_tlsa(zone, lists[list]->items[i]);
}

void zone_take_mx(struct zone *zone, const ldns_pkt *packet)
{
	const ldns_rr_list *answer = ldns_pkt_answer(packet);
	struct dns_chain chain;
	char host[DNS_NAME_TEXT];
	bool has_mx = false;
	dns_chain_follow(&chain, packet, ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(packet), 0)));
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *record = ldns_rr_list_rr(answer, i);
		if (ldns_rr_get_type(record) != LDNS_RR_TYPE_MX || ldns_rr_rd_count(record) != 2 || !dns_chain_has(&chain, record))
			continue;
		has_mx = true;
		take_host(zone, dns_name_text(ldns_rr_rdf(record, 1), host));
	}
	/* Only now: a question too early would leave "there is none" in every cache. */
	if (has_mx)
		job_lead(zone->job, "cache", zone->domain);
}
