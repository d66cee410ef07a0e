#ifndef PROTO_DNS_FACTS_H
#define PROTO_DNS_FACTS_H
/*
 * A DNS answer as facts: the header, the records of the answer section that belong to the question, and of the authority
 * section the SOA and the NS set of a zone that holds the name. Other records (forged, misplaced, glue) are left out.
 */
#include <ldns/ldns.h>

#include "base/buf.h"
#include "cutover/observation.h"

enum { DNS_RECORDS = 1000 }; /* records of one answer that become facts */

/* Sentences on what was odd (records left out, a TTL out of range, an alias loop) go to `detail`, parted by "; ". */
void dns_facts_add(struct observation *o, const ldns_pkt *packet, const ldns_rdf *name, struct buf *detail);

/*
 * Who the server says it is: dns.nsid, the identity option of the OPT record (RFC 5001), and dns.id_server, the answer to TXT
 * DNS_ID_SERVER in class CH (RFC 4892). False: the answer does not say.
 */
#define DNS_ID_SERVER "id.server"
bool dns_facts_add_nsid(struct observation *o, const ldns_pkt *packet);
bool dns_facts_add_id_server(struct observation *o, const ldns_pkt *packet);

/* The mnemonic of a type: "MX", "TYPE65280". Returns `text`. */
enum { DNS_TYPE_TEXT = 16 };
char *dns_type_text(ldns_rr_type type, char text[DNS_TYPE_TEXT]);

/* TTL as RFC 2181 8 has it: one with the top bit set counts as 0. Seconds. */
int64_t dns_record_ttl(const ldns_rr *record);

/* The address of an A or AAAA record as text; "" for another record. Returns `text`. */
enum { DNS_ADDRESS_TEXT = 46 };
char *dns_address_text(const ldns_rr *record, char text[DNS_ADDRESS_TEXT]);

#endif
