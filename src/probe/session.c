#include "probe/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/lookup.h"
#include "io/loop.h"
#include "io/net.h"

/* A job's addresses. */
struct visit {
	struct job *job;
	const struct session_play *play;
	struct lookup *lookup; /* NULL once it was answered */
	char *target;
	struct session *sessions;
	size_t count, open;
	struct ready ending;
};

static void on_all_ended(void *user)
{
	struct visit *visit = user;
	struct job *job = visit->job;
	if (visit->play->visited != NULL)
		visit->play->visited(job);
	for (size_t i = 0; i < visit->count; i++) {
		if (visit->play->clear != NULL)
			visit->play->clear(&visit->sessions[i]);
		free(visit->sessions[i].own);
	}
	free(visit->sessions);
	free(visit->target);
	free(visit);
	job->state = NULL;
	job_end(job);
}

/* On a later turn, since whoever ended the last session is still on the stack. */
static void end_if_idle(struct visit *visit)
{
	if (visit->open == 0 && visit->lookup == NULL)
		ready_queue(&visit->ending, visit->job->net->loop, on_all_ended, visit);
}

static void on_connected(void *user)
{
	struct session *session = user;
	const struct net_config *config = session->job->net->config;
	session->budget_ends_ms = clock_monotonic_ms() + LIMIT_SESSION_WAITS * config->connect_timeout_ms;
	session->visit->play->connected(session);
}

static void on_secured(void *user)
{
	struct session *session = user;
	session->visit->play->secured(session);
}

static void on_received(void *user, const char *bytes, size_t length)
{
	struct session *session = user;
	session->visit->play->received(session, bytes, length);
}

static void on_ended(void *user, enum outcome outcome)
{
	struct session *session = user;
	session->visit->play->ended(session, outcome);
}

static const struct stream_listener listener = {on_connected, on_secured, on_received, on_ended};

static void session_begin(struct session *session, struct visit *visit, const struct endpoint *address)
{
	session->job = visit->job;
	session->visit = visit;
	session->target = visit->target;
	session->peer = *address;
	endpoint_set_port(&session->peer, visit->job->target->port);
	endpoint_address(address, session->address);
	session->own = xcalloc(1, visit->play->own_bytes);
	session->stream = stream_open(visit->job->net, &session->peer, &listener, session);
}

static void on_looked_up(void *user, const struct lookup_result *result, struct observation *observation)
{
	struct visit *visit = user;
	visit->lookup = NULL;
	job_observe(visit->job, observation);
	visit->sessions = xcalloc(result->count > 0 ? result->count : 1, sizeof *visit->sessions);
	visit->count = visit->open = result->count;
	for (size_t i = 0; i < result->count; i++)
		session_begin(&visit->sessions[i], visit, &result->addresses[i]);
	end_if_idle(visit);
}

void visit_start(struct job *job, const struct session_play *play)
{
	struct visit *visit = xcalloc(1, sizeof *visit);
	visit->job = job;
	visit->play = play;
	visit->target = target_host_port(job->target->host, job->target->port);
	job->state = visit;
	visit->lookup = lookup_start(job->net, job->target->host, job->target->host, on_looked_up, visit);
}

void visit_stop(struct job *job)
{
	struct visit *visit = job->state;
	if (visit == NULL)
		return;
	if (visit->lookup != NULL) {
		lookup_cancel(visit->lookup);
		visit->lookup = NULL;
		struct observation *observation = observation_new("host", job->target->host, NULL, clock_now_ms());
		observation->outcome = OUTCOME_CANCELLED;
		observation_add_text(observation, FACT_SKIP_REASON, 0, "cancelled");
		job_observe(job, observation);
	}
	for (size_t i = 0; i < visit->count; i++)
		if (!visit->sessions[i].has_ended)
			visit->play->ended(&visit->sessions[i], OUTCOME_CANCELLED);
	end_if_idle(visit);
}

void session_end(struct session *session)
{
	if (session->has_ended)
		return;
	session->has_ended = true;
	stream_close(session->stream);
	session->stream = NULL;
	session->visit->open--;
	end_if_idle(session->visit);
}

void session_wait(struct session *session)
{
	int64_t wait_ms = session->job->net->config->connect_timeout_ms;
	int64_t left_ms = session->budget_ends_ms - clock_monotonic_ms();
	stream_wait(session->stream, left_ms < wait_ms ? left_ms : wait_ms);
}

void stage_begin(struct stage *stage, const struct session *session, const char *probe)
{
	stage->observation = observation_new(probe, session->target, session->address, clock_now_ms());
	stage->started_ms = clock_monotonic_ms();
}

void stage_say(struct stage *stage, char direction, const char *line, size_t length)
{
	if (stage->observation != NULL)
		observation_say(stage->observation, clock_monotonic_ms() - stage->started_ms, direction, line, length);
}

void stage_end(struct stage *stage, const struct session *session, enum outcome outcome)
{
	struct observation *observation = stage->observation;
	if (observation == NULL)
		return;
	stage->observation = NULL;
	observation->outcome = outcome;
	observation->elapsed_ms = clock_monotonic_ms() - stage->started_ms;
	if (outcome == OUTCOME_CANCELLED)
		observation_add_text(observation, FACT_SKIP_REASON, 0, "cancelled");
	job_observe(session->job, observation);
}

/* What Windows' telnet prints, as Microsoft's troubleshooter quotes it; of a good connection it prints nothing. */
static void add_telnet(struct observation *observation, const struct session *session)
{
	const struct target *target = session->job->target;
	char *words = xasprintf("Connecting To %s...Could not open connection to the host, on port %d: Connect failed",
	                        target->host, (int)target->port);
	observation_add_text(observation, FACT_PORT_TELNET, 0, words);
	free(words);
}

bool session_is_connected(const struct session *session)
{
	return stream_dial(session->stream)->outcome == OUTCOME_OK;
}

void stage_begin_port(struct stage *stage, const struct session *session)
{
	const struct dial_result *dialled = stream_dial(session->stream);
	stage->observation = observation_new("port", session->target, session->address, dialled->started_ms);
	stage->started_ms = clock_monotonic_ms() - dialled->elapsed_ms;
	dial_observe(dialled, stage->observation);
	bool was_tried = dialled->outcome != OUTCOME_SKIPPED && dialled->outcome != OUTCOME_CANCELLED;
	if (dialled->outcome != OUTCOME_OK && was_tried)
		add_telnet(stage->observation, session);
}

void session_observe_port(const struct session *session)
{
	struct stage stage;
	stage_begin_port(&stage, session);
	stage_end(&stage, session, stage.observation->outcome);
}
