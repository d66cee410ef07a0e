#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/certificate.h"

void certificate_keep(struct observation *observation, const struct certificate_chain *chain)
{
	for (int i = 0; i < sk_X509_num(chain->sent) && i < LIMIT_CHAIN_CERTS; i++) {
		unsigned char *der = NULL;
		int length = i2d_X509(sk_X509_value(chain->sent, i), &der);
		size_t room = length > 0 ? 4 * (((size_t)length + 2) / 3) + 1 : 0;
		if (length <= 0 || room > LIMIT_FACT_BYTES) {
			OPENSSL_free(der);
			continue; /* whatever comes behind it is of no use without it, but does no harm */
		}
		unsigned char *text = xmalloc(room);
		EVP_EncodeBlock(text, der, length);
		observation_add_text(observation, FACT_CERT_DER, (uint32_t)i, (const char *)text);
		free(text);
		OPENSSL_free(der);
	}
}

static X509 *decode(const char *text)
{
	size_t length = strlen(text);
	unsigned char *der = xmalloc(length + 1);
	const unsigned char *at = der;
	/* The padding is counted as bytes; what stands behind a certificate is not looked at. */
	int decoded = length <= LIMIT_FACT_BYTES ? EVP_DecodeBlock(der, (const unsigned char *)text, (int)length) : -1;
	X509 *certificate = decoded > 0 ? d2i_X509(NULL, &at, decoded) : NULL;
	free(der);
	return certificate;
}

STACK_OF(X509) *certificate_kept(const struct observation *observation)
{
	STACK_OF(X509) *kept = sk_X509_new_null();
	for (uint32_t row = 0; row < LIMIT_CHAIN_CERTS; row++) {
		const char *text = observation_text(observation, FACT_CERT_DER, row);
		X509 *certificate = text != NULL ? decode(text) : NULL;
		if (certificate == NULL)
			break;
		sk_X509_push(kept, certificate);
	}
	ERR_clear_error();
	if (sk_X509_num(kept) > 0)
		return kept;
	sk_X509_free(kept);
	return NULL;
}

/* A bag's certificates; the bag goes. */
static STACK_OF(X509) *empty_bag(PKCS7 *bag)
{
	STACK_OF(X509) *found = sk_X509_new_null();
	bool is_signed = bag != NULL && PKCS7_type_is_signed(bag) && bag->d.sign != NULL; /* "certs-only": without a signer */
	STACK_OF(X509) *inside = is_signed ? bag->d.sign->cert : NULL;
	for (int i = 0; i < sk_X509_num(inside) && i < LIMIT_ISSUER_CERTS; i++) {
		X509_up_ref(sk_X509_value(inside, i));
		sk_X509_push(found, sk_X509_value(inside, i));
	}
	PKCS7_free(bag);
	return found;
}

static STACK_OF(X509) *read_der(const void *bytes, size_t length, const char **form)
{
	const unsigned char *at = bytes;
	X509 *certificate = d2i_X509(NULL, &at, (long)length);
	if (certificate != NULL) {
		STACK_OF(X509) *found = sk_X509_new_null();
		sk_X509_push(found, certificate);
		*form = "DER";
		return found;
	}
	at = bytes;
	*form = "PKCS #7";
	return empty_bag(d2i_PKCS7(NULL, &at, (long)length));
}

static STACK_OF(X509) *read_pem(const void *bytes, size_t length, const char **form)
{
	STACK_OF(X509) *found = sk_X509_new_null();
	BIO *text = BIO_new_mem_buf(bytes, (int)length);
	X509 *certificate;
	*form = "PEM";
	while (sk_X509_num(found) < LIMIT_ISSUER_CERTS && (certificate = PEM_read_bio_X509(text, NULL, NULL, NULL)) != NULL)
		sk_X509_push(found, certificate);
	if (sk_X509_num(found) == 0) {
		BIO_reset(text);
		*form = "PKCS #7";
		sk_X509_free(found);
		found = empty_bag(PEM_read_bio_PKCS7(text, NULL, NULL, NULL));
	}
	BIO_free(text);
	return found;
}

STACK_OF(X509) *certificate_read(const void *bytes, size_t length, const char **form)
{
	if (length == 0 || length > LIMIT_ISSUER_BYTES)
		return NULL;
	STACK_OF(X509) *found = read_der(bytes, length, form);
	if (sk_X509_num(found) == 0) {
		sk_X509_free(found);
		found = read_pem(bytes, length, form);
	}
	ERR_clear_error();
	if (sk_X509_num(found) > 0)
		return found;
	sk_X509_free(found);
	return NULL;
}

/* The certificate of `among` that issued it, or NULL. */
static X509 *issuer_among(STACK_OF(X509) *among, X509 *issued)
{
	for (int i = 0; i < sk_X509_num(among); i++)
		if (X509_check_issued(sk_X509_value(among, i), issued) == X509_V_OK)
			return sk_X509_value(among, i);
	return NULL;
}

static bool is_among(STACK_OF(X509) *among, X509 *certificate)
{
	for (int i = 0; i < sk_X509_num(among); i++)
		if (X509_cmp(sk_X509_value(among, i), certificate) == 0)
			return true;
	return false;
}

/* Where the chain comes to its end, from the leaf up. */
static X509 *end_of(const struct certificate_chain *chain)
{
	X509 *end = sk_X509_value(chain->sent, 0);
	for (int steps = 0; steps < LIMIT_CHAIN_CERTS; steps++) {
		X509 *next = issuer_among(chain->sent, end);
		if (next == NULL || next == end)
			break;
		end = next;
	}
	return end;
}

/* Nothing is wrong with the chain, but perhaps with the leaf's own time, which has a finding of its own. */
static bool is_complete(const struct observation *observation)
{
	for (uint32_t row = 0; row < observation_rows(observation, FACT_VERIFY_NAME); row++) {
		const char *name = observation_text(observation, FACT_VERIFY_NAME, row);
		bool is_time = str_equal(name, "expired") || str_equal(name, "not-yet-valid");
		if (!is_time || observation_int_or(observation, FACT_VERIFY_DEPTH, row, 0) > 0)
			return false;
	}
	return true;
}

static bool lacks_issuer(const struct certificate_chain *chain, int64_t when)
{
	struct observation *scratch = observation_new("issuer", NULL, NULL, 0);
	certificate_verify(scratch, chain, when, "at");
	bool is_missing = observation_has(scratch, FACT_CERT_MISSING_ISSUER, 0);
	observation_free(scratch);
	return is_missing;
}

/* Adds one that issued the chain's end. A bag may hold several for it (cross-certificates): better one that leads to an anchor. */
static bool add_issuer(const struct certificate_chain *chain, STACK_OF(X509) *fetched, int64_t when)
{
	X509 *end = end_of(chain), *first = NULL;
	for (int i = 0; i < sk_X509_num(fetched); i++) {
		X509 *candidate = sk_X509_value(fetched, i);
		if (X509_check_issued(candidate, end) != X509_V_OK || is_among(chain->sent, candidate))
			continue;
		first = first != NULL ? first : candidate;
		sk_X509_push(chain->sent, candidate);
		if (!lacks_issuer(chain, when)) {
			X509_up_ref(candidate);
			return true;
		}
		sk_X509_pop(chain->sent);
	}
	if (first != NULL && X509_up_ref(first))
		sk_X509_push(chain->sent, first);
	return first != NULL;
}

bool certificate_try_issuer(struct observation *observation, const struct certificate_chain *chain, STACK_OF(X509) *fetched,
                            int64_t when)
{
	bool is_known = issuer_among(fetched, end_of(chain)) != NULL;
	int added = 0;
	while (added < LIMIT_ISSUER_DEPTH && (added == 0 || lacks_issuer(chain, when)) && add_issuer(chain, fetched, when))
		added++;
	if (added > 0) {
		certificate_verify(observation, chain, when, "at");
		observation_add_bool(observation, FACT_ISSUER_COMPLETES, 0, is_complete(observation));
	} else {
		observation_add_text(observation, FACT_ISSUER_FAULT, 0,
		                     is_known ? "what came is in the chain already, so that it leads nowhere"
		                              : "what came did not issue the certificate that was sent last");
	}
	ERR_clear_error();
	return added > 0;
}

void certificate_tell_added(struct observation *observation, STACK_OF(X509) *path, int sent)
{
	char digest[CERTIFICATE_DIGEST_BYTES];
	for (int i = sent; i < sk_X509_num(path); i++) {
		X509 *added = sk_X509_value(path, i);
		uint32_t row = (uint32_t)(i - sent);
		certificate_add_subject(observation, FACT_ISSUER_SUBJECT, row, X509_get_subject_name(added));
		observation_add_text(observation, FACT_ISSUER_SHA256, row, certificate_fingerprint(added, digest));
	}
}
