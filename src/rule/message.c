/* Findings that a message raises by itself: it says what the service or the server answered. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cutover/diagnosis.h"
#include "rule/rules.h"

/*
 * `unless`: a probe that has looked for itself is believed instead of the message, which may be about another file or from another
 * day; NULL: nothing outside the tenant can see more of it.
 */
static const struct {
	const char *name;
	enum finding_id id;
	const char *unless, *summary;
} by_name[] = {
    {"recipient", FINDING_RECIPIENT_NOT_FOUND, NULL, "no mailbox with this address in the tenant"},
    {"mailbox-full", FINDING_MAILBOX_FULL, NULL, "the quota of the target is used up"},
    {"duplicates", FINDING_DUPLICATES, NULL, "mail arrives more than once"},
    {"batch-exists", FINDING_BATCH_EXISTS, NULL, "a batch of that name exists or is still being removed"},
    {"slow", FINDING_MIGRATION_SLOW, NULL, "the migration takes long"},
    {"queued", FINDING_MIGRATION_SLOW, NULL, "mailboxes wait for the endpoint's concurrency"},
    {"inactivity", FINDING_MIGRATION_SLOW, NULL, "the server ends sessions that are idle"},
    {"too-many-connections", FINDING_LIMIT_BELOW_CONCURRENCY, "limit", "the server refused a connection beyond its limit"},
    {"limit", FINDING_LOGIN_LIMITED, "login", "the server put the sign-in off because of a limit"},
    {"throttled", FINDING_LOGIN_LIMITED, "login", "the server put the sign-in off: too fast"},
    {"overquota", FINDING_LOGIN_LIMITED, "login", "the source's quota of bandwidth is used up for now"},
    {"app-password", FINDING_LOGIN_APP_PASSWORD, "login", "the server asked for an application password"},
    {"special-credentials", FINDING_LOGIN_APP_PASSWORD, "login", "the server asked for an application password"},
    {"expired", FINDING_LOGIN_EXPIRED, "login", "the server says that the password has expired"},
    {"not-authorized", FINDING_LOGIN_NOT_AUTHORIZED, "login", "the server says that the account may not open the mailbox"},
    {"contact-admin", FINDING_LOGIN_NOT_AUTHORIZED, "login", "the server sends the user to its administrator"},
    {"credentials", FINDING_LOGIN_FAILED, "login", "the server refused user name and password"},
    {"login-answer", FINDING_LOGIN_FAILED, "login", "the server refused user name and password"},
    {"privacy-required", FINDING_IMAP_LOGIN_DISABLED, "imap", "the server takes passwords only inside TLS"},
    {"csv-empty", FINDING_CSV_EMPTY, "csv", "the service found nothing in the file"},
    {"csv-too-many-rows", FINDING_CSV_TOO_MANY_ROWS, "csv", "the service counted more than 50,000 rows"},
    {"csv-column", FINDING_CSV_COLUMN_MISSING, "csv", "the service did not find the column {column}"},
    {"csv-row", FINDING_CSV_ROW_COLUMNS, "csv", "row {row} has another number of fields than the header"},
};

static const char *subject_of(const struct observation *o)
{
	const char *address = diagnosis_capture(o, "address"), *batch = diagnosis_capture(o, "batch");
	const char *user = observation_text(o, FACT_MESSAGE_USER, 0);
	return address != NULL ? address : batch != NULL ? batch : user != NULL ? user : "message";
}

/* The summary with what was taken out of the message. */
static void fill_summary(struct finding *finding)
{
	char *filled = finding_fill(finding, finding->summary);
	free(finding->summary);
	finding->summary = filled;
}

/* What was taken out of the message are the arguments of the catalogue's texts; rows and numbers of fields are numbers there. */
static void give_arguments(struct finding *finding, const struct observation *o)
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_MESSAGE_CAPTURE); row++) {
		const char *name = observation_text(o, FACT_MESSAGE_CAPTURE, row), *value = observation_text(o, FACT_MESSAGE_CAPTURED, row);
		int64_t number = 0;
		if (name == NULL || value == NULL)
			continue;
		if ((str_equal(name, "row") || str_equal(name, "expected") || str_equal(name, "actual")) &&
		    str_to_int(value, 0, INT32_MAX, &number))
			finding_arg_int(finding, name, number);
		else
			finding_arg(finding, name, value);
	}
}

static bool has_looked(const struct evidence *evidence, const char *probe)
{
	return probe != NULL && evidence_next(evidence, 0, probe) < evidence->count;
}

/* The same said in other words, as the exception and what the server answered are. */
static struct finding *said_before(const struct findings *findings, size_t entry, const char *subject)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->items[i];
		if (finding->id == by_name[entry].id && str_equal(finding->subject, subject) && str_equal(finding->summary, by_name[entry].summary))
			return findings->items[i];
	}
	return NULL;
}

void rule_message(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	for (size_t i = 0; (i = evidence_next(evidence, i, "message")) < evidence->count; i++) {
		const struct observation *o = evidence->observations[i];
		for (size_t n = 0; n < sizeof by_name / sizeof by_name[0]; n++) {
			if (!str_equal(observation_text(o, FACT_MESSAGE_NAME, 0), by_name[n].name) || has_looked(evidence, by_name[n].unless))
				continue;
			struct finding *finding = said_before(findings, n, subject_of(o));
			if (finding == NULL) {
				finding = findings_add(findings, policy, by_name[n].id, subject_of(o), "%s", by_name[n].summary);
				give_arguments(finding, o);
				fill_summary(finding);
			}
			finding_because(finding, i);
		}
	}
}
