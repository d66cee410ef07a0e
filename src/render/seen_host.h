#ifndef RENDER_SEEN_HOST_H
#define RENDER_SEEN_HOST_H
/* What a host's name led to, in words. Part of seen.h. */
#include "cutover/observation.h"

struct buf;

/* "192.0.2.10 (300 s), 2001:db8::10 (300 s), by way of mail.contoso.com"; or how the questions ended. */
void seen_host(struct buf *out, const struct observation *observation);

#endif
