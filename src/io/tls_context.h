#ifndef IO_TLS_CONTEXT_H
#define IO_TLS_CONTEXT_H
/*
 * What all handshakes of a run share: the offer, and the trust anchors.
 *
 * The offer is wider than the migration service's (TLS 1.0 to 1.3, security level 0, servers without RFC 5746), so that
 * a handshake which the service would refuse is completed and can be described. Nothing is verified in the handshake:
 * certificate.h does that afterwards, as of any time. A user's openssl.cnf changes nothing.
 */
#include <openssl/ssl.h>
#include <stdbool.h>

#include "cutover/error.h"

struct tls_context;

/* `ca_file` NULL: the system's trust anchors. NULL with the error when the file cannot be used. */
struct tls_context *tls_context_new(const char *ca_file, struct error *error);
void tls_context_free(struct tls_context *context); /* NULL is fine */

SSL_CTX *tls_context_offer(struct tls_context *context);    /* borrowed */
/* The system has no trust anchors where OpenSSL looks for them, and the user named none. */
bool tls_context_lacks_anchors(struct tls_context *context);
X509_STORE *tls_context_store(struct tls_context *context); /* borrowed; the system's is opened at the first call */

#endif
