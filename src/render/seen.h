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

/* For the parts of it, a file a subject: seen_dns.h, seen_tls.h, ... */
void seen_put_text(struct buf *out, const char *text); /* cut to a readable length */
/* `before` and the text when the fact is there. */
void seen_also(struct buf *out, const struct observation *observation, enum fact_key key, const char *before);
/* How it ended, where no fact says it better. */
void seen_outcome(struct buf *out, const struct observation *observation);

#endif
