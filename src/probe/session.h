#ifndef PROBE_SESSION_H
#define PROBE_SESSION_H
/*
 * What the probes of ports share: look the host up once, then one connection to each of its addresses, side by side,
 * each with observations of its own. A job ends when all its sessions have ended.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/probe.h"
#include "io/endpoint.h"
#include "io/stream.h"

struct session;

/* What a probe does with one connection. It ends a session by session_end, in any of these. */
struct session_play {
	size_t own_bytes; /* size of the state kept in session->own, zeroed at first */
	void (*connected)(struct session *session);
	void (*secured)(struct session *session);
	void (*received)(struct session *session, const char *bytes, size_t length);
	/* The stream is over, or the user interrupts (CANCELLED): finish what is open, then session_end. */
	void (*ended)(struct session *session, enum outcome outcome);
	void (*clear)(struct session *session); /* frees what `own` holds; may be NULL */
	void (*visited)(struct job *job);       /* all sessions have ended, and all is observed; may be NULL */
};

struct session {
	struct job *job;
	struct visit *visit;
	const char *target; /* "imap.contoso.com:993" */
	struct endpoint peer;
	char address[ENDPOINT_TEXT_BYTES];
	struct stream *stream;
	int64_t budget_ends_ms; /* monotonic: no dialogue goes on behind that, however it trickles */
	bool has_ended;
	void *own;
};

/* An observation under way; `observation` is NULL while there is none. */
struct stage {
	struct observation *observation;
	int64_t started_ms; /* monotonic */
};

/* For struct probe's start and stop: `play` is the probe's. */
void visit_start(struct job *job, const struct session_play *play);
void visit_stop(struct job *job);

/* The connection is closed in order, in the background; nothing of the session may be touched afterwards. */
void session_end(struct session *session);

/* The present wait: one connect_timeout_ms, but never behind the session's budget. Begins with each question asked. */
void session_wait(struct session *session);

void stage_begin(struct stage *stage, const struct session *session, const char *probe);
/* '>' sent, '<' received, '*' a remark; a line without its end. */
void stage_say(struct stage *stage, char direction, const char *line, size_t length);
/* Hands the observation over; nothing happens when there is none. CANCELLED notes its reason. */
void stage_end(struct stage *stage, const struct session *session, enum outcome outcome);

/* The "port" observation of the connect, not yet handed over. */
void stage_begin_port(struct stage *stage, const struct session *session);
/* The whole "port" observation, when nothing more is awaited of it. */
void session_observe_port(const struct session *session);
bool session_is_connected(const struct session *session);

#endif
