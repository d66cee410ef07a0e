/* The troubleshooter's walk (data/walks.tsv) over what was found. */
#include "cutover/diagnosis.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/embedded.h"
#include "model/table.h"

enum { FIELD_BRANCH, FIELD_TITLE, FIELD_CAUSE, FIELD_WHO, FIELD_CONFIRM, FIELD_CLEAR, FIELD_NEEDS, FIELD_SEEN_IN };

/* Walked for a message that is none of the known ones. */
static const char branch_of_unknown[] = "other";

/* What the walk is made from. */
struct walk {
	const struct evidence *evidence;
	const struct findings *findings;
	struct diagnosis *diagnosis;
};

/* "csv-column-*" matches every id that begins so, of findings that are bad ones. */
static bool word_matches(const char *word, size_t length, const struct finding *finding)
{
	const char *id = catalogue_get(finding->id)->id;
	if (length > 0 && word[length - 1] == '*')
		return strncmp(word, id, length - 1) == 0 && finding->severity >= SEVERITY_WARN;
	return strlen(id) == length && strncmp(word, id, length) == 0;
}

static bool is_among(const char *words, const struct finding *finding)
{
	for (const char *at = words; *at != '\0'; at += strcspn(at, " "), at += strspn(at, " "))
		if (word_matches(at, strcspn(at, " "), finding))
			return true;
	return false;
}

/* Whether it is about the very row or address that the message names. */
static bool is_named(const struct observation *message, const struct finding *finding)
{
	const char *row = diagnosis_capture(message, "row"), *address = diagnosis_capture(message, "address");
	for (size_t i = 0; i < finding->argument_count; i++) {
		const struct finding_argument *argument = &finding->arguments[i];
		char number[24];
		snprintf(number, sizeof number, "%lld", (long long)argument->number);
		if (str_equal(argument->name, "row") && row != NULL && str_equal(argument->text != NULL ? argument->text : number, row))
			return true;
		if (str_equal(argument->name, "address") && address != NULL && str_equal_nocase(argument->text, address))
			return true;
	}
	return false;
}

/* Whether a step before this one was decided by it: "all else" is not the same once more. */
static bool is_used(const struct diagnosis *diagnosis, const struct finding *finding)
{
	for (size_t i = 0; i < diagnosis->step_count; i++)
		if (diagnosis->steps[i].finding == finding)
			return true;
	return false;
}

/* Whether anything but a message is its reason. */
static bool was_seen(const struct walk *walk, const struct finding *finding)
{
	for (size_t i = 0; i < finding->because_count; i++)
		if (!str_equal(walk->evidence->observations[finding->because[i]]->probe, "message"))
			return true;
	return false;
}

/*
 * Whether it may decide a step. What another message of a report says is about other users: it does not, unless it is of the branch
 * that is walked.
 */
static bool counts_here(const struct walk *walk, const struct finding *finding)
{
	const char *branch = observation_text(walk->diagnosis->message, FACT_MESSAGE_BRANCH, 0);
	if (was_seen(walk, finding))
		return true;
	for (size_t i = 0; i < finding->because_count; i++)
		if (str_equal(observation_text(walk->evidence->observations[finding->because[i]], FACT_MESSAGE_BRANCH, 0), branch))
			return true;
	return false;
}

/* The worst finding whose id is among the words (findings stand worst first), one that the message names before all others. */
static const struct finding *find_any(const struct walk *walk, const char *words)
{
	const struct finding *first = NULL;
	for (size_t i = 0; i < walk->findings->count; i++) {
		const struct finding *finding = walk->findings->items[i];
		bool is_repeated = strchr(words, '*') != NULL && is_used(walk->diagnosis, finding);
		if (!is_among(words, finding) || is_repeated || !counts_here(walk, finding))
			continue;
		if (is_named(walk->diagnosis->message, finding))
			return finding;
		first = first != NULL ? first : finding;
	}
	return first;
}

static bool has_observed(const struct walk *walk, const char *probe)
{
	size_t index = evidence_next(walk->evidence, 0, probe);
	return index < walk->evidence->count && walk->evidence->observations[index]->outcome == OUTCOME_OK;
}

/* The host that the run knows: asked about, or named by the message. */
static const char *known_host(const struct walk *walk)
{
	const char *host = diagnosis_capture(walk->diagnosis->message, "host");
	for (size_t i = 0; host == NULL && i < walk->evidence->count; i++) {
		const struct observation *o = walk->evidence->observations[i];
		if (str_equal(o->probe, "host"))
			host = o->target;
		else if (str_equal(o->probe, "message"))
			host = diagnosis_capture(o, "host");
	}
	return host;
}

/* Whether a step before this one fails: probes did not come further then. */
static bool has_failed(const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->step_count; i++)
		if (diagnosis->steps[i].state == STEP_CONFIRMED)
			return true;
	return false;
}

/* "cutover imap HOST", for an endpoint that this run could not look at. */
static void put_imap_needs(const struct walk *walk, struct diagnosis_step *step, const char *host)
{
	bool has_probed = evidence_next(walk->evidence, 0, "host") < walk->evidence->count ||
	                  evidence_next(walk->evidence, 0, "port") < walk->evidence->count;
	if (has_probed && has_failed(walk->diagnosis))
		snprintf(step->needs, sizeof step->needs, "the steps that fail above, mended first");
	else if (has_probed)
		snprintf(step->needs, sizeof step->needs, "cutover imap %.150s", host != NULL ? host : "HOST");
	else
		snprintf(step->needs, sizeof step->needs, "%s", host != NULL ? "a run without --offline" : "--imap HOST");
}

/* What the user has to give or to run, from the row's word. */
static void put_needs(const struct walk *walk, struct diagnosis_step *step, const char *word)
{
	const char *host = known_host(walk), *name = host != NULL ? host : "HOST";
	size_t room = sizeof step->needs;
	if (str_equal(word, "imap"))
		put_imap_needs(walk, step, host);
	else if (str_equal(word, "csv"))
		snprintf(step->needs, room, "--csv FILE");
	else if (str_equal(word, "login"))
		snprintf(step->needs, room, "cutover login FILE --imap %.150s", name);
	else if (str_equal(word, "mailbox"))
		snprintf(step->needs, room, "cutover login FILE --imap %.150s --mailbox", name);
	else if (str_equal(word, "connections"))
		snprintf(step->needs, room, "--connections 20 with --imap %.150s", name);
	else if (str_equal(word, "firewall"))
		snprintf(step->needs, room, "nft list ruleset | cutover firewall -, or this from another network");
	else if (str_equal(word, "domain"))
		snprintf(step->needs, room, "--domain DOMAIN");
}

static enum actor actor_from(const char *name)
{
	int actor = ACTOR_NOBODY;
	for (int i = 0; i < ACTOR_COUNT; i++)
		if (str_equal(actor_name((enum actor)i), name))
			actor = i;
	return (enum actor)actor;
}

static void find_state(const struct walk *walk, struct diagnosis_step *step, const struct table_row *row)
{
	*step = (struct diagnosis_step){.state = STEP_CONFIRMED, .who = actor_from(row->fields[FIELD_WHO])};
	snprintf(step->title, sizeof step->title, "%s", row->fields[FIELD_TITLE]);
	snprintf(step->cause, sizeof step->cause, "%s", row->fields[FIELD_CAUSE]);
	step->finding = find_any(walk, row->fields[FIELD_CONFIRM]);
	if (step->finding != NULL)
		return;
	step->state = STEP_RULED_OUT;
	step->finding = find_any(walk, row->fields[FIELD_CLEAR]);
	if (step->finding != NULL || (strstr(row->fields[FIELD_CLEAR], "+csv") != NULL && has_observed(walk, "csv")))
		return;
	bool is_testable = row->fields[FIELD_NEEDS][0] != '\0';
	step->state = is_testable ? STEP_NOT_TESTED : STEP_FOR_A_PERSON;
	if (is_testable)
		put_needs(walk, step, row->fields[FIELD_NEEDS]);
	else
		snprintf(step->needs, sizeof step->needs, "%s", row->fields[FIELD_SEEN_IN]);
}

static void judge_step(const struct walk *walk, const struct table_row *row)
{
	find_state(walk, &walk->diagnosis->steps[walk->diagnosis->step_count], row);
	walk->diagnosis->step_count++;
}

static void conclude(const struct walk *walk)
{
	struct diagnosis *diagnosis = walk->diagnosis;
	const struct diagnosis_step *told = NULL;
	for (size_t i = 0; i < diagnosis->step_count; i++) {
		const struct diagnosis_step *step = &diagnosis->steps[i];
		if (step->state == STEP_CONFIRMED && diagnosis->likely == NULL && was_seen(walk, step->finding))
			diagnosis->likely = step;
		if (step->state == STEP_CONFIRMED && told == NULL)
			told = step;
		if (step->state != STEP_RULED_OUT && diagnosis->next == NULL)
			diagnosis->next = step;
	}
	if (diagnosis->likely == NULL)
		diagnosis->likely = told;
	if (diagnosis->likely != NULL)
		diagnosis->next = NULL;
}

/* Adds the observation to the messages of its name. */
static void count_message(struct diagnosis *diagnosis, const struct observation *o)
{
	struct diagnosis_message *message = NULL;
	const char *name = observation_text(o, FACT_MESSAGE_NAME, 0);
	if (name == NULL)
		return;
	for (size_t i = 0; i < diagnosis->message_count; i++)
		if (str_equal(observation_text(diagnosis->messages[i].first, FACT_MESSAGE_NAME, 0), name))
			message = &diagnosis->messages[i];
	if (message == NULL && diagnosis->message_count == DIAGNOSIS_MESSAGES) {
		diagnosis->messages_left++;
		return;
	}
	if (message == NULL) {
		message = &diagnosis->messages[diagnosis->message_count++];
		*message = (struct diagnosis_message){.first = o};
	}
	message->times += (size_t)observation_int_or(o, FACT_MESSAGE_TIMES, 0, 1);
	message->users += (size_t)observation_int_or(o, FACT_MESSAGE_USERS, 0, 0);
	message->kinds++;
}

void diagnosis_make(const struct evidence *evidence, const struct findings *findings, struct diagnosis *diagnosis)
{
	const struct walk walk = {evidence, findings, diagnosis};
	struct table_row row;
	*diagnosis = (struct diagnosis){0};
	for (size_t i = 0; (i = evidence_next(evidence, i, "message")) < evidence->count; i++) {
		if (diagnosis->message == NULL)
			diagnosis->message = evidence->observations[i];
		count_message(diagnosis, evidence->observations[i]);
	}
	if (diagnosis->message == NULL)
		return;
	const char *branch = observation_text(diagnosis->message, FACT_MESSAGE_BRANCH, 0);
	const char *name = observation_text(diagnosis->message, FACT_MESSAGE_NAME, 0);
	diagnosis->is_known = branch != NULL;
	table_begin(&row, embedded_text("data/walks.tsv"));
	while (diagnosis->step_count < DIAGNOSIS_STEPS && table_next(&row)) {
		const char *of = row.fields[FIELD_BRANCH];
		if (str_equal(of, branch != NULL ? branch : branch_of_unknown) || str_equal(of, name))
			judge_step(&walk, &row);
	}
	conclude(&walk);
}
