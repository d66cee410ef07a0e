#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "io/dns_resolve.h"
#include "io/net.h"
#include "probe/zone_state.h"

void zone_observe(struct zone *zone, struct observation *o, const char *role, const char *purpose, const struct zone_server *server)
{
	const char *apex = server != NULL && server->is_parent ? zone->parent : zone->apex;
	observation_add_text(o, FACT_DNS_ROLE, 0, role);
	observation_add_text(o, FACT_DNS_PURPOSE, 0, purpose);
	if (server != NULL) {
		observation_add_text(o, FACT_DNS_SERVER, 0, server->name);
		observation_add_text(o, FACT_DNS_ZONE, 0, apex);
	}
	job_observe(zone->job, o);
}

static void observe(const struct zone_ask *ask, const struct dns_reply *reply)
{
	const struct zone *zone = ask->zone;
	if (zone_is_aside(ask))
		return;
	/* A server that cannot be asked from here is stated once, not once a question. */
	bool is_main = ask->asked.type == LDNS_RR_TYPE_SOA && strcmp(ask->asked.purpose, "records") == 0;
	if (reply->outcome == OUTCOME_SKIPPED && ask->server != NULL && !ask->server->is_parent && !is_main)
		return;
	struct dns_question question = {ask->name, ask->asked.type, &ask->address, ask->asked.flags};
	struct observation *o = dns_observe(zone->job->probe->name, zone->domain, &question, reply);
	zone_observe(ask->zone, o, ask->role, ask->asked.purpose, ask->server);
}

static void ask_free(struct zone_ask *ask)
{
	*ask->link = ask->next;
	if (ask->next != NULL)
		ask->next->link = ask->link;
	dns_query_cancel(ask->query);
	dns_resolve_cancel(ask->resolve);
	free(ask->name);
	free(ask);
}

static void ask_done(struct zone_ask *ask, const struct dns_reply *reply)
{
	struct zone *zone = ask->zone;
	observe(ask, reply);
	if (ask->asked.then != NULL)
		ask->asked.then(ask, reply);
	zone->leads -= ask->asked.is_lead;
	ask_free(ask);
	zone_settle(zone);
}

static void on_reply(void *user, const struct dns_reply *reply)
{
	struct zone_ask *ask = user;
	ask->query = NULL;
	ask_done(ask, reply);
}

static void resolve(struct zone_ask *ask);

/*
 * SERVFAIL may be a validator's word on a broken chain: what it withholds is asked for with CD, or nobody could say more on the domain.
 */
static void on_resolved(void *user, const struct dns_resolved *resolved)
{
	struct zone_ask *ask = user;
	ask->resolve = NULL;
	if (resolved->reply->outcome == OUTCOME_SERVFAIL && !(ask->asked.flags & DNS_CD)) {
		observe(ask, resolved->reply);
		ask->asked.flags |= DNS_CD;
		resolve(ask);
		return;
	}
	ask_done(ask, resolved->reply);
}

static struct zone_ask *ask_new(struct zone *zone, const struct zone_question *question, const struct endpoint *address)
{
	struct zone_ask *ask = xcalloc(1, sizeof *ask);
	ask->zone = zone;
	ask->name = xstrdup(question->name);
	ask->asked = *question;
	ask->asked.name = ask->name;
	ask->role = "resolver";
	ask->started_ms = clock_now_ms();
	if (address != NULL)
		ask->address = *address;
	struct zone_ask **link = &zone->asks;
	while (*link != NULL)
		link = &(*link)->next;
	ask->link = link;
	*link = ask;
	return ask;
}

static void resolve(struct zone_ask *ask)
{
	struct dns_question question = {ask->name, ask->asked.type, NULL, ask->asked.flags};
	ask->resolve = dns_resolve_start(ask->zone->job->net, &question, on_resolved, ask);
}

/* Sends it off; NULL when the name is none. */
static struct zone_ask *launch(struct zone_ask *ask)
{
	struct net *net = ask->zone->job->net;
	struct dns_question question = {ask->name, ask->asked.type, &ask->address, ask->asked.flags};
	if (ask->address.length > 0)
		ask->query = dns_ask(net, &question, on_reply, ask);
	else
		resolve(ask);
	if (ask->query == NULL && ask->resolve == NULL) {
		ask_free(ask);
		return NULL;
	}
	ask->zone->leads += ask->asked.is_lead;
	return ask;
}

struct zone_ask *zone_ask_resolvers(struct zone *zone, const struct zone_question *question)
{
	return launch(ask_new(zone, question, NULL));
}

void zone_ask_each_resolver(struct zone *zone, const struct zone_question *question)
{
	const struct net_config *config = zone->job->net->config;
	for (size_t i = 0; i < config->resolver_count && i < LIMIT_RESOLVERS; i++) {
		struct zone_ask *ask = ask_new(zone, question, &config->resolvers[i]);
		ask->asked.flags |= DNS_RD;
		launch(ask);
	}
}

void zone_ask_server(struct zone *zone, const struct zone_server *server, const struct zone_question *question)
{
	struct zone_ask *ask = ask_new(zone, question, &server->address);
	ask->server = server;
	ask->role = server->is_parent ? "parent" : "authoritative";
	launch(ask);
}

void zone_ask_cancel(struct zone_ask *ask)
{
	struct dns_reply reply = {
	    .outcome = OUTCOME_CANCELLED, .skip_reason = "cancelled", .server = ask->address, .started_ms = ask->started_ms};
	reply.elapsed_ms = clock_now_ms() - ask->started_ms;
	observe(ask, &reply);
	ask_free(ask);
}
