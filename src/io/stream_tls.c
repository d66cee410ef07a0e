#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/net.h"
#include "io/stream_private.h"
#include "io/tls_context.h"

/* A record holds 16 KiB at most (RFC 8446 5.1). */
enum { RECORD_BYTES = 16384 };

/* RFC 8446 6: a fatal alert ends the connection; the levels of close_notify and user_canceled are warnings. */
static void on_info(const SSL *ssl, int where, int value)
{
	struct stream *stream = SSL_get_app_data(ssl);
	bool is_fatal = value >> 8 == SSL3_AL_FATAL;
	if (where == SSL_CB_READ_ALERT && is_fatal)
		stream->tls.alert = value & 0xff;
}

static void collect_output(struct stream *stream)
{
	char *bytes = NULL;
	BIO *records = SSL_get_wbio(stream->tls.ssl);
	long length = BIO_get_mem_data(records, &bytes);
	if (length > 0)
		buf_add(&stream->out, bytes, (size_t)length);
	BIO_reset(records);
}

static void handshake_over(struct stream *stream)
{
	stream->tls.handshake_ms = clock_monotonic_ms() - stream->handshake_started_ms;
}

/* What OpenSSL cannot go on with: an alert, or bytes that are no TLS. */
static void fail(struct stream *stream)
{
	if (stream->state == STREAM_HANDSHAKE)
		handshake_over(stream);
	stream->tls.error = ERR_reason_error_string(ERR_peek_error());
	ERR_clear_error();
	stream_end(stream, OUTCOME_TLS);
}

/* Goes on with the handshake; true when it is done. */
static bool handshake(struct stream *stream)
{
	ERR_clear_error();
	int returned = SSL_connect(stream->tls.ssl);
	collect_output(stream);
	if (returned == 1)
		return true;
	if (SSL_get_error(stream->tls.ssl, returned) != SSL_ERROR_WANT_READ)
		fail(stream);
	return false;
}

static int version_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} versions[] = {{"TLSv1", TLS1_VERSION}, {"TLSv1.1", TLS1_1_VERSION}, {"TLSv1.2", TLS1_2_VERSION}, {"TLSv1.3", TLS1_3_VERSION}};
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
		if (strcmp(versions[i].name, name) == 0)
			return versions[i].number;
	return 0; /* no bound */
}

static void narrow(SSL *ssl, const struct tls_offer *offer)
{
	if (offer->version != NULL) {
		SSL_set_min_proto_version(ssl, version_number(offer->version));
		SSL_set_max_proto_version(ssl, version_number(offer->version));
	}
	if (offer->suite != NULL)
		SSL_set_cipher_list(ssl, OPENSSL_cipher_name(offer->suite));
}

void stream_tls_begin(struct stream *stream, const char *name)
{
	struct endpoint literal;
	SSL *ssl = SSL_new(tls_context_offer(stream->net->tls));
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	BIO_set_mem_eof_return(in, -1); /* no more bytes for now, which is not the end */
	SSL_set_bio(ssl, in, out);
	SSL_set_app_data(ssl, stream);
	SSL_set_info_callback(ssl, on_info);
	SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
	narrow(ssl, &stream->offer);
	if (name != NULL && !endpoint_from_text(&literal, name, 0)) { /* RFC 6066 3: no addresses */
		char *sni = xstrdup(name);                /* OpenSSL copies it, but does not say const */
		SSL_set_tlsext_host_name(ssl, sni);
		free(sni);
	}
	stream->tls.ssl = ssl;
	stream->handshake_started_ms = clock_monotonic_ms();
	SSL_connect(ssl); /* only the ClientHello: there is nothing to read yet */
	collect_output(stream);
}

/* Text where a record was due. Bytes that are neither are left to OpenSSL, which has a name for what is wrong. */
static bool is_clear_text(char first)
{
	return (first >= ' ' && first < 0x7f) || first == '\r' || first == '\n' || first == '\t';
}

static void collect_clear_text(struct stream *stream, const char *bytes, size_t length)
{
	struct stream_tls *tls = &stream->tls;
	size_t room = sizeof tls->plain - tls->plain_length;
	size_t taken = length < room ? length : room;
	memcpy(tls->plain + tls->plain_length, bytes, taken);
	tls->plain_length += taken;
	if (tls->plain_length == sizeof tls->plain || memchr(tls->plain, '\n', tls->plain_length) != NULL)
		stream_end(stream, OUTCOME_PROTOCOL);
}

/* Hands on what the records hold. */
static void read_records(struct stream *stream)
{
	char bytes[RECORD_BYTES];
	/* The listener may close the stream, and OpenSSL's state goes with it. */
	while (stream->state == STREAM_OPEN) {
		size_t length = 0;
		ERR_clear_error();
		int returned = SSL_read_ex(stream->tls.ssl, bytes, sizeof bytes, &length);
		if (returned == 1) {
			stream->listener->received(stream->user, bytes, length);
			continue;
		}
		int error = SSL_get_error(stream->tls.ssl, returned);
		collect_output(stream); /* an answer to a KeyUpdate */
		if (error == SSL_ERROR_ZERO_RETURN)
			stream_end(stream, OUTCOME_CLOSED);
		else if (error != SSL_ERROR_WANT_READ)
			fail(stream);
		return;
	}
}

void stream_tls_take(struct stream *stream, const char *bytes, size_t length)
{
	if (stream->state == STREAM_HANDSHAKE && stream->records_received == 0 && is_clear_text(bytes[0])) {
		handshake_over(stream);
		stream->state = STREAM_NOT_TLS;
		stream_wait(stream, LIMIT_QUIET_MS);
	}
	if (stream->state == STREAM_NOT_TLS) {
		collect_clear_text(stream, bytes, length);
		return;
	}
	stream->records_received += length;
	BIO_write(SSL_get_rbio(stream->tls.ssl), bytes, (int)length);
	if (stream->state == STREAM_HANDSHAKE) {
		if (!handshake(stream))
			return;
		handshake_over(stream);
		stream->is_secure = true;
		stream->state = STREAM_OPEN;
		stream_wait(stream, stream->net->config->connect_timeout_ms);
		stream->listener->secured(stream->user);
	}
	read_records(stream);
}

void stream_tls_write(struct stream *stream, const void *bytes, size_t length)
{
	size_t written;
	ERR_clear_error();
	SSL_write_ex(stream->tls.ssl, bytes, length, &written);
	collect_output(stream);
}

void stream_tls_shutdown(struct stream *stream)
{
	ERR_clear_error();
	SSL_shutdown(stream->tls.ssl);
	collect_output(stream);
}
