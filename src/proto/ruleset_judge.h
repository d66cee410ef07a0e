#ifndef PROTO_RULESET_JUDGE_H
#define PROTO_RULESET_JUDGE_H
/*
 * What rules do with new TCP connections, for whole sets of source addresses at once.
 *
 * Two sets are carried through the rules as a packet would go: the addresses for which a rule certainly matches, and
 * those for which it may. An uncertain match leaves its addresses on both ways: they may meet the verdict, and they may
 * go on. So in the end an address may be accepted, may be refused, or may be both; then nobody can tell from the
 * rules, and the first rule that was uncertain for it is named. An address that may only be accepted is let in.
 *
 * The way of a packet: ingress (of some device: uncertain without the interface), prerouting, where DNAT may send it elsewhere, then input,
 * or forward when it was sent to another host. The answer of a server on this host goes out by output and postrouting, as a part of
 * an established connection; that of a host behind this one is not looked at. Chains of a hook run by priority; each must accept.
 * Rate limits are taken as not reached: the question is about one connection.
 */
#include "proto/ruleset.h"

enum firewall_event_kind { FIREWALL_REFUSES, FIREWALL_UNCERTAIN, FIREWALL_ACCEPTS };

/* Why: addresses that met a decision. */
struct firewall_event {
	enum firewall_event_kind kind;
	const char *place; /* "line 12"; borrowed from the ruleset */
	const char *why;   /* of what is uncertain; borrowed; or NULL */
	bool is_policy;    /* the chain's policy, not a rule */
	bool is_reply;     /* it is the server's answer that met it */
	struct prefix_set addresses;
};

struct firewall_question {
	uint16_t port;
	enum rule_hook hook;              /* HOOK_INPUT, or HOOK_FORWARD for a router without DNAT */
	const struct prefix_set *sources; /* borrowed */
	bool has_destination;             /* the server's address is known */
	struct address destination;
	const char *interface;            /* by which the connections come in, or NULL; borrowed */
};

struct firewall_answer {
	struct prefix_set accepted, refused; /* may be accepted, may be refused; together all sources */
	struct firewall_event *events;       /* in the order in which they were met */
	size_t count, room;
	bool is_too_deep; /* a ceiling was reached: what came then is uncertain */
};

void ruleset_judge(const struct ruleset *ruleset, const struct firewall_question *question, struct firewall_answer *answer);
void firewall_answer_clear(struct firewall_answer *answer);

/* The first event of that kind that has an address of the set; NULL for none. Borrowed. */
const struct firewall_event *firewall_answer_why(const struct firewall_answer *answer, enum firewall_event_kind kind,
                                                 const struct prefix_set *addresses);

#endif
