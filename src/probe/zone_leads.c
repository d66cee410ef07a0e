#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cutover/target.h"
#include "io/dns_resolve.h"
#include "model/mtasts.h"
#include "probe/zone_state.h"
#include "model/spf_record.h"

enum { PORT_SMTP = 25 };
enum { CLIENT_NAMES = 4 }; /* CNAME, A and AAAA of autodiscover, and the SRV record */

/* A TXT record of the answer is of that kind. */
static bool holds(const struct observation *o, bool (*is_record)(const char *text))
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_DNS_TXT); row++)
		if (observation_text(o, FACT_DNS_TXT, row) != NULL && is_record(observation_text(o, FACT_DNS_TXT, row)))
			return true;
	return false;
}

/* The zone's own word: a resolver's stands for it only at the end, when no server spoke. */
static bool is_word(const struct zone_ask *ask, const struct dns_reply *reply)
{
	return ask->server != NULL && dns_is_answer(reply->outcome) && ldns_pkt_aa(reply->packet);
}

/* The first server that has answered for all names is enough to climb the ladder by. */
void zone_lead_client(struct zone_ask *ask, const struct dns_reply *reply)
{
	if (!is_word(ask, reply))
		return;
	struct zone_server *server = &ask->zone->servers[ask->server - ask->zone->servers];
	server->has_client_name = server->has_client_name || reply->outcome == OUTCOME_OK;
	if (++server->client_names == CLIENT_NAMES && server->has_client_name)
		job_lead(ask->zone->job, "autodiscover", ask->zone->domain);
}

void zone_lead_mtasts(struct zone_ask *ask, const struct dns_reply *reply)
{
	const struct evidence *seen = job_seen(ask->zone->job);
	/* The answer is the observation just made. */
	if (is_word(ask, reply) && reply->outcome == OUTCOME_OK && holds(seen->observations[seen->count - 1], mtasts_is_record))
		job_lead(ask->zone->job, "mtasts", ask->zone->domain);
}

/*
 * An MX host with TLSA records: their signatures and its certificate are to be seen. What a validator withholds may be broken: then
 * senders that check DANE hold mail back, records or not.
 */
void zone_lead_dane(struct zone_ask *ask, const struct dns_reply *reply)
{
	const struct evidence *seen = job_seen(ask->zone->job);
	bool has_records = reply->outcome == OUTCOME_OK && observation_has(seen->observations[seen->count - 1], FACT_DNS_OTHER_DATA, 0);
	char *target = target_host_port(ask->name + strlen("_25._tcp."), PORT_SMTP);
	if (has_records || (dns_is_answer(reply->outcome) && (ask->asked.flags & DNS_CD)))
		job_lead(ask->zone->job, "dnssec", ask->name);
	if (has_records)
		job_lead(ask->zone->job, "dane", target);
	free(target);
}

static void follow(struct zone *zone, const struct observation *o)
{
	const char *name = observation_text(o, FACT_DNS_QUESTION, 0);
	if (o->outcome != OUTCOME_OK || name == NULL || !str_in_domain(name, zone->domain))
		return;
	size_t length = strlen(name) - strlen(zone->domain);
	if (length == 0 && holds(o, spf_is_record))
		job_lead(zone->job, "spf", zone->domain);
	else if (length == strlen("_mta-sts.") && str_starts(name, "_mta-sts.") && holds(o, mtasts_is_record))
		job_lead(zone->job, "mtasts", zone->domain);
	else if ((length == strlen("autodiscover.") && str_starts(name, "autodiscover.")) || str_starts(name, "_autodiscover._tcp."))
		job_lead(zone->job, "autodiscover", zone->domain);
}

void zone_follow_leads(struct zone *zone)
{
	const struct evidence *seen = job_seen(zone->job);
	for (size_t i = 0; zone->has_records && i < seen->count; i++)
		follow(zone, seen->observations[i]);
}
