#ifndef PROTO_RULESET_H
#define PROTO_RULESET_H
/*
 * Packet filter rules as far as they matter for one question: is a new TCP connection from an address let in to a port?
 *
 * The readers (rules_nft.c, rules_iptables.c, rules_list.c) turn whatever they read into this. What is the same for
 * every packet in question (it is TCP, it is new, it carries SYN; the server's answer is of an established connection, and
 * carries SYN and ACK) is decided there, as a MATCH_FIXED; what nobody can know from the text (marks, the time of day) is
 * UNCERTAIN, with words for why. Nothing is guessed: see ruleset_judge.h for what becomes of it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/prefix_set.h"

enum certainty { CERTAINLY_NOT, CERTAINLY, UNCERTAIN };

enum { FAMILY_V4 = 1, FAMILY_V6 = 2, FAMILY_BOTH = 3 };

struct port_range {
	uint16_t first, last;
};

enum match_kind {
	MATCH_FIXED,       /* `fixed`, or `reply` for the answer, whatever the packet */
	MATCH_FAMILY,      /* one of `families` */
	MATCH_SOURCE,      /* the source is one of `addresses` */
	MATCH_DESTINATION, /* the destination is */
	MATCH_PORT,        /* the destination port is one of `ports` */
	MATCH_SOURCE_PORT, /* the source port is */
	MATCH_INTERFACE,   /* it comes in by one of `interfaces`: names, also "eth*" and "eth+" */
	MATCH_WAY_OUT,     /* it goes out by one of them */
	MATCH_ANY,         /* one of `alternatives` holds: elements of a set of concatenations */
};

struct rule_matches {
	struct rule_match *items; /* all must hold */
	size_t count, room;
};

struct rule_match {
	enum match_kind kind;
	bool is_negated;
	bool is_incomplete; /* an element was not understood: what is not listed may match as well */
	enum certainty fixed, reply;
	bool asks_dnat; /* of a MATCH_FIXED: it holds as well when the connection was sent here by DNAT */
	char *why; /* of what is uncertain: "the interface is eth0"; or NULL */
	unsigned families;
	struct prefix_set addresses;
	struct port_range *ports;
	size_t port_count;
	char **interfaces;
	size_t interface_count;
	struct rule_matches *alternatives;
	size_t alternative_count;
};

enum rule_verdict {
	VERDICT_NONE,    /* goes on: counter, log, a mark */
	VERDICT_ACCEPT,
	VERDICT_DROP,    /* or reject */
	VERDICT_RETURN,
	VERDICT_JUMP,
	VERDICT_GOTO,
	VERDICT_NAT,     /* DNAT or redirect: another destination from here on */
	VERDICT_UNKNOWN, /* may accept or drop: a queue to a program, a target that is not known */
};

/* What a rule does when its matches and these hold. A verdict map has one case an element, other rules have one. */
struct rule_case {
	struct rule_matches matches;
	enum rule_verdict verdict;
	char *target;            /* chain of JUMP and GOTO */
	bool has_address;        /* NAT: a new destination... */
	struct address address;
	uint16_t port;           /* ...and port; 0: as it was */
	bool is_local;           /* NAT: redirect, to this host */
};

struct filter_rule {
	char *place; /* "line 12", "handle 7" */
	struct rule_matches matches;
	struct rule_case *cases;
	size_t case_count;
};

enum rule_hook { HOOK_NONE, HOOK_INGRESS, HOOK_PREROUTING, HOOK_INPUT, HOOK_FORWARD, HOOK_OUTPUT, HOOK_POSTROUTING };

struct rule_chain {
	char *table, *name; /* names are unique within a table: "inet filter", "input" */
	char *place;
	char *device;       /* of an ingress chain, or NULL */
	unsigned families;
	enum rule_hook hook;
	int priority;       /* chains of a hook run in ascending order */
	bool drops; /* the policy */
	struct filter_rule *rules;
	size_t count, room;
};


/* Something that was not understood. */
struct rule_note {
	char *place, *text;
};

struct ruleset {
	struct rule_chain **chains;
	size_t chain_count, chain_room;
	struct rule_note *notes;
	size_t note_count, note_room;
	const char *prefix;        /* before each place, "rules.v4 " when there are several files; "" else; borrowed */
	unsigned hint;             /* the family of iptables rules that do not tell it themselves, set before they are read; 0: none */
	bool has_no_family;        /* there are rules of which nobody knows the family: neither is judged by them */
	bool has_nat;              /* rules for NAT are among them: `iptables -S` prints those of filter alone */
	unsigned families;         /* whose rules are known: iptables-save is of one family */
	bool has_lost;             /* something outside of rules was not understood: there may be more rules */
	bool is_list;              /* a list of allowed prefixes, no rules */
	struct prefix_set allowed; /* of a list */
};

void ruleset_init(struct ruleset *ruleset);
void ruleset_clear(struct ruleset *ruleset);

/* The chain of that name, or NULL; added when it is not there. Chains never move. */
struct rule_chain *ruleset_find(const struct ruleset *ruleset, const char *table, const char *name);
struct rule_chain *ruleset_add_chain(struct ruleset *ruleset, const char *table, const char *name);

/* A new rule without matches and cases at the end; borrowed until the next one of the chain. */
struct filter_rule *chain_add_rule(struct rule_chain *chain, const char *place);
struct rule_case *rule_add_case(struct filter_rule *rule, enum rule_verdict verdict);
struct rule_match *matches_add(struct rule_matches *matches, enum match_kind kind);
void matches_clear(struct rule_matches *matches);

/* MATCH_FIXED at the end of the list, the same for the answer; `why` is copied, for UNCERTAIN. */
void matches_add_fixed(struct rule_matches *matches, enum certainty fixed, const char *why);
void match_offer(struct rule_match *match, enum certainty fixed, enum certainty reply); /* one value more: certain wins over uncertain */
void match_add_interface(struct rule_match *match, const char *name);
void match_add_port(struct rule_match *match, uint16_t first, uint16_t last);
struct rule_matches *match_add_alternative(struct rule_match *match);

/* At most LIMIT_RULE_NOTES are kept. */
void ruleset_note(struct ruleset *ruleset, const char *place, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "line 12" with the file's prefix; owned by the caller. */
char *ruleset_place(const struct ruleset *ruleset, unsigned line);

#endif
