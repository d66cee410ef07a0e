#ifndef FUZZ_RULES_H
#define FUZZ_RULES_H
/* What the three entries for firewall rules do with what was read: whatever it is, judging ends, and every address has a verdict. */
#include <stdlib.h>

#include "proto/ruleset_judge.h"

static void judge_and_check(const struct ruleset *ruleset)
{
	struct prefix_set all;
	prefix_set_init(&all);
	prefix_set_add_family(&all, 4);
	prefix_set_add_family(&all, 6);
	struct firewall_question question = {.port = 993, .hook = HOOK_INPUT, .sources = &all};
	struct firewall_answer answer;
	ruleset_judge(ruleset, &question, &answer);
	struct prefix_set judged = prefix_set_or(&answer.accepted, &answer.refused);
	if (!prefix_set_is_within(&all, &judged))
		abort();
	prefix_set_clear(&judged);
	prefix_set_clear(&all);
	firewall_answer_clear(&answer);
}

#endif
