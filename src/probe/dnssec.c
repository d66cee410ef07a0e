/*
 * The chain of DNSSEC signatures of a name, from the trust anchor to its MX set, or for a name that begins with "_25._tcp." to its TLSA
 * set; or to the proof that there is none. All is asked of the resolvers at once, with DO and CD, so that what a validator would
 * withhold is seen. Behind an alias the chain of its target follows (RFC 7672 2.1.1: secure when all are). A lead of the `dns` probe.
 */
#include "proto/dnssec.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/probe.h"
#include "io/dns_resolve.h"
#include "io/net.h"
#include "model/embedded.h"
#include "proto/dns_facts.h"

enum { NAMES = LIMIT_CNAME_CHAIN + 1, ASKS = NAMES * (2 * DNSSEC_DEPTH + 1) };

struct dnssec_ask {
	struct dnssec_probe *probe;
	char *name; /* "." for the root */
	ldns_rr_type type;
	struct dns_resolve *resolve; /* NULL: answered */
	ldns_pkt *packet;            /* NULL: nobody answered */
};

struct dnssec_probe {
	struct job *job;
	struct dnssec_ask asks[ASKS];
	size_t count, pending;
	struct dnssec_chain *chains[NAMES]; /* of the name, and of what it is an alias of */
	size_t chain_count;
	int64_t started_ms, began_ms;
	char resolver[ENDPOINT_TEXT_BYTES]; /* that answered last */
};

static const ldns_pkt *answer(void *user, const char *name, ldns_rr_type type)
{
	const struct dnssec_probe *probe = user;
	for (size_t i = 0; i < probe->count; i++)
		if (probe->asks[i].type == type && str_equal(probe->asks[i].name, name))
			return probe->asks[i].packet;
	return NULL;
}

static void note_chain(struct observation *o, const struct dnssec_chain *chain)
{
	char type[DNS_TYPE_TEXT];
	uint32_t first = observation_rows(o, FACT_DNSSEC_NAME);
	for (size_t i = 0; i < chain->count; i++) {
		const struct dnssec_link *link = &chain->links[i];
		uint32_t row = first + (uint32_t)i;
		observation_add_text(o, FACT_DNSSEC_NAME, row, link->name);
		observation_add_text(o, FACT_DNSSEC_TYPE, row, dns_type_text(link->type, type));
		observation_add_text(o, FACT_DNSSEC_STATUS, row, dnssec_status_name(link->status));
		observation_add_text(o, FACT_DNSSEC_REASON, row, link->reason);
		observation_add_bool(o, FACT_DNSSEC_OWN, row, link->is_own);
		if (link->expires != 0) {
			observation_add_time(o, FACT_DNSSEC_BEGINS, row, link->begins);
			observation_add_time(o, FACT_DNSSEC_EXPIRES, row, link->expires);
		}
	}
}

static ldns_rr_type type_of(const char *name)
{
	return str_starts(name, "_25._tcp.") ? LDNS_RR_TYPE_TLSA : LDNS_RR_TYPE_MX;
}

static struct dnssec_chain *judge(struct dnssec_probe *probe, const char *name)
{
	const char *told = probe->job->net->config->trust_anchors;
	struct dnssec_chain *chain = xmalloc(sizeof *chain);
	ldns_rr_list *anchors = dnssec_anchors_read(told != NULL ? told : embedded_text("data/root-anchors.txt"), NULL);
	struct dnssec_question question = {
	    .domain = name,
	    .type = type_of(probe->job->target->host),
	    .anchors = anchors,
	    .is_told = told != NULL,
	    .now = probe->job->options->judge_at,
	    .answer = answer,
	    .user = probe,
	};
	if (anchors != NULL)
		dnssec_judge(&question, chain);
	else
		*chain = (struct dnssec_chain){.status = DNSSEC_UNKNOWN};
	ldns_rr_list_deep_free(anchors);
	return chain;
}

/* The last chain's word counts: all others are whole, or there would be no further one. */
static void note(const struct dnssec_probe *probe, struct observation *o)
{
	const struct dnssec_chain *last = probe->chains[probe->chain_count - 1];
	observation_add_text(o, FACT_DNSSEC_RESULT, 0, dnssec_status_name(last->status));
	if (last->is_signed_below)
		observation_add_bool(o, FACT_DNSSEC_SIGNED_BELOW, 0, true);
	for (size_t i = 0; i < probe->chain_count; i++)
		note_chain(o, probe->chains[i]);
}

static void dnssec_end(struct dnssec_probe *probe, enum outcome outcome)
{
	struct job *job = probe->job;
	const char *address = probe->resolver[0] != '\0' ? probe->resolver : NULL;
	struct observation *o = observation_new("dnssec", job->target->host, address, probe->started_ms);
	o->outcome = outcome;
	o->elapsed_ms = clock_monotonic_ms() - probe->began_ms;
	if (outcome == OUTCOME_OK)
		note(probe, o);
	else
		observation_add_text(o, FACT_SKIP_REASON, 0, "cancelled");
	job_observe(job, o);
	for (size_t i = 0; i < probe->count; i++) {
		dns_resolve_cancel(probe->asks[i].resolve);
		ldns_pkt_free(probe->asks[i].packet);
		free(probe->asks[i].name);
	}
	for (size_t i = 0; i < probe->chain_count; i++)
		free(probe->chains[i]);
	free(probe);
	job->state = NULL;
	job_end(job);
}

static void go_on(struct dnssec_probe *probe);

static void on_resolved(void *user, const struct dns_resolved *resolved)
{
	struct dnssec_ask *ask = user;
	struct dnssec_probe *probe = ask->probe;
	ask->resolve = NULL;
	if (dns_is_answer(resolved->reply->outcome)) {
		ask->packet = ldns_pkt_clone(resolved->reply->packet);
		endpoint_address(&resolved->reply->server, probe->resolver);
	}
	probe->pending--;
	go_on(probe);
}

static bool is_asked(const struct dnssec_probe *probe, const char *name, ldns_rr_type type)
{
	for (size_t i = 0; i < probe->count; i++)
		if (probe->asks[i].type == type && str_equal(probe->asks[i].name, name))
			return true;
	return false;
}

static void ask(struct dnssec_probe *probe, const char *name, ldns_rr_type type)
{
	name = *name != '\0' ? name : ".";
	if (probe->count == ASKS || is_asked(probe, name, type))
		return;
	struct dnssec_ask *one = &probe->asks[probe->count++];
	*one = (struct dnssec_ask){.probe = probe, .name = xstrdup(name), .type = type};
	struct dns_question question = {.name = one->name, .type = type, .flags = DNS_RD | DNS_DO | DNS_CD};
	one->resolve = dns_resolve_start(probe->job->net, &question, on_resolved, one);
	probe->pending += one->resolve != NULL;
}

static void ask_chain(struct dnssec_probe *probe, const char *name)
{
	const char *names[DNSSEC_DEPTH];
	size_t count = dnssec_names(name, names);
	for (size_t i = 0; i < count; i++) {
		ask(probe, names[i], LDNS_RR_TYPE_DNSKEY);
		if (i > 0)
			ask(probe, names[i], LDNS_RR_TYPE_DS);
	}
	ask(probe, name, type_of(probe->job->target->host));
}

/* All asked so far is answered: judges that, and goes on to what an alias stands for. */
static void go_on(struct dnssec_probe *probe)
{
	while (probe->pending == 0) {
		const char *name = probe->chain_count == 0 ? probe->job->target->host : probe->chains[probe->chain_count - 1]->alias;
		struct dnssec_chain *chain = probe->chains[probe->chain_count++] = judge(probe, name);
		if (chain->alias[0] == '\0' || probe->chain_count == NAMES) {
			dnssec_end(probe, OUTCOME_OK);
			return;
		}
		ask_chain(probe, chain->alias);
	}
}

static void dnssec_start(struct job *job)
{
	struct dnssec_probe *probe = xcalloc(1, sizeof *probe);
	job->state = probe;
	probe->job = job;
	probe->started_ms = clock_now_ms();
	probe->began_ms = clock_monotonic_ms();
	ask_chain(probe, job->target->host);
	go_on(probe);
}

static void dnssec_stop(struct job *job)
{
	if (job->state != NULL)
		dnssec_end(job->state, OUTCOME_CANCELLED);
}

const struct probe dnssec_probe = {
    .name = "dnssec",
    .about = "the chain of signatures from the trust anchor to the domain",
    .start = dnssec_start,
    .stop = dnssec_stop,
};
