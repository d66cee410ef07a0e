#ifndef PROTO_DNS_MESSAGE_H
#define PROTO_DNS_MESSAGE_H
/* DNS messages: a query to bytes, a stranger's bytes to a packet that answers our question, and what it amounts to. */
#include <ldns/ldns.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/limits.h"
#include "cutover/outcome.h"
#include "model/address.h"

/* What a query carries. io/dns_client.h goes on with how it is sent. */
enum dns_message_flags {
	DNS_RD = 1,       /* recursion desired */
	DNS_DO = 2,       /* DNSSEC records wanted */
	DNS_CD = 4,       /* checking disabled */
	DNS_NSID = 8,     /* ask for the server's identity (RFC 5001) */
	DNS_NO_EDNS = 16, /* no OPT record; DO and NSID need one and are left out */
	DNS_CHAOS = 32,   /* of class CH: what a server says of itself (RFC 4892) */
};

enum {
	DNS_EDNS_BYTES = 1232, /* UDP size offered: fits every path (DNS flag day 2020) */
	DNS_QUERY_BYTES = 512, /* room for any query of ours */
	DNS_HEADER_BYTES = 12,
};

/* Writes the query; returns its length, 0 when `name` is no DNS name. */
size_t dns_message_query(uint8_t wire[DNS_QUERY_BYTES], const char *name, ldns_rr_type type, unsigned flags, uint16_t id);

/* The same with the network that the answer is for (EDNS Client Subnet, RFC 7871); `subnet` NULL: none. */
struct dns_asking {
	const char *name;
	ldns_rr_type type;
	unsigned flags;
	const struct prefix *subnet;
};
size_t dns_message_ask(uint8_t wire[DNS_QUERY_BYTES], const struct dns_asking *asking, uint16_t id);

enum { DNS_OPTION_NSID = 3, DNS_OPTION_ECS = 8 };

/* The bytes of that option in the answer's OPT record, borrowed, and their number; NULL without one. */
const uint8_t *dns_message_option(const ldns_pkt *packet, unsigned code, size_t *length);

struct dns_reading {
	ldns_pkt *packet;   /* owned by the reader; NULL when the bytes are no answer to the question */
	const char *fault;  /* then: why, in words */
	size_t extra_bytes; /* behind the packet's last record */
};

/*
 * Reads an answer to the question (name, type; of `flags` only DNS_CHAOS matters). No answer: too short, a query, malformed, to
 * another question. A bare header is taken as an answer when its rcode is an error, as old servers send it.
 */
struct dns_reading dns_message_read(const uint8_t *wire, size_t length, const ldns_rdf *name, ldns_rr_type type, unsigned flags);

/* RFC 6891 6.1.3: with the OPT record's upper bits. */
unsigned dns_message_rcode(const ldns_pkt *packet);

/* The names of the answer, beginning with the one asked for: each next one is the target of an alias. Borrows from the packet. */
struct dns_chain {
	const ldns_rdf *names[LIMIT_CNAME_CHAIN + 1];
	size_t count;
	ldns_rr_class class; /* the question's */
	bool is_loop; /* the chain comes back to itself, or is longer than LIMIT_CNAME_CHAIN */
};
void dns_chain_follow(struct dns_chain *chain, const ldns_pkt *packet, const ldns_rdf *name);

/* Whether a record of the answer section belongs to the question: its owner is in the chain, or a DNAME above it. */
bool dns_chain_has(const struct dns_chain *chain, const ldns_rr *record);

/*
 * What the answer amounts to.
 *   ok        a record for the name asked (an alias is one), or a referral when NS was asked for
 *   nodata    NOERROR and nothing for the name
 *   nxdomain  refused  servfail   by rcode; all other error codes are servfail
 *   protocol  a referral where an answer was due, or an answer that speaks of other names only
 */
enum outcome dns_message_outcome(const ldns_pkt *packet, const ldns_rdf *name, ldns_rr_type type);

#endif
