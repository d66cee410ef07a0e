#ifndef RENDER_SEEN_TLS_H
#define RENDER_SEEN_TLS_H
/* Handshakes and certificates in words; see render/seen.h. */
#include "render/seen.h"

void seen_tls(struct buf *out, const struct observation *observation);
void seen_issuer(struct buf *out, const struct observation *observation); /* a certificate that was fetched */

#endif
