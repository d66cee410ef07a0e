#ifndef TESTS_PEER_DNS_PEER_H
#define TESTS_PEER_DNS_PEER_H
/*
 * A scripted DNS server on loopback, in a thread of its own: UDP and TCP on one port, well behaved or not.
 * Several peers on 127.0.0.N with one port play the servers of a zone.
 */
#include <ldns/ldns.h>
#include <stdbool.h>
#include <stdint.h>

enum dns_peer_trait {
	PEER_RECURSIVE = 1 << 0,      /* a resolver: see dns_zone_answer */
	PEER_DROP_UDP = 1 << 1,       /* no UDP query is answered */
	PEER_DROP_FIRST = 1 << 2,     /* the first UDP query for each question is not answered */
	PEER_DROP_EDNS = 1 << 3,      /* no UDP query with an OPT record is answered */
	PEER_FORMERR_EDNS = 1 << 4,   /* FORMERR to a query with an OPT record */
	PEER_FORMERR_BARE = 1 << 5,   /* the same, by a header without the question */
	PEER_TRUNCATE = 1 << 6,       /* TC and an empty answer over UDP */
	PEER_WRONG_ID = 1 << 7,       /* over UDP: another id */
	PEER_WRONG_QUESTION = 1 << 8, /* another question and its answer */
	PEER_ECHO = 1 << 9,           /* the query comes back as it is */
	PEER_GARBAGE = 1 << 10,       /* counts promise records that are not there */
	PEER_TRAILING = 1 << 11,      /* seven bytes behind the message */
	PEER_LAME = 1 << 12,          /* refers to the root, whatever is asked */
	PEER_NSID = 1 << 13,          /* names itself "peer-1" when asked */
	PEER_NO_TCP = 1 << 14,        /* does not listen on TCP */
	PEER_DROP_TCP = 1 << 15,      /* accepts and is silent */
	PEER_HANG_UP = 1 << 16,       /* closes each TCP connection when the query has come */
	PEER_HANG_UP_FIRST = 1 << 17, /* closes the first one only */
	PEER_NO_UDP = 1 << 18,        /* UDP port closed */
	PEER_FAIL_UNLESS_CD = 1 << 19, /* SERVFAIL to queries without CD, as a validator does for bad signatures */
};

struct dns_peer_config {
	const char *address; /* NULL: 127.0.0.1 */
	uint16_t port;       /* 0: any */
	const char *zone;    /* dns_zone_new */
	unsigned traits;
	int delay_ms;           /* before each answer */
	int rcode;              /* > 0: answers nothing but that */
	const char *forged;     /* a record added to each answer section */
	ldns_rr_type only_type; /* > 0: traits (but those of sockets), rcode and delay apply to questions of that type alone */
	ldns_rr_class only_class; /* > 0: of that class alone */
};

struct dns_peer;

struct dns_peer *dns_peer_start(const struct dns_peer_config *config);
void dns_peer_stop(struct dns_peer *peer);
uint16_t dns_peer_port(const struct dns_peer *peer);

/* Queries received so far, over both transports; NULL and 0: any. */
unsigned dns_peer_count(struct dns_peer *peer, const char *name, ldns_rr_type type);
unsigned dns_peer_count_tcp(struct dns_peer *peer);
unsigned dns_peer_count_rd(struct dns_peer *peer); /* those with RD */

#endif
