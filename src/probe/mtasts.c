/*
 * The MTA-STS policy of a domain (RFC 8461 3.3): one GET, no redirect followed, 64 KiB at most. A lead of the `dns` probe: it runs
 * only where the zone serves a record.
 */
#include "model/mtasts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/probe.h"
#include "probe/web.h"

struct mtasts_probe {
	struct job *job;
	struct web *web;
	char *url;
	int64_t started_ms;
};

static void mtasts_end(struct mtasts_probe *probe)
{
	struct job *job = probe->job;
	free(probe->url);
	free(probe);
	job->state = NULL;
	job_end(job);
}

static void note_policy(struct observation *o, const struct http_reply *reply)
{
	struct mtasts_policy policy;
	mtasts_policy_parse(reply->body, reply->body_length, &policy);
	observation_add_text(o, FACT_MTASTS_MODE, 0, mtasts_mode_name(policy.mode));
	observation_add_int(o, FACT_MTASTS_MAX_AGE_S, 0, policy.max_age_s);
	if (policy.fault[0] != '\0')
		observation_add_bytes(o, FACT_MTASTS_FAULT, 0, policy.fault, strlen(policy.fault));
	for (size_t i = 0; i < policy.pattern_count; i++)
		observation_add_bytes(o, FACT_MTASTS_MX, (uint32_t)i, policy.patterns[i], strlen(policy.patterns[i]));
	mtasts_policy_clear(&policy);
}

static void on_done(void *user, const struct http_reply *reply, struct observation *o, bool is_last)
{
	struct mtasts_probe *probe = user;
	if (reply != NULL && reply->outcome == OUTCOME_OK && reply->status == 200)
		note_policy(o, reply);
	job_observe(probe->job, o);
	if (!is_last)
		return;
	probe->web = NULL;
	mtasts_end(probe);
}

static void mtasts_start(struct job *job)
{
	struct mtasts_probe *probe = xcalloc(1, sizeof *probe);
	job->state = probe;
	probe->job = job;
	probe->started_ms = clock_now_ms();
	probe->url = xasprintf("https://mta-sts.%s/.well-known/mta-sts.txt", job->target->host);
	probe->web = web_start(job, &(struct web_request){.url = probe->url, .body_ceiling = MTASTS_POLICY_BYTES}, on_done, probe);
}

static void mtasts_stop(struct job *job)
{
	struct mtasts_probe *probe = job->state;
	if (probe == NULL)
		return;
	struct observation *o = observation_new("mtasts", job->target->host, NULL, probe->started_ms);
	o->outcome = OUTCOME_CANCELLED;
	observation_add_text(o, FACT_HTTP_URL, 0, probe->url);
	observation_add_text(o, FACT_SKIP_REASON, 0, "cancelled");
	job_observe(job, o);
	web_cancel(probe->web);
	mtasts_end(probe);
}

const struct probe mtasts_probe = {
    .name = "mtasts",
    .about = "the MTA-STS policy that senders fetch",
    .start = mtasts_start,
    .stop = mtasts_stop,
};
