/*
 * What a mail client finds for a domain: the rungs of Outlook's ladder, asked side by side, each by itself.
 *
 *   microsoft  https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml (the cloud's own)
 *   root       https://DOMAIN/autodiscover/autodiscover.xml
 *   host       https://autodiscover.DOMAIN/autodiscover/autodiscover.xml
 *   redirect   http://autodiscover.DOMAIN/autodiscover/autodiscover.xml, a GET that should lead to https
 *   srv        https://TARGET/autodiscover/autodiscover.xml of _autodiscover._tcp.DOMAIN on port 443
 *   json       https://outlook.office365.com/autodiscover/autodiscover.json (the cloud's own)
 *
 * As a lead of `dns` it takes the names from there and asks no cache for one that the zone denies; by itself it asks the resolvers.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/policy.h"
#include "cutover/probe.h"
#include "io/deadline.h"
#include "io/dns_resolve.h"
#include "io/net.h"
#include "model/microsoft.h"
#include "probe/autodiscover_step.h"
#include "proto/autodiscover.h"

enum { STEPS = 8, ASKS = 4, PATIENCE = 2, PORT_HTTPS = 443 };

static const char PATH[] = "/autodiscover/autodiscover.xml";

struct ladder;

struct rung_state {
	struct ladder *ladder;
	struct autodiscover_step *step; /* NULL: done */
};

struct name_ask {
	struct ladder *ladder;
	char *name;
	struct dns_question question;
	struct dns_resolve *resolve; /* NULL: answered */
};

struct ladder {
	struct job *job;
	const char *domain;
	char *mailbox, *request;
	struct rung_state rungs[STEPS];
	size_t rung_count, climbing;
	struct name_ask asks[ASKS];
	size_t ask_count, asking;
	struct deadline *deadline;
};

static void ladder_end(struct ladder *ladder)
{
	struct job *job = ladder->job;
	for (size_t i = 0; i < ladder->ask_count; i++) {
		dns_resolve_cancel(ladder->asks[i].resolve);
		free(ladder->asks[i].name);
	}
	deadline_free(ladder->deadline);
	free(ladder->mailbox);
	free(ladder->request);
	free(ladder);
	job->state = NULL;
	job_end(job);
}

static void end_when_idle(struct ladder *ladder)
{
	if (ladder->climbing == 0 && ladder->asking == 0)
		ladder_end(ladder);
}

static void on_step_done(void *user)
{
	struct rung_state *rung = user;
	rung->step = NULL;
	rung->ladder->climbing--;
	end_when_idle(rung->ladder);
}

static void climb(struct ladder *ladder, const char *name, const char *url, bool is_get, bool is_json)
{
	if (ladder->rung_count == STEPS)
		return;
	struct rung_state *rung = &ladder->rungs[ladder->rung_count++];
	struct autodiscover_rung what = {.name = name, .url = url, .request = ladder->request, .is_get = is_get, .is_json = is_json};
	rung->ladder = ladder;
	ladder->climbing++;
	rung->step = autodiscover_step_start(ladder->job, &what, on_step_done, rung);
}

static void climb_host(struct ladder *ladder, const char *name, const char *scheme, const char *host)
{
	char *url = xasprintf("%s://%s%s", scheme, host, PATH);
	climb(ladder, name, url, str_equal(scheme, "http"), false);
	free(url);
}

/* The mailbox in a path: what could end the path or begin a query is escaped. */
static char *escape_path(const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	char *escaped = xmalloc(strlen(text) * 3 + 1), *at = escaped;
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		if (isalnum(byte) || strchr(".-_@", byte) != NULL) {
			*at++ = (char)byte;
			continue;
		}
		*at++ = '%';
		*at++ = hex[byte >> 4];
		*at++ = hex[byte & 15];
	}
	*at = '\0';
	return escaped;
}

static void climb_microsoft(struct ladder *ladder)
{
	enum cloud cloud = ladder->job->options->policy->cloud;
	char *direct = microsoft_wanted(MICROSOFT_AUTODISCOVER_DIRECT, cloud, NULL);
	char *json = microsoft_wanted(MICROSOFT_AUTODISCOVER_JSON, cloud, NULL);
	char *mailbox = escape_path(ladder->mailbox);
	if (direct != NULL)
		climb_host(ladder, "microsoft", "https", direct);
	if (json != NULL) {
		char *url = xasprintf("https://%s/autodiscover/autodiscover.json/v1.0/%s?Protocol=AutodiscoverV1", json, mailbox);
		climb(ladder, "json", url, true, true);
		free(url);
	}
	free(mailbox);
	free(direct);
	free(json);
}

/* Of the targets on port 443 the one that a client takes first (RFC 2782); NULL: none. Borrowed. */
static const char *srv_target(const struct observation *o)
{
	const char *best = NULL;
	int64_t best_priority = 0, best_weight = 0;
	for (uint32_t row = 0; row < observation_rows(o, FACT_DNS_SRV_TARGET); row++) {
		const char *target = observation_text(o, FACT_DNS_SRV_TARGET, row);
		int64_t priority = observation_int_or(o, FACT_DNS_SRV_PRIORITY, row, 0);
		int64_t weight = observation_int_or(o, FACT_DNS_SRV_WEIGHT, row, 0);
		bool is_first = best == NULL || priority < best_priority || (priority == best_priority && weight > best_weight);
		if (target == NULL || str_equal(target, ".") || observation_int_or(o, FACT_DNS_SRV_PORT, row, 0) != PORT_HTTPS || !is_first)
			continue;
		best = target;
		best_priority = priority;
		best_weight = weight;
	}
	return best;
}

static void climb_srv(struct ladder *ladder, const struct observation *o)
{
	const char *target = o != NULL && o->outcome == OUTCOME_OK ? srv_target(o) : NULL;
	if (target != NULL)
		climb_host(ladder, "srv", "https", target);
	else
		autodiscover_step_skip(ladder->job, "srv");
}

static void on_name(void *user, const struct dns_resolved *resolved)
{
	struct name_ask *ask = user;
	struct ladder *ladder = ask->ladder;
	struct observation *o = dns_observe("autodiscover", ladder->domain, &ask->question, resolved->reply);
	observation_add_text(o, FACT_DNS_ROLE, 0, "resolver");
	observation_add_text(o, FACT_DNS_PURPOSE, 0, "records");
	ask->resolve = NULL;
	job_observe(ladder->job, o);
	if (ask->question.type == LDNS_RR_TYPE_SRV)
		climb_srv(ladder, o);
	ladder->asking--;
	end_when_idle(ladder);
}

static void ask_name(struct ladder *ladder, const char *prefix, ldns_rr_type type)
{
	struct name_ask *ask = &ladder->asks[ladder->ask_count++];
	ask->ladder = ladder;
	ask->name = xasprintf("%s.%s", prefix, ladder->domain);
	ask->question = (struct dns_question){.name = ask->name, .type = type, .flags = DNS_RD};
	ask->resolve = dns_resolve_start(ladder->job->net, &ask->question, on_name, ask);
	if (ask->resolve != NULL)
		ladder->asking++;
}

/* The zone's own answers, or those that stand for them: of one name, with records of that type or an alias. */
static const struct observation *find_answer(const struct ladder *ladder, const char *prefix, bool *was_asked)
{
	const struct evidence *seen = job_seen(ladder->job);
	const struct observation *found = NULL;
	char *name = xasprintf("%s.%s", prefix, ladder->domain);
	for (size_t i = 0; i < seen->count; i++) {
		const struct observation *o = seen->observations[i];
		if (!str_equal(observation_text(o, FACT_DNS_QUESTION, 0), name))
			continue;
		*was_asked = true;
		if (o->outcome == OUTCOME_OK && found == NULL)
			found = o;
	}
	free(name);
	return found;
}

static void on_late(void *user)
{
	struct ladder *ladder = user;
	for (size_t i = 0; i < ladder->rung_count; i++)
		autodiscover_step_end(ladder->rungs[i].step, false);
	ladder_end(ladder);
}

static void climb_names(struct ladder *ladder)
{
	bool was_asked = false;
	const struct observation *host = find_answer(ladder, "autodiscover", &was_asked);
	const struct observation *srv = find_answer(ladder, "_autodiscover._tcp", &was_asked);
	char *name = xasprintf("autodiscover.%s", ladder->domain);
	if (host != NULL || !was_asked) {
		climb_host(ladder, "host", "https", name);
		climb_host(ladder, "redirect", "http", name);
	} else {
		autodiscover_step_skip(ladder->job, "host");
		autodiscover_step_skip(ladder->job, "redirect");
	}
	free(name);
	if (was_asked) {
		climb_srv(ladder, srv);
		return;
	}
	ask_name(ladder, "autodiscover", LDNS_RR_TYPE_CNAME);
	ask_name(ladder, "autodiscover", LDNS_RR_TYPE_A);
	ask_name(ladder, "_autodiscover._tcp", LDNS_RR_TYPE_SRV);
}

static void autodiscover_start(struct job *job)
{
	struct ladder *ladder = xcalloc(1, sizeof *ladder);
	const char *told = job->options->mailbox;
	job->state = ladder;
	ladder->job = job;
	ladder->domain = job->target->host;
	/* Whether an address exists is nobody's business: only the operator's own is asked for, else a made-up one. */
	ladder->mailbox = told != NULL ? xstrdup(told) : xasprintf("cutover-%08x@%s", arc4random(), ladder->domain);
	ladder->request = autodiscover_request(ladder->mailbox);
	ladder->deadline = deadline_new(job->net->loop, job->net->config->connect_timeout_ms * PATIENCE, on_late, ladder);
	climb_microsoft(ladder);
	climb_host(ladder, "root", "https", ladder->domain);
	climb_names(ladder);
	end_when_idle(ladder);
}

static void autodiscover_stop(struct job *job)
{
	struct ladder *ladder = job->state;
	if (ladder == NULL)
		return;
	for (size_t i = 0; i < ladder->rung_count; i++)
		autodiscover_step_end(ladder->rungs[i].step, true);
	ladder_end(ladder);
}

const struct probe autodiscover_probe = {
    .name = "autodiscover",
    .about = "what a mail client finds for the domain, step by step",
    .start = autodiscover_start,
    .stop = autodiscover_stop,
};
