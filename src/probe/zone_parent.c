/* The parent's servers: two of them, at one address each, are asked whom they delegate to. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "io/dns_resolve.h"
#include "io/net.h"
#include "probe/zone_state.h"
#include "proto/dns_facts.h"

enum { PARENT_NAMES = 2, PARENT_CLIMBS = 4 };

static void ask_delegation(struct zone *zone, const struct zone_server *server)
{
	zone_ask_server(zone, server, &(struct zone_question){zone->apex, LDNS_RR_TYPE_NS, 0, "delegation", false, NULL});
	if (!zone->has_records) /* else the probe `dnssec` asks */
		zone_ask_server(zone, server, &(struct zone_question){zone->apex, LDNS_RR_TYPE_DS, 0, "ttl", false, NULL});
}

static bool knows_server(const struct zone *zone, const char *name)
{
	for (size_t i = 0; i < zone->server_count; i++)
		if (zone->servers[i].is_parent && str_equal(zone->servers[i].name, name))
			return true;
	return false;
}

static void on_address(struct zone_ask *ask, const struct dns_reply *reply)
{
	struct zone *zone = ask->zone;
	struct endpoint address;
	char text[DNS_ADDRESS_TEXT];
	bool is_wanted = names_has(&zone->parent_hosts, ask->name) && !knows_server(zone, ask->name) &&
	                 zone->server_count < LIMIT_SERVER_ADDRESSES;
	if (reply->outcome != OUTCOME_OK || !is_wanted)
		return;
	const ldns_rr_list *answer = ldns_pkt_answer(reply->packet);
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		if (!endpoint_from_text(&address, dns_address_text(ldns_rr_list_rr(answer, i), text), zone->job->net->config->dns_port))
			continue;
		struct zone_server *server = &zone->servers[zone->server_count++];
		*server = (struct zone_server){.name = xstrdup(ask->name), .address = address, .is_parent = true};
		if (zone->apex != NULL)
			ask_delegation(zone, server);
		return;
	}
}

static void on_parent_ns(struct zone_ask *ask, const struct dns_reply *reply)
{
	struct zone *zone = ask->zone;
	bool is_current = str_equal(zone->parent, ask->name);
	if (!dns_is_answer(reply->outcome) || !is_current)
		return;
	ldns_rr_type type = zone->job->net->config->family == 6 ? LDNS_RR_TYPE_AAAA : LDNS_RR_TYPE_A;
	struct names hosts = zone_ns_hosts(reply->packet, ask->name);
	for (size_t i = 0; i < hosts.count && i < PARENT_NAMES; i++) {
		names_add(&zone->parent_hosts, hosts.items[i]);
		zone_ask_resolvers(zone, &(struct zone_question){hosts.items[i], type, DNS_RD, "addresses", false, on_address});
	}
	if (hosts.count == 0) {
		char *owner = zone_soa_owner(reply->packet, ask->name);
		if (owner != NULL && !str_equal(owner, ask->name) && zone->climbs++ < PARENT_CLIMBS)
			zone_parent_find(zone, owner);
		free(owner);
	}
	names_clear(&hosts);
}

void zone_parent_find(struct zone *zone, const char *name)
{
	free(zone->parent);
	zone->parent = xstrdup(name);
	zone_ask_resolvers(zone, &(struct zone_question){zone->parent, LDNS_RR_TYPE_NS, DNS_RD, "delegation", false, on_parent_ns});
}

/* No server of the zone is known yet and none of the parent's was asked: all that are listed can go. */
static void forget_servers(struct zone *zone)
{
	while (zone->server_count > 0)
		free(zone->servers[--zone->server_count].name);
	names_clear(&zone->parent_hosts);
}

void zone_parent_apex_known(struct zone *zone)
{
	bool is_above = zone->parent != NULL && !str_equal(zone->parent, zone->apex) &&
	                (strcmp(zone->parent, ".") == 0 || str_in_domain(zone->apex, zone->parent));
	if (is_above) {
		for (size_t i = 0; i < zone->server_count; i++)
			if (zone->servers[i].is_parent)
				ask_delegation(zone, &zone->servers[i]);
	} else if (zone_above(zone->apex) != NULL) {
		/* What was looked for is the zone itself, or inside it: its servers are not the parent's. */
		forget_servers(zone);
		zone_parent_find(zone, zone_above(zone->apex));
	}
}
