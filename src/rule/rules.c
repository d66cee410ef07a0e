#include "rule/rules.h"

#define RULE(symbol) {#symbol, rule_##symbol},
static const struct rule rules[] = {
#include "cutover/rules.def"
    {NULL, NULL},
};
#undef RULE

void rules_judge(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	for (size_t i = 0; rules[i].judge != NULL; i++)
		rules[i].judge(evidence, policy, findings);
	findings_settle(findings, policy);
}
