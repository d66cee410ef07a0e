#ifndef PROBE_HANDSHAKE_H
#define PROBE_HANDSHAKE_H
/* The "tls" observation of a session, and how a port speaks: TLS at once, or after a conversation in clear text. */
#include "probe/session.h"
#include "proto/starttls.h"

/*
 * STARTTLS_NONE: TLS from the first byte. 993, 995 and 465 always do, 143, 25, 587 and 110 never; any other port when
 * the job names no protocol.
 */
enum starttls_protocol handshake_protocol(const struct job *job);

/* Begins the observation, unless it is under way, with tls.mode and tls.name. */
void handshake_observe(struct stage *stage, const struct session *session, bool is_starttls);

/* Lets TLS begin on the stream. */
void handshake_begin(struct stage *stage, struct session *session, bool is_starttls);

/* It is done: all facts. */
void handshake_describe(struct stage *stage, struct session *session);
/* And the end of the observation. */
void handshake_succeed(struct stage *stage, struct session *session);

/* A session_play's `visited`: a chain that lacks an issuer is a lead to the probe that fetches it (--fetch). */
void handshake_visited(struct job *job);

/* Facts of one that failed. Clear text after an accepted STARTTLS is an injection, and said as such. */
void handshake_explain(struct stage *stage, struct session *session, bool is_starttls);

#endif
