/*
 * The handshake and the certificates of a port, after STARTTLS where the port begins in clear text. Nothing is said
 * inside TLS: a certificate must be seen even if what is behind it is broken. --deep goes on with narrower handshakes.
 */
#include "probe/handshake.h"
#include "probe/knock.h"
#include "probe/offers.h"

struct tls_play {
	struct stage tls;
	enum starttls_protocol protocol; /* STARTTLS_NONE: TLS from the first byte */
	struct starttls starttls;
	struct knock *knock;
	struct offers *offers; /* --deep, behind the ordinary handshake */
	bool waits_for_tls; /* the knock was answered */
};

/* The conversation is over, the connection as well. */
static void finish(struct session *session, enum outcome outcome)
{
	struct tls_play *play = session->own;
	knock_free(play->knock);
	play->knock = NULL;
	if (play->tls.observation != NULL && play->protocol != STARTTLS_NONE)
		starttls_observe_dialogue(play->tls.observation, &play->starttls);
	if (play->waits_for_tls)
		observation_add_text(play->tls.observation, FACT_IMAP_OTHER_PROTOCOL, 0, "tls");
	stage_end(&play->tls, session, outcome);
	session_end(session);
}

static void on_knock_opened(void *user)
{
	struct session *session = user;
	struct tls_play *play = session->own;
	play->waits_for_tls = true;
	finish(session, OUTCOME_PROTOCOL);
}

static void on_line(void *user, const char *line, size_t length)
{
	struct session *session = user;
	struct tls_play *play = session->own;
	stage_say(&play->tls, '<', line, length);
}

/* Sends what the conversation wants sent, and does what it wants done. */
static void go_on(struct session *session, enum dialogue_want want)
{
	struct tls_play *play = session->own;
	struct buf *out = &play->starttls.dialogue.out;
	if (out->length > 0) {
		stage_say(&play->tls, '>', out->bytes, out->length - 2);
		stream_write(session->stream, out->bytes, out->length);
		buf_reset(out);
		session_wait(session);
	}
	if (want == DIALOGUE_TLS)
		handshake_begin(&play->tls, session, true);
	else if (want != DIALOGUE_MORE)
		finish(session, play->starttls.outcome);
}

static void on_connected(struct session *session)
{
	struct tls_play *play = session->own;
	session_observe_port(session);
	play->protocol = handshake_protocol(session->job);
	if (play->protocol == STARTTLS_NONE) {
		handshake_begin(&play->tls, session, false);
		return;
	}
	handshake_observe(&play->tls, session, true);
	play->knock = knock_new(session->job->net, &session->peer, session->job->target->host, on_knock_opened, session);
	go_on(session, starttls_begin(&play->starttls, play->protocol, on_line, session));
}

static void on_received(struct session *session, const char *bytes, size_t length)
{
	struct tls_play *play = session->own;
	knock_free(play->knock);
	play->knock = NULL;
	if (play->tls.observation != NULL)
		go_on(session, starttls_feed(&play->starttls, bytes, length));
}

/* All were tried, or no more can be: what is known of the ordinary handshake is known. */
static void on_offers_done(struct session *session)
{
	struct tls_play *play = session->own;
	offers_free(play->offers);
	play->offers = NULL;
	stage_end(&play->tls, session, OUTCOME_OK);
	session_end(session);
}

static void on_secured(struct session *session)
{
	struct tls_play *play = session->own;
	if (play->protocol != STARTTLS_NONE)
		starttls_observe_dialogue(play->tls.observation, &play->starttls);
	handshake_describe(&play->tls, session);
	if (!session->job->options->is_deep) {
		stage_end(&play->tls, session, OUTCOME_OK);
		session_end(session);
		return;
	}
	play->offers = offers_new(session, &play->tls, play->protocol, on_offers_done);
	stream_close(session->stream);
	session->stream = NULL;
}

static void on_ended(struct session *session, enum outcome outcome)
{
	struct tls_play *play = session->own;
	if (play->offers != NULL) {
		offers_interrupt(play->offers);
		return;
	}
	if (!session_is_connected(session))
		session_observe_port(session);
	else if (play->tls.observation != NULL && stream_tls(session->stream)->ssl != NULL)
		handshake_explain(&play->tls, session, play->protocol != STARTTLS_NONE);
	finish(session, outcome);
}

static void clear(struct session *session)
{
	struct tls_play *play = session->own;
	starttls_clear(&play->starttls);
}

static const struct session_play tls_play = {
    .own_bytes = sizeof(struct tls_play),
    .connected = on_connected,
    .secured = on_secured,
    .received = on_received,
    .ended = on_ended,
    .clear = clear,
    .visited = handshake_visited,
};

static void start(struct job *job)
{
	visit_start(job, &tls_play);
}

const struct probe tls_probe = {
    .name = "tls",
    .about = "the TLS handshake and the certificates, after STARTTLS where the port begins in clear text",
    .start = start,
    .stop = visit_stop,
};
