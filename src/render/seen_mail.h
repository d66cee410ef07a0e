#ifndef RENDER_SEEN_MAIL_H
#define RENDER_SEEN_MAIL_H
/* What the probes of mail policies saw: the SPF tree counted, the chain of signatures link by link, the ladder hop by hop. See seen.h. */

struct buf;
struct observation;

void seen_spf(struct buf *out, const struct observation *observation);
void seen_dnssec(struct buf *out, const struct observation *observation);
void seen_mtasts(struct buf *out, const struct observation *observation);
void seen_autodiscover(struct buf *out, const struct observation *observation);

#endif
