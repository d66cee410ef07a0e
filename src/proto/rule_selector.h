#ifndef PROTO_RULE_SELECTOR_H
#define PROTO_RULE_SELECTOR_H
/*
 * What a rule can ask about a packet, by nft's words, and what the answer is for a new TCP connection from outside.
 * iptables' options are asked by the same words ("-s" is "ip saddr"), so that this knowledge stands once.
 */
#include "proto/ruleset.h"

enum selector_kind {
	SELECTOR_SOURCE, SELECTOR_DESTINATION, SELECTOR_PORT, SELECTOR_SOURCE_PORT, SELECTOR_FAMILY, SELECTOR_INTERFACE,
	SELECTOR_WAY_OUT,    /* outgoing interface */
	SELECTOR_PROTOCOL,   /* tcp, or its number */
	SELECTOR_STATE,      /* of connection tracking: new */
	SELECTOR_DIRECTION,  /* original */
	SELECTOR_STATUS,
	SELECTOR_PACKET_TYPE,
	SELECTOR_LOCAL_TYPE, /* fib daddr type: local */
	SELECTOR_SOURCE_TYPE,
	SELECTOR_ROUTE_BACK, /* fib saddr ... oif: there is a way back */
	SELECTOR_FLAGS,      /* tcp flags: SYN */
	SELECTOR_FRAGMENT,   /* offset of a fragment: 0 */
	SELECTOR_NEVER,      /* a field of another protocol: the rule is not for TCP */
	SELECTOR_UNKNOWN,
};

struct selector {
	enum selector_kind kind;
	unsigned families; /* that it implies: "ip saddr" is of IPv4 packets */
};

/* "ip saddr", "tcp dport", "meta iifname", "iifname", "ct state", "fib saddr iif oif"; words parted by one blank. */
struct selector selector_find(const char *words);

/* An empty match for the selector, at the end of the list: what it implies stands before it. */
struct rule_match *selector_begin(const struct selector *selector, struct rule_matches *matches);

/*
 * One value more that the match accepts: "40.96.0.0/13", "1-992", "lo", "new". A value that is not understood makes the
 * match incomplete, one that nobody can know makes it uncertain.
 */
void selector_add(const struct selector *selector, struct rule_match *match, const char *value);

/* After the last value. `words` names what is uncertain: "it depends on iifname eth0". */
void selector_end(const struct selector *selector, struct rule_match *match, const char *words);

/* tcp flags: of the flags in `mask` exactly those in `wanted` are set ("syn,ack"): an offer of what holds for a SYN, and for its answer. */
void selector_offer_flags(struct rule_match *match, const char *mask, const char *wanted);

bool selector_port(const char *text, uint16_t *port); /* a number, or imap, imap2, imap4, imaps; 0 for another name */

#endif
