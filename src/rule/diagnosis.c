/* The troubleshooter's walk (data/walks.tsv), and the findings that only a message can raise. */
#include "cutover/diagnosis.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/embedded.h"
#include "model/table.h"
#include "rule/rules.h"

enum { FIELD_BRANCH, FIELD_TITLE, FIELD_CONFIRM, FIELD_CLEAR, FIELD_NEEDS };

/* "csv-column-*" matches every id that begins so. */
static bool id_matches(const char *word, size_t length, const char *id)
{
	if (length > 0 && word[length - 1] == '*')
		return strncmp(word, id, length - 1) == 0;
	return strlen(id) == length && strncmp(word, id, length) == 0;
}

/* The worst finding whose id is among the words (findings stand worst first), or NULL. */
static const struct finding *find_any(const struct findings *findings, const char *words)
{
	for (size_t i = 0; i < findings->count; i++) {
		const char *id = catalogue_get(findings->items[i]->id)->id;
		for (const char *at = words; *at != '\0'; at += strcspn(at, " "), at += strspn(at, " "))
			if (id_matches(at, strcspn(at, " "), id))
				return findings->items[i];
	}
	return NULL;
}

static void judge_step(struct diagnosis_step *step, const struct table_row *row, const struct findings *findings)
{
	*step = (struct diagnosis_step){.state = STEP_FOR_A_PERSON};
	snprintf(step->title, sizeof step->title, "%s", row->fields[FIELD_TITLE]);
	if (row->count <= FIELD_CONFIRM)
		return;
	step->state = STEP_CONFIRMED;
	step->finding = find_any(findings, row->fields[FIELD_CONFIRM]);
	if (step->finding != NULL)
		return;
	step->state = STEP_RULED_OUT;
	step->finding = find_any(findings, row->fields[FIELD_CLEAR]);
	if (step->finding != NULL)
		return;
	step->state = STEP_NOT_TESTED;
	snprintf(step->needs, sizeof step->needs, "%s", row->fields[FIELD_NEEDS]);
}

void diagnosis_make(const struct evidence *evidence, const struct findings *findings, struct diagnosis *diagnosis)
{
	struct table_row row;
	*diagnosis = (struct diagnosis){0};
	size_t index = evidence_next(evidence, 0, "message");
	if (index == evidence->count)
		return;
	diagnosis->message = evidence->observations[index];
	const char *branch = observation_text(diagnosis->message, FACT_MESSAGE_BRANCH, 0);
	diagnosis->is_known = branch != NULL;
	table_begin(&row, embedded_text("data/walks.tsv"));
	while (branch != NULL && diagnosis->step_count < DIAGNOSIS_STEPS && table_next(&row))
		if (str_equal(row.fields[FIELD_BRANCH], branch))
			judge_step(&diagnosis->steps[diagnosis->step_count++], &row, findings);
	for (size_t i = 0; i < diagnosis->step_count && diagnosis->likely == NULL; i++)
		if (diagnosis->steps[i].state == STEP_CONFIRMED)
			diagnosis->likely = &diagnosis->steps[i];
}

/* Messages that are themselves the finding: nothing outside the tenant can see more of it. */
static const struct {
	const char *branch;
	enum finding_id id;
	const char *summary;
} by_message[] = {
    {"recipient", FINDING_RECIPIENT_NOT_FOUND, "no mailbox with this address in the tenant"},
    {"mailbox-full", FINDING_MAILBOX_FULL, "the quota of the target is used up"},
    {"duplicates", FINDING_DUPLICATES, "mail arrives more than once"},
    {"batch", FINDING_BATCH_EXISTS, "a batch of that name exists or is still being removed"},
    {"slow", FINDING_MIGRATION_SLOW, "the migration takes long, or its source puts it off"},
};

static const char *capture(const struct observation *o, const char *name)
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_MESSAGE_CAPTURE); row++)
		if (str_equal(observation_text(o, FACT_MESSAGE_CAPTURE, row), name))
			return observation_text(o, FACT_MESSAGE_CAPTURED, row);
	return NULL;
}

void rule_message(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	for (size_t i = 0; (i = evidence_next(evidence, i, "message")) < evidence->count; i++) {
		const struct observation *o = evidence->observations[i];
		const char *address = capture(o, "address"), *batch = capture(o, "batch");
		for (size_t n = 0; n < sizeof by_message / sizeof by_message[0]; n++) {
			if (!str_equal(observation_text(o, FACT_MESSAGE_BRANCH, 0), by_message[n].branch))
				continue;
			const char *subject = address != NULL ? address : batch != NULL ? batch : "message";
			struct finding *finding = findings_add(findings, policy, by_message[n].id, subject, "%s", by_message[n].summary);
			finding_because(finding, i);
			if (address != NULL)
				finding_arg(finding, "address", address);
		}
	}
}
