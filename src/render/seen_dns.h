#ifndef RENDER_SEEN_DNS_H
#define RENDER_SEEN_DNS_H
/* DNS answers in words, and the TTLs of the MX set at each server. Part of seen.h. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/report.h"

struct buf;

/* "MX 10 mail.contoso.com (300 s), 20 ..."; or how it ended, and what was asked for. */
void seen_dns(struct buf *out, const struct observation *observation);

/* What one server says of the TTL of the domain's MX set. Texts are borrowed from the evidence. */
struct seen_ttl {
	const char *server;  /* name, or NULL */
	const char *address; /* or NULL */
	const char *vantage; /* or NULL */
	bool is_cache;       /* a resolver: the time that remains there */
	const char *set;     /* of a cache: the MX set in it, or NULL */
	int64_t ttl_s;       /* the longest of the set */
};

/* All of them, authoritative servers first, each server once, by name and address; allocated, owned by the caller. */
struct seen_ttl *seen_ttls(const struct report *report, size_t *count);

#endif
