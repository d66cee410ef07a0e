/*
 * The endpoint test of one IMAP port, over one connection to each address: connect, TLS at once or by STARTTLS,
 * greeting, CAPABILITY, ID, LOGOUT. "port", "tls" and "imap" are observations of their own; a stage that was not
 * reached has none.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "io/tls_observe.h"
#include "probe/handshake.h"
#include "probe/knock.h"
#include "proto/imap_dialogue.h"

enum { PORT_IMAP = 143 };

struct imap_play {
	struct stage tls, imap;
	bool is_starttls;
	struct imap_dialogue dialogue;
	struct knock *knock;
	int64_t opened_ms; /* monotonic: when the channel stood in which the greeting is due */
	bool is_greeted;
	bool waits_for_tls; /* the knock was answered */
};

/*
 * The dialogue knew whether STARTTLS is offered and it did not come to a handshake: that is an observation of TLS, too.
 * `outcome` is how the connection ended.
 */
static void observe_failed_starttls(struct session *session, enum outcome outcome)
{
	struct imap_play *play = session->own;
	const struct starttls_facts *facts = &play->dialogue.starttls;
	bool is_injection = facts->is_early || (facts->extra != NULL && facts->extra->length > 0);
	if (!play->is_starttls || (!facts->is_asked && !is_injection) || (facts->is_accepted && !is_injection))
		return;
	handshake_observe(&play->tls, session, true);
	starttls_observe(play->tls.observation, facts);
	bool is_denied = !facts->is_offered || facts->reply != NULL;
	stage_end(&play->tls, session, is_injection ? OUTCOME_PROTOCOL : is_denied ? OUTCOME_DENIED : outcome);
}

/* The ramp comes behind the test, so that its connections are the only ones. One port of a host is enough: 993 unless 143 was named. */
static void lead_to_limit(struct job *job)
{
	if (job->options->connections == 0 || job->options->login != NULL)
		return;
	if (job->target->port == PORT_IMAP && job->options->policy->imap_port != PORT_IMAP)
		return;
	char *target = target_host_port(job->target->host, job->target->port);
	job_lead(job, "limit", target);
	free(target);
}

static void finish(struct session *session, enum outcome outcome)
{
	struct imap_play *play = session->own;
	knock_free(play->knock);
	play->knock = NULL;
	if (play->imap.observation != NULL && play->tls.observation == NULL && outcome == OUTCOME_TLS) {
		/* TLS 1.3 servers refuse a client after its handshake is done; for the dialogue that is a close. */
		tls_observe_failure(play->imap.observation, session->stream);
		outcome = OUTCOME_CLOSED;
	}
	if (play->tls.observation != NULL) {
		if (play->is_starttls)
			starttls_observe(play->tls.observation, &play->dialogue.starttls);
		handshake_explain(&play->tls, session, play->is_starttls);
		stage_end(&play->tls, session, outcome);
	} else if (play->imap.observation != NULL && play->dialogue.kind == IMAP_GREETED_OK && !play->dialogue.is_in_tls) {
		observe_failed_starttls(session, outcome);
	}
	if (play->imap.observation != NULL) {
		imap_dialogue_observe(play->imap.observation, &play->dialogue);
		if (play->waits_for_tls)
			observation_add_text(play->imap.observation, FACT_IMAP_OTHER_PROTOCOL, 0, "tls");
	}
	stage_end(&play->imap, session, outcome);
	if (outcome == OUTCOME_OK)
		lead_to_limit(session->job);
	session_end(session);
}

static void on_knock_opened(void *user)
{
	struct session *session = user;
	struct imap_play *play = session->own;
	play->waits_for_tls = true;
	finish(session, OUTCOME_PROTOCOL);
}

static void on_line(void *user, const char *line, size_t length)
{
	struct session *session = user;
	struct imap_play *play = session->own;
	stage_say(&play->imap, '<', line, length);
	if (!play->is_greeted)
		observation_add_int(play->imap.observation, FACT_IMAP_GREETING_MS, 0, clock_monotonic_ms() - play->opened_ms);
	play->is_greeted = true;
}

/* Sends what the dialogue wants sent, and does what it wants done. */
static void go_on(struct session *session, enum dialogue_want want)
{
	struct imap_play *play = session->own;
	struct buf *out = &play->dialogue.dialogue.out;
	if (out->length > 0) {
		stage_say(&play->imap, '>', out->bytes, out->length - 2);
		stream_write(session->stream, out->bytes, out->length);
		buf_reset(out);
		session_wait(session);
	}
	if (want == DIALOGUE_TLS)
		handshake_begin(&play->tls, session, true);
	else if (want != DIALOGUE_MORE)
		finish(session, play->dialogue.outcome);
}

static void begin_dialogue(struct session *session)
{
	struct imap_play *play = session->own;
	const struct imap_dialogue_setup setup = {
	    .wants_starttls = play->is_starttls, .is_in_tls = !play->is_starttls, .heard = on_line, .user = session};
	stage_begin(&play->imap, session, "imap");
	play->opened_ms = clock_monotonic_ms();
	go_on(session, imap_dialogue_begin(&play->dialogue, &setup));
}

static void on_connected(struct session *session)
{
	struct imap_play *play = session->own;
	session_observe_port(session);
	play->is_starttls = handshake_protocol(session->job) != STARTTLS_NONE;
	if (!play->is_starttls) {
		handshake_begin(&play->tls, session, false);
		return;
	}
	play->knock = knock_new(session->job->net, &session->peer, session->job->target->host, on_knock_opened, session);
	begin_dialogue(session);
}

static void on_secured(struct session *session)
{
	struct imap_play *play = session->own;
	if (play->is_starttls)
		starttls_observe(play->tls.observation, &play->dialogue.starttls);
	handshake_succeed(&play->tls, session);
	if (play->is_starttls)
		go_on(session, imap_dialogue_secured(&play->dialogue));
	else
		begin_dialogue(session);
}

static void on_received(struct session *session, const char *bytes, size_t length)
{
	struct imap_play *play = session->own;
	knock_free(play->knock);
	play->knock = NULL;
	go_on(session, imap_dialogue_feed(&play->dialogue, bytes, length));
}

static void on_ended(struct session *session, enum outcome outcome)
{
	if (!session_is_connected(session))
		session_observe_port(session);
	finish(session, outcome);
}

static void clear(struct session *session)
{
	struct imap_play *play = session->own;
	imap_dialogue_clear(&play->dialogue);
}

static const struct session_play imap_play = {
    .own_bytes = sizeof(struct imap_play),
    .connected = on_connected,
    .secured = on_secured,
    .received = on_received,
    .ended = on_ended,
    .clear = clear,
    .visited = handshake_visited,
};

static void start(struct job *job)
{
	visit_start(job, &imap_play);
}

const struct probe imap_probe = {
    .name = "imap",
    .about = "the whole test of an IMAP endpoint, as far as it goes without signing in",
    .start = start,
    .stop = visit_stop,
};
