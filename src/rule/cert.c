/*
 * The certificate, as a Windows client of today would judge it. The probe completed every handshake and wrote down what
 * it got and every error of the verification; here causes are told apart, one id each.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "cutover/limits.h"
#include "rule/cert_issuer.h"
#include "rule/rules.h"
#include "rule/subject.h"

enum { NAMES_SHOWN = 10, DAY_S = 86400, WINDOW_S = 72 * 3600 };

static const struct observation *at(const struct notes *notes, size_t index)
{
	return notes->judging->evidence->observations[index];
}

/* The row of cert.errors with that time and name, or -1. */
static int64_t error_row(const struct observation *o, const char *when, const char *name)
{
	uint32_t rows = observation_rows(o, FACT_VERIFY_WHEN);
	for (uint32_t row = 0; row < rows; row++)
		if (str_equal(observation_text(o, FACT_VERIFY_WHEN, row), when) &&
		    str_equal(observation_text(o, FACT_VERIFY_NAME, row), name))
			return row;
	return -1;
}

static const char *or_unknown(const char *text)
{
	return text != NULL ? text : "(unknown)";
}

/* The subject of the certificate at fault: "the certificate" for the leaf. */
static const char *at_fault(const struct observation *o, int64_t row)
{
	int64_t depth = observation_int_or(o, FACT_VERIFY_DEPTH, (uint32_t)row, 0);
	const char *subject = observation_text(o, FACT_VERIFY_SUBJECT, (uint32_t)row);
	return depth == 0 || subject == NULL ? "the certificate" : subject;
}

/* When a date of the leaf decides, it is compared here, so that `judge --at` can look again at another time. */
static void judge_dates(struct notes *notes, size_t index)
{
	const struct observation *o = at(notes, index);
	int64_t now = notes->judging->policy->now, not_before = INT64_MIN, not_after = INT64_MAX;
	if (now == TIME_UNKNOWN)
		return;
	char text[CLOCK_TEXT_BYTES];
	observation_int(o, FACT_CERT_NOT_BEFORE, 0, &not_before);
	observation_int(o, FACT_CERT_NOT_AFTER, 0, &not_after);
	int64_t expired = error_row(o, "at", "expired"), early = error_row(o, "at", "not-yet-valid");
	if (not_after < now)
		notes_add(notes, FINDING_CERT_EXPIRED, index, "ended %s", clock_format(not_after, text));
	else if (expired >= 0 && observation_int_or(o, FACT_VERIFY_DEPTH, (uint32_t)expired, 0) > 0)
		notes_add(notes, FINDING_CERT_EXPIRED, index, "an issuer has ended: %s", at_fault(o, expired));
	if (not_before > now)
		notes_add(notes, FINDING_CERT_NOT_YET_VALID, index, "begins %s", clock_format(not_before, text));
	else if (early >= 0 && observation_int_or(o, FACT_VERIFY_DEPTH, (uint32_t)early, 0) > 0)
		notes_add(notes, FINDING_CERT_NOT_YET_VALID, index, "an issuer is not valid yet: %s", at_fault(o, early));
}

/* Within the migration window or --cert-days. Not for what has ended already. */
static void judge_end(struct notes *notes, size_t index)
{
	const struct policy *policy = notes->judging->policy;
	const struct observation *o = at(notes, index);
	int64_t not_after = INT64_MAX, window = policy->cutover != TIME_UNKNOWN ? policy->cutover + WINDOW_S : INT64_MIN;
	int64_t row = error_row(o, "window", "expired");
	char end[CLOCK_TEXT_BYTES], span[CLOCK_TEXT_BYTES];
	observation_int(o, FACT_CERT_NOT_AFTER, 0, &not_after);
	if (row < 0)
		row = error_row(o, "cutover", "expired");
	if (policy->now == TIME_UNKNOWN || not_after < policy->now)
		return;
	if (not_after < window)
		notes_add(notes, FINDING_CERT_EXPIRES_SOON, index,
		          "ends %s, before the migration window does (72 h after the cutover)", clock_format(not_after, end));
	else if (not_after < policy->now + policy->cert_days * DAY_S)
		notes_add(notes, FINDING_CERT_EXPIRES_SOON, index, "ends %s, in %s", clock_format(not_after, end),
		          clock_format_span(not_after - policy->now, span));
	else if (row >= 0 && error_row(o, "at", "expired") < 0 &&
	         observation_int_or(o, FACT_VERIFY_DEPTH, (uint32_t)row, 0) > 0)
		notes_add(notes, FINDING_CERT_EXPIRES_SOON, index, "an issuer ends within the migration window: %s",
		          at_fault(o, row));
}

/* One cause: its own issuer, or an issuer that was not sent, or an authority that nobody trusts. */
static void judge_trust(struct notes *notes, size_t index)
{
	static const char *const untrusted[] = {"self-signed-chain", "untrusted", "invalid-ca", "other"};
	const struct observation *o = at(notes, index);
	const char *missing = observation_text(o, FACT_CERT_MISSING_ISSUER, 0);
	const char *aia = observation_text(o, FACT_CERT_MISSING_AIA, 0);
	if (error_row(o, "at", "self-signed-leaf") >= 0) {
		notes_add(notes, FINDING_CERT_SELF_SIGNED, index, "signed by itself: %s",
		          or_unknown(observation_text(o, FACT_CERT_SUBJECT, 0)));
		return;
	}
	if (error_row(o, "at", "no-anchors") >= 0) {
		notes_add(notes, FINDING_CERT_NOT_VERIFIED, index, "no trust anchors on this machine; the chain leads to %s",
		          or_unknown(observation_text(o, FACT_CERT_ISSUER, observation_rows(o, FACT_CERT_ISSUER) - 1)));
		return;
	}
	if (error_row(o, "at", "issuer-missing") >= 0) {
		size_t fetched = issuer_of(notes->judging->evidence, o);
		char *remark = fetched < notes->judging->evidence->count ? issuer_remark(at(notes, fetched)) : NULL;
		notes_add(notes, FINDING_CERT_CHAIN_INCOMPLETE, index, "not sent: %s%s%s%s%s", or_unknown(missing),
		          aia != NULL ? "; to be had at " : "; no address is given for it, so perhaps a private authority",
		          aia != NULL ? aia : "", remark != NULL ? "; " : "", remark != NULL ? remark : "");
		free(remark);
		return;
	}
	for (size_t i = 0; i < sizeof untrusted / sizeof untrusted[0]; i++) {
		int64_t row = error_row(o, "at", untrusted[i]);
		if (row < 0)
			continue;
		const char *sentence = observation_text(o, FACT_VERIFY_TEXT, (uint32_t)row);
		const char *issuer = observation_text(o, FACT_CERT_ISSUER, observation_rows(o, FACT_CERT_ISSUER) - 1);
		notes_add(notes, FINDING_CERT_UNTRUSTED, index, "the chain ends in %s%s%s", or_unknown(issuer),
		          sentence != NULL ? ": " : "", sentence != NULL ? sentence : "");
	}
}

/* "mail.contoso.com, *.contoso.net and 3 more". */
static void list_names(struct buf *list, const struct observation *o)
{
	uint32_t count = observation_rows(o, FACT_CERT_NAME);
	const char *cn = observation_text(o, FACT_CERT_CN, 0);
	for (uint32_t row = 0; row < count && row < NAMES_SHOWN; row++)
		buf_printf(list, "%s%s", row > 0 ? ", " : "", or_unknown(observation_text(o, FACT_CERT_NAME, row)));
	if (count > NAMES_SHOWN)
		buf_printf(list, " and %u more", count - NAMES_SHOWN);
	if (count == 0)
		buf_printf(list, "%s%s", cn != NULL ? "only the common name " : "no name", cn != NULL ? cn : "");
}

/* An address has no name that could be checked: that is host-is-address's. */
static void judge_name(struct notes *notes, size_t index)
{
	const struct observation *o = at(notes, index);
	const char *asked = observation_text(o, FACT_TLS_NAME, 0);
	if (notes->subject->is_address || !observation_has(o, FACT_CERT_NAME_OK, 0) ||
	    observation_flag(o, FACT_CERT_NAME_OK, 0))
		return;
	struct buf names;
	buf_init(&names, LIMIT_FACT_BYTES);
	list_names(&names, o);
	/* With a subjectAltName nobody looks at the common name (RFC 6125 6.4.4). */
	if (observation_flag(o, FACT_CERT_NAME_IN_CN, 0) && observation_rows(o, FACT_CERT_NAME) == 0)
		notes_add(notes, FINDING_CERT_NAME_IN_CN_ONLY, index, "%s stands in the common name only",
		          asked != NULL ? asked : notes->subject->host);
	else
		notes_add(notes, FINDING_CERT_NAME_MISMATCH, index, "asked for %s, the certificate has %s",
		          asked != NULL ? asked : notes->subject->host, names.bytes);
	buf_clear(&names);
}

/* The row of cert.chain with that subject, or -1: an issuer of our own store was not sent. */
static int64_t sent_row(const struct observation *o, const char *subject)
{
	uint32_t rows = observation_rows(o, FACT_CERT_SUBJECT);
	for (uint32_t row = 0; row < rows; row++)
		if (str_equal(observation_text(o, FACT_CERT_SUBJECT, row), subject))
			return row;
	return -1;
}

/* Keys and signatures of the chain as it was built: the probe leaves out the root and what does not belong. */
static void judge_strength(struct notes *notes, size_t index)
{
	const struct observation *o = at(notes, index);
	int64_t key = error_row(o, "at", "weak-key"), signature = error_row(o, "at", "weak-signature");
	if (key >= 0) {
		int64_t row = sent_row(o, observation_text(o, FACT_VERIFY_SUBJECT, (uint32_t)key));
		const char *type = row >= 0 ? observation_text(o, FACT_CERT_KEY_TYPE, (uint32_t)row) : NULL;
		int64_t bits = row >= 0 ? observation_int_or(o, FACT_CERT_KEY_BITS, (uint32_t)row, 0) : 0;
		notes_add(notes, FINDING_CERT_WEAK_KEY, index, "%s: %s of %lld bits", at_fault(o, key), or_unknown(type),
		          (long long)bits);
	}
	if (signature >= 0) {
		int64_t row = sent_row(o, observation_text(o, FACT_VERIFY_SUBJECT, (uint32_t)signature));
		const char *digest = row >= 0 ? observation_text(o, FACT_CERT_SIGNATURE, (uint32_t)row) : NULL;
		notes_add(notes, FINDING_CERT_WEAK_SIGNATURE, index, "%s: signed with %s", at_fault(o, signature),
		          or_unknown(digest));
	}
}

/* The stapled OCSP response. None, and one that cannot be checked, say nothing. */
static void judge_staple(struct notes *notes, size_t index)
{
	static const struct {
		const char *status;
		enum finding_id id;
		const char *summary;
	} staples[] = {
	    {"revoked", FINDING_CERT_REVOKED, "the server's stapled OCSP response says revoked"},
	    {"expired", FINDING_CERT_STAPLE_INVALID, "the stapled OCSP response is out of date"},
	    {"invalid", FINDING_CERT_STAPLE_INVALID, "the stapled OCSP response is not this certificate's, or not signed by its issuer"},
	    {"unknown", FINDING_CERT_STAPLE_INVALID, "the stapled OCSP response says that the issuer does not know the certificate"},
	};
	const char *status = observation_text(at(notes, index), FACT_TLS_OCSP_STATUS, 0);
	for (size_t i = 0; i < sizeof staples / sizeof staples[0]; i++)
		if (str_equal(staples[i].status, status))
			notes_add(notes, staples[i].id, index, "%s", staples[i].summary);
}

/* Without a server name in the handshake (--deep). */
static void judge_nameless(struct notes *notes, size_t index)
{
	const struct observation *o = at(notes, index);
	const char *leaf = observation_text(o, FACT_TLS_NO_SNI, 0);
	if (str_equal(leaf, "other"))
		notes_add(notes, FINDING_CERT_NEEDS_SNI, index, "without SNI the server presents %s",
		          or_unknown(observation_text(o, FACT_TLS_NO_SNI_SUBJECT, 0)));
	else if (str_equal(leaf, "refused"))
		notes_add(notes, FINDING_CERT_NEEDS_SNI, index, "without SNI the server refuses the handshake");
}

static void judge_certificate(struct notes *notes, size_t index)
{
	const struct observation *o = at(notes, index);
	judge_dates(notes, index);
	judge_end(notes, index);
	judge_trust(notes, index);
	judge_name(notes, index);
	judge_strength(notes, index);
	if (observation_has(o, FACT_CERT_ORDER_OK, 0) && !observation_flag(o, FACT_CERT_ORDER_OK, 0))
		notes_add(notes, FINDING_CERT_CHAIN_ORDER, index, "sent out of order, or with certificates that do not belong");
	judge_staple(notes, index);
	judge_nameless(notes, index);
}

static void note_good(struct notes *notes, size_t index)
{
	const struct observation *o = at(notes, index);
	int64_t not_after = 0;
	char end[CLOCK_TEXT_BYTES];
	const char *asked = observation_text(o, FACT_TLS_NAME, 0);
	if (!observation_int(o, FACT_CERT_NOT_AFTER, 0, &not_after))
		return;
	if (notes->subject->is_address)
		notes_add(notes, FINDING_CERT_OK, index, "trusted, until %s; no name was checked, since an address was given",
		          clock_format(not_after, end));
	else
		notes_add(notes, FINDING_CERT_OK, index, "trusted, for %s, until %s",
		          asked != NULL ? asked : notes->subject->host, clock_format(not_after, end));
}

/* What was fetched and added is evidence of it, too, and how it ended. */
static void add_fetched(struct finding *finding, const struct evidence *evidence, const struct observation *tls)
{
	size_t last = issuer_of(evidence, tls);
	for (size_t i = issuer_next(evidence, 0, tls); i < evidence->count; i = issuer_next(evidence, i + 1, tls))
		if (i == last || observation_has(evidence->observations[i], FACT_ISSUER_COMPLETES, 0))
			finding_because(finding, i);
}

static void raise_incomplete(struct notes *notes)
{
	const struct evidence *evidence = notes->judging->evidence;
	struct finding *finding = notes_raise(notes, FINDING_CERT_CHAIN_INCOMPLETE, NAME_ADDRESSES_WHERE_THEY_DIFFER, NULL);
	for (size_t i = 0; finding != NULL && i < notes->count; i++)
		if (notes->items[i].id == FINDING_CERT_CHAIN_INCOMPLETE)
			add_fetched(finding, evidence, evidence->observations[notes->items[i].observation]);
	notes_drop(notes, FINDING_CERT_CHAIN_INCOMPLETE);
}

static void judge_cert(struct notes *notes)
{
	for (size_t i = 0; i < notes->subject->count; i++)
		if (observation_rows(at(notes, notes->subject->seen[i]), FACT_CERT_SUBJECT) > 0)
			judge_certificate(notes, notes->subject->seen[i]);
	note_different_certificates(notes);
	bool are_bad = notes_are_bad(notes);
	raise_incomplete(notes);
	if (!are_bad)
		for (size_t i = 0; i < notes->subject->count; i++)
			if (observation_rows(at(notes, notes->subject->seen[i]), FACT_CERT_SUBJECT) > 0)
				note_good(notes, notes->subject->seen[i]);
	notes_raise_all(notes);
}

void rule_cert(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	static const char *const probes[] = {"tls", NULL};
	const struct judging judging = {evidence, policy, findings};
	subjects_each(&judging, probes, judge_cert);
}
