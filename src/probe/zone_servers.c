/* The zone's own servers: their addresses, and what each of them is asked. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "io/dns_resolve.h"
#include "io/net.h"
#include "probe/zone_state.h"
#include "proto/dns_facts.h"

static void on_mx(struct zone_ask *ask, const struct dns_reply *reply);

/* What is asked of each address of each server, and, with `of_resolvers`, of the resolvers when no server answers. */
static const struct record {
	const char *prefix; /* before the domain; NULL: the zone's apex; "_dmarc.^": before the apex, when that is another name */
	ldns_rr_type type;
	unsigned flags;
	const char *purpose;
	const char *of_ttl; /* the purpose for which `ttl` asks it: "ttl" for nothing but its TTL; NULL: it does not */
	bool of_resolvers;
	void (*then)(struct zone_ask *ask, const struct dns_reply *reply); /* may be NULL */
} records[] = {
    {"", LDNS_RR_TYPE_MX, 0, "records", "records", true, on_mx},
    {NULL, LDNS_RR_TYPE_SOA, DNS_NSID, "records", "records", NULL, zone_take_nsid},
    {NULL, LDNS_RR_TYPE_NS, 0, "records", "records", NULL, NULL},
    {NULL, LDNS_RR_TYPE_SOA, DNS_TCP | DNS_NO_EDNS, "tcp-check", "tcp-check", false, NULL},
    {"", LDNS_RR_TYPE_TXT, 0, "records", "ttl", true, NULL},
    {"autodiscover.", LDNS_RR_TYPE_CNAME, 0, "records", "ttl", true, zone_lead_client},
    {"autodiscover.", LDNS_RR_TYPE_A, 0, "records", "ttl", true, zone_lead_client},
    {"autodiscover.", LDNS_RR_TYPE_AAAA, 0, "records", "ttl", true, zone_lead_client},
    {"_autodiscover._tcp.", LDNS_RR_TYPE_SRV, 0, "records", NULL, true, zone_lead_client},
    {"msoid.", LDNS_RR_TYPE_CNAME, 0, "records", NULL, true, NULL},
    {"selector1._domainkey.", LDNS_RR_TYPE_CNAME, 0, "records", NULL, true, NULL},
    {"selector1._domainkey.", LDNS_RR_TYPE_TXT, 0, "records", NULL, true, NULL},
    {"selector2._domainkey.", LDNS_RR_TYPE_CNAME, 0, "records", NULL, true, NULL},
    {"selector2._domainkey.", LDNS_RR_TYPE_TXT, 0, "records", NULL, true, NULL},
    {"_dmarc.", LDNS_RR_TYPE_TXT, 0, "records", NULL, true, NULL},
    {"_dmarc.^", LDNS_RR_TYPE_TXT, 0, "records", NULL, false, NULL},
    {"_mta-sts.", LDNS_RR_TYPE_TXT, 0, "records", NULL, true, zone_lead_mtasts},
    {"_smtp._tls.", LDNS_RR_TYPE_TXT, 0, "records", NULL, true, NULL},
    {"*", LDNS_RR_TYPE_TXT, 0, "wildcard", NULL, false, NULL}, /* the made-up label */
    {"*", LDNS_RR_TYPE_A, 0, "wildcard", NULL, false, NULL},
};

enum { RECORDS = sizeof records / sizeof records[0] };

/* NULL: this zone has no such name of its own. */
static char *name_of(const struct zone *zone, const struct record *record)
{
	if (record->prefix == NULL)
		return xstrdup(zone->apex);
	size_t length = strlen(record->prefix);
	if (length > 0 && record->prefix[length - 1] == '^')
		return str_equal(zone->apex, zone->domain) ? NULL : xasprintf("%.*s%s", (int)length - 1, record->prefix, zone->apex);
	if (strcmp(record->prefix, "*") == 0)
		return xasprintf("%s.%s", zone->wildcard, zone->domain);
	return xasprintf("%s%s", record->prefix, zone->domain);
}

static bool is_mx(const struct record *record)
{
	return record->type == LDNS_RR_TYPE_MX;
}

static void ask_server(struct zone *zone, const struct zone_server *server)
{
	for (size_t i = 0; i < RECORDS; i++) {
		const struct record *record = &records[i];
		const char *purpose = zone->has_records ? record->purpose : record->of_ttl;
		if (purpose == NULL)
			continue;
		char *name = name_of(zone, record);
		if (name == NULL)
			continue;
		zone_ask_server(zone, server,
		                &(struct zone_question){.name = name,
		                                        .type = record->type,
		                                        .flags = record->flags,
		                                        .purpose = purpose,
		                                        .is_lead = is_mx(record),
		                                        .then = str_equal(purpose, record->purpose) ? record->then : NULL});
		free(name);
	}
	zone_ask_identity(zone, server);
	for (size_t i = 0; i < zone->mx_hosts.count; i++)
		zone_ask_targets(zone, server, zone->mx_hosts.items[i]);
}

void zone_ask_records(struct zone *zone)
{
	for (size_t i = 0; i < RECORDS; i++) {
		const struct record *record = &records[i];
		/* Below a name that does not exist there is nothing. */
		bool is_wanted = record->of_resolvers && (is_mx(record) || (zone->has_records && !zone->is_absent));
		if (!is_wanted)
			continue;
		char *name = name_of(zone, record);
		zone_ask_resolvers(zone, &(struct zone_question){.name = name,
		                                                 .type = record->type,
		                                                 .flags = DNS_RD,
		                                                 .purpose = "records",
		                                                 .then = record->then});
		free(name);
	}
}

static void on_mx(struct zone_ask *ask, const struct dns_reply *reply)
{
	struct zone *zone = ask->zone;
	bool from_zone = ask->server != NULL;
	if (!dns_is_answer(reply->outcome) || (from_zone && !ldns_pkt_aa(reply->packet)))
		return;
	zone->mx_is_known = zone->mx_is_known || from_zone;
	if (reply->outcome == OUTCOME_OK)
		zone_take_mx(zone, reply->packet);
}

static void add_address(struct zone_name_server *name_server, const ldns_rr *record)
{
	struct zone *zone = name_server->zone;
	char text[DNS_ADDRESS_TEXT];
	struct endpoint address;
	if (!endpoint_from_text(&address, dns_address_text(record, text), zone->job->net->config->dns_port))
		return;
	name_server->found++;
	for (size_t i = 0; i < zone->server_count; i++) {
		const struct zone_server *server = &zone->servers[i];
		if (!server->is_parent && endpoint_equal(&server->address, &address) && str_equal(server->name, name_server->name))
			return;
	}
	if (zone->server_count == LIMIT_SERVER_ADDRESSES)
		return;
	struct zone_server *server = &zone->servers[zone->server_count++];
	*server = (struct zone_server){.name = xstrdup(name_server->name), .address = address};
	ask_server(zone, server);
}

/* A server that cannot be found: stated without an address, with the fate of its name. */
static void observe_unfound(struct zone *zone, const struct zone_name_server *name_server)
{
	const struct zone_server server = {.name = name_server->name};
	struct observation *o = observation_new(zone->job->probe->name, zone->domain, NULL, clock_now_ms());
	o->outcome = name_server->worst;
	observation_add_text(o, FACT_DNS_QUESTION, 0, name_server->name);
	observation_add_text(o, FACT_DNS_TYPE, 0, "A");
	observation_add_text(o, FACT_DETAIL, 0, "the server's name has no address");
	zone_observe(zone, o, "authoritative", "addresses", &server);
}

/* A definite "no" is certain; everything else may hide an address. */
static bool is_certain(enum outcome outcome)
{
	return outcome == OUTCOME_NODATA || outcome == OUTCOME_NXDOMAIN;
}

static void on_server_address(struct zone_ask *ask, const struct dns_reply *reply)
{
	struct zone_name_server *name_server = ask->name_server;
	enum outcome outcome = reply->outcome == OUTCOME_OK ? OUTCOME_NODATA : reply->outcome; /* an alias without address */
	if (reply->outcome == OUTCOME_OK) {
		const ldns_rr_list *answer = ldns_pkt_answer(reply->packet);
		for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++)
			add_address(name_server, ldns_rr_list_rr(answer, i));
	}
	if (name_server->worst == OUTCOME_OK || (is_certain(name_server->worst) && !is_certain(outcome)))
		name_server->worst = outcome;
	if (--name_server->pending == 0 && name_server->found == 0)
		observe_unfound(ask->zone, name_server);
}

static void ask_addresses(struct zone *zone, const char *host)
{
	static const ldns_rr_type types[] = {LDNS_RR_TYPE_A, LDNS_RR_TYPE_AAAA};
	struct zone_name_server *name_server = &zone->name_servers[zone->name_server_count++];
	*name_server = (struct zone_name_server){.zone = zone, .name = xstrdup(host), .worst = OUTCOME_OK};
	for (size_t i = 0; i < 2; i++) {
		struct zone_ask *ask = zone_ask_resolvers(
		    zone, &(struct zone_question){host, types[i], DNS_RD, "addresses", true, on_server_address});
		if (ask == NULL)
			continue;
		ask->name_server = name_server;
		name_server->pending++;
	}
}

void zone_take_name_servers(struct zone *zone, const ldns_pkt *packet)
{
	struct names hosts = zone_ns_hosts(packet, zone->apex);
	for (size_t i = 0; i < hosts.count; i++)
		ask_addresses(zone, hosts.items[i]);
	names_clear(&hosts);
}
