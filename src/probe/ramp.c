#include "probe/ramp.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/deadline.h"
#include "io/loop.h"
#include "io/net.h"

enum rung_state { RUNG_OPENING, RUNG_HELD, RUNG_OVER };

/* One connection of the ramp. */
struct rung {
	struct ramp *ramp;
	struct imap_link link;
	enum rung_state state;
};

struct ramp {
	struct ramp_setup setup;
	struct rung *rungs[LIMIT_CONNECTIONS];
	int begun, held, most_held, refused, dropped;
	bool is_closing, is_cancelled;
	enum outcome how;
	char *words;
	struct deadline *pause; /* to the next rung, or to the end of the hold */
	struct ready ending;
	struct observation *observation;
	int64_t began_ms;
};

static void observe(struct ramp *ramp)
{
	struct observation *o = ramp->observation;
	bool was_stopped = ramp->refused + ramp->dropped > 0;
	o->elapsed_ms = clock_monotonic_ms() - ramp->began_ms;
	o->outcome = ramp->is_cancelled ? OUTCOME_CANCELLED : was_stopped ? ramp->how : OUTCOME_OK;
	observation_add_text(o, FACT_LIMIT_SCOPE, 0, ramp->setup.sign_in != NULL ? "user" : "address");
	observation_add_int(o, FACT_LIMIT_ASKED, 0, ramp->setup.wanted);
	observation_add_int(o, FACT_LIMIT_TRIED, 0, ramp->begun);
	observation_add_int(o, FACT_LIMIT_HELD, 0, ramp->most_held);
	observation_add_int(o, FACT_LIMIT_REFUSED, 0, ramp->refused);
	observation_add_int(o, FACT_LIMIT_DROPPED, 0, ramp->dropped);
	if (was_stopped)
		observation_add_text(o, FACT_LIMIT_HOW, 0, outcome_name(ramp->how));
	if (ramp->words != NULL)
		observation_add_bytes(o, FACT_LIMIT_WORDS, 0, ramp->words, strlen(ramp->words));
	if (ramp->is_cancelled)
		observation_add_text(o, FACT_SKIP_REASON, 0, "cancelled");
}

static void on_over(void *user)
{
	struct ramp *ramp = user;
	struct observation *observation = ramp->observation;
	void (*done)(void *user, struct observation *observation) = ramp->setup.done;
	void *owner = ramp->setup.user;
	for (int i = 0; i < ramp->begun; i++) {
		imap_link_clear(&ramp->rungs[i]->link);
		free(ramp->rungs[i]);
	}
	deadline_free(ramp->pause);
	free(ramp->words);
	free(ramp);
	done(owner, observation);
}

/* All are closed in order; what they still say is not waited for here. */
static void close_all(struct ramp *ramp)
{
	if (ramp->is_closing)
		return;
	ramp->is_closing = true;
	observe(ramp);
	for (int i = 0; i < ramp->begun; i++)
		imap_link_close(&ramp->rungs[i]->link);
	ready_queue(&ramp->ending, ramp->setup.link.net->loop, on_over, ramp);
}

static void begin_rung(struct ramp *ramp);

static void on_pause_over(void *user)
{
	struct ramp *ramp = user;
	if (ramp->begun < ramp->setup.wanted)
		begin_rung(ramp);
	else
		close_all(ramp);
}

static void pause_for(struct ramp *ramp, int64_t milliseconds)
{
	if (ramp->pause == NULL)
		ramp->pause = deadline_new(ramp->setup.link.net->loop, milliseconds, on_pause_over, ramp);
	else
		deadline_again(ramp->pause, milliseconds);
}

/* After a connection has found its place, or none. */
static void go_on(struct ramp *ramp)
{
	bool may_go_on = ramp->refused + ramp->dropped == 0 || ramp->setup.keeps_going;
	if (!may_go_on)
		close_all(ramp);
	else
		pause_for(ramp, ramp->begun < ramp->setup.wanted ? LIMIT_RAMP_MS : LIMIT_HOLD_MS);
}

static void keep_words(struct ramp *ramp, enum outcome outcome, const char *words, size_t length)
{
	if (ramp->refused + ramp->dropped > 0)
		return; /* the first counts */
	ramp->how = outcome;
	if (words != NULL)
		ramp->words = xstrndup(words, length);
}

static void hold(struct rung *rung)
{
	struct ramp *ramp = rung->ramp;
	rung->state = RUNG_HELD;
	if (++ramp->held > ramp->most_held)
		ramp->most_held = ramp->held;
	imap_link_wait(&rung->link, LIMIT_JOB_MS);
	go_on(ramp);
}

static void on_ready(void *user)
{
	struct rung *rung = user;
	struct ramp *ramp = rung->ramp;
	if (ramp->setup.sign_in != NULL)
		ramp->setup.sign_in(ramp->setup.user, &rung->link);
	else
		hold(rung);
}

static void on_answered(void *user, enum imap_status status, const char *line, size_t length)
{
	struct rung *rung = user;
	struct ramp *ramp = rung->ramp;
	if (rung->state != RUNG_OPENING || ramp->is_closing)
		return;
	if (status == IMAP_OK) {
		hold(rung);
		return;
	}
	rung->state = RUNG_OVER;
	imap_link_close(&rung->link);
	keep_words(ramp, OUTCOME_LIMITED, line, length);
	ramp->refused++;
	go_on(ramp);
}

/* A greeting of BYE, or a BYE later, are the server's words; the first bytes of a refusal may be all that it says. */
static const char *words_of(const struct imap_link *link)
{
	if (link->bye != NULL)
		return link->bye;
	return link->dialogue.kind == IMAP_GREETED_BYE ? link->dialogue.greeting : NULL;
}

static void on_ended(void *user, enum outcome outcome)
{
	struct rung *rung = user;
	struct ramp *ramp = rung->ramp;
	const char *words = words_of(&rung->link);
	enum rung_state was = rung->state;
	if (was == RUNG_OVER || ramp->is_closing)
		return;
	rung->state = RUNG_OVER;
	keep_words(ramp, words != NULL ? OUTCOME_LIMITED : outcome, words, words != NULL ? strlen(words) : 0);
	if (was == RUNG_HELD) {
		ramp->held--;
		ramp->dropped++;
	} else {
		ramp->refused++;
	}
	if (was == RUNG_OPENING || !ramp->setup.keeps_going)
		go_on(ramp);
}

static void on_said(void *user, char direction, const char *line, size_t length)
{
	struct rung *rung = user;
	struct ramp *ramp = rung->ramp;
	if (!ramp->is_closing)
		observation_say(ramp->observation, clock_monotonic_ms() - ramp->began_ms, direction, line, length);
}

static const struct imap_link_listener listener = {
    .ready = on_ready, .answered = on_answered, .ended = on_ended, .said = on_said};

static void begin_rung(struct ramp *ramp)
{
	struct rung *rung = xcalloc(1, sizeof *rung);
	struct imap_link_setup setup = ramp->setup.link;
	setup.listener = &listener;
	setup.user = rung;
	rung->ramp = ramp;
	ramp->rungs[ramp->begun++] = rung;
	imap_link_open(&rung->link, &setup);
}

struct ramp *ramp_start(const struct ramp_setup *setup)
{
	char address[ENDPOINT_TEXT_BYTES];
	struct ramp *ramp = xcalloc(1, sizeof *ramp);
	ramp->setup = *setup;
	ramp->how = OUTCOME_OK;
	ramp->began_ms = clock_monotonic_ms();
	ramp->observation = observation_new("limit", setup->target, endpoint_address(&setup->link.peer, address), clock_now_ms());
	pause_for(ramp, LIMIT_SETTLE_MS);
	return ramp;
}

void ramp_stop(struct ramp *ramp)
{
	if (ramp == NULL || ramp->is_closing)
		return;
	ramp->is_cancelled = true;
	close_all(ramp);
}
