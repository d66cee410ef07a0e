#ifndef RENDER_SEEN_CACHE_H
#define RENDER_SEEN_CACHE_H
/* What a resolver holds of the MX set, in words. Part of seen.h. */
struct buf;
struct observation;

/* "10 mail.contoso.com (42 s left) in 2 answers; no such record (NODATA)". */
void seen_cache(struct buf *out, const struct observation *observation);

#endif
