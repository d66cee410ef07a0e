#include "endpoint.h"

#define ISSUER "CN=Good Issuing CA"

static void good(struct world *w)
{
	tls_good(w, IMAPS, V4);
	tls_good(w, IMAPS, V6);
}

static struct observation *spoilt(struct world *w, const char *error)
{
	struct observation *o = tls_good(w, IMAPS, V4);
	give_error(o, 0, "at", error, 0, "CN=" HOST);
	return o;
}

static void private_authority(struct world *w)
{
	spoilt(w, "self-signed-chain");
}

static void authority_without_root(struct world *w)
{
	spoilt(w, "untrusted");
}

/* A machine that trusts nobody. */
static void no_anchors(struct world *w)
{
	spoilt(w, "no-anchors");
}

/* --fetch: what it came to for the chain of the last case's leaf. */
static struct observation *fetched(struct world *w, enum outcome outcome)
{
	spoilt(w, "issuer-missing");
	const struct observation *tls = w->evidence.observations[w->evidence.count - 1];
	give(w->evidence.observations[w->evidence.count - 1], TEXT(CERT_MISSING_ISSUER, ISSUER), TEXT(CERT_MISSING_AIA, "http://ca.example/issuing.crt"));
	struct observation *o = observe(w, "issuer", IMAPS, V4_OTHER, TEXT(HTTP_URL, "http://ca.example/issuing.crt"),
	                                TEXT(ISSUER_LEAF_SHA256, observation_text(tls, FACT_CERT_SHA256, 0)));
	o->outcome = outcome;
	return o;
}

static void fetched_and_complete(struct world *w)
{
	give(fetched(w, OUTCOME_OK), INT(HTTP_STATUS, 200), BOOL(ISSUER_COMPLETES, true));
}

static void fetched_and_one_more_missing(struct world *w)
{
	give(fetched(w, OUTCOME_OK), INT(HTTP_STATUS, 200), BOOL(ISSUER_COMPLETES, false), TEXT(CERT_MISSING_ISSUER, "CN=Next"));
}

static void fetched_two_and_complete(struct world *w)
{
	struct observation *o = fetched(w, OUTCOME_OK);
	give(o, INT(HTTP_STATUS, 200), BOOL(ISSUER_COMPLETES, true));
	give(o, ROW_TEXT(ISSUER_SUBJECT, 0, ISSUER), ROW_TEXT(ISSUER_SUBJECT, 1, "CN=Next"));
}

static void fetched_one_and_no_answer(struct world *w)
{
	give(fetched(w, OUTCOME_TIMEOUT), ROW_TEXT(ISSUER_SUBJECT, 0, ISSUER));
}

static void fetched_something_else(struct world *w)
{
	give(fetched(w, OUTCOME_OK), INT(HTTP_STATUS, 200), TEXT(ISSUER_FAULT, "what came is no certificate"));
}

static void fetched_for_another_leaf(struct world *w)
{
	spoilt(w, "issuer-missing");
	observe(w, "issuer", IMAPS, V4_OTHER, ENDED(OK), TEXT(ISSUER_LEAF_SHA256, "dddd"), BOOL(ISSUER_COMPLETES, true));
}

static void not_found_there(struct world *w)
{
	give(fetched(w, OUTCOME_OK), INT(HTTP_STATUS, 404));
}

static void not_asked_there(struct world *w)
{
	give(fetched(w, OUTCOME_SKIPPED), TEXT(SKIP_REASON, "private-address"));
}

static void no_answer_there(struct world *w)
{
	fetched(w, OUTCOME_TIMEOUT);
}

static void self_signed(struct world *w)
{
	struct observation *o = tls_agreed(w, IMAPS, V4);
	give_certificate(o, 0, "CN=" HOST, "CN=" HOST);
	give(o, ROW_BOOL(CERT_SELF_SIGNED, 0, true), ROW_TEXT(CERT_NAME, 0, HOST), BOOL(CERT_NAME_OK, true));
	give_error(o, 0, "at", "self-signed-leaf", 0, "CN=" HOST);
}

/* --ca-file holds it. */
static void self_signed_and_trusted(struct world *w)
{
	struct observation *o = tls_agreed(w, IMAPS, V4);
	give_certificate(o, 0, "CN=" HOST, "CN=" HOST);
	give(o, ROW_BOOL(CERT_SELF_SIGNED, 0, true), ROW_TEXT(CERT_NAME, 0, HOST), BOOL(CERT_NAME_OK, true));
}

static void intermediate_missing(struct world *w)
{
	struct observation *o = spoilt(w, "issuer-missing");
	give_error(o, 1, "at", "issuer-missing", 0, "CN=" HOST);
	give(o, TEXT(CERT_MISSING_ISSUER, ISSUER), TEXT(CERT_MISSING_AIA, "http://ca.example/issuing.crt"));
}

static void intermediate_missing_without_address(struct world *w)
{
	give(spoilt(w, "issuer-missing"), TEXT(CERT_MISSING_ISSUER, ISSUER));
}

static void intermediate_missing_at_one_address(struct world *w)
{
	intermediate_missing(w);
	tls_good(w, IMAPS, V6);
}

static void wrong_name(struct world *w)
{
	give(tls_good(w, IMAPS, V4), BOOL(CERT_NAME_OK, false), ROW_TEXT(CERT_NAME, 0, "mail.contoso.net"),
	     ROW_TEXT(CERT_NAME, 1, "*.contoso.net"));
}

static void wrong_name_among_many(struct world *w)
{
	struct observation *o = tls_good(w, IMAPS, V4);
	give(o, BOOL(CERT_NAME_OK, false));
	for (uint32_t row = 0; row < 12; row++)
		give(o, ROW_TEXT(CERT_NAME, row, "other.example"));
}

static void name_in_cn_beside_other_names(struct world *w)
{
	wrong_name(w);
	give(w->evidence.observations[0], BOOL(CERT_NAME_IN_CN, true));
}

static void name_in_cn_only(struct world *w)
{
	struct observation *o = tls_agreed(w, IMAPS, V4);
	give_certificate(o, 0, "CN=" HOST, ISSUER);
	give(o, TEXT(CERT_CN, HOST), BOOL(CERT_NAME_OK, false), BOOL(CERT_NAME_IN_CN, true));
}

static void no_name_at_all(struct world *w)
{
	struct observation *o = tls_agreed(w, IMAPS, V4);
	give_certificate(o, 0, "O=Contoso", ISSUER);
	give(o, BOOL(CERT_NAME_OK, false));
}

static void address_instead_of_name(struct world *w)
{
	give(tls_good(w, V4 ":993", V4), BOOL(CERT_NAME_OK, false));
}

static void ends_in_days(struct world *w, int64_t days)
{
	give(tls_good(w, IMAPS, V4), ROW_TIME(CERT_NOT_AFTER, 0, REPLAY_NOW + days * REPLAY_DAY));
}

static void expired(struct world *w)
{
	ends_in_days(w, -1);
	struct observation *o = w->evidence.observations[0];
	give_error(o, 0, "at", "expired", 0, "CN=" HOST);
	give_error(o, 1, "cutover", "expired", 0, "CN=" HOST);
	give_error(o, 2, "window", "expired", 0, "CN=" HOST);
}

static void expired_before_a_cutover(struct world *w)
{
	w->policy.cutover = REPLAY_NOW + REPLAY_DAY;
	expired(w);
}

static void issuer_expired(struct world *w)
{
	give_error(tls_good(w, IMAPS, V4), 0, "at", "expired", 1, ISSUER);
}

/* A recording of yesterday, judged later: dates decide, not the errors of then. */
static void expired_since_the_recording(struct world *w)
{
	tls_good(w, IMAPS, V4);
	w->policy.now = REPLAY_NOW + 61 * REPLAY_DAY;
}

static void not_yet_valid(struct world *w)
{
	give(spoilt(w, "not-yet-valid"), ROW_TIME(CERT_NOT_BEFORE, 0, REPLAY_NOW + REPLAY_DAY));
}

static void issuer_not_yet_valid(struct world *w)
{
	give_error(tls_good(w, IMAPS, V4), 0, "at", "not-yet-valid", 1, ISSUER);
}

static void ends_in_20_days(struct world *w)
{
	ends_in_days(w, 20);
}

static void ends_in_22_days(struct world *w)
{
	ends_in_days(w, 22);
}

static void ends_in_22_days_of_30(struct world *w)
{
	w->policy.cert_days = 30;
	ends_in_days(w, 22);
}

static void ends_in_the_window(struct world *w)
{
	w->policy.cutover = REPLAY_NOW + 58 * REPLAY_DAY;
	tls_good(w, IMAPS, V4);
}

static void ends_behind_the_window(struct world *w)
{
	w->policy.cutover = REPLAY_NOW + 56 * REPLAY_DAY;
	tls_good(w, IMAPS, V4);
}

static void issuer_ends_in_the_window(struct world *w)
{
	w->policy.cutover = REPLAY_NOW + 30 * REPLAY_DAY;
	give_error(tls_good(w, IMAPS, V4), 0, "window", "expired", 1, ISSUER);
}

static void weak_leaf_key(struct world *w)
{
	give(spoilt(w, "weak-key"), ROW_INT(CERT_KEY_BITS, 0, 1024));
}

static void weak_issuer_key(struct world *w)
{
	give_error(tls_good(w, IMAPS, V4), 0, "at", "weak-key", 1, ISSUER);
}

static void weak_signature(struct world *w)
{
	give(spoilt(w, "weak-signature"), ROW_TEXT(CERT_SIGNATURE, 0, "SHA1"));
}

static void weak_signature_of_one_not_sent(struct world *w)
{
	give_error(tls_good(w, IMAPS, V4), 0, "at", "weak-signature", 2, "CN=Old CA");
}

static void out_of_order(struct world *w)
{
	give(tls_good(w, IMAPS, V4), BOOL(CERT_ORDER_OK, false));
}

static void revoked(struct world *w)
{
	give(tls_good(w, IMAPS, V4), TEXT(TLS_OCSP_STATUS, "revoked"));
}

static void stapled_expired(struct world *w)
{
	give(tls_good(w, IMAPS, V4), TEXT(TLS_OCSP_STATUS, "expired"));
}

static void stapled_by_a_stranger(struct world *w)
{
	give(tls_good(w, IMAPS, V4), TEXT(TLS_OCSP_STATUS, "invalid"));
}

static void stapled_unknown(struct world *w)
{
	give(tls_good(w, IMAPS, V4), TEXT(TLS_OCSP_STATUS, "unknown"));
}

static void stapled_unchecked(struct world *w)
{
	give(tls_good(w, IMAPS, V4), TEXT(TLS_OCSP_STATUS, "unchecked"));
}

static void another_without_sni(struct world *w)
{
	give(tls_good(w, IMAPS, V4), TEXT(TLS_NO_SNI, "other"), TEXT(TLS_NO_SNI_SUBJECT, "CN=default.contoso.net"));
}

static void none_without_sni(struct world *w)
{
	give(tls_good(w, IMAPS, V4), TEXT(TLS_NO_SNI, "refused"));
}

static void same_without_sni(struct world *w)
{
	give(tls_good(w, IMAPS, V4), TEXT(TLS_NO_SNI, "same"), TEXT(TLS_NO_SNI_SUBJECT, "CN=" HOST));
}

static void stapled_good(struct world *w)
{
	give(tls_good(w, IMAPS, V4), TEXT(TLS_OCSP_STATUS, "good"));
}

static void one_of_three_differs(struct world *w)
{
	tls_good(w, IMAPS, V4);
	give(tls_good(w, IMAPS, V4_OTHER), ROW_TEXT(CERT_SHA256, 0, "cccccccccccccccc00"));
	tls_good(w, IMAPS, V6);
}

static void two_differ(struct world *w)
{
	tls_good(w, IMAPS, V4);
	give(tls_good(w, IMAPS, V6), ROW_TEXT(CERT_SHA256, 0, "cccccccccccccccc00"));
}

static void ports_differ(struct world *w)
{
	tls_good(w, IMAPS, V4);
	give(tls_good(w, IMAP, V4), ROW_TEXT(CERT_SHA256, 0, "cccccccccccccccc00"));
}

static void two_faults(struct world *w)
{
	self_signed(w);
	give(w->evidence.observations[0], ROW_TIME(CERT_NOT_AFTER, 0, REPLAY_NOW - REPLAY_DAY));
}

#define TLS {"tls-ok", "pass", IMAPS, NULL}
#define GOOD {TLS, {"cert-ok", "pass", IMAPS, NULL}}
#define BAD(id, says) {TLS, {id, "fail", IMAPS, says}}
#define SOON(says) {TLS, {"cert-expires-soon", "warn", IMAPS, says}}

const struct replay_case cert_cases[] = {
    {"good on both addresses",
     good,
     {TLS, {"cert-ok", "pass", IMAPS, "trusted, for " HOST ", until 2026-07-31T12:00:00Z"}}},
    {"a private authority that sends its root", private_authority, BAD("cert-untrusted", "CN=Good Root")},
    {"a private authority that keeps its root", authority_without_root, BAD("cert-untrusted", NULL)},
    {"no trust anchors here", no_anchors, {TLS, {"cert-not-verified", "unknown", IMAPS, "no trust anchors on this machine; the chain leads to CN=Good Root"}}},
    {"self-signed", self_signed, BAD("cert-self-signed", "CN=" HOST)},
    {"self-signed and trusted by --ca-file", self_signed_and_trusted, GOOD},
    {"intermediate missing", intermediate_missing,
     BAD("cert-chain-incomplete", "not sent: " ISSUER "; to be had at http://ca.example/issuing.crt")},
    {"intermediate missing, no address", intermediate_missing_without_address,
     BAD("cert-chain-incomplete", "private authority")},
    {"intermediate missing at one address", intermediate_missing_at_one_address,
     BAD("cert-chain-incomplete", V4 ": not sent")},
    {"fetched, complete", fetched_and_complete, BAD("cert-chain-incomplete", "with this one certificate added the chain verifies")},
    {"fetched, one more is missing", fetched_and_one_more_missing, BAD("cert-chain-incomplete", "behind it CN=Next is missing")},
    {"fetched, two, complete", fetched_two_and_complete, BAD("cert-chain-incomplete", "with these 2 certificates added the chain verifies")},
    {"fetched, one, and then no answer", fetched_one_and_no_answer,
     BAD("cert-chain-incomplete", "one more is missing behind it (http://ca.example/issuing.crt): it is not to be had there: timeout")},
    {"fetched, no certificate", fetched_something_else, BAD("cert-chain-incomplete", "what came is no certificate")},
    {"fetched for another leaf", fetched_for_another_leaf, BAD("cert-chain-incomplete", "so perhaps a private authority")},
    {"not found at its address", not_found_there, BAD("cert-chain-incomplete", "HTTP status 404")},
    {"its address is not asked", not_asked_there, BAD("cert-chain-incomplete", "it was not fetched (private-address)")},
    {"no answer at its address", no_answer_there, BAD("cert-chain-incomplete", "not to be had there: timeout")},
    {"wrong name", wrong_name,
     BAD("cert-name-mismatch", "asked for " HOST ", the certificate has mail.contoso.net, *.contoso.net")},
    {"wrong name among many", wrong_name_among_many, BAD("cert-name-mismatch", "and 2 more")},
    {"the common name does not count beside other names", name_in_cn_beside_other_names,
     BAD("cert-name-mismatch", NULL)},
    {"no name at all", no_name_at_all, BAD("cert-name-mismatch", "the certificate has no name")},
    {"name in the common name only", name_in_cn_only, {TLS, {"cert-name-in-cn-only", "warn", IMAPS, NULL}}},
    {"an address has no name to check",
     address_instead_of_name,
     {{"tls-ok", "pass", V4 ":993", NULL}, {"cert-ok", "pass", V4 ":993", "no name was checked"}}},
    {"expired", expired, BAD("cert-expired", "ended 2026-05-31T12:00:00Z")},
    {"expired, cutover to come", expired_before_a_cutover, BAD("cert-expired", NULL)},
    {"issuer expired", issuer_expired, BAD("cert-expired", ISSUER)},
    {"expired since the recording", expired_since_the_recording, BAD("cert-expired", "ended 2026-07-31")},
    {"not yet valid", not_yet_valid, BAD("cert-not-yet-valid", "begins 2026-06-02T12:00:00Z")},
    {"issuer not yet valid", issuer_not_yet_valid, BAD("cert-not-yet-valid", ISSUER)},
    {"ends in 20 days", ends_in_20_days, SOON("in 20 d")},
    {"ends in 22 days", ends_in_22_days, GOOD},
    {"ends in 22 days, 30 wanted", ends_in_22_days_of_30, SOON("in 22 d")},
    {"ends in the migration window", ends_in_the_window, SOON("migration window")},
    {"ends behind the migration window", ends_behind_the_window, GOOD},
    {"issuer ends in the migration window", issuer_ends_in_the_window, SOON(ISSUER)},
    {"weak key", weak_leaf_key, BAD("cert-weak-key", "the certificate: RSA of 1024 bits")},
    {"weak key of the issuer", weak_issuer_key, BAD("cert-weak-key", ISSUER ": EC of 256 bits")},
    {"weak signature", weak_signature, BAD("cert-weak-signature", "the certificate: signed with SHA1")},
    {"weak signature of an issuer not sent", weak_signature_of_one_not_sent, BAD("cert-weak-signature", "CN=Old CA")},
    {"out of order", out_of_order, {TLS, {"cert-ok", "pass", IMAPS, NULL}, {"cert-chain-order", "info", IMAPS, NULL}}},
    {"revoked", revoked, BAD("cert-revoked", NULL)},
    {"stapled good", stapled_good, GOOD},
    {"stapled, out of date", stapled_expired, {TLS, {"cert-staple-invalid", "warn", IMAPS, "out of date"}}},
    {"stapled, not signed by the issuer", stapled_by_a_stranger, {TLS, {"cert-staple-invalid", "warn", IMAPS, "not signed by its issuer"}}},
    {"stapled, unknown to the issuer", stapled_unknown, {TLS, {"cert-staple-invalid", "warn", IMAPS, "does not know"}}},
    {"stapled, but the issuer is missing", stapled_unchecked, GOOD},
    {"another certificate without SNI", another_without_sni,
     {TLS, {"cert-ok", "pass", IMAPS, NULL}, {"cert-needs-sni", "info", IMAPS, "CN=default.contoso.net"}}},
    {"none without SNI", none_without_sni, {TLS, {"cert-ok", "pass", IMAPS, NULL}, {"cert-needs-sni", "info", IMAPS, "refuses"}}},
    {"the same certificate without SNI", same_without_sni, GOOD},
    {"one of three differs", one_of_three_differs, {TLS, {"cert-differs", "warn", IMAPS, V4_OTHER ": another one"}}},
    {"two that differ", two_differ, {TLS, {"cert-differs", "warn", IMAPS, "its own one"}}},
    {"different ports may have different certificates",
     ports_differ,
     {TLS, {"cert-ok", "pass", IMAPS, NULL}, {"tls-ok", "pass", IMAP, NULL}, {"cert-ok", "pass", IMAP, NULL}}},
    {"expired and self-signed are two faults",
     two_faults,
     {TLS, {"cert-self-signed", "fail", IMAPS, NULL}, {"cert-expired", "fail", IMAPS, NULL}}},
    {0},
};
