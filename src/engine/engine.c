#include "engine/engine.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "engine/interrupt.h"
#include "io/deadline.h"
#include "io/dns_client.h"
#include "io/loop.h"
#include "io/net.h"

/* What the engine keeps of one job; the probe sees only `job`. */
struct running {
	struct job job;
	struct engine *engine;
	struct migration *migration;
	struct ready ending;
	struct deadline *watchdog;
	int64_t started_ms; /* milliseconds since 1970 UTC */
	bool has_ended, was_stopped;
	struct running *next; /* in order of their start */
};

struct engine {
	struct net *net;
	int jobs;
	struct engine_listener listener;
	struct migration *first, **last;
	struct running *running;
	size_t running_count, done, total;
	uv_signal_t interrupts[INTERRUPTS], question;
	struct sigaction before[INTERRUPTS + 1]; /* what these signals did before the run */
	uv_timer_t ticker;
	struct ready leads; /* starts what a lead has added, on a later turn */
	bool is_interrupted, is_closed;
};

enum { TICK_MS = 200 };

struct engine *engine_new(struct net *net, int jobs, const struct engine_listener *listener)
{
	struct engine *engine = xcalloc(1, sizeof *engine);
	engine->net = net;
	engine->jobs = jobs;
	engine->listener = *listener;
	engine->last = &engine->first;
	return engine;
}

/* Puts a migration that has probes to start at the end of the queue. */
static void enqueue(struct engine *engine, struct migration *migration)
{
	if (migration->is_queued)
		return;
	migration->is_queued = true;
	migration->next = NULL;
	*engine->last = migration;
	engine->last = &migration->next;
}

void engine_take(struct engine *engine, struct migration *migration)
{
	enqueue(engine, migration);
	migration->pending = migration->plan_count;
	engine->total += migration->plan_count;
}

static struct migration *dequeue(struct engine *engine)
{
	struct migration *migration = engine->first;
	engine->first = migration->next;
	if (engine->first == NULL)
		engine->last = &engine->first;
	migration->is_queued = false;
	return migration;
}

void engine_free(struct engine *engine)
{
	while (engine != NULL && engine->first != NULL)
		migration_free(dequeue(engine)); /* taken, but never run */
	free(engine);
}

static int heeded_signal(size_t i)
{
	return i < INTERRUPTS ? interrupt_signal(i) : SIGUSR1;
}

/* libuv would leave them at their default: for a moment they would kill whoever has handlers of his own between two runs. */
static void give_signals_back(struct engine *engine)
{
	sigset_t heeded, mask;
	sigemptyset(&heeded);
	for (size_t i = 0; i <= INTERRUPTS; i++)
		if (heeded_signal(i) != 0)
			sigaddset(&heeded, heeded_signal(i));
	pthread_sigmask(SIG_BLOCK, &heeded, &mask);
	for (size_t i = 0; i < INTERRUPTS; i++)
		uv_close((uv_handle_t *)&engine->interrupts[i], NULL);
	uv_close((uv_handle_t *)&engine->question, NULL);
	for (size_t i = 0; i <= INTERRUPTS; i++)
		if (heeded_signal(i) != 0)
			sigaction(heeded_signal(i), &engine->before[i], NULL);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

/* The network is given back once nothing runs, so that the loop can run dry. */
static void close_when_idle(struct engine *engine)
{
	if (engine->running != NULL || engine->first != NULL || engine->is_closed)
		return;
	engine->is_closed = true;
	ready_cancel(&engine->leads);
	give_signals_back(engine);
	uv_close((uv_handle_t *)&engine->ticker, NULL);
	net_close(engine->net);
}

static void migration_ended(struct engine *engine, struct migration *migration)
{
	migration->is_interrupted = migration->is_interrupted || engine->is_interrupted;
	engine->listener.migration_done(engine->listener.user, migration);
}

static void start_more(struct engine *engine);

static void on_leads(void *user)
{
	start_more(user);
}

static void on_ended(void *user)
{
	struct running *running = user;
	struct engine *engine = running->engine;
	struct migration *migration = running->migration;
	struct running **at = &engine->running;
	while (*at != running)
		at = &(*at)->next;
	*at = running->next;
	engine->running_count--;
	engine->done++;
	deadline_free(running->watchdog);
	free(running);
	if (--migration->pending == 0 && !migration->is_queued)
		migration_ended(engine, migration);
	start_more(engine);
	close_when_idle(engine);
}

void job_end(struct job *job)
{
	struct running *running = job->engine;
	running->has_ended = true;
	ready_queue(&running->ending, running->engine->net->loop, on_ended, running);
}

void job_observe(struct job *job, struct observation *observation)
{
	struct running *running = job->engine;
	const struct engine_listener *listener = &running->engine->listener;
	evidence_take(&running->migration->evidence, observation);
	if (listener->observed != NULL)
		listener->observed(listener->user, running->migration, observation);
}

const struct evidence *job_seen(const struct job *job)
{
	const struct running *running = job->engine;
	return &running->migration->evidence;
}

void job_lead(struct job *job, const char *probe, const char *target)
{
	struct running *running = job->engine;
	struct migration *migration = running->migration;
	const struct probe *found = probe_find(probe);
	struct target parsed = {0};
	assert(found != NULL && !running->has_ended);
	if (migration->plan_count >= LIMIT_PLAN || running->engine->is_interrupted || target_parse(target, &parsed, NULL) != 0)
		return;
	if (!migration_plan(migration, found, &parsed))
		return;
	migration->pending++;
	running->engine->total++;
	enqueue(running->engine, migration);
	ready_queue(&running->engine->leads, running->engine->net->loop, on_leads, running->engine);
}

static void stop(struct running *running)
{
	if (running->has_ended || running->was_stopped)
		return;
	running->was_stopped = true;
	running->job.probe->stop(&running->job);
}

/* A probe's own deadlines end it long before; this one is for a defect of ours. */
static void on_watchdog(void *user)
{
	stop(user);
}

static void start_one(struct engine *engine, struct migration *migration, const struct planned_probe *planned)
{
	struct running *running = xcalloc(1, sizeof *running);
	running->engine = engine;
	running->migration = migration;
	running->started_ms = clock_now_ms();
	running->job = (struct job){
	    .probe = planned->probe,
	    .target = &planned->target,
	    .options = &migration->job_options,
	    .net = engine->net,
	    .engine = running,
	};
	if (!planned->probe->is_long)
		running->watchdog = deadline_new(engine->net->loop, LIMIT_JOB_MS, on_watchdog, running);
	struct running **at = &engine->running;
	while (*at != NULL)
		at = &(*at)->next;
	*at = running;
	engine->running_count++;
	if (migration->started_ms == 0)
		migration->started_ms = running->started_ms;
	planned->probe->start(&running->job);
}

/* Not tried: said as such, so that nobody reads silence as "fine". */
static void cancel_one(struct migration *migration, const struct planned_probe *planned)
{
	char *label = planned->target.port != 0 ? target_host_port(planned->target.host, planned->target.port) : xstrdup(planned->target.host);
	struct observation *o = observation_new(planned->probe->name, label, NULL, clock_now_ms());
	o->outcome = OUTCOME_CANCELLED;
	observation_add_text(o, FACT_SKIP_REASON, 0, "cancelled");
	evidence_take(&migration->evidence, o);
	free(label);
	migration->pending--;
}

static void start_more(struct engine *engine)
{
	while (engine->first != NULL) {
		struct migration *migration = engine->first;
		if (migration->next_probe == migration->plan_count) {
			dequeue(engine);
			if (migration->pending == 0)
				migration_ended(engine, migration); /* nothing was planned, or all of it was cancelled */
		} else if (engine->is_interrupted) {
			cancel_one(migration, migration->plan[migration->next_probe++]);
			engine->done++;
		} else if (engine->running_count < (size_t)engine->jobs) {
			start_one(engine, migration, migration->plan[migration->next_probe++]);
		} else {
			return;
		}
	}
}

static void on_interrupt(uv_signal_t *handle, int signum)
{
	struct engine *engine = handle->data;
	(void)signum;
	for (size_t i = 0; i < INTERRUPTS; i++)
		uv_signal_stop(&engine->interrupts[i]); /* the next one kills, as users expect */
	engine->is_interrupted = true;
	for (struct running *running = engine->running; running != NULL; running = running->next) {
		running->migration->is_interrupted = true;
		stop(running);
	}
	start_more(engine);
	close_when_idle(engine);
}

static struct engine_state state_of(const struct engine *engine)
{
	struct engine_state state = {.jobs_done = engine->done, .jobs_total = engine->total, .jobs_running = engine->running_count};
	if (engine->running != NULL) {
		state.oldest = engine->running->job.target->label;
		state.probe = engine->running->job.probe->name;
	}
	return state;
}

static void on_tick(uv_timer_t *handle)
{
	const struct engine *engine = handle->data;
	struct engine_state state = state_of(engine);
	engine->listener.progress(engine->listener.user, &state);
}

static void on_question(uv_signal_t *handle, int signum)
{
	const struct engine *engine = handle->data;
	struct engine_state state = state_of(engine);
	(void)signum;
	if (engine->listener.asked != NULL)
		engine->listener.asked(engine->listener.user, &state);
}

static void heed_signals(struct engine *engine, uv_loop_t *uv)
{
	for (size_t i = 0; i <= INTERRUPTS; i++)
		if (heeded_signal(i) != 0)
			sigaction(heeded_signal(i), NULL, &engine->before[i]);
	for (size_t i = 0; i < INTERRUPTS; i++) {
		uv_signal_init(uv, &engine->interrupts[i]);
		engine->interrupts[i].data = engine;
		if (interrupt_signal(i) != 0)
			uv_signal_start(&engine->interrupts[i], on_interrupt, interrupt_signal(i));
	}
	uv_signal_init(uv, &engine->question);
	engine->question.data = engine;
	uv_signal_start(&engine->question, on_question, SIGUSR1);
}

bool engine_run(struct engine *engine)
{
	uv_loop_t *uv = loop_uv(engine->net->loop);
	heed_signals(engine, uv);
	uv_timer_init(uv, &engine->ticker);
	engine->ticker.data = engine;
	if (engine->listener.progress != NULL)
		uv_timer_start(&engine->ticker, on_tick, TICK_MS, TICK_MS);
	start_more(engine);
	close_when_idle(engine);
	loop_run(engine->net->loop);
	return engine->is_interrupted;
}
