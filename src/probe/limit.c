/*
 * How many connections the server holds from this address: the ramp, on the first of the host's addresses. Nobody signs in, so a
 * limit for one user shows only in the login probe.
 */
#include <stdlib.h>

#include "base/xalloc.h"
#include "io/lookup.h"
#include "io/net.h"
#include "probe/handshake.h"
#include "probe/ramp.h"

struct limit {
	struct job *job;
	struct lookup *lookup;
	struct ramp *ramp;
	char *target;
};

static void end(struct limit *limit)
{
	struct job *job = limit->job;
	free(limit->target);
	free(limit);
	job->state = NULL;
	job_end(job);
}

static void on_done(void *user, struct observation *observation)
{
	struct limit *limit = user;
	job_observe(limit->job, observation);
	end(limit);
}

/* The host's observation is the imap probe's to make. */
static void on_looked_up(void *user, const struct lookup_result *result, struct observation *observation)
{
	struct limit *limit = user;
	struct job *job = limit->job;
	limit->lookup = NULL;
	observation_free(observation);
	if (result->count == 0) {
		end(limit);
		return;
	}
	struct ramp_setup setup = {
	    .link = {.net = job->net, .peer = result->addresses[0], .host = job->target->host, .judge_at = job->options->judge_at},
	    .target = limit->target,
	    .wanted = job->options->connections,
	    .keeps_going = job->options->keeps_going,
	    .done = on_done,
	    .user = limit,
	};
	endpoint_set_port(&setup.link.peer, job->target->port);
	setup.link.security = handshake_protocol(job) == STARTTLS_NONE ? SECURITY_SSL : SECURITY_TLS;
	limit->ramp = ramp_start(&setup);
}

static void start(struct job *job)
{
	struct limit *limit = xcalloc(1, sizeof *limit);
	limit->job = job;
	limit->target = target_host_port(job->target->host, job->target->port);
	job->state = limit;
	limit->lookup = lookup_start(job->net, job->target->host, job->target->host, on_looked_up, limit);
}

static void stop(struct job *job)
{
	struct limit *limit = job->state;
	if (limit == NULL)
		return;
	if (limit->lookup == NULL) {
		ramp_stop(limit->ramp);
		return;
	}
	lookup_cancel(limit->lookup);
	end(limit);
}

const struct probe limit_probe = {
    .name = "limit",
    .about = "how many connections the server holds at once",
    .start = start,
    .stop = stop,
};
