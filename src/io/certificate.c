#include "io/certificate.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

void certificate_add_subject(struct observation *observation, enum fact_key key, uint32_t row, const X509_NAME *name)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	/* UTF-8 as it is: what a terminal must not see is escaped when the fact is added. */
	X509_NAME_print_ex(memory, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	long length = BIO_get_mem_data(memory, &bytes);
	observation_add_bytes(observation, key, row, bytes, length > 0 ? (size_t)length : 0);
	BIO_free(memory);
}

bool certificate_time(const ASN1_TIME *time, int64_t *seconds)
{
	struct tm utc;
	if (time == NULL || ASN1_TIME_to_tm(time, &utc) != 1)
		return false;
	*seconds = (int64_t)timegm(&utc);
	return true;
}

char *certificate_ca_issuers(X509 *certificate)
{
	char *address = NULL;
	AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
	for (int i = 0; access != NULL && i < sk_ACCESS_DESCRIPTION_num(access); i++) {
		const ACCESS_DESCRIPTION *item = sk_ACCESS_DESCRIPTION_value(access, i);
		if (OBJ_obj2nid(item->method) != NID_ad_ca_issuers || item->location->type != GEN_URI)
			continue;
		const ASN1_IA5STRING *uri = item->location->d.uniformResourceIdentifier;
		char *one = xstrndup((const char *)ASN1_STRING_get0_data(uri), (size_t)ASN1_STRING_length(uri));
		/* Active Directory's authorities name an LDAP address first, which only their own network can ask. */
		if (address == NULL || (str_starts_nocase(one, "http") && !str_starts_nocase(address, "http"))) {
			free(address);
			address = one;
		} else {
			free(one);
		}
	}
	AUTHORITY_INFO_ACCESS_free(access);
	return address;
}

static void add_serial(struct observation *observation, uint32_t row, X509 *certificate)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *text = number != NULL ? BN_bn2hex(number) : NULL;
	if (text != NULL)
		observation_add_text(observation, FACT_CERT_SERIAL, row, text);
	OPENSSL_free(text);
	BN_free(number);
}

const char *certificate_fingerprint(X509 *certificate, char text[CERTIFICATE_DIGEST_BYTES])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	X509_digest(certificate, EVP_sha256(), digest, &length);
	return str_hex(digest, length, text);
}

/* Of the whole certificate, and of its key alone. */
static void add_digests(struct observation *observation, uint32_t row, X509 *certificate, const EVP_MD *algorithm)
{
	bool is_long = EVP_MD_get_type(algorithm) == NID_sha512;
	unsigned char digest[EVP_MAX_MD_SIZE], *key = NULL;
	unsigned int length = 0;
	char text[2 * EVP_MAX_MD_SIZE + 1];
	if (X509_digest(certificate, algorithm, digest, &length) == 1)
		observation_add_text(observation, is_long ? FACT_CERT_SHA512 : FACT_CERT_SHA256, row, str_hex(digest, length, text));
	int key_length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key);
	if (key_length > 0 && EVP_Digest(key, (size_t)key_length, digest, &length, algorithm, NULL) == 1)
		observation_add_text(observation, is_long ? FACT_CERT_KEY_SHA512 : FACT_CERT_KEY_SHA256, row,
		                     str_hex(digest, length, text));
	OPENSSL_free(key);
}

void certificate_describe_sha512(struct observation *observation, STACK_OF(X509) *sent)
{
	for (int i = 0; i < sk_X509_num(sent) && i < LIMIT_CHAIN_CERTS; i++)
		add_digests(observation, (uint32_t)i, sk_X509_value(sent, i), EVP_sha512());
}

static void add_key(struct observation *observation, uint32_t row, X509 *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	const char *type = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;
	observation_add_text(observation, FACT_CERT_KEY_TYPE, row, type != NULL ? type : "unknown");
	if (key != NULL)
		observation_add_int(observation, FACT_CERT_KEY_BITS, row, EVP_PKEY_get_bits(key));
}

/* The digest, or the whole algorithm where none is chosen apart (Ed25519). */
static const char *signature_name(X509 *certificate)
{
	int digest = NID_undef, algorithm = X509_get_signature_nid(certificate);
	if (!OBJ_find_sigid_algs(algorithm, &digest, NULL) || digest == NID_undef)
		X509_get_signature_info(certificate, &digest, NULL, NULL, NULL);
	return OBJ_nid2sn(digest != NID_undef ? digest : algorithm);
}

static void add_certificate(struct observation *observation, uint32_t row, X509 *certificate)
{
	int64_t seconds;
	certificate_add_subject(observation, FACT_CERT_SUBJECT, row, X509_get_subject_name(certificate));
	certificate_add_subject(observation, FACT_CERT_ISSUER, row, X509_get_issuer_name(certificate));
	add_serial(observation, row, certificate);
	if (certificate_time(X509_get0_notBefore(certificate), &seconds))
		observation_add_time(observation, FACT_CERT_NOT_BEFORE, row, seconds);
	if (certificate_time(X509_get0_notAfter(certificate), &seconds))
		observation_add_time(observation, FACT_CERT_NOT_AFTER, row, seconds);
	add_key(observation, row, certificate);
	observation_add_text(observation, FACT_CERT_SIGNATURE, row, signature_name(certificate));
	add_digests(observation, row, certificate, EVP_sha256());
	observation_add_bool(observation, FACT_CERT_SELF_SIGNED, row, X509_self_signed(certificate, 1) == 1);
	char *address = certificate_ca_issuers(certificate);
	if (address != NULL)
		observation_add_bytes(observation, FACT_CERT_AIA, row, address, strlen(address));
	free(address);
}

static void add_alternative_names(struct observation *observation, X509 *leaf)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
	uint32_t row = 0;
	for (int i = 0; names != NULL && i < sk_GENERAL_NAME_num(names) && row < LIMIT_SAN_NAMES; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		const ASN1_STRING *string = name->type == GEN_DNS     ? name->d.dNSName
		                            : name->type == GEN_IPADD ? name->d.iPAddress
		                                                      : NULL;
		if (string == NULL)
			continue;
		const unsigned char *bytes = ASN1_STRING_get0_data(string);
		int length = ASN1_STRING_length(string);
		char text[INET6_ADDRSTRLEN];
		if (name->type == GEN_DNS)
			observation_add_bytes(observation, FACT_CERT_NAME, row++, bytes, (size_t)length);
		else if ((length == 4 && inet_ntop(AF_INET, bytes, text, sizeof text) != NULL) ||
		         (length == 16 && inet_ntop(AF_INET6, bytes, text, sizeof text) != NULL))
			observation_add_text(observation, FACT_CERT_NAME, row++, text);
	}
	GENERAL_NAMES_free(names);
}

static void add_common_name(struct observation *observation, X509 *leaf)
{
	const X509_NAME *subject = X509_get_subject_name(leaf);
	int last = -1;
	for (int at; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, last)) >= 0;)
		last = at;
	if (last < 0)
		return;
	unsigned char *text = NULL;
	int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
	if (length >= 0)
		observation_add_bytes(observation, FACT_CERT_CN, 0, text, (size_t)length);
	OPENSSL_free(text);
}

void certificate_describe(struct observation *observation, const struct certificate_chain *chain)
{
	int count = sk_X509_num(chain->sent);
	bool is_ordered = true;
	for (int i = 0; i < count && i < LIMIT_CHAIN_CERTS; i++) {
		X509 *certificate = sk_X509_value(chain->sent, i);
		add_certificate(observation, (uint32_t)i, certificate);
		if (i > 0 && X509_check_issued(certificate, sk_X509_value(chain->sent, i - 1)) != X509_V_OK)
			is_ordered = false;
	}
	add_alternative_names(observation, sk_X509_value(chain->sent, 0));
	add_common_name(observation, sk_X509_value(chain->sent, 0));
	observation_add_bool(observation, FACT_CERT_ORDER_OK, 0, is_ordered);
	ERR_clear_error();
}

void certificate_check_name(struct observation *observation, const struct certificate_chain *chain, const char *name)
{
	X509 *leaf = sk_X509_value(chain->sent, 0);
	struct in6_addr address;
	bool is_address = inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
	const unsigned int flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
	const unsigned int strict = flags | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
	bool is_alternative = is_address ? X509_check_ip_asc(leaf, name, 0) == 1
	                                 : X509_check_host(leaf, name, 0, strict, NULL) == 1;
	bool is_common = !is_alternative && !is_address && X509_check_host(leaf, name, 0, flags, NULL) == 1;
	observation_add_bool(observation, FACT_CERT_NAME_OK, 0, is_alternative);
	observation_add_bool(observation, FACT_CERT_NAME_IN_CN, 0, is_common);
	ERR_clear_error();
}
