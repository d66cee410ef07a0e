/*
 * Reachability, as telnet would show it: a connect to every address, then a short while of listening, since some
 * firewalls accept first and reset then, and a greeting is worth keeping.
 */
#include <string.h>

#include "cutover/limits.h"
#include "probe/session.h"

enum { GREETING_BYTES = 200 };

struct port_play {
	struct stage port;
	char greeting[GREETING_BYTES];
	size_t length;
};

static void finish(struct session *session, enum outcome outcome)
{
	struct port_play *play = session->own;
	struct observation *observation = play->port.observation;
	size_t length = play->length;
	observation_add_int(observation, FACT_PORT_BYTES_RECEIVED, 0, (int64_t)stream_bytes_received(session->stream));
	while (length > 0 && (play->greeting[length - 1] == '\n' || play->greeting[length - 1] == '\r'))
		length--;
	if (length > 0)
		observation_add_bytes(observation, FACT_PORT_GREETING, 0, play->greeting, length);
	stage_end(&play->port, session, outcome);
	session_end(session);
}

static void on_connected(struct session *session)
{
	struct port_play *play = session->own;
	stage_begin_port(&play->port, session);
	stream_wait(session->stream, LIMIT_QUIET_MS);
}

static void on_received(struct session *session, const char *bytes, size_t length)
{
	struct port_play *play = session->own;
	size_t room = sizeof play->greeting - play->length;
	size_t taken = length < room ? length : room;
	memcpy(play->greeting + play->length, bytes, taken);
	play->length += taken;
	if (play->length == sizeof play->greeting || memchr(play->greeting, '\n', play->length) != NULL)
		finish(session, OUTCOME_OK);
}

static void on_ended(struct session *session, enum outcome outcome)
{
	struct port_play *play = session->own;
	if (play->port.observation == NULL) {
		session_observe_port(session);
		session_end(session);
		return;
	}
	/* Silence is what many ports answer with, and who has greeted may hang up. */
	bool is_open = outcome == OUTCOME_TIMEOUT || play->length > 0;
	finish(session, is_open ? OUTCOME_OK : outcome);
}

static const struct session_play port_play = {
    .own_bytes = sizeof(struct port_play), .connected = on_connected, .received = on_received, .ended = on_ended};

static void start(struct job *job)
{
	visit_start(job, &port_play);
}

const struct probe port_probe = {
    .name = "port",
    .about = "a TCP connect to every address of the host",
    .start = start,
    .stop = visit_stop,
};
