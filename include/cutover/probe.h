#ifndef CUTOVER_PROBE_H
#define CUTOVER_PROBE_H
/*
 * A probe observes: it turns a target into observations, and judges nothing. It asks io/ for transports and never calls
 * socket, SSL_new or getaddrinfo itself. One file under src/probe, one row in probes.def.
 *
 * A job is one probe on one target, now. Life of a job, told by the engine:
 *   start(job)   once; the probe keeps its own state in job->state. It may end at once.
 *   job_observe  any number of times
 *   job_end      once, when nothing more will come and no callback of the probe is pending; the engine frees the job
 *                on the next turn of its ready list, never inside the caller.
 *   stop(job)    at most once, when the user interrupts: the probe closes what it holds, observes what is known with
 *                OUTCOME_CANCELLED for the rest, and calls job_end soon (closing may take a turn). Never after job_end.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cutover/evidence.h"
#include "cutover/observation.h"
#include "cutover/target.h"

struct job;
struct cache_options; /* io/resolver_list.h */
struct net; /* io/net.h: loop, resolvers, TLS, pace */

struct probe {
	const char *name; /* "imap": also the name of its observations, unless it says otherwise */
	const char *about;
	void (*start)(struct job *job);
	void (*stop)(struct job *job);
	bool is_long; /* a long list of things, each with deadlines of its own: LIMIT_JOB_MS does not hold */
};

/* How a connection becomes safe; the words of New-MigrationEndpoint -Security. */
enum security {
	SECURITY_SSL,  /* TLS from the first byte */
	SECURITY_TLS,  /* STARTTLS */
	SECURITY_NONE, /* clear text */
};

struct login_plan; /* probe/login_plan.h */

/* What a job may be told, beside its target. */
struct job_options {
	int64_t judge_at;  /* certificates are verified as of then: seconds since 1970 */
	int64_t cutover;   /* and as of then and 72 h later, or TIME_UNKNOWN */
	const char *protocol; /* tls: "imap", "smtp", "pop3", or NULL: by the port */
	bool fetches;         /* tls, imap: the certificate that a chain lacks, from its AIA address */
	bool is_deep;         /* tls: each version and each documented suite by itself */
	int connections;      /* limit: how many to open; 0: none. Of 143 only when that port was named */
	bool keeps_going;     /* limit: behind the first refusal */
	struct login_plan *login; /* login: the rows; borrowed for the run */
	const char *mailbox;  /* autodiscover: the operator's own address, or NULL */
	const struct cache_options *caches; /* which caches are looked at, and how; NULL: the resolvers of the run; borrowed */
	const struct policy *policy; /* phase, cloud, what is expected; borrowed for the run */
};

struct job {
	const struct probe *probe;
	const struct target *target;       /* borrowed, outlives the job */
	const struct job_options *options; /* borrowed */
	struct net *net;                   /* borrowed */
	void *state;                       /* the probe's own; it frees it before job_end */
	void *engine;                      /* the engine's own */
};

/* Takes the observation into the evidence of the job's migration. */
void job_observe(struct job *job, struct observation *observation);
void job_end(struct job *job);

/*
 * Leads: what one probe found out is worth another probe's look (an SPF record, an MX host). The probe is planned for the same
 * migration, once for each target; beyond LIMIT_PLAN leads are dropped. A probe may read what was seen so far.
 */
void job_lead(struct job *job, const char *probe, const char *target);
const struct evidence *job_seen(const struct job *job);

/* The probe of that name, or NULL. */
const struct probe *probe_find(const char *name);

#endif
