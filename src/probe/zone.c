#include "probe/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "io/deadline.h"
#include "io/dns_resolve.h"
#include "model/dmarc_tree.h"
#include "probe/zone_state.h"
#include "proto/dns_name.h"

/* Higher names tried for the zone and for its parent together: enough for any real tree. */
static const int CLIMBS = 4;

const char *zone_above(const char *name)
{
	const char *dot = strchr(name, '.');
	if (strcmp(name, ".") == 0)
		return NULL;
	return dot != NULL ? dot + 1 : ".";
}

/* Whether `name` is `ancestor` or below it. */
static bool is_below(const char *name, const char *ancestor)
{
	return strcmp(ancestor, ".") == 0 || str_in_domain(name, ancestor);
}

char *zone_soa_owner(const ldns_pkt *packet, const char *name)
{
	const ldns_rr_list *sections[] = {ldns_pkt_answer(packet), ldns_pkt_authority(packet)};
	char owner[DNS_NAME_TEXT];
	for (size_t s = 0; s < 2; s++) {
		for (size_t i = 0; i < ldns_rr_list_rr_count(sections[s]); i++) {
			const ldns_rr *record = ldns_rr_list_rr(sections[s], i);
			if (ldns_rr_get_type(record) == LDNS_RR_TYPE_SOA && is_below(name, dns_name_text(ldns_rr_owner(record), owner)))
				return xstrdup(owner);
		}
	}
	return NULL;
}

struct names zone_ns_hosts(const ldns_pkt *packet, const char *owner)
{
	struct names hosts = {0};
	const ldns_rr_list *answer = ldns_pkt_answer(packet);
	char text[DNS_NAME_TEXT];
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer) && hosts.count < LIMIT_NAME_SERVERS; i++) {
		const ldns_rr *record = ldns_rr_list_rr(answer, i);
		if (ldns_rr_get_type(record) != LDNS_RR_TYPE_NS || ldns_rr_rd_count(record) != 1 ||
		    !str_equal(dns_name_text(ldns_rr_owner(record), text), owner))
			continue;
		if (!names_has(&hosts, dns_name_text(ldns_rr_rdf(record, 0), text)))
			names_add(&hosts, text);
	}
	return hosts;
}

static void on_ns(struct zone_ask *ask, const struct dns_reply *reply);

static void ask_ns(struct zone *zone, const char *name)
{
	zone_ask_resolvers(zone, &(struct zone_question){name, LDNS_RR_TYPE_NS, DNS_RD, "delegation", true, on_ns});
}

static void set_apex(struct zone *zone, const char *apex)
{
	zone->apex = xstrdup(apex);
	if (zone->has_records)
		job_lead(zone->job, "dnssec", zone->domain);
	zone_parent_apex_known(zone);
}

/*
 * The domain is no zone of its own: the SOA of the answer names the zone that holds it; without one (the domain is an
 * alias) the next higher name is tried. Top-level domains are not: their servers have nothing to say on a migration.
 */
static void climb(struct zone *zone, const struct zone_ask *ask, const ldns_pkt *packet)
{
	char *owner = zone_soa_owner(packet, ask->name);
	const char *next = owner != NULL && !str_equal(owner, ask->name) ? owner : zone_above(ask->name);
	if (next != NULL && strchr(next, '.') != NULL && !str_equal(next, ".") && zone->climbs++ < CLIMBS)
		ask_ns(zone, next);
	free(owner);
}

static void on_ns(struct zone_ask *ask, const struct dns_reply *reply)
{
	struct zone *zone = ask->zone;
	if (reply->packet == NULL) {
		zone->is_deaf = true;
		return;
	}
	if (zone->apex != NULL)
		return;
	struct names hosts = zone_ns_hosts(reply->packet, ask->name);
	if (reply->outcome == OUTCOME_OK && hosts.count > 0) {
		set_apex(zone, ask->name);
		zone_take_name_servers(zone, reply->packet);
	} else if (reply->outcome == OUTCOME_NXDOMAIN) {
		zone->is_absent = true;
	} else if (dns_is_answer(reply->outcome)) {
		climb(zone, ask, reply->packet);
	}
	names_clear(&hosts);
}

/* A label that nobody has published, so that whatever answers for it answers for everything. */
static void make_up(char label[ZONE_LABEL])
{
	snprintf(label, ZONE_LABEL, "cutover-%08x%04x", arc4random(), arc4random_uniform(0x10000));
}

static void ask_control(struct zone *zone)
{
	char *name = xasprintf("%s.%s", zone->control, zone->domain);
	zone_ask_each_resolver(zone, &(struct zone_question){name, LDNS_RR_TYPE_A, DNS_ONCE, "control", false, NULL});
	free(name);
}

/* Above the zone, a record of the organization, or of a public suffix, may speak for the domain (RFC 9989 4.10). */
static void ask_organization(struct zone *zone)
{
	const char *names[DMARC_WALK];
	size_t count = dmarc_walk(zone->domain, names);
	for (size_t i = 1; i < count; i++) {
		char *name = xasprintf("_dmarc.%s", names[i]);
		zone_ask_resolvers(zone, &(struct zone_question){name, LDNS_RR_TYPE_TXT, DNS_RD, "organization", false, NULL});
		free(name);
	}
}

static void zone_free(struct zone *zone)
{
	for (size_t i = 0; i < zone->name_server_count; i++)
		free(zone->name_servers[i].name);
	for (size_t i = 0; i < zone->server_count; i++)
		free(zone->servers[i].name);
	deadline_free(zone->late);
	names_clear(&zone->parent_hosts);
	names_clear(&zone->mx_hosts);
	names_clear(&zone->tlsa_hosts);
	free(zone->apex);
	free(zone->parent);
	free(zone);
}

void zone_settle(struct zone *zone)
{
	if (zone->is_stopping)
		return;
	bool is_at_loss = zone->leads == 0 && !zone->mx_is_known && !zone->is_deaf;
	if (is_at_loss && !zone->has_fallen_back) {
		zone->has_fallen_back = true;
		zone_ask_records(zone);
	}
	if (zone_waits(zone))
		return;
	struct job *job = zone->job;
	zone_tell_identities(zone);
	zone_follow_leads(zone);
	job->state = NULL;
	zone_free(zone);
	job_end(job);
}

void zone_start(struct job *job, bool has_records)
{
	struct zone *zone = xcalloc(1, sizeof *zone);
	zone->job = job;
	zone->domain = job->target->host;
	zone->has_records = has_records;
	job->state = zone;
	make_up(zone->control);
	make_up(zone->wildcard);
	ask_ns(zone, zone->domain);
	zone_ask_resolvers(zone, &(struct zone_question){zone->domain, LDNS_RR_TYPE_SOA, DNS_RD, "delegation", false, NULL});
	if (zone_above(zone->domain) != NULL)
		zone_parent_find(zone, zone_above(zone->domain));
	ask_control(zone);
	if (has_records) {
		ask_organization(zone);
		zone_ask_told_hosts(zone);
	}
	zone_settle(zone);
}

void zone_stop(struct job *job)
{
	struct zone *zone = job->state;
	if (zone == NULL)
		return;
	zone->is_stopping = true;
	while (zone->asks != NULL)
		zone_ask_cancel(zone->asks);
	zone->is_stopping = false;
	zone->has_fallen_back = true;
	zone_settle(zone);
}
