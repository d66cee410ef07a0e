#include "bench.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cutover/limits.h"
#include "cutover/policy.h"
#include "io/deadline.h"
#include "io/loop.h"
#include "io/net.h"
#include "patience.h"

static struct bench *running;
static struct deadline *stopping;

void job_observe(struct job *job, struct observation *observation)
{
	(void)job;
	ck_assert(!running->has_ended);
	evidence_take(&running->evidence, observation);
}

void job_end(struct job *job)
{
	ck_assert(!running->has_ended);
	ck_assert_ptr_null(job->state);
	running->has_ended = true;
}

const struct evidence *job_seen(const struct job *job)
{
	(void)job;
	return &running->evidence;
}

void job_lead(struct job *job, const char *probe, const char *target)
{
	(void)job;
	snprintf(running->lead, sizeof running->lead, "%s %s", probe, target);
}

static void on_stop(void *user)
{
	struct job *job = user;
	if (!running->has_ended)
		job->probe->stop(job);
}

/* Between what the program does on a turn and its look at the sockets. */
static void on_prepare(uv_prepare_t *lag)
{
	(void)lag;
	usleep((useconds_t)running->lag_ms * 1000);
}

void bench_init(struct bench *bench, struct peer *peer)
{
	*bench = (struct bench){.peer = peer, .address = "127.0.0.1", .timeout_ms = AMPLE_MS, .judge_at = PKI_NOW, .cutover = TIME_UNKNOWN};
	bench->port = peer != NULL ? peer_port(peer) : 0;
	evidence_init(&bench->evidence);
}

void bench_run(struct bench *bench, const char *probe)
{
	char host[] = "imap.lab.test";
	struct endpoint resolver;
	char policy_host[] = "mta-sts.imap.lab.test", authority[] = "pki.lab.test";
	struct connect_override overrides[] = {{.host = host}, {.host = policy_host}, {.host = authority}};
	struct policy policy;
	struct target target = {.label = host, .host = host, .port = bench->port};
	struct job_options options = {.judge_at = bench->judge_at, .cutover = bench->cutover, .protocol = bench->protocol, .is_deep = bench->is_deep,
	                              .fetches = bench->fetches, .policy = &policy,
	                              .connections = bench->connections, .keeps_going = bench->keeps_going,
	                              .login = bench->login};
	struct error error = {{0}};
	ck_assert(endpoint_from_text(&resolver, "127.0.0.1", 9));
	ck_assert(endpoint_from_text(&overrides[0].address, bench->address, 0));
	overrides[1].address = overrides[2].address = overrides[0].address;
	policy_init(&policy);
	const struct net_config config = {
	    .resolvers = &resolver, .resolver_count = 1, .overrides = overrides, .override_count = 3, .https_port = bench->port, .ca_file = bench->ca_file,
	    .connect_timeout_ms = bench->timeout_ms, .dns_timeout_ms = 100, .dns_tries = 1, .dns_port = 53, .rate = 1000, .per_host = 10 + bench->connections};
	struct net *net = net_new(&config, &error);
	ck_assert_msg(net != NULL, "%s", error.text);
	struct job job = {.probe = probe_find(probe), .target = &target, .options = &options, .net = net};
	ck_assert_ptr_nonnull(job.probe);
	running = bench;
	bench->has_ended = false;
	stopping = bench->stop_after_ms > 0 ? deadline_new(net->loop, bench->stop_after_ms, on_stop, &job) : NULL;
	uv_prepare_t lag;
	uv_prepare_init(loop_uv(net->loop), &lag);
	uv_unref((uv_handle_t *)&lag);
	if (bench->lag_ms > 0)
		uv_prepare_start(&lag, on_prepare);
	int64_t started = clock_monotonic_ms();
	job.probe->start(&job);
	loop_run(net->loop);
	uv_close((uv_handle_t *)&lag, NULL);
	bench->elapsed_ms = clock_monotonic_ms() - started;
	deadline_free(stopping);
	net_free(net);
	policy_clear(&policy);
	ck_assert(bench->has_ended);
}

void bench_clear(struct bench *bench)
{
	evidence_clear(&bench->evidence);
}

const struct observation *bench_seen(const struct bench *bench, const char *probe, int nth)
{
	size_t at = evidence_next(&bench->evidence, 0, probe);
	while (nth-- > 0 && at < bench->evidence.count)
		at = evidence_next(&bench->evidence, at + 1, probe);
	return at < bench->evidence.count ? bench->evidence.observations[at] : NULL;
}

const char *bench_outcome(const struct observation *observation)
{
	return observation != NULL ? outcome_name(observation->outcome) : "(none)";
}

char *bench_transcript(const struct observation *observation)
{
	struct buf text;
	buf_init(&text, LIMIT_REPLY_BYTES);
	for (size_t i = 0; i < observation->line_count; i++)
		buf_printf(&text, "%c %s\n", observation->lines[i].direction, observation->lines[i].text);
	return buf_steal(&text);
}
