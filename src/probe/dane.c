/*
 * The certificate that an MX host presents on port 25 after STARTTLS. A lead of the `dns` probe, for hosts that have TLSA records
 * (RFC 7672); others are not connected to.
 */
#include "io/certificate.h"
#include "probe/handshake.h"

struct dane_play {
	struct stage tls;
	struct starttls starttls;
};

static void finish(struct session *session, enum outcome outcome)
{
	struct dane_play *play = session->own;
	if (play->tls.observation != NULL)
		starttls_observe_dialogue(play->tls.observation, &play->starttls);
	stage_end(&play->tls, session, outcome);
	session_end(session);
}

static void on_line(void *user, const char *line, size_t length)
{
	struct session *session = user;
	struct dane_play *play = session->own;
	stage_say(&play->tls, '<', line, length);
}

static void go_on(struct session *session, enum dialogue_want want)
{
	struct dane_play *play = session->own;
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
	struct dane_play *play = session->own;
	stage_begin(&play->tls, session, "dane");
	handshake_observe(&play->tls, session, true);
	go_on(session, starttls_begin(&play->starttls, STARTTLS_SMTP, on_line, session));
}

static void on_received(struct session *session, const char *bytes, size_t length)
{
	struct dane_play *play = session->own;
	if (play->tls.observation != NULL)
		go_on(session, starttls_feed(&play->starttls, bytes, length));
}

static void on_secured(struct session *session)
{
	struct dane_play *play = session->own;
	starttls_observe_dialogue(play->tls.observation, &play->starttls);
	certificate_describe_sha512(play->tls.observation, SSL_get_peer_cert_chain(stream_tls(session->stream)->ssl));
	handshake_succeed(&play->tls, session);
	session_end(session);
}

static void on_ended(struct session *session, enum outcome outcome)
{
	struct dane_play *play = session->own;
	if (play->tls.observation == NULL)
		stage_begin(&play->tls, session, "dane");
	else if (stream_tls(session->stream)->ssl != NULL)
		handshake_explain(&play->tls, session, true);
	finish(session, outcome);
}

static void clear(struct session *session)
{
	struct dane_play *play = session->own;
	starttls_clear(&play->starttls);
}

static const struct session_play dane_play = {
    .own_bytes = sizeof(struct dane_play),
    .connected = on_connected,
    .secured = on_secured,
    .received = on_received,
    .ended = on_ended,
    .clear = clear,
};

static void dane_start(struct job *job)
{
	visit_start(job, &dane_play);
}

const struct probe dane_probe = {
    .name = "dane",
    .about = "the certificate of an MX host that has TLSA records",
    .start = dane_start,
    .stop = visit_stop,
};
