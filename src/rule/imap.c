/*
 * The IMAP dialogue: greeting, CAPABILITY, ID. One fault, one id: what failed before the greeting (connect, TLS,
 * STARTTLS) has its own rule, and nothing follows from it here.
 */
#include <string.h>

#include "base/str.h"
#include "rule/rules.h"
#include "rule/subject.h"

static const struct observation *at(const struct notes *notes, size_t index)
{
	return notes->judging->evidence->observations[index];
}

/* The step at which the dialogue ended; NULL when none began. A tls probe on a clear-text port holds one, too. */
static const char *stage_of(const struct observation *o)
{
	const char *stage = observation_text(o, FACT_IMAP_STAGE, 0);
	if (stage == NULL && str_equal(observation_text(o, FACT_STARTTLS_PROTOCOL, 0), "imap"))
		stage = observation_text(o, FACT_STARTTLS_STAGE, 0);
	return stage;
}

/* STARTTLS or the handshake ended it: that is rule_tls's. */
static bool is_fault_of_tls(const struct observation *o, const char *stage)
{
	bool is_not_offered =
		observation_has(o, FACT_STARTTLS_OFFERED, 0) && !observation_flag(o, FACT_STARTTLS_OFFERED, 0);
	return is_not_offered || observation_flag(o, FACT_STARTTLS_EARLY, 0) || str_equal(stage, "starttls") || str_equal(stage, "tls");
}

/* Somebody else answered. True when that was so. */
static bool judge_other(struct notes *notes, size_t index, const struct observation *o)
{
	const char *other = observation_text(o, FACT_IMAP_OTHER_PROTOCOL, 0);
	char title[PROTOCOL_TEXT_BYTES];
	if (other == NULL)
		return false;
	if (str_equal(other, "tls") && str_equal(o->probe, "imap")) /* of a tls probe rule_tls says it */
		notes_add(notes, FINDING_TLS_UNEXPECTED, index, "waits for TLS where a clear greeting was expected");
	else if (!str_equal(other, "tls"))
		notes_add(notes, FINDING_IMAP_OTHER_PROTOCOL, index, "%s answers", protocol_title(other, title));
	return true;
}

/* The dialogue broke off. */
static void judge_broken(struct notes *notes, size_t index, const char *stage)
{
	const struct observation *o = at(notes, index);
	const char *fault = observation_text(o, FACT_IMAP_FAULT, 0);
	bool is_greeting = str_equal(stage, "greeting");
	char wait[WAIT_TEXT_BYTES];
	wait_format(notes->judging->policy->timeout_ms, wait);
	if (o->outcome == OUTCOME_TIMEOUT && is_greeting)
		notes_add(notes, FINDING_IMAP_NO_GREETING, index, "connected, but no greeting within %s", wait);
	else if (o->outcome == OUTCOME_TIMEOUT)
		notes_add(notes, FINDING_IMAP_NO_ANSWER, index, "no whole answer to CAPABILITY within %s", wait);
	else if (o->outcome == OUTCOME_CLOSED || o->outcome == OUTCOME_RESET || o->outcome == OUTCOME_UNREACHABLE)
		notes_add(notes, FINDING_IMAP_CLOSED, index, "%s by the server %s",
		          o->outcome == OUTCOME_CLOSED  ? "closed"
		          : o->outcome == OUTCOME_RESET ? "reset"
		                                        : "lost",
		          is_greeting ? "before a greeting" : "at CAPABILITY");
	else if (o->outcome == OUTCOME_DENIED || o->outcome == OUTCOME_LIMITED)
		notes_add(notes, FINDING_IMAP_BYE, index, "BYE in answer to CAPABILITY");
	else if (o->outcome == OUTCOME_PROTOCOL)
		notes_add(notes, FINDING_IMAP_MALFORMED, index, "%s", fault != NULL ? fault : "the answer breaks the grammar");
}

/* Passwords: the service signs in with LOGIN, with what a CSV can carry. */
static void judge_sign_in(struct notes *notes, size_t index, const struct observation *o)
{
	bool has_mechanisms = false;
	uint32_t rows = observation_rows(o, FACT_IMAP_CAPABILITY);
	for (uint32_t row = 0; row < rows; row++) {
		const char *name = observation_text(o, FACT_IMAP_CAPABILITY, row);
		has_mechanisms = has_mechanisms || (name != NULL && str_starts_nocase(name, "AUTH="));
	}
	if (!observation_flag(o, FACT_IMAP_IN_TLS, 0) || !observation_has(o, FACT_IMAP_PASSWORD_AUTH, 0))
		return;
	bool takes_password = observation_flag(o, FACT_IMAP_PASSWORD_AUTH, 0);
	if (!takes_password && has_mechanisms)
		notes_add(notes, FINDING_IMAP_NO_PASSWORD_AUTH, index, "no mechanism takes a password");
	else if (observation_flag(o, FACT_IMAP_LOGIN_DISABLED, 0))
		notes_add(notes, FINDING_IMAP_LOGIN_DISABLED, index, "LOGINDISABLED inside TLS");
	else if (!takes_password)
		notes_add(notes, FINDING_IMAP_NO_PASSWORD_AUTH, index, "no mechanism takes a password");
}

static void judge_whole(struct notes *notes, size_t index, const struct observation *o)
{
	const char *revision = observation_text(o, FACT_IMAP_REVISION, 0);
	if (observation_rows(o, FACT_IMAP_CAPABILITY) > 0 && revision == NULL)
		notes_add(notes, FINDING_IMAP_MALFORMED, index, "CAPABILITY names neither IMAP4rev1 nor IMAP4rev2");
	/* Where TLS did not begin, that is the fault. */
	if (observation_flag(o, FACT_IMAP_CLEAR_LOGIN, 0) && observation_flag(o, FACT_IMAP_IN_TLS, 0))
		notes_add(notes, FINDING_IMAP_CLEAR_TEXT_LOGIN, index, "a password would be taken before TLS");
	judge_sign_in(notes, index, o);
	if (observation_flag(o, FACT_IMAP_IN_TLS, 0) && revision != NULL && observation_flag(o, FACT_IMAP_PASSWORD_AUTH, 0))
		notes_add(notes, FINDING_IMAP_OK, index, "%s, takes passwords inside TLS",
		          str_equal(revision, "both") ? "IMAP4rev1 and IMAP4rev2" : revision);
}

static void judge_greeting(struct notes *notes, size_t index, const struct observation *o)
{
	const char *kind = observation_text(o, FACT_IMAP_GREETING_KIND, 0);
	const char *product = observation_text(o, FACT_IMAP_PRODUCT, 0);
	const char *form = observation_text(o, FACT_IMAP_ADMIN_FORMAT, 0);
	int64_t greeting_ms = observation_int_or(o, FACT_IMAP_GREETING_MS, 0, 0);
	int64_t limit_ms = notes->judging->policy->timeout_ms;
	char took[WAIT_TEXT_BYTES], limit[WAIT_TEXT_BYTES];
	if (str_equal(kind, "preauth"))
		notes_add(notes, FINDING_IMAP_PREAUTH, index, "greets with PREAUTH, signed in without a password");
	if (greeting_ms > limit_ms / 3)
		notes_add(notes, FINDING_IMAP_SLOW, index, "the greeting takes %s of %s", wait_format(greeting_ms, took),
		          wait_format(limit_ms, limit));
	if (product != NULL)
		notes_add(notes, FINDING_IMAP_PRODUCT, index, "%s%s%s", product,
		          form != NULL ? "; an administrator signs in as " : "", form != NULL ? form : "");
}

static void judge_dialogue(struct notes *notes, size_t index)
{
	const struct observation *o = at(notes, index);
	const char *stage = stage_of(o), *greeting = observation_text(o, FACT_IMAP_GREETING, 0);
	const struct evidence *evidence = notes->judging->evidence;
	if (stage == NULL || port_is_dead(evidence, o) || port_is_reset(evidence, o) || judge_other(notes, index, o))
		return;
	const char *kind = observation_text(o, FACT_IMAP_GREETING_KIND, 0);
	if (str_equal(kind, "bye")) {
		notes_add(notes, FINDING_IMAP_BYE, index, "\"%.*s\"", SHORT(greeting));
		return;
	}
	judge_greeting(notes, index, o);
	if (is_fault_of_tls(o, stage) || (str_equal(kind, "preauth") && o->outcome != OUTCOME_OK))
		return;
	/* ID is a courtesy: a server that does not answer it has answered all that the service asks. */
	if (o->outcome == OUTCOME_OK || (str_equal(stage, "id") && o->outcome != OUTCOME_PROTOCOL))
		judge_whole(notes, index, o);
	else
		judge_broken(notes, index, stage);
}

/* imap-ok stands for the whole subject, so one address that is not good takes it back. */
static void judge_imap(struct notes *notes)
{
	for (size_t i = 0; i < notes->subject->count; i++)
		judge_dialogue(notes, notes->subject->seen[i]);
	if (notes_are_bad(notes))
		notes_drop(notes, FINDING_IMAP_OK);
	notes_raise_all(notes);
}

void rule_imap(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	static const char *const probes[] = {"imap", "tls", NULL};
	const struct judging judging = {evidence, policy, findings};
	subjects_each(&judging, probes, judge_imap);
}
