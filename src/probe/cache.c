/*
 * What caches hold of the MX set: each resolver of a list is asked at once, without recursion, so that asking fills no cache, and
 * several times, since several caches may stand behind one address. Two control questions tell a resolver that is out of
 * reach (the root's NS set) or that cannot resolve or makes up the domain (a made-up name below it) from one that has an answer.
 *
 * The job begins only when the zone's servers have said that the set exists (a lead of `dns` and `ttl`): a question with
 * recursion before that would leave "there is none" in the cache. One observation a resolver.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/policy.h"
#include "cutover/probe.h"
#include "io/dns_burst.h"
#include "io/loop.h"
#include "io/net.h"
#include "io/resolver_list.h"
#include "probe/cache_visit.h"

/* Resolvers under way, and those that are begun in one turn: answers are read in between, so that none is dropped. */
enum { WINDOW = 2048, TURN = 16, LABEL_BYTES = 24 };

/* Longer lists are asked for the MX set alone. */
enum { NAMES_RESOLVERS = 1000 };

struct caches {
	struct job *job;
	struct dns_burst *burst;
	struct cache_options own; /* the run's resolvers, where no list is given */
	struct cache_question question;
	char *control, *autodiscover;
	struct names hosts; /* of the MX set */
	size_t next; /* of the list */
	struct cache_visit *visits;
	size_t under_way;
	struct ready turn, ending;
};

static const struct cache_options *options_of(const struct caches *caches)
{
	return caches->question.options;
}

static void on_ending(void *user)
{
	struct caches *caches = user;
	struct job *job = caches->job;
	dns_burst_free(caches->burst);
	resolver_list_clear(&caches->own);
	free(caches->control);
	free(caches->autodiscover);
	names_clear(&caches->hosts);
	ready_cancel(&caches->turn);
	job->state = NULL;
	free(caches);
	job_end(job);
}

static void settle(struct caches *caches)
{
	if (caches->under_way == 0 && caches->next >= options_of(caches)->count)
		ready_queue(&caches->ending, caches->job->net->loop, on_ending, caches);
}

static void begin_some(void *user);

static void on_seen(struct cache_visit *visit, struct observation *observation)
{
	struct caches *caches = cache_visit_user(visit);
	job_observe(caches->job, observation);
	cache_visit_free(visit);
	caches->under_way--;
	if (caches->next < options_of(caches)->count)
		ready_queue(&caches->turn, caches->job->net->loop, begin_some, caches);
	settle(caches);
}

static void begin_some(void *user)
{
	struct caches *caches = user;
	const struct cache_options *options = options_of(caches);
	for (int i = 0; i < TURN && caches->under_way < WINDOW && caches->next < options->count; i++) {
		caches->under_way++;
		cache_visit_begin(&caches->visits, &caches->question, &options->resolvers[caches->next++], caches);
	}
	if (caches->under_way < WINDOW && caches->next < options->count)
		ready_queue(&caches->turn, caches->job->net->loop, begin_some, caches);
	settle(caches);
}

/* Without a list: the resolvers of the run, one sample each. */
static const struct cache_options *own_options(struct caches *caches)
{
	const struct net_config *config = caches->job->net->config;
	for (size_t i = 0; i < config->resolver_count && i < LIMIT_RESOLVERS; i++)
		resolver_list_add(&caches->own, &config->resolvers[i], NULL, NULL);
	caches->own.samples = 1;
	return &caches->own;
}

/* Whether a server of the zone has denied the set: then a question with recursion may fetch that denial. */
static bool is_denied(const struct job *job)
{
	const struct evidence *seen = job_seen(job);
	for (size_t i = 0; i < seen->count; i++) {
		const struct observation *o = seen->observations[i];
		bool is_negative = o->outcome == OUTCOME_NODATA || o->outcome == OUTCOME_NXDOMAIN;
		if (is_negative && str_equal(observation_text(o, FACT_DNS_ROLE, 0), "authoritative") &&
		    str_equal(observation_text(o, FACT_DNS_TYPE, 0), "MX") && str_equal(o->target, job->target->host))
			return true;
	}
	return false;
}

static void take_hosts(struct caches *caches)
{
	const struct evidence *seen = job_seen(caches->job);
	for (size_t i = 0; i < seen->count; i++) {
		const struct observation *o = seen->observations[i];
		if (!observation_flag(o, FACT_DNS_AA, 0) || !str_equal_nocase(observation_text(o, FACT_DNS_QUESTION, 0), caches->question.domain))
			continue;
		for (uint32_t row = 0; row < observation_rows(o, FACT_DNS_MX_HOST); row++) {
			const char *host = observation_text(o, FACT_DNS_MX_HOST, row);
			if (host != NULL && !str_equal(host, ".") && !names_has(&caches->hosts, host) && caches->hosts.count < LIMIT_CACHE_NAMES)
				names_add(&caches->hosts, host);
		}
	}
}

/* What hangs on the MX set: the SPF record, autodiscover (an alias answers for its addresses, too), the MX hosts. And who it is. */
static void take_names(struct caches *caches)
{
	struct cache_question *question = &caches->question;
	take_hosts(caches);
	if (caches->hosts.count == 0 || question->options->count > NAMES_RESOLVERS)
		return; /* `watch` looks again at the set alone */
	question->is_introduced = true;
	caches->autodiscover = xasprintf("autodiscover.%s", question->domain);
	question->names[question->name_count++] = (struct cache_name){question->domain, LDNS_RR_TYPE_TXT};
	question->names[question->name_count++] = (struct cache_name){caches->autodiscover, LDNS_RR_TYPE_A};
	for (size_t i = 0; i < caches->hosts.count && question->name_count < LIMIT_CACHE_NAMES; i++)
		question->names[question->name_count++] = (struct cache_name){caches->hosts.items[i], LDNS_RR_TYPE_A};
}

static void start(struct job *job)
{
	struct caches *caches = xcalloc(1, sizeof *caches);
	caches->job = job;
	job->state = caches;
	caches->burst = dns_burst_new(job->net);
	caches->control = xasprintf("cutover-%08x%04x.%s", arc4random(), arc4random_uniform(0x10000), job->target->host);
	caches->question = (struct cache_question){
	    .loop = job->net->loop,
	    .burst = caches->burst,
	    .domain = job->target->host,
	    .control = caches->control,
	    .options = job->options->caches != NULL ? job->options->caches : own_options(caches),
	    .may_recurse = !is_denied(job),
	    .seen = on_seen,
	};
	take_names(caches);
	begin_some(caches);
}

static void stop(struct job *job)
{
	struct caches *caches = job->state;
	if (caches == NULL)
		return;
	caches->next = options_of(caches)->count;
	ready_cancel(&caches->turn);
	while (caches->visits != NULL)
		cache_visit_cancel(caches->visits);
	settle(caches);
}

const struct probe cache_probe = {
    .name = "cache",
    .about = "what resolvers hold of the MX set",
    .start = start,
    .stop = stop,
};
