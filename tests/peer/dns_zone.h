#ifndef TESTS_PEER_DNS_ZONE_H
#define TESTS_PEER_DNS_ZONE_H
/* What a name server would say: records in master-file form, answers made by the rules of RFC 1034 4.3.2. */
#include <ldns/ldns.h>
#include <stdbool.h>

struct dns_zone;

/* A record a line, names absolute ("contoso.com. 300 IN MX 10 mail.contoso.com."). Aborts on a line that is none. */
struct dns_zone *dns_zone_new(const char *text);
void dns_zone_free(struct dns_zone *zone);

/*
 * The answer to the query. A resolver (is_recursive) follows aliases over all records, sets RA and never refers; a name
 * server refers for names at or below NS records that have no SOA beside them, and answers with authority else.
 * A name with nothing at or below it is NXDOMAIN, unless "*." stands for it.
 */
ldns_pkt *dns_zone_answer(const struct dns_zone *zone, const ldns_pkt *query, bool is_recursive);

#endif
