#ifndef TESTS_PKI_H
#define TESTS_PKI_H
/* Throw-away certificates, made in memory. Whatever fails aborts the test. */
#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <stdint.h>

/* The fixed time of certificates: 2026-06-01T12:00:00Z. */
#define PKI_NOW INT64_C(1780315200)
#define PKI_DAY INT64_C(86400)

struct pki_request {
	const char *cn;
	const char *names;   /* "DNS:imap.contoso.com,IP:192.0.2.1", or NULL for none */
	const char *key;     /* "ec" (P-256) when NULL, "ec192", "rsa1024", "rsa2048" */
	const char *digest;  /* "SHA256" when NULL */
	const char *ca_issuers; /* AIA address, or NULL */
	int starts_days, ends_days; /* from PKI_NOW; both 0: -30 and 365 */
	int is_ca;
};

struct pki_pair {
	X509 *certificate;
	EVP_PKEY *key;
};

/* Signed by `issuer`, or by itself when that is NULL. */
struct pki_pair pki_issue(const struct pki_request *request, const struct pki_pair *issuer);
void pki_clear(struct pki_pair *pair);

/* A server's settings that send these certificates, leaf first, the first of `pairs` being the leaf's. */
SSL_CTX *pki_server(const struct pki_pair *const *pairs, size_t count);

/* Writes the certificate to a new file under /tmp; the name is allocated. */
char *pki_write(const struct pki_pair *pair);

/* What most tests need: a root in a file, and what it issued for `host`. Keys take long to make under valgrind: once for all tests. */
extern struct pki_lab {
	struct pki_pair root, leaf;
	char *ca_file;
} pki_lab;
void pki_lab_make(const char *host, const char *key);
void pki_lab_drop(void);

/* The same pair, issued anew by `issuer` (a cross-certificate). */
struct pki_pair pki_cross(const struct pki_pair *pair, const struct pki_pair *issuer);

/* A DER OCSP response for `leaf`, signed by `signer`, made at PKI_NOW - 1 day, good until PKI_NOW + `ends_days`. */
int pki_ocsp(const struct pki_pair *leaf, const struct pki_pair *issuer, const struct pki_pair *signer, int status, int ends_days,
             unsigned char **response);

#endif
