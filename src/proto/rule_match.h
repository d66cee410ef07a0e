#ifndef PROTO_RULE_MATCH_H
#define PROTO_RULE_MATCH_H
/* Matches on sets of addresses: of clients, from which packets come, or to which the server's answers go. */
#include "proto/ruleset.h"

/* What is known of the packets in question, beside the clients. */
struct packet {
	bool is_reply; /* the server's answers: what is said of source and destination below is the other way round in them */
	bool is_dnat, knows_nat; /* the connection was sent to its destination by one of the rules; all that could do so are known */
	uint16_t port;
	bool has_destination;
	struct address destination;
	const char *interface; /* by which they come in; NULL: not known, but not lo; borrowed */
};

/* The clients among those given for which the matches hold, and those for which they may. certain is within possible. */
struct matched {
	struct prefix_set certain, possible;
	const char *why; /* of the first uncertain match, borrowed; or NULL */
};

struct matched matches_find(const struct rule_matches *matches, const struct packet *packet, const struct prefix_set *sources);
void matched_clear(struct matched *matched);

#endif
