#ifndef PROTO_DNS_MX_H
#define PROTO_DNS_MX_H
/* The MX set of an answer as one text, the same for the same set: "10 mail.contoso.com, 20 mx2.contoso.com". */
#include <ldns/ldns.h>
#include <stdint.h>

enum { DNS_MX_RECORDS = 64 }; /* the first ones in order; what goes beyond is counted at the end: " and 3 more" */

/* Sorted by preference, then host. NULL without a record. *ttl_s: the longest of the set. Allocated, owned by the caller. */
char *dns_mx_text(const ldns_pkt *packet, const ldns_rdf *name, int64_t *ttl_s);

#endif
