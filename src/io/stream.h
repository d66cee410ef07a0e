#ifndef IO_STREAM_H
#define IO_STREAM_H
/*
 * A byte stream to one address: pace, connect, bytes in clear, then TLS when asked for, and a graceful end.
 *
 * A wait is always bounded: connect, handshake and everything after by config->connect_timeout_ms unless stream_wait
 * says otherwise. No callback runs inside a call of this header, and a callback may close the stream.
 */
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/outcome.h"
#include "io/dial.h"

struct net;
struct stream;

struct stream_listener {
	void (*connected)(void *user);
	void (*secured)(void *user); /* the handshake is done; may be NULL when TLS is never asked for */
	void (*received)(void *user, const char *bytes, size_t length);
	/*
	 * Once, and nothing after it; the socket is closed, the stream itself can be asked until stream_close.
	 * Before `connected`: the outcomes of dial.h. Afterwards TIMEOUT, RESET, CLOSED, UNREACHABLE; in or after the
	 * handshake also TLS (an alert or OpenSSL's error) and PROTOCOL (clear text where TLS was due).
	 */
	void (*ended)(void *user, enum outcome outcome);
};

struct stream *stream_open(struct net *net, const struct endpoint *peer, const struct stream_listener *listener,
                           void *user);

/*
 * Ends it and forgets the listener: never called back afterwards. What was written is sent, TLS and TCP are closed in
 * order, for LIMIT_CLOSE_MS at most, while the loop runs. NULL is fine.
 */
void stream_close(struct stream *stream);
void stream_abort(struct stream *stream); /* as stream_close, at once and without a word to the peer */

void stream_write(struct stream *stream, const void *bytes, size_t length);

/* The present wait ends the stream with TIMEOUT that many milliseconds from now. */
void stream_wait(struct stream *stream, int64_t milliseconds);

/* Less than all that tls_context.h offers. */
struct tls_offer {
	const char *version; /* as SSL_get_version names it: "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"; NULL: any */
	const char *suite;   /* one suite of TLS 1.2 or older, IANA's name; NULL: any */
};

/* Before stream_start_tls. The texts are borrowed until then. */
void stream_narrow(struct stream *stream, const struct tls_offer *offer);

/*
 * Hands the channel to TLS; `name` is sent as SNI unless it is an address or NULL. The wait begins anew. Clear text that
 * arrives from now on is where a TLS record was due.
 */
void stream_start_tls(struct stream *stream, const char *name);

/* What happened so far. */
const struct dial_result *stream_dial(const struct stream *stream); /* CANCELLED until it is over; its fd is -1 */
size_t stream_bytes_received(const struct stream *stream);          /* since connect, TLS records included */

enum { STREAM_PLAIN_BYTES = 200 };

struct stream_tls {
	SSL *ssl;             /* NULL before stream_start_tls; borrowed */
	int64_t handshake_ms; /* until it was done or failed */
	int alert;            /* description of the fatal alert received, or -1 */
	const char *error;    /* OpenSSL's reason of the failure, static, or NULL */
	char plain[STREAM_PLAIN_BYTES]; /* clear text instead of TLS */
	size_t plain_length;
};

const struct stream_tls *stream_tls(const struct stream *stream);

#endif
