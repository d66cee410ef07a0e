/*
 * Who each server of the zone says it is: NSID with the SOA, and one question for id.server (RFC 4892) beside the others, for where
 * there is no NSID. Nobody owes an answer to that: without one nothing is said, and little is waited.
 */
#include "cutover/limits.h"
#include "io/deadline.h"
#include "io/net.h"
#include "probe/zone_state.h"
#include "proto/dns_facts.h"

static struct zone_server *server_of(const struct zone_ask *ask)
{
	return &ask->zone->servers[ask->server - ask->zone->servers];
}

void zone_take_nsid(struct zone_ask *ask, const struct dns_reply *reply)
{
	if (reply->packet != NULL && dns_message_option(reply->packet, DNS_OPTION_NSID, &(size_t){0}) != NULL)
		server_of(ask)->has_nsid = true;
}

static void take_identity(struct zone_ask *ask, const struct dns_reply *reply)
{
	if (reply->packet == NULL)
		return;
	struct dns_question question = {ask->name, ask->asked.type, &ask->address, ask->asked.flags};
	struct observation *o = dns_observe(ask->zone->job->probe->name, ask->zone->domain, &question, reply);
	if (dns_facts_add_id_server(o, reply->packet))
		server_of(ask)->identity = o;
	else
		observation_free(o);
}

void zone_ask_identity(struct zone *zone, const struct zone_server *server)
{
	zone_ask_server(zone, server,
	                &(struct zone_question){.name = DNS_ID_SERVER,
	                                        .type = LDNS_RR_TYPE_TXT,
	                                        .flags = DNS_CHAOS | DNS_NO_EDNS | DNS_ONCE,
	                                        .purpose = "identity",
	                                        .then = take_identity});
}

void zone_tell_identities(struct zone *zone)
{
	for (size_t i = 0; i < zone->server_count; i++) {
		struct zone_server *server = &zone->servers[i];
		if (server->identity != NULL && !server->has_nsid)
			zone_observe(zone, server->identity, "authoritative", "identity", server);
		else
			observation_free(server->identity);
		server->identity = NULL;
	}
}

static void on_late(void *user)
{
	struct zone *zone = user;
	while (zone->asks != NULL)
		zone_ask_cancel(zone->asks);
	zone_settle(zone);
}

bool zone_is_aside(const struct zone_ask *ask)
{
	return ask->asked.then == take_identity;
}

bool zone_waits(struct zone *zone)
{
	for (const struct zone_ask *ask = zone->asks; ask != NULL; ask = ask->next)
		if (!zone_is_aside(ask))
			return true;
	if (zone->asks != NULL && zone->late == NULL)
		zone->late = deadline_new(zone->job->net->loop, LIMIT_IDENTITY_MS, on_late, zone);
	return zone->asks != NULL;
}
