#ifndef IO_STREAM_PRIVATE_H
#define IO_STREAM_PRIVATE_H
/*
 * Shared by stream.c (life, socket, clear text) and stream_tls.c (handshake, records). OpenSSL never sees the socket:
 * it is fed bytes and asked for bytes, so that every byte and every error of the socket passes one place.
 */
#include "base/buf.h"
#include "io/loop.h"
#include "io/stream.h"

enum stream_state {
	STREAM_PACING,
	STREAM_DIALLING,
	STREAM_OPEN,      /* bytes flow, in clear or inside TLS */
	STREAM_HANDSHAKE,
	STREAM_NOT_TLS,   /* clear text came where a record was due: it is collected for its name's sake */
	STREAM_CLOSING,   /* the listener is gone; flushing, then waiting for the peer's end */
	STREAM_ENDED,     /* the socket is closed */
};

struct stream {
	struct net *net;
	const struct stream_listener *listener; /* NULL: closed by its owner */
	void *user;
	enum stream_state state;
	struct pace_ticket *ticket;
	struct dial *dial;
	struct dial_result dialled;
	int fd;
	uv_poll_t poll;
	bool has_poll;          /* the handle is known to libuv, perhaps closing */
	bool is_abandoned;      /* freed as soon as libuv has closed the handle */
	int armed;              /* events that libuv watches for */
	struct deadline *deadline;
	struct ready ready;
	struct buf out;         /* for the socket: clear text or records */
	bool is_secure;         /* what is written and received goes through TLS */
	bool is_out_closed;     /* FIN is sent */
	int write_error;        /* errno of a write or of what came first, told behind the peer's last bytes; or 0 */
	size_t bytes_received;  /* from the socket */
	size_t records_received; /* bytes of those that OpenSSL got */
	int64_t handshake_started_ms;
	struct tls_offer offer;
	struct stream_tls tls;
};

/* Closes the socket and tells the listener, if there still is one. */
void stream_end(struct stream *stream, enum outcome outcome);

void stream_tls_begin(struct stream *stream, const char *name);

/* Bytes of the socket, once TLS was begun. Calls the listener; the stream may have ended afterwards. */
void stream_tls_take(struct stream *stream, const char *bytes, size_t length);
void stream_tls_write(struct stream *stream, const void *bytes, size_t length);
void stream_tls_shutdown(struct stream *stream); /* close_notify; the peer's is not waited for */

#endif
