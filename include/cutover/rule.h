#ifndef CUTOVER_RULE_H
#define CUTOVER_RULE_H
/*
 * A rule: evidence and policy in, findings out. Pure: no network, no clock, no file but the dated tables in data/.
 *
 * A rule says nothing when the evidence does not hold what it needs. It never turns "no answer" into "wrong answer".
 * One file a subject under src/rule, one row in rules.def a rule.
 */
#include "cutover/evidence.h"
#include "cutover/finding.h"
#include "cutover/policy.h"

struct rule {
	const char *name;
	void (*judge)(const struct evidence *evidence, const struct policy *policy, struct findings *findings);
};

/* All rules in the order of rules.def, then findings_settle. */
void rules_judge(const struct evidence *evidence, const struct policy *policy, struct findings *findings);

#endif
