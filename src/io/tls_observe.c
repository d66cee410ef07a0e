#include "io/tls_observe.h"

#include <string.h>

#include "cutover/policy.h"
#include "io/certificate.h"
#include "io/tls_context.h"
#include "proto/protocol_guess.h"
#include "proto/tls_suite.h"

/* How long a batch is left to catch up after the change of the MX records (Microsoft: 72 hours). */
enum { WINDOW_S = 72 * 3600 };

static const struct {
	int alert;
	const char *name;
} alerts[] = {
    /* RFC 8446 6, RFC 5246 7.2, RFC 6066, RFC 7301 */
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
};

const char *tls_alert_name(int alert)
{
	for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++)
		if (alerts[i].alert == alert)
			return alerts[i].name;
	return "unknown_alert";
}

static void observe_agreement(struct observation *observation, const struct stream_tls *tls)
{
	const char *version = SSL_get_version(tls->ssl);
	const SSL_CIPHER *cipher = SSL_get_current_cipher(tls->ssl);
	const char *iana = SSL_CIPHER_standard_name(cipher);
	observation_add_text(observation, FACT_TLS_VERSION, 0, version);
	if (SSL_version(tls->ssl) < TLS1_2_VERSION)
		observation_add_text(observation, FACT_TLS_LEGACY_ONLY, 0, version);
	observation_add_text(observation, FACT_TLS_CIPHER, 0, SSL_CIPHER_get_name(cipher));
	if (iana != NULL)
		observation_add_text(observation, FACT_TLS_CIPHER_IANA, 0, iana);
	observation_add_bool(observation, FACT_TLS_SUITE_LISTED, 0, iana != NULL && tls_suite_is_listed(iana));
	observation_add_int(observation, FACT_TLS_HANDSHAKE_MS, 0, tls->handshake_ms);
}

static void observe_certificates(struct observation *observation, const struct certificate_chain *chain,
                                 const struct tls_judgement *judgement)
{
	certificate_describe(observation, chain);
	certificate_check_name(observation, chain, judgement->name);
	certificate_verify(observation, chain, judgement->at, "at");
	certificate_check_strength(observation, chain, "at");
	if (observation_has(observation, FACT_CERT_MISSING_AIA, 0))
		certificate_keep(observation, chain);
	if (judgement->cutover == TIME_UNKNOWN)
		return;
	certificate_verify(observation, chain, judgement->cutover, "cutover");
	certificate_verify(observation, chain, judgement->cutover + WINDOW_S, "window");
}

void tls_observe_success(struct observation *observation, const struct stream *stream, struct tls_context *context,
                         const struct tls_judgement *judgement)
{
	const struct stream_tls *tls = stream_tls(stream);
	observe_agreement(observation, tls);
	const struct certificate_chain chain = {SSL_get_peer_cert_chain(tls->ssl), tls_context_store(context),
	                                        tls_context_lacks_anchors(context)};
	if (chain.sent == NULL || sk_X509_num(chain.sent) == 0)
		return; /* an anonymous suite: none is offered, so this does not happen */
	observe_certificates(observation, &chain, judgement);
	const unsigned char *response = NULL;
	long length = SSL_get_tlsext_status_ocsp_resp(tls->ssl, &response);
	const char *status = length > 0 ? certificate_ocsp_status(&chain, response, length, judgement->at) : "none";
	observation_add_text(observation, FACT_TLS_OCSP_STATUS, 0, status);
}

/* How a handshake was refused. */
static const char *refusal(const struct stream_tls *tls, enum outcome outcome)
{
	return tls->alert >= 0                  ? tls_alert_name(tls->alert)
	       : tls->error != NULL             ? tls->error
	       : outcome == OUTCOME_PROTOCOL ? "clear text"
	                                        : outcome_name(outcome);
}

void tls_observe_offer(struct observation *observation, const struct stream *stream, const struct tls_offer *offer,
                       enum outcome outcome)
{
	const struct stream_tls *tls = stream_tls(stream);
	bool is_accepted = outcome == OUTCOME_OK;
	uint32_t row = observation_rows(observation, FACT_TLS_OFFER_VERSION);
	observation_add_text(observation, FACT_TLS_OFFER_VERSION, row, is_accepted ? SSL_get_version(tls->ssl) : offer->version);
	if (offer->suite != NULL)
		observation_add_text(observation, FACT_TLS_OFFER_SUITE, row, offer->suite);
	observation_add_bool(observation, FACT_TLS_OFFER_ACCEPTED, row, is_accepted);
	const char *answer = is_accepted ? SSL_CIPHER_standard_name(SSL_get_current_cipher(tls->ssl)) : refusal(tls, outcome);
	if (answer != NULL)
		observation_add_text(observation, FACT_TLS_OFFER_ANSWER, row, answer);
	if (is_accepted)
		observation_add_bool(observation, FACT_TLS_OFFER_LISTED, row, answer != NULL && tls_suite_is_listed(answer));
}

void tls_observe_nameless(struct observation *observation, const struct stream *stream, enum outcome outcome)
{
	char digest[CERTIFICATE_DIGEST_BYTES];
	X509 *leaf = outcome == OUTCOME_OK ? SSL_get0_peer_certificate(stream_tls(stream)->ssl) : NULL;
	if (leaf == NULL) {
		observation_add_text(observation, FACT_TLS_NO_SNI, 0, "refused");
		return;
	}
	const char *usual = observation_text(observation, FACT_CERT_SHA256, 0);
	bool is_same = usual != NULL && strcmp(usual, certificate_fingerprint(leaf, digest)) == 0;
	observation_add_text(observation, FACT_TLS_NO_SNI, 0, is_same ? "same" : "other");
	certificate_add_subject(observation, FACT_TLS_NO_SNI_SUBJECT, 0, X509_get_subject_name(leaf));
}

void tls_observe_failure(struct observation *observation, const struct stream *stream)
{
	const struct stream_tls *tls = stream_tls(stream);
	/* With a suite agreed, a handshake_failure is about something else, a client certificate for one. */
	const SSL_CIPHER *agreed = tls->ssl != NULL ? SSL_get_pending_cipher(tls->ssl) : NULL;
	if (agreed != NULL) {
		observation_add_text(observation, FACT_TLS_VERSION, 0, SSL_get_version(tls->ssl));
		observation_add_text(observation, FACT_TLS_CIPHER, 0, SSL_CIPHER_get_name(agreed));
	}
	observation_add_int(observation, FACT_TLS_BYTES_RECEIVED, 0, (int64_t)stream_bytes_received(stream));
	if (tls->alert >= 0)
		observation_add_text(observation, FACT_TLS_ALERT, 0, tls_alert_name(tls->alert));
	if (tls->error != NULL)
		observation_add_text(observation, FACT_TLS_ERROR, 0, tls->error);
	if (tls->plain_length == 0)
		return;
	size_t length = tls->plain_length;
	while (length > 0 && (tls->plain[length - 1] == '\n' || tls->plain[length - 1] == '\r'))
		length--;
	observation_add_bytes(observation, FACT_TLS_PLAIN_BYTES, 0, tls->plain, length);
	const char *protocol = protocol_guess(tls->plain, tls->plain_length);
	if (protocol != NULL)
		observation_add_text(observation, FACT_TLS_PLAIN_PROTOCOL, 0, protocol);
}
