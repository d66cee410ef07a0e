#ifndef IO_TLS_OBSERVE_H
#define IO_TLS_OBSERVE_H
/* A handshake and the certificates that came with it, as facts: tls.* and cert.* of facts.def. */
#include <stdint.h>

#include "cutover/observation.h"
#include "io/stream.h"

struct tls_context;

struct tls_judgement {
	const char *name; /* the name sent, which certificates are checked against */
	int64_t at;       /* certificates are verified as of then, seconds since 1970 */
	int64_t cutover;  /* and then, and 72 h later; or TIME_UNKNOWN */
};

/* Of a handshake that is done, while the stream is open: in its `secured` callback. */
void tls_observe_success(struct observation *observation, const struct stream *stream, struct tls_context *context,
                         const struct tls_judgement *judgement);

/*
 * A handshake as a row of tls.offers: the ordinary one, `offer` being empty, or one that was narrowed to `offer`.
 * `outcome` is OK when it is done.
 */
void tls_observe_offer(struct observation *observation, const struct stream *stream, const struct tls_offer *offer,
                       enum outcome outcome);

/* tls.no_sni: the handshake without a server name beside the ordinary one, whose facts are there. */
void tls_observe_nameless(struct observation *observation, const struct stream *stream, enum outcome outcome);

/* Of one that failed: alert, OpenSSL's reason, clear text, bytes received. The outcome is the caller's. */
void tls_observe_failure(struct observation *observation, const struct stream *stream);

/* "handshake_failure", as in RFC 8446 6; never NULL. */
const char *tls_alert_name(int alert);

#endif
