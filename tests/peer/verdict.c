#include "verdict.h"

#include <stdio.h>
#include <string.h>

#include "cutover/finding.h"
#include "cutover/policy.h"
#include "cutover/rule.h"

static bool is_of_interest(const char *id)
{
	static const char *const families[] = {"cert-", "tls-", "starttls-", "imap-"};
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		if (strncmp(id, families[i], strlen(families[i])) == 0)
			return true;
	return false;
}

const char *verdict_ids(const struct bench *bench)
{
	static char text[1024];
	size_t length = 0;
	struct policy policy;
	struct findings findings;
	policy_init(&policy);
	policy.now = bench->judge_at;
	policy.cutover = bench->cutover;
	policy.timeout_ms = bench->timeout_ms;
	findings_init(&findings);
	rules_judge(&bench->evidence, &policy, &findings);
	text[0] = '\0';
	for (enum finding_id id = 0; id < FINDING_COUNT; id++) {
		const char *name = catalogue_get(id)->id;
		if (findings_has(&findings, id) && is_of_interest(name))
			length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", length > 0 ? " " : "", name);
	}
	findings_clear(&findings);
	policy_clear(&policy);
	return text;
}
