#ifndef RULE_RULES_H
#define RULE_RULES_H
/* The rules, one a subject; see cutover/rule.h for the contract. */
#include "cutover/rule.h"

#define RULE(symbol) void rule_##symbol(const struct evidence *evidence, const struct policy *policy, struct findings *findings);
#include "cutover/rules.def"
#undef RULE

#endif
