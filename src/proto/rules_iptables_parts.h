#ifndef PROTO_RULES_IPTABLES_PARTS_H
#define PROTO_RULES_IPTABLES_PARTS_H
/* What the files of the iptables reader share: one rule's arguments. */
#include "proto/rules_iptables.h"

enum { IPTABLES_ARGUMENTS = 256 };

struct iptables_rule {
	struct ruleset *ruleset;
	const struct ipsets *sets;
	const char *table;   /* "ip filter" */
	unsigned family;     /* FAMILY_V4 or FAMILY_V6 */
	const char *place;
	char *arguments[IPTABLES_ARGUMENTS];
	size_t count, at;
	struct filter_rule *rule;
	bool checks_recent, counts_hits, is_not_recent; /* -m recent: a look into its list, with a number of hits, negated */
};

/* Reads the matches and the target of "-A CHAIN ..." from the argument `at` on. */
void iptables_read_rule(struct iptables_rule *line);

/* The target and its options, from behind -j or -g on. */
void iptables_read_target(struct iptables_rule *line, bool is_goto);

/* What a target of that name does; VERDICT_UNKNOWN for one that is not known. Chains are none. */
enum rule_verdict iptables_verdict(const char *target);

#endif
