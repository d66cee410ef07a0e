#ifndef RENDER_SEEN_PARTS_H
#define RENDER_SEEN_PARTS_H
/* What the subjects of seen.h share: seen_dns.h, seen_tls.h, ... */
#include "cutover/observation.h"

struct buf;

void seen_put_text(struct buf *out, const char *text); /* cut to a readable length; "-" for NULL */
/* `before` and the text when the fact is there. */
void seen_also(struct buf *out, const struct observation *observation, enum fact_key key, const char *before);
const char *seen_outcome_words(enum outcome outcome);
/* How it ended, where no fact says it better. */
void seen_outcome(struct buf *out, const struct observation *observation);

#endif
