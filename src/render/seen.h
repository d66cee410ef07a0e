#ifndef RENDER_SEEN_H
#define RENDER_SEEN_H
/*
 * An observation in words: what a person reads as evidence. One short line, more where one does not do (a certificate
 * under its handshake), parted by '\n'. Texts are as the observation has them: not yet escaped for any format.
 */
#include "cutover/report.h"

struct buf;

/* Of whom: "192.0.2.1", "ns1.contoso.com 192.0.2.53"; "[site-b] 192.0.2.1" when seen from elsewhere than the run. */
void seen_label(struct buf *out, const struct observation *observation, const struct run_info *run);

/* What: "no answer in 15.0 s, 3 SYN sent again". */
void seen_words(struct buf *out, const struct observation *observation);

#endif
