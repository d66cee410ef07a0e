#ifndef PROBE_ZONE_STATE_H
#define PROBE_ZONE_STATE_H
/* What the files of the zone's state machine share (zone.h). */
#include <ldns/ldns.h>
#include <stdbool.h>
#include <stddef.h>

#include "cutover/limits.h"
#include "cutover/policy.h"
#include "cutover/probe.h"
#include "io/dns_client.h"
#include "io/endpoint.h"

struct zone_ask;

/* An address of a server of the zone, or of its parent. */
struct zone_server {
	char *name; /* the NS record's */
	struct endpoint address;
	bool is_parent;
	int client_names;   /* how many of the names of mail clients it has answered for */
	bool has_client_name;
	bool has_nsid;
	struct observation *identity; /* its answer to id.server, until all has been heard */
};

/* The name of an authoritative server, while its addresses are looked up. */
struct zone_name_server {
	struct zone *zone;
	char *name;
	int pending;        /* of its two questions */
	size_t found;       /* addresses */
	enum outcome worst; /* of the two answers, the less certain one */
};

enum { ZONE_LABEL = 24 };

struct zone {
	struct job *job;
	bool has_records;
	const char *domain; /* the job's */
	char *apex;         /* the zone that holds the domain; NULL: not found yet */
	char *parent;       /* the name whose NS set is looked for as the parent's */
	struct names parent_hosts; /* the parent's servers that are looked up */
	int climbs;         /* how often we went up to a higher name, for the zone and its parent */
	char control[ZONE_LABEL], wildcard[ZONE_LABEL]; /* made-up labels */
	struct zone_ask *asks;
	int leads; /* asks that may yet bring an authoritative answer on the MX set */
	struct zone_name_server name_servers[LIMIT_NAME_SERVERS];
	size_t name_server_count;
	struct zone_server servers[LIMIT_SERVER_ADDRESSES];
	size_t server_count;
	struct names mx_hosts;
	struct names tlsa_hosts; /* whose TLSA records were asked for */
	bool is_absent;      /* the domain does not exist */
	bool is_deaf;        /* no resolver answers */
	bool mx_is_known;    /* an authoritative server has spoken on the MX set */
	bool has_fallen_back, is_stopping;
	struct deadline *late; /* of questions aside, once all others are answered */
};

/* A question: one row of a plan. */
struct zone_question {
	const char *name;
	ldns_rr_type type;
	unsigned flags;
	const char *purpose; /* as in facts.def */
	bool is_lead;
	void (*then)(struct zone_ask *ask, const struct dns_reply *reply); /* may be NULL */
};

/* A question under way. */
struct zone_ask {
	struct zone *zone;
	struct zone_ask *next, **link;
	char *name;
	struct zone_question asked; /* its name is `name` */
	struct endpoint address;    /* none: whichever resolver answers first */
	const char *role;
	const struct zone_server *server;     /* NULL: a resolver */
	struct zone_name_server *name_server; /* for the addresses of one */
	int64_t started_ms;
	struct dns_query *query;
	struct dns_resolve *resolve;
};

/* zone_ask.c: each gives an observation, then calls `then`. A name that DNS cannot carry is not asked: NULL. */
struct zone_ask *zone_ask_resolvers(struct zone *zone, const struct zone_question *question); /* the first that answers */
void zone_ask_each_resolver(struct zone *zone, const struct zone_question *question);
void zone_ask_server(struct zone *zone, const struct zone_server *server, const struct zone_question *question);
void zone_ask_cancel(struct zone_ask *ask); /* observed as cancelled */
/* Adds the facts of where an observation belongs and hands it to the job. */
void zone_observe(struct zone *zone, struct observation *o, const char *role, const char *purpose, const struct zone_server *server);

/* zone.c: after each step: falls back, or ends the job, when nothing is under way that forbids it. May free the zone. */
void zone_settle(struct zone *zone);

/* zone_parent.c */
void zone_parent_find(struct zone *zone, const char *name);
void zone_parent_apex_known(struct zone *zone);

/* zone_servers.c */
void zone_take_name_servers(struct zone *zone, const ldns_pkt *packet);
void zone_ask_records(struct zone *zone); /* of the resolvers */

/* zone_identity.c */
void zone_take_nsid(struct zone_ask *ask, const struct dns_reply *reply);
void zone_ask_identity(struct zone *zone, const struct zone_server *server);
void zone_tell_identities(struct zone *zone);
bool zone_is_aside(const struct zone_ask *ask); /* nothing waits for the answer, and no observation says how it ended */
bool zone_waits(struct zone *zone); /* whether a question is under way that should be waited for, yet */

/* zone_hosts.c */
void zone_take_mx(struct zone *zone, const ldns_pkt *packet);
void zone_ask_told_hosts(struct zone *zone);
void zone_ask_targets(struct zone *zone, const struct zone_server *server, const char *host);

/* Reading answers: the owner of the SOA that stands for `name`, at or above it; the hosts of its NS set. Allocated; NULL, 0: none. */
char *zone_soa_owner(const ldns_pkt *packet, const char *name);
struct names zone_ns_hosts(const ldns_pkt *packet, const char *owner);
/* The name without its first label, "." at the end; NULL for the root. Borrows. */
const char *zone_above(const char *name);

/* zone_leads.c: what the zone serves and other probes should look at: as soon as it is known, and what is left at the end. */
void zone_lead_client(struct zone_ask *ask, const struct dns_reply *reply);
void zone_lead_mtasts(struct zone_ask *ask, const struct dns_reply *reply);
void zone_lead_dane(struct zone_ask *ask, const struct dns_reply *reply);
void zone_follow_leads(struct zone *zone);

#endif
