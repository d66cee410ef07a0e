#include <openssl/err.h>
#include <openssl/ocsp.h>

#include "io/certificate.h"

/* Clocks of responders and ours may differ. */
enum { SKEW_S = 300 };

/* As sent, or an anchor. The caller frees it; NULL: none. */
static X509 *issuer_of_leaf(const struct certificate_chain *chain)
{
	X509 *leaf = sk_X509_value(chain->sent, 0), *issuer = NULL;
	for (int i = 1; i < sk_X509_num(chain->sent); i++)
		if (X509_check_issued(sk_X509_value(chain->sent, i), leaf) == X509_V_OK) {
			X509_up_ref(sk_X509_value(chain->sent, i));
			return sk_X509_value(chain->sent, i);
		}
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	if (context != NULL && X509_STORE_CTX_init(context, chain->store, leaf, NULL) == 1)
		X509_STORE_CTX_get1_issuer(&issuer, context, leaf);
	X509_STORE_CTX_free(context);
	return issuer;
}

/* Signed by the issuer itself, or by a responder that the issuer has certified for it (RFC 6960 4.2.2.2). */
static bool is_signed_for(OCSP_BASICRESP *basic, const struct certificate_chain *chain, X509 *issuer)
{
	X509_STORE *only_issuer = X509_STORE_new();
	X509_STORE_add_cert(only_issuer, issuer);
	/* The issuer need not be a root here, and whether it is current is the chain's business. */
	X509_STORE_set_flags(only_issuer, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
	bool is_signed = OCSP_basic_verify(basic, chain->sent, only_issuer, 0) == 1;
	X509_STORE_free(only_issuer);
	return is_signed;
}

static bool is_current(const ASN1_GENERALIZEDTIME *from, const ASN1_GENERALIZEDTIME *until, int64_t when)
{
	int64_t seconds;
	if (!certificate_time(from, &seconds) || seconds > when + SKEW_S)
		return false;
	return until == NULL || (certificate_time(until, &seconds) && seconds >= when - SKEW_S);
}

static const char *status_of(OCSP_BASICRESP *basic, const struct certificate_chain *chain, X509 *issuer, int64_t when)
{
	if (!is_signed_for(basic, chain, issuer))
		return "invalid";
	ASN1_GENERALIZEDTIME *from = NULL, *until = NULL;
	int status = -1;
	OCSP_CERTID *id = OCSP_cert_to_id(NULL, sk_X509_value(chain->sent, 0), issuer);
	bool is_found = id != NULL && OCSP_resp_find_status(basic, id, &status, NULL, NULL, &from, &until) == 1;
	OCSP_CERTID_free(id);
	if (!is_found)
		return "invalid";
	if (!is_current(from, until, when))
		return "expired";
	return status == V_OCSP_CERTSTATUS_GOOD ? "good" : status == V_OCSP_CERTSTATUS_REVOKED ? "revoked" : "unknown";
}

const char *certificate_ocsp_status(const struct certificate_chain *chain, const unsigned char *response, long length,
                                    int64_t when)
{
	const char *status = "invalid";
	OCSP_RESPONSE *whole = d2i_OCSP_RESPONSE(NULL, &response, length);
	OCSP_BASICRESP *basic = whole != NULL ? OCSP_response_get1_basic(whole) : NULL;
	X509 *issuer = basic != NULL ? issuer_of_leaf(chain) : NULL;
	if (basic != NULL)
		status = issuer != NULL ? status_of(basic, chain, issuer, when) : "unchecked";
	X509_free(issuer);
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(whole);
	ERR_clear_error();
	return status;
}
