#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cutover/limits.h"
#include "io/certificate.h"

/* 112 bits of security: RSA 2048, EC 224, SHA-224 (NIST SP 800-57). */
enum { STRONG_BITS = 112 };

static const struct {
	int code;
	const char *name;
} error_names[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, "expired"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "not-yet-valid"},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed-leaf"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "self-signed-chain"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "issuer-missing"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "issuer-missing"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "issuer-missing"},
    {X509_V_ERR_CERT_UNTRUSTED, "untrusted"},
    {X509_V_ERR_CERT_REJECTED, "untrusted"},
    {X509_V_ERR_INVALID_CA, "invalid-ca"},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, "invalid-ca"},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, "invalid-ca"},
};

/* One verification under way; the store context's application data. */
struct verification {
	struct observation *observation;
	const char *label;
	bool lacks_anchors;
};

static void add_error(const struct verification *verification, int code, const char *name, int depth, X509 *at_fault)
{
	struct observation *observation = verification->observation;
	uint32_t row = observation_rows(observation, FACT_VERIFY_WHEN);
	observation_add_text(observation, FACT_VERIFY_WHEN, row, verification->label);
	observation_add_int(observation, FACT_VERIFY_CODE, row, code);
	observation_add_text(observation, FACT_VERIFY_NAME, row, name);
	observation_add_int(observation, FACT_VERIFY_DEPTH, row, depth);
	if (at_fault != NULL)
		certificate_add_subject(observation, FACT_VERIFY_SUBJECT, row, X509_get_subject_name(at_fault));
	observation_add_text(observation, FACT_VERIFY_TEXT, row, X509_verify_cert_error_string(code));
}

/*
 * An issuer that was neither sent nor trusted is a link that the server forgot, or a private authority that keeps its
 * root to itself. The leaf alone, or a certificate that says where its issuer is published, speaks for the first.
 */
static const char *name_of_missing_issuer(X509 *certificate, int depth)
{
	char *address = certificate_ca_issuers(certificate);
	bool is_published = address != NULL && str_starts_nocase(address, "http");
	free(address);
	return depth == 0 || is_published ? "issuer-missing" : "untrusted";
}

static const char *name_of_error(int code, int depth, X509 *certificate)
{
	for (size_t i = 0; i < sizeof error_names / sizeof error_names[0]; i++)
		if (error_names[i].code == code)
			return str_equal(error_names[i].name, "issuer-missing") && certificate != NULL
			           ? name_of_missing_issuer(certificate, depth)
			           : error_names[i].name;
	return "other";
}

static void keep_missing_issuer(struct observation *observation, X509 *certificate)
{
	certificate_add_subject(observation, FACT_CERT_MISSING_ISSUER, 0, X509_get_issuer_name(certificate));
	char *address = certificate_ca_issuers(certificate);
	if (address != NULL)
		observation_add_bytes(observation, FACT_CERT_MISSING_AIA, 0, address, strlen(address));
	free(address);
}

static bool is_about_trust(const char *name)
{
	return str_equal(name, "issuer-missing") || str_equal(name, "untrusted") || str_equal(name, "self-signed-chain");
}

/* Notes the error and lets the verification go on, so that none hides another. */
static int on_verify(int is_good, X509_STORE_CTX *context)
{
	struct verification *verification = X509_STORE_CTX_get_app_data(context);
	if (is_good || verification == NULL)
		return 1;
	X509 *certificate = X509_STORE_CTX_get_current_cert(context);
	int code = X509_STORE_CTX_get_error(context), depth = X509_STORE_CTX_get_error_depth(context);
	const char *name = name_of_error(code, depth, certificate);
	if (verification->lacks_anchors && is_about_trust(name))
		name = "no-anchors";
	bool is_missing =
	    code == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT || code == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
	if (is_missing && certificate != NULL && !observation_has(verification->observation, FACT_CERT_MISSING_ISSUER, 0))
		keep_missing_issuer(verification->observation, certificate);
	add_error(verification, code, name, depth, certificate);
	return 1;
}

/* Builds and verifies the chain, in silence when `verification` is NULL. The caller frees the context. */
static X509_STORE_CTX *verify(const struct certificate_chain *chain, int64_t when, struct verification *verification)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	if (context == NULL)
		return NULL;
	X509_STORE_CTX_init(context, chain->store, sk_X509_value(chain->sent, 0), chain->sent);
	X509_STORE_CTX_set_default(context, "ssl_server");
	X509_STORE_CTX_set_verify_cb(context, on_verify);
	X509_STORE_CTX_set_app_data(context, verification);
	X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_time(parameters, (time_t)when);
	/* Strength is looked at apart, for chains that end too early as well. */
	X509_VERIFY_PARAM_set_auth_level(parameters, 0);
	X509_VERIFY_PARAM_set_depth(parameters, LIMIT_CHAIN_CERTS);
	X509_verify_cert(context);
	ERR_clear_error();
	return context;
}

void certificate_verify(struct observation *observation, const struct certificate_chain *chain, int64_t when,
                        const char *label)
{
	struct verification verification = {observation, label, chain->lacks_anchors};
	X509_STORE_CTX_free(verify(chain, when, &verification));
}

/* Whether the digest of the certificate's signature can be forged. */
static bool is_signature_weak(X509 *certificate)
{
	int digest = NID_undef, bits = -1;
	if (X509_get_signature_info(certificate, &digest, NULL, &bits, NULL) == 1)
		return bits < STRONG_BITS;
	OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, NULL);
	return digest == NID_md2 || digest == NID_md4 || digest == NID_md5 || digest == NID_sha1;
}

static bool is_key_weak(X509 *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	return key != NULL && EVP_PKEY_get_security_bits(key) < STRONG_BITS;
}

void certificate_check_strength(struct observation *observation, const struct certificate_chain *chain,
                                const char *label)
{
	const struct verification verification = {observation, label, chain->lacks_anchors};
	/* The chain as built: leftovers do not count, and an issuer from the store does. Its time does not matter here. */
	X509_STORE_CTX *context = verify(chain, 0, NULL);
	STACK_OF(X509) *built = context != NULL ? X509_STORE_CTX_get0_chain(context) : NULL;
	for (int depth = 0; built != NULL && depth < sk_X509_num(built); depth++) {
		X509 *certificate = sk_X509_value(built, depth);
		bool is_root = X509_self_signed(certificate, 0) == 1;
		if (is_key_weak(certificate) && (depth == 0 || !is_root))
			add_error(&verification, depth == 0 ? X509_V_ERR_EE_KEY_TOO_SMALL : X509_V_ERR_CA_KEY_TOO_SMALL,
			          "weak-key", depth, certificate);
		if (is_signature_weak(certificate) && !is_root)
			add_error(&verification, X509_V_ERR_CA_MD_TOO_WEAK, "weak-signature", depth, certificate);
	}
	X509_STORE_CTX_free(context);
}
