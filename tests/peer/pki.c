#include "pki.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void need(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "pki: %s\n", what);
		abort();
	}
}

/* RSA keys are slow to make, under valgrind above all: one of a kind serves all authorities, another all others. */
static EVP_PKEY *rsa_key(unsigned bits, bool is_ca)
{
	static EVP_PKEY *kept[2][2];
	EVP_PKEY **key = &kept[bits > 1024][is_ca];
	if (*key == NULL)
		*key = EVP_RSA_gen(bits);
	need(*key != NULL, "RSA key");
	EVP_PKEY_up_ref(*key);
	return *key;
}

static EVP_PKEY *make_key(const struct pki_request *request)
{
	const char *kind = request->key != NULL ? request->key : "ec";
	if (strncmp(kind, "rsa", 3) == 0)
		return rsa_key(strcmp(kind, "rsa1024") == 0 ? 1024 : 2048, request->is_ca != 0);
	EVP_PKEY *key = EVP_EC_gen(strcmp(kind, "ec192") == 0 ? "P-192" : "P-256");
	need(key != NULL, "key");
	return key;
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	need(extension != NULL, value);
	X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
}

struct pki_pair pki_issue(const struct pki_request *request, const struct pki_pair *issuer)
{
	static long serial = 4096;
	struct pki_pair pair = {X509_new(), make_key(request)};
	X509 *certificate = pair.certificate;
	bool has_dates = request->starts_days != 0 || request->ends_days != 0;
	X509_set_version(certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
	ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)(PKI_NOW + PKI_DAY * (has_dates ? request->starts_days : -30)));
	ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)(PKI_NOW + PKI_DAY * (has_dates ? request->ends_days : 365)));
	X509_set_pubkey(certificate, pair.key);
	X509_NAME *name = X509_get_subject_name(certificate);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)request->cn, -1, -1, 0);
	X509 *issuing = issuer != NULL ? issuer->certificate : certificate;
	X509_set_issuer_name(certificate, X509_get_subject_name(issuing));
	add_extension(certificate, issuing, NID_subject_key_identifier, "hash");
	add_extension(certificate, issuing, NID_basic_constraints, request->is_ca ? "critical,CA:TRUE" : "CA:FALSE");
	if (issuer != NULL)
		add_extension(certificate, issuing, NID_authority_key_identifier, "keyid");
	if (request->names != NULL)
		add_extension(certificate, issuing, NID_subject_alt_name, request->names);
	if (request->ca_issuers != NULL) {
		char value[256];
		snprintf(value, sizeof value, "caIssuers;URI:%s", request->ca_issuers);
		add_extension(certificate, issuing, NID_info_access, value);
	}
	const EVP_MD *digest = EVP_get_digestbyname(request->digest != NULL ? request->digest : "SHA256");
	need(X509_sign(certificate, issuer != NULL ? issuer->key : pair.key, digest) > 0, "sign");
	return pair;
}

void pki_clear(struct pki_pair *pair)
{
	X509_free(pair->certificate);
	EVP_PKEY_free(pair->key);
	*pair = (struct pki_pair){0};
}

SSL_CTX *pki_server(const struct pki_pair *const *pairs, size_t count)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
	SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
	need(SSL_CTX_use_certificate(context, pairs[0]->certificate) == 1, "certificate");
	need(SSL_CTX_use_PrivateKey(context, pairs[0]->key) == 1, "private key");
	SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY);
	for (size_t i = 1; i < count; i++)
		need(SSL_CTX_add1_chain_cert(context, pairs[i]->certificate) == 1, "chain");
	if (count == 1)
		SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
	return context;
}

char *pki_write(const struct pki_pair *pair)
{
	char *path = strdup("/tmp/cutover-ca-XXXXXX");
	int fd = mkstemp(path);
	need(fd >= 0, path);
	FILE *file = fdopen(fd, "w");
	PEM_write_X509(file, pair->certificate);
	fclose(file);
	return path;
}

struct pki_lab pki_lab;

void pki_lab_make(const char *host, const char *key)
{
	char names[256];
	snprintf(names, sizeof names, "DNS:%s", host);
	const struct pki_request root = {.cn = "Lab Root", .is_ca = 1}, leaf = {.cn = host, .names = names, .key = key};
	pki_lab.root = pki_issue(&root, NULL);
	pki_lab.leaf = pki_issue(&leaf, &pki_lab.root);
	pki_lab.ca_file = pki_write(&pki_lab.root);
}

void pki_lab_drop(void)
{
	pki_clear(&pki_lab.leaf);
	pki_clear(&pki_lab.root);
	remove(pki_lab.ca_file);
	free(pki_lab.ca_file);
}

struct pki_pair pki_cross(const struct pki_pair *pair, const struct pki_pair *issuer)
{
	struct pki_pair cross = {X509_dup(pair->certificate), pair->key};
	EVP_PKEY_up_ref(pair->key);
	X509_set_issuer_name(cross.certificate, X509_get_subject_name(issuer->certificate));
	need(X509_sign(cross.certificate, issuer->key, EVP_sha256()) > 0, "sign");
	return cross;
}

int pki_ocsp(const struct pki_pair *leaf, const struct pki_pair *issuer, const struct pki_pair *signer, int status, int ends_days,
             unsigned char **response)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(NULL, leaf->certificate, issuer->certificate);
	ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)(PKI_NOW - PKI_DAY));
	ASN1_TIME *until = ASN1_TIME_set(NULL, (time_t)(PKI_NOW + PKI_DAY * ends_days));
	need(OCSP_basic_add1_status(basic, id, status, OCSP_REVOKED_STATUS_KEYCOMPROMISE, from, from, until) != NULL, "OCSP status");
	need(OCSP_basic_sign(basic, signer->certificate, signer->key, EVP_sha256(), NULL, 0) == 1, "OCSP signature");
	OCSP_RESPONSE *whole = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	*response = NULL;
	int length = i2d_OCSP_RESPONSE(whole, response);
	need(length > 0, "OCSP response");
	OCSP_RESPONSE_free(whole);
	OCSP_BASICRESP_free(basic);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	return length;
}
