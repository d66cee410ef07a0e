#ifndef RENDER_SEEN_TLS_H
#define RENDER_SEEN_TLS_H
/* Handshakes and certificates in words. Part of seen.h. */
#include "cutover/observation.h"

struct buf;

void seen_tls(struct buf *out, const struct observation *observation);
void seen_issuer(struct buf *out, const struct observation *observation); /* a certificate that was fetched */

#endif
