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

static void judge(const struct bench *bench, struct findings *findings)
{
	struct policy policy;
	policy_init(&policy);
	policy.now = bench->judge_at;
	policy.cutover = bench->cutover;
	policy.timeout_ms = bench->timeout_ms;
	findings_init(findings);
	rules_judge(&bench->evidence, &policy, findings);
	policy_clear(&policy);
}

const char *verdict_ids(const struct bench *bench)
{
	static char text[1024];
	size_t length = 0;
	struct findings findings;
	judge(bench, &findings);
	text[0] = '\0';
	for (enum finding_id id = 0; id < FINDING_COUNT; id++) {
		const char *name = catalogue_get(id)->id;
		if (findings_has(&findings, id) && is_of_interest(name))
			length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", length > 0 ? " " : "", name);
	}
	findings_clear(&findings);
	return text;
}

const char *verdict_summary(const struct bench *bench, const char *id)
{
	static char text[1024];
	struct findings findings;
	judge(bench, &findings);
	text[0] = '\0';
	for (size_t i = 0; i < findings.count && text[0] == '\0'; i++)
		if (strcmp(catalogue_get(findings.items[i]->id)->id, id) == 0)
			snprintf(text, sizeof text, "%s", findings.items[i]->summary);
	findings_clear(&findings);
	return text;
}
