/*
 * The way into TLS: the handshake, and the conversation before it where there is one (starttls-*). One fault, one id: a
 * connect that failed is the port's, a greeting that did not come is IMAP's, a certificate is judged elsewhere.
 */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "rule/rules.h"
#include "rule/subject.h"

static bool is_old_version(const char *version)
{
	return str_equal(version, "TLSv1") || str_equal(version, "TLSv1.0") || str_equal(version, "TLSv1.1") ||
	       (version != NULL && str_starts(version, "SSL"));
}

/* The conversation before TLS went wrong at STARTTLS. True when that was the fault. */
static bool judge_starttls(struct notes *notes, size_t index, const struct observation *o)
{
	const char *reply = observation_text(o, FACT_STARTTLS_REPLY, 0);
	const char *extra = observation_text(o, FACT_STARTTLS_EXTRA_BYTES, 0);
	bool is_closed = o->outcome == OUTCOME_CLOSED || o->outcome == OUTCOME_RESET;
	if (extra != NULL) {
		notes_add(notes, FINDING_STARTTLS_INJECTION, index, "clear text behind the OK to STARTTLS: \"%.*s\"",
		          SHORT(extra));
	} else if (observation_flag(o, FACT_STARTTLS_EARLY, 0)) {
		notes_add(notes, FINDING_STARTTLS_INJECTION, index, "an answer comes before its question, in clear text");
	} else if (observation_has(o, FACT_STARTTLS_OFFERED, 0) && !observation_flag(o, FACT_STARTTLS_OFFERED, 0)) {
		notes_add(notes, FINDING_STARTTLS_MISSING, index, "STARTTLS is not offered");
	} else if (observation_has(o, FACT_STARTTLS_ACCEPTED, 0) && !observation_flag(o, FACT_STARTTLS_ACCEPTED, 0)) {
		notes_add(notes, FINDING_STARTTLS_REFUSED, index, "STARTTLS is answered \"%.*s\"",
		          SHORT(reply));
	} else if (is_closed && str_equal(observation_text(o, FACT_STARTTLS_STAGE, 0), "starttls")) {
		notes_add(notes, FINDING_STARTTLS_REFUSED, index, "the server closes the connection at STARTTLS");
	} else if (o->outcome == OUTCOME_PROTOCOL && str_equal(observation_text(o, FACT_STARTTLS_STAGE, 0), "starttls")) {
		notes_add(notes, FINDING_STARTTLS_REFUSED, index, "the answer to STARTTLS is none of the protocol's");
	} else {
		return false;
	}
	return true;
}

/* Old versions that were tried and accepted besides (--deep). */
static void note_legacy(struct notes *notes, size_t index, const struct observation *o)
{
	struct buf versions;
	buf_init(&versions, 256);
	uint32_t offers = observation_rows(o, FACT_TLS_OFFER_VERSION);
	for (uint32_t row = 0; row < offers; row++) {
		const char *version = observation_text(o, FACT_TLS_OFFER_VERSION, row);
		if (is_old_version(version) && observation_flag(o, FACT_TLS_OFFER_ACCEPTED, row))
			buf_printf(&versions, "%s%s", versions.length > 0 ? ", " : "", version);
	}
	if (versions.length > 0)
		notes_add(notes, FINDING_TLS_LEGACY_OFFERED, index, "accepted too: %s", versions.bytes);
	buf_clear(&versions);
}

/* What --deep learned of TLS 1.2, the version that Microsoft documents with its suites. */
struct tls12 {
	bool is_known;    /* it was tried, alone or as what was agreed */
	bool is_accepted; /* with whatever suite */
	bool is_listed;   /* with a documented suite */
	bool is_unlisted; /* every documented suite was tried, and none was accepted */
};

/* A server that hangs up may have had enough of us, unless it spoke with us again: in the last handshake, without a name. */
static bool is_answer_sure(const struct observation *o, uint32_t row)
{
	const char *answer = observation_text(o, FACT_TLS_OFFER_ANSWER, row), *last = observation_text(o, FACT_TLS_NO_SNI, 0);
	bool is_silent = str_equal(answer, outcome_name(OUTCOME_CLOSED)) || str_equal(answer, outcome_name(OUTCOME_RESET));
	return !is_silent || last != NULL;
}

static struct tls12 tls12_of(const struct observation *o)
{
	struct tls12 seen = {0};
	bool has_suites = false;
	for (uint32_t row = 0; row < observation_rows(o, FACT_TLS_OFFER_VERSION); row++) {
		if (!str_equal(observation_text(o, FACT_TLS_OFFER_VERSION, row), "TLSv1.2"))
			continue;
		seen.is_known |= is_answer_sure(o, row);
		seen.is_accepted |= observation_flag(o, FACT_TLS_OFFER_ACCEPTED, row);
		seen.is_listed |= observation_flag(o, FACT_TLS_OFFER_LISTED, row);
		has_suites |= observation_has(o, FACT_TLS_OFFER_SUITE, row);
	}
	seen.is_unlisted = has_suites && !seen.is_listed && !observation_has(o, FACT_TLS_OFFERS_STOPPED, 0);
	return seen;
}

static void judge_agreed(struct notes *notes, size_t index, const struct observation *o)
{
	const char *version = observation_text(o, FACT_TLS_VERSION, 0), *cipher = observation_text(o, FACT_TLS_CIPHER, 0);
	const struct tls12 tls12 = tls12_of(o);
	if (version == NULL)
		return;
	if (is_old_version(version))
		notes_add(notes, FINDING_TLS_TOO_OLD, index, "%s at best", version);
	else if (tls12.is_known && !tls12.is_accepted)
		notes_add(notes, FINDING_TLS_TOO_NEW, index, "%s, and TLS 1.2 is refused", version);
	else if (tls12.is_unlisted)
		notes_add(notes, FINDING_TLS_SUITE_NOT_LISTED, index, "none of Microsoft's suites is accepted with TLS 1.2");
	else if (!tls12.is_listed && observation_has(o, FACT_TLS_SUITE_LISTED, 0) && !observation_flag(o, FACT_TLS_SUITE_LISTED, 0))
		notes_add(notes, FINDING_TLS_SUITE_NOT_LISTED, index, "%s is not on Microsoft's list",
		          cipher != NULL ? cipher : "the suite");
	else
		notes_add(notes, FINDING_TLS_OK, index, "%s%s%s", version, cipher != NULL ? ", " : "",
		          cipher != NULL ? cipher : "");
	note_legacy(notes, index, o);
}

/* The server answered the handshake with a refusal, or the connection ended in it. */
static void judge_refused(struct notes *notes, size_t index, const struct observation *o)
{
	const char *alert = observation_text(o, FACT_TLS_ALERT, 0), *error = observation_text(o, FACT_TLS_ERROR, 0);
	const char *legacy = observation_text(o, FACT_TLS_LEGACY_ONLY, 0);
	if (legacy != NULL)
		notes_add(notes, FINDING_TLS_TOO_OLD, index, "%s at best", legacy);
	else if (str_equal(alert, "protocol_version") ||
	         (error != NULL && str_find_nocase(error, "unsupported protocol") != NULL))
		notes_add(notes, FINDING_TLS_TOO_OLD, index, "TLS 1.2 and 1.3 are refused");
	else if ((str_equal(alert, "handshake_failure") && !observation_has(o, FACT_TLS_CIPHER, 0)) ||
	         str_equal(alert, "insufficient_security"))
		notes_add(notes, FINDING_TLS_NO_COMMON_CIPHER, index, "no suite in common (alert %s)", alert);
	else if (alert != NULL)
		notes_add(notes, FINDING_TLS_HANDSHAKE_FAILED, index, "the server sends alert %s", alert);
	else if (o->outcome == OUTCOME_CLOSED || o->outcome == OUTCOME_RESET)
		notes_add(notes, FINDING_TLS_HANDSHAKE_FAILED, index, "the connection is %s in the handshake",
		          o->outcome == OUTCOME_CLOSED ? "closed" : "reset");
	else
		notes_add(notes, FINDING_TLS_HANDSHAKE_FAILED, index, "%s", error != NULL ? error : "the answer is no TLS");
}

static void judge_plain(struct notes *notes, size_t index, const struct observation *o)
{
	const char *protocol = observation_text(o, FACT_TLS_PLAIN_PROTOCOL, 0);
	const char *bytes = observation_text(o, FACT_TLS_PLAIN_BYTES, 0);
	char title[PROTOCOL_TEXT_BYTES];
	notes_add(notes, FINDING_TLS_NOT_SPOKEN, index, "%s where TLS was expected: \"%.*s\"",
	          protocol != NULL ? protocol_title(protocol, title) : "clear text", SHORT(bytes));
}

/* The dialogue before STARTTLS did not get that far. Of IMAP that is rule_imap's; others have no rule of their own. */
static void judge_dialogue(struct notes *notes, size_t index, const struct observation *o, const char *stage)
{
	char wait[WAIT_TEXT_BYTES], title[PROTOCOL_TEXT_BYTES];
	const char *protocol = observation_text(o, FACT_STARTTLS_PROTOCOL, 0);
	if (protocol == NULL || str_equal(protocol, "imap"))
		return;
	if (o->outcome == OUTCOME_TIMEOUT)
		notes_add(notes, FINDING_TLS_TIMEOUT, index, "no answer within %s (%s %s)",
		          wait_format(notes->judging->policy->timeout_ms, wait), protocol_title(protocol, title), stage);
	else
		notes_add(notes, FINDING_TLS_HANDSHAKE_FAILED, index, "the %s dialogue ends before TLS (%s)",
		          protocol_title(protocol, title), stage);
}

static void judge_handshake(struct notes *notes, size_t index)
{
	char wait[WAIT_TEXT_BYTES];
	const struct observation *o = notes->judging->evidence->observations[index];
	const char *stage = observation_text(o, FACT_STARTTLS_STAGE, 0);
	bool is_before_starttls = str_equal(stage, "greeting") || str_equal(stage, "capability");
	if (port_is_dead(notes->judging->evidence, o) || judge_starttls(notes, index, o))
		return;
	if (o->outcome == OUTCOME_OK)
		judge_agreed(notes, index, o);
	else if (str_equal(observation_text(o, FACT_IMAP_OTHER_PROTOCOL, 0), "tls"))
		notes_add(notes, FINDING_TLS_UNEXPECTED, index, "waits for TLS where a clear greeting was expected");
	else if (o->outcome == OUTCOME_SKIPPED || o->outcome == OUTCOME_CANCELLED || o->outcome == OUTCOME_INTERNAL)
		return;
	else if (observation_has(o, FACT_TLS_PLAIN_BYTES, 0) || observation_has(o, FACT_TLS_PLAIN_PROTOCOL, 0))
		judge_plain(notes, index, o);
	else if (is_before_starttls)
		judge_dialogue(notes, index, o, stage);
	else if (o->outcome == OUTCOME_TIMEOUT)
		notes_add(notes, FINDING_TLS_TIMEOUT, index, "no end of the handshake within %s",
		          wait_format(notes->judging->policy->timeout_ms, wait));
	else if (observation_has(o, FACT_TLS_MODE, 0))
		judge_refused(notes, index, o);
}

static void judge_tls(struct notes *notes)
{
	for (size_t i = 0; i < notes->subject->count; i++)
		judge_handshake(notes, notes->subject->seen[i]);
	if (notes_are_bad(notes))
		notes_drop(notes, FINDING_TLS_OK);
	notes_raise_all(notes);
}

void rule_tls(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	static const char *const probes[] = {"tls", NULL};
	const struct judging judging = {evidence, policy, findings};
	subjects_each(&judging, probes, judge_tls);
}
