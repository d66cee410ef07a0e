#ifndef IO_CERTIFICATE_H
#define IO_CERTIFICATE_H
/*
 * What a server's certificates say, and what is wrong with them, as facts (cert.* in facts.def). Nothing is fetched and
 * nothing is judged: whether an error is bad is for a rule.
 */
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "cutover/observation.h"

/* The certificates as sent, leaf first; at least one. Borrowed. */
struct certificate_chain {
	STACK_OF(X509) *sent;
	X509_STORE *store; /* trust anchors */
	bool lacks_anchors; /* there are none: whom the chain leads to cannot be said */
};

/* Each certificate that was sent, up to LIMIT_CHAIN_CERTS; the leaf's names; whether each is issued by the next. */
void certificate_describe(struct observation *observation, const struct certificate_chain *chain);

/* cert.chain's sha512 and key_sha512, which no more than TLSA records ask for (RFC 6698 2.1.3). */
void certificate_describe_sha512(struct observation *observation, STACK_OF(X509) *sent);

/*
 * Whether the leaf is for `name`, an A-label host name or an address: by subjectAltName (RFC 6125 6.4: a wildcard is
 * the whole leftmost label), or only by the subject's CN when it has no subjectAltName of that kind.
 */
void certificate_check_name(struct observation *observation, const struct certificate_chain *chain, const char *name);

/*
 * Verifies the chain as of `when` (seconds since 1970) as a client of a mail server would, with what was sent and the
 * anchors. Every error becomes a row of cert.errors under `label`. The first issuer that is missing is named.
 */
void certificate_verify(struct observation *observation, const struct certificate_chain *chain, int64_t when,
                        const char *label);

/*
 * Keys under 112 bits of security (RSA 2048, EC 224) and signatures by SHA-1 or weaker, as rows of cert.errors under
 * `label`. Trust anchors are trusted by themselves: their own signatures do not count.
 */
void certificate_check_strength(struct observation *observation, const struct certificate_chain *chain,
                                const char *label);

/*
 * Of a stapled response: "good", "revoked", "unknown" (to its issuer), "expired" (not current at `when`), "invalid" (not
 * signed for this issuer, or not for this leaf), or "unchecked" (the issuer was not sent and is no anchor).
 */
const char *certificate_ocsp_status(const struct certificate_chain *chain, const unsigned char *response, long length,
                                    int64_t when);

/*
 * certificate_issuer.c: a chain that lacks an issuer, to be looked at again by who has fetched it.
 * Kept as cert.chain's der column; read back into certificates, leaf first, the caller's, or NULL.
 */
void certificate_keep(struct observation *observation, const struct certificate_chain *chain);
STACK_OF(X509) *certificate_kept(const struct observation *observation);

/*
 * What an AIA address sent (RFC 5280 4.2.2.1): one certificate in DER or PEM form, or a PKCS #7 bag in either. At most
 * LIMIT_ISSUER_CERTS, the caller's; NULL when it is none of these. `form` becomes a static text.
 */
STACK_OF(X509) *certificate_read(const void *bytes, size_t length, const char **form);

/*
 * Adds to chain->sent, which holds references of its own, the one of `fetched` that issued what has no issuer there, and of the
 * same bag what is missing still; verifies again as of `when`, and tells: cert.errors, issuer.completes and, when a further
 * one is missing, cert.missing_issuer and cert.missing_aia; or issuer.fault. Returns whether anything was added.
 */
bool certificate_try_issuer(struct observation *observation, const struct certificate_chain *chain, STACK_OF(X509) *fetched,
                            int64_t when);

/* Rows of issuer.added: what stands in `path` behind the certificates that were `sent`. */
void certificate_tell_added(struct observation *observation, STACK_OF(X509) *path, int sent);

/* Helpers of the parts above, and of who tells handshakes. */
enum { CERTIFICATE_DIGEST_BYTES = 65 };
const char *certificate_fingerprint(X509 *certificate, char text[CERTIFICATE_DIGEST_BYTES]); /* as cert.chain's sha256; returns `text` */
void certificate_add_subject(struct observation *observation, enum fact_key key, uint32_t row,
                             const X509_NAME *name);
char *certificate_ca_issuers(X509 *certificate); /* first AIA caIssuers address, one of http before others; allocated, or NULL */
bool certificate_time(const ASN1_TIME *time, int64_t *seconds);

#endif
