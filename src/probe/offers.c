#include "probe/offers.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/policy.h"
#include "io/deadline.h"
#include "io/net.h"
#include "io/tls_observe.h"
#include "proto/tls_suite.h"

static const char *const versions[] = {"TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"};
enum { VERSIONS = sizeof versions / sizeof versions[0], REMARK_BYTES = 160 };

struct offers {
	struct session *session;
	struct stage *stage;
	enum starttls_protocol protocol;
	struct starttls starttls;
	struct names suites; /* of TLS 1.2 */
	size_t next;         /* a version, then a suite, then all without a name */
	struct tls_offer offer;
	bool is_nameless;
	struct stream *stream; /* NULL between two handshakes */
	struct deadline *pause;
	int64_t ends_ms; /* monotonic */
	void (*done)(struct session *session);
};

/* Whether a handshake has agreed to that version, or to that suite of it; NULL: to any. */
static bool was_accepted(const struct offers *offers, const char *version, const char *suite)
{
	const struct observation *o = offers->stage->observation;
	for (uint32_t row = 0; row < observation_rows(o, FACT_TLS_OFFER_VERSION); row++)
		if (observation_flag(o, FACT_TLS_OFFER_ACCEPTED, row) && str_equal(observation_text(o, FACT_TLS_OFFER_VERSION, row), version) &&
		    (suite == NULL || str_equal(observation_text(o, FACT_TLS_OFFER_ANSWER, row), suite)))
			return true;
	return false;
}

/* Chooses what is offered next; false when nothing is left that is not known. */
static bool choose(struct offers *offers)
{
	const size_t last = VERSIONS + offers->suites.count;
	for (size_t at = offers->next++; at < last; at = offers->next++) {
		bool is_suite = at >= VERSIONS;
		offers->offer.version = is_suite ? "TLSv1.2" : versions[at];
		offers->offer.suite = is_suite ? offers->suites.items[at - VERSIONS] : NULL;
		bool can_be = !is_suite || was_accepted(offers, "TLSv1.2", NULL);
		if (can_be && !was_accepted(offers, offers->offer.version, offers->offer.suite))
			return true;
	}
	offers->offer = (struct tls_offer){0};
	offers->is_nameless = offers->next == last + 1;
	return offers->is_nameless;
}

static void stop(struct offers *offers, const char *why)
{
	observation_add_text(offers->stage->observation, FACT_TLS_OFFERS_STOPPED, 0, why);
	offers->done(offers->session);
}

void offers_interrupt(struct offers *offers)
{
	stop(offers, "cancelled");
}

static void wait(struct offers *offers)
{
	int64_t wait_ms = offers->session->job->net->config->connect_timeout_ms, left_ms = offers->ends_ms - clock_monotonic_ms();
	stream_wait(offers->stream, left_ms < wait_ms ? left_ms : wait_ms);
}

static void remark(struct offers *offers, const char *answer)
{
	char text[REMARK_BYTES];
	const char *what = offers->is_nameless ? "all, without a server name" : offers->offer.version, *suite = offers->offer.suite;
	int length = snprintf(text, sizeof text, "offered %s%s%s: %s", what, suite != NULL ? " with " : "", suite != NULL ? suite : "", answer);
	stage_say(offers->stage, '*', text, length < REMARK_BYTES ? (size_t)length : REMARK_BYTES - 1);
}

/* This handshake is over: a row of its own, then a pause. */
static void end_one(struct offers *offers, enum outcome outcome)
{
	struct observation *o = offers->stage->observation;
	if (offers->is_nameless) {
		tls_observe_nameless(o, offers->stream, outcome);
		remark(offers, observation_text(o, FACT_TLS_NO_SNI, 0));
	} else {
		tls_observe_offer(o, offers->stream, &offers->offer, outcome);
		const char *answer = observation_text(o, FACT_TLS_OFFER_ANSWER, observation_rows(o, FACT_TLS_OFFER_VERSION) - 1);
		remark(offers, answer != NULL ? answer : "-");
	}
	stream_close(offers->stream);
	offers->stream = NULL;
	starttls_clear(&offers->starttls);
	deadline_again(offers->pause, LIMIT_OFFER_PAUSE_MS);
}

static void begin_tls(struct offers *offers)
{
	stream_narrow(offers->stream, &offers->offer);
	stream_start_tls(offers->stream, offers->is_nameless ? NULL : offers->session->job->target->host);
	wait(offers);
}

/* The same conversation as before the ordinary handshake. */
static void go_on(struct offers *offers, enum dialogue_want want)
{
	struct buf *out = &offers->starttls.dialogue.out;
	if (out->length > 0) {
		stream_write(offers->stream, out->bytes, out->length);
		buf_reset(out);
		wait(offers);
	}
	if (want == DIALOGUE_TLS)
		begin_tls(offers);
	else if (want != DIALOGUE_MORE)
		stop(offers, outcome_name(offers->starttls.outcome));
}

static void on_line(void *user, const char *line, size_t length)
{
	(void)user;
	(void)line;
	(void)length;
}

static void on_connected(void *user)
{
	struct offers *offers = user;
	if (offers->protocol == STARTTLS_NONE)
		begin_tls(offers);
	else
		go_on(offers, starttls_begin(&offers->starttls, offers->protocol, on_line, offers));
}

static void on_received(void *user, const char *bytes, size_t length)
{
	struct offers *offers = user;
	go_on(offers, starttls_feed(&offers->starttls, bytes, length));
}

static void on_secured(void *user)
{
	end_one(user, OUTCOME_OK);
}

static void on_ended(void *user, enum outcome outcome)
{
	struct offers *offers = user;
	bool is_silent = outcome == OUTCOME_CLOSED || outcome == OUTCOME_RESET || outcome == OUTCOME_PROTOCOL;
	if (stream_tls(offers->stream)->ssl != NULL && (outcome == OUTCOME_TLS || (is_silent && !offers->is_nameless)))
		end_one(offers, outcome);
	else
		stop(offers, outcome_name(outcome));
}

static void on_pause_over(void *user)
{
	static const struct stream_listener listener = {on_connected, on_secured, on_received, on_ended};
	struct offers *offers = user;
	if (!choose(offers))
		offers->done(offers->session);
	else if (clock_monotonic_ms() >= offers->ends_ms)
		stop(offers, "deadline");
	else
		offers->stream = stream_open(offers->session->job->net, &offers->session->peer, &listener, offers);
}

struct offers *offers_new(struct session *session, struct stage *stage, enum starttls_protocol protocol,
                          void (*done)(struct session *session))
{
	struct offers *offers = xcalloc(1, sizeof *offers);
	offers->session = session;
	offers->stage = stage;
	offers->protocol = protocol;
	offers->done = done;
	offers->ends_ms = clock_monotonic_ms() + LIMIT_OFFERS_MS;
	tls_suites_of("TLSv1.2", &offers->suites);
	tls_observe_offer(stage->observation, session->stream, &(struct tls_offer){0}, OUTCOME_OK);
	offers->pause = deadline_new(session->job->net->loop, LIMIT_OFFER_PAUSE_MS, on_pause_over, offers);
	return offers;
}

void offers_free(struct offers *offers)
{
	if (offers == NULL)
		return;
	deadline_free(offers->pause);
	stream_close(offers->stream);
	starttls_clear(&offers->starttls);
	names_clear(&offers->suites);
	free(offers);
}
