#ifndef RENDER_SEEN_CSV_H
#define RENDER_SEEN_CSV_H
/* A CSV file in words. Part of seen.h. */
#include "cutover/observation.h"

struct buf;

/* "48 rows of 3 fields, UTF-8, comma, crlf, mode 0600"; of a kind of fault "row-columns: 5 times". */
void seen_csv(struct buf *out, const struct observation *observation);

#endif
