#ifndef RENDER_SEEN_FIREWALL_H
#define RENDER_SEEN_FIREWALL_H
/* What firewall rules do with the ranges, in words. Part of seen.h. */
#include "cutover/observation.h"

struct buf;

/*
 * "port 993 (input): 1 of 27 ranges let in", then for each rule that shuts some out a line with them, and the missing
 * prefixes as elements of an nft set, to paste.
 */
void seen_firewall(struct buf *out, const struct observation *observation);

#endif
