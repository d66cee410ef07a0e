#include "io/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/deadline.h"
#include "io/net.h"
#include "io/pacer.h"
#include "io/stream_private.h"

/* A turn reads this often at most, so that one talkative peer does not hold up the others. */
enum { READS_A_TURN = 4, READ_BYTES = 16384 };

static void on_poll_closed(uv_handle_t *handle)
{
	struct stream *stream = handle->data;
	stream->has_poll = false;
	if (stream->is_abandoned)
		free(stream);
}

/* Closes the socket and all that waits for it. Facts stay until the owner lets go. */
static void stream_shut(struct stream *stream)
{
	stream->state = STREAM_ENDED;
	ready_cancel(&stream->ready);
	deadline_free(stream->deadline);
	stream->deadline = NULL;
	dial_cancel(stream->dial);
	stream->dial = NULL;
	/* libuv must let go of the number before it is closed: it aborts otherwise, or forgets a stranger's socket. */
	if (stream->has_poll && !uv_is_closing((uv_handle_t *)&stream->poll))
		uv_close((uv_handle_t *)&stream->poll, on_poll_closed);
	if (stream->fd >= 0)
		close(stream->fd);
	stream->fd = -1;
	pace_release(stream->ticket);
	stream->ticket = NULL;
	buf_clear(&stream->out);
	buf_init(&stream->out, 0);
}

static void stream_free(struct stream *stream)
{
	buf_clear(&stream->out);
	SSL_free(stream->tls.ssl);
	stream->tls.ssl = NULL;
	stream->is_abandoned = true;
	if (!stream->has_poll)
		free(stream); /* otherwise when libuv has closed the handle */
}

void stream_end(struct stream *stream, enum outcome outcome)
{
	const struct stream_listener *listener = stream->listener;
	void *user = stream->user;
	stream_shut(stream);
	stream->listener = NULL;
	if (listener == NULL)
		stream_free(stream);
	else
		listener->ended(user, outcome);
}

static enum outcome outcome_of_errno(int error)
{
	switch (error) {
	case ECONNRESET:
	case EPIPE:
		return OUTCOME_RESET;
	case ETIMEDOUT:
		return OUTCOME_TIMEOUT;
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EACCES:
		return OUTCOME_UNREACHABLE;
	default:
		return OUTCOME_CLOSED;
	}
}

/* The peer has closed (0), or the socket has failed. What came before tells more than that. */
static void stream_lost(struct stream *stream, int error)
{
	enum outcome outcome = stream->state == STREAM_NOT_TLS ? OUTCOME_PROTOCOL
	                       : stream->tls.alert >= 0        ? OUTCOME_TLS
	                                                       : outcome_of_errno(error);
	if (stream->state == STREAM_HANDSHAKE)
		stream->tls.handshake_ms = clock_monotonic_ms() - stream->handshake_started_ms;
	stream_end(stream, outcome);
}

static void stream_step(struct stream *stream);

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct stream *stream = poll->data;
	(void)events;
	if (status < 0)
		stream->armed = 0; /* an error on the socket: libuv stopped watching, the next read tells which */
	stream_step(stream);
}

static void stream_arm(struct stream *stream)
{
	if (stream->fd < 0)
		return;
	int events = UV_READABLE | (stream->out.length > 0 ? UV_WRITABLE : 0);
	if (events == stream->armed)
		return;
	stream->armed = events;
	uv_poll_start(&stream->poll, events, on_poll);
}

static void on_deadline(void *user)
{
	stream_lost(user, ETIMEDOUT);
}

void stream_wait(struct stream *stream, int64_t milliseconds)
{
	if (stream->state == STREAM_ENDED)
		return;
	if (stream->deadline == NULL)
		stream->deadline = deadline_new(stream->net->loop, milliseconds, on_deadline, stream);
	else
		deadline_again(stream->deadline, milliseconds);
}

static void on_dialled(void *user, const struct dial_result *result)
{
	struct stream *stream = user;
	stream->dial = NULL;
	stream->dialled = *result;
	stream->dialled.fd = -1;
	if (result->outcome != OUTCOME_OK) {
		stream_end(stream, result->outcome);
		return;
	}
	stream->fd = result->fd;
	stream->write_error = result->is_reset ? ECONNRESET : 0;
	if (uv_poll_init(loop_uv(stream->net->loop), &stream->poll, stream->fd) != 0) {
		stream_end(stream, OUTCOME_INTERNAL);
		return;
	}
	stream->poll.data = stream;
	stream->has_poll = true;
	stream->state = STREAM_OPEN;
	stream_wait(stream, stream->net->config->connect_timeout_ms);
	stream_arm(stream);
	stream->listener->connected(stream->user);
}

static void on_granted(void *user)
{
	struct stream *stream = user;
	stream->state = STREAM_DIALLING;
	int64_t timeout_ms = stream->net->config->connect_timeout_ms;
	stream->dial = dial_start(stream->net->loop, &stream->dialled.peer, timeout_ms, on_dialled, stream);
}

struct stream *stream_open(struct net *net, const struct endpoint *peer, const struct stream_listener *listener,
                           void *user)
{
	struct stream *stream = xcalloc(1, sizeof *stream);
	stream->net = net;
	stream->listener = listener;
	stream->user = user;
	stream->fd = -1;
	stream->tls.alert = -1;
	stream->dialled = (struct dial_result){
	    .outcome = OUTCOME_CANCELLED, .fd = -1, .peer = *peer, .rtt_ms = -1, .started_ms = clock_now_ms()};
	buf_init(&stream->out, LIMIT_REPLY_BYTES);
	stream->ticket = pace_ask(net->pacer, peer, on_granted, stream);
	return stream;
}

static void on_ready(void *user)
{
	stream_step(user);
}

void stream_abort(struct stream *stream)
{
	if (stream == NULL)
		return;
	stream->listener = NULL;
	stream_shut(stream);
	stream_free(stream);
}

void stream_close(struct stream *stream)
{
	if (stream == NULL)
		return;
	if (stream->state != STREAM_OPEN) {
		stream_abort(stream);
		return;
	}
	stream->listener = NULL;
	stream->state = STREAM_CLOSING;
	if (stream->is_secure)
		stream_tls_shutdown(stream);
	stream_wait(stream, LIMIT_CLOSE_MS);
	ready_queue(&stream->ready, stream->net->loop, on_ready, stream);
}

static void stream_flush(struct stream *stream)
{
	while (stream->out.length > 0) {
		ssize_t put = send(stream->fd, stream->out.bytes, stream->out.length, MSG_NOSIGNAL);
		if (put < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (put < 0) {
			/* The peer's last words may still wait to be read; the socket tells its error only once. */
			stream->write_error = errno;
			buf_reset(&stream->out);
			return;
		}
		buf_consume(&stream->out, (size_t)put);
	}
}

static void stream_take(struct stream *stream, const char *bytes, size_t length)
{
	stream->bytes_received += length;
	if (stream->state == STREAM_CLOSING)
		return;
	if (stream->state == STREAM_OPEN && !stream->is_secure)
		stream->listener->received(stream->user, bytes, length);
	else
		stream_tls_take(stream, bytes, length);
}

static void stream_pump(struct stream *stream)
{
	char bytes[READ_BYTES];
	for (int i = 0; i < READS_A_TURN && stream->fd >= 0; i++) {
		ssize_t got = recv(stream->fd, bytes, sizeof bytes, 0);
		if (got > 0) {
			stream_take(stream, bytes, (size_t)got);
			continue;
		}
		if (got == 0 || (errno != EAGAIN && errno != EINTR))
			stream_lost(stream, got < 0 ? errno : stream->write_error);
		return;
	}
}

static void stream_step(struct stream *stream)
{
	if (stream->fd < 0)
		return;
	stream_flush(stream);
	if (stream->state == STREAM_CLOSING && !stream->is_out_closed && stream->out.length == 0) {
		stream->is_out_closed = true;
		shutdown(stream->fd, SHUT_WR);
	}
	stream_pump(stream);
	stream_arm(stream);
}

void stream_write(struct stream *stream, const void *bytes, size_t length)
{
	if (stream->state != STREAM_OPEN)
		return;
	if (stream->is_secure)
		stream_tls_write(stream, bytes, length);
	else
		buf_add(&stream->out, bytes, length);
	stream_arm(stream);
}

void stream_narrow(struct stream *stream, const struct tls_offer *offer)
{
	stream->offer = *offer;
}

void stream_start_tls(struct stream *stream, const char *name)
{
	if (stream->state != STREAM_OPEN)
		return;
	stream->state = STREAM_HANDSHAKE;
	stream_tls_begin(stream, name);
	stream_wait(stream, stream->net->config->connect_timeout_ms);
	stream_arm(stream);
}

const struct dial_result *stream_dial(const struct stream *stream)
{
	return &stream->dialled;
}

size_t stream_bytes_received(const struct stream *stream)
{
	return stream->bytes_received;
}

const struct stream_tls *stream_tls(const struct stream *stream)
{
	return &stream->tls;
}
