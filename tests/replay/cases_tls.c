#include "endpoint.h"

static void agrees(struct world *w)
{
	tls_agreed(w, IMAPS, V4);
	tls_agreed(w, IMAPS, V6);
}

static struct observation *fails(struct world *w, enum outcome outcome)
{
	struct observation *o = observe(w, "tls", IMAPS, V4, TEXT(TLS_MODE, "implicit"), TEXT(TLS_NAME, HOST));
	o->outcome = outcome;
	return o;
}

static void speaks_clear_text(struct world *w)
{
	give(fails(w, OUTCOME_PROTOCOL), TEXT(TLS_PLAIN_BYTES, "* OK Dovecot ready."), TEXT(TLS_PLAIN_PROTOCOL, "imap"));
	observe(w, "imap", IMAPS, V4, ENDED(PROTOCOL), TEXT(IMAP_STAGE, "tls"));
}

static void speaks_unknown_clear_text(struct world *w)
{
	give(fails(w, OUTCOME_PROTOCOL), TEXT(TLS_PLAIN_BYTES, "hello"));
}

static void agrees_on_old(struct world *w)
{
	give(tls_agreed(w, IMAPS, V4), TEXT(TLS_VERSION, "TLSv1"), TEXT(TLS_LEGACY_ONLY, "TLSv1"));
}

static void only_old(struct world *w)
{
	give(fails(w, OUTCOME_TLS), TEXT(TLS_ALERT, "handshake_failure"), TEXT(TLS_LEGACY_ONLY, "TLSv1.1"));
}

static void refuses_the_version(struct world *w)
{
	give(fails(w, OUTCOME_TLS), TEXT(TLS_ALERT, "protocol_version"));
}

static void answers_with_an_old_version(struct world *w)
{
	give(fails(w, OUTCOME_TLS), TEXT(TLS_ERROR, "unsupported protocol"));
}

static void has_no_common_suite(struct world *w)
{
	give(fails(w, OUTCOME_TLS), TEXT(TLS_ALERT, "handshake_failure"));
}

static void wants_something_else(struct world *w)
{
	has_no_common_suite(w);
	give(w->evidence.observations[w->evidence.count - 1], TEXT(TLS_CIPHER, "ECDHE-RSA-AES256-GCM-SHA384"));
}

static void sends_another_alert(struct world *w)
{
	give(fails(w, OUTCOME_TLS), TEXT(TLS_ALERT, "unrecognized_name"));
}

static void hangs_up_in_the_handshake(struct world *w)
{
	fails(w, OUTCOME_CLOSED);
}

static void stalls(struct world *w)
{
	fails(w, OUTCOME_TIMEOUT);
	observe(w, "imap", IMAPS, V4, ENDED(TIMEOUT), TEXT(IMAP_STAGE, "tls"));
}

static void one_address_stalls(struct world *w)
{
	fails(w, OUTCOME_TIMEOUT);
	tls_agreed(w, IMAPS, V6);
}

static void accepts_old_versions_too(struct world *w)
{
	give(tls_agreed(w, IMAPS, V4), ROW_TEXT(TLS_OFFER_VERSION, 0, "TLSv1"), ROW_BOOL(TLS_OFFER_ACCEPTED, 0, true),
	     ROW_TEXT(TLS_OFFER_VERSION, 1, "TLSv1.1"), ROW_BOOL(TLS_OFFER_ACCEPTED, 1, true),
	     ROW_TEXT(TLS_OFFER_VERSION, 2, "TLSv1.2"), ROW_BOOL(TLS_OFFER_ACCEPTED, 2, true));
}

static void accepts_new_versions_only(struct world *w)
{
	give(tls_agreed(w, IMAPS, V4), ROW_TEXT(TLS_OFFER_VERSION, 0, "TLSv1"), ROW_BOOL(TLS_OFFER_ACCEPTED, 0, false),
	     ROW_TEXT(TLS_OFFER_VERSION, 1, "TLSv1.2"), ROW_BOOL(TLS_OFFER_ACCEPTED, 1, true));
}

/* --deep: TLS 1.2 with and without one suite alone, and what it was answered; `answer` NULL: accepted. */
static void give_tls12(struct observation *o, uint32_t row, const char *suite, const char *answer)
{
	give(o, ROW_TEXT(TLS_OFFER_VERSION, row, "TLSv1.2"), ROW_BOOL(TLS_OFFER_ACCEPTED, row, answer == NULL),
	     ROW_TEXT(TLS_OFFER_ANSWER, row, answer != NULL ? answer : suite != NULL ? suite : "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
	     ROW_BOOL(TLS_OFFER_LISTED, row, suite != NULL && answer == NULL));
	if (suite != NULL)
		give(o, ROW_TEXT(TLS_OFFER_SUITE, row, suite));
}

static const char LISTED_SUITE[] = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";

static void refuses_tls12(struct world *w)
{
	give_tls12(tls_agreed(w, IMAPS, V4), 0, NULL, "protocol_version");
}

static void hangs_up_at_tls12(struct world *w)
{
	give_tls12(tls_agreed(w, IMAPS, V4), 0, NULL, "closed");
}

static void hangs_up_at_tls12_but_speaks_on(struct world *w)
{
	struct observation *o = tls_agreed(w, IMAPS, V4);
	give_tls12(o, 0, NULL, "closed");
	give(o, TEXT(TLS_NO_SNI, "same"));
}

static void accepts_no_listed_suite(struct world *w)
{
	struct observation *o = tls_agreed(w, IMAPS, V4);
	give_tls12(o, 0, NULL, NULL);
	give_tls12(o, 1, LISTED_SUITE, "handshake_failure");
}

static void had_enough_before_all_were_tried(struct world *w)
{
	accepts_no_listed_suite(w);
	give(w->evidence.observations[w->evidence.count - 1], TEXT(TLS_OFFERS_STOPPED, "timeout"));
}

static void prefers_another_suite(struct world *w)
{
	struct observation *o = tls_agreed(w, IMAPS, V4);
	give(o, TEXT(TLS_VERSION, "TLSv1.2"), TEXT(TLS_CIPHER, "ECDHE-RSA-CHACHA20-POLY1305"), BOOL(TLS_SUITE_LISTED, false));
	give_tls12(o, 0, NULL, NULL);
	give_tls12(o, 1, LISTED_SUITE, NULL);
}

static void agrees_on_ecdsa(struct world *w)
{
	give(tls_agreed(w, IMAPS, V4), TEXT(TLS_VERSION, "TLSv1.2"), TEXT(TLS_CIPHER, "ECDHE-ECDSA-AES256-GCM-SHA384"),
	     BOOL(TLS_SUITE_LISTED, false));
}

static void port_is_dead_already(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_RESET);
	fails(w, OUTCOME_RESET);
	observe(w, "imap", IMAPS, V4, ENDED(RESET), TEXT(IMAP_STAGE, "greeting"));
}

static void interrupted(struct world *w)
{
	fails(w, OUTCOME_CANCELLED);
}

static struct observation *starttls(struct world *w, const char *stage, enum outcome outcome)
{
	struct observation *o = observe(w, "tls", IMAP, V4, TEXT(TLS_MODE, "starttls"), TEXT(TLS_NAME, HOST),
	                                TEXT(STARTTLS_PROTOCOL, "imap"), TEXT(STARTTLS_STAGE, stage));
	o->outcome = outcome;
	return o;
}

static void starttls_works(struct world *w)
{
	give(tls_agreed(w, IMAP, V4), TEXT(TLS_MODE, "starttls"), TEXT(STARTTLS_PROTOCOL, "imap"),
	     BOOL(STARTTLS_OFFERED, true), BOOL(STARTTLS_ACCEPTED, true), TEXT(STARTTLS_REPLY, "a2 OK Begin TLS"),
	     TEXT(STARTTLS_STAGE, "starttls"));
}

static void starttls_is_missing(struct world *w)
{
	give(starttls(w, "capability", OUTCOME_DENIED), BOOL(STARTTLS_OFFERED, false));
	give(imap_good(w, IMAP, V4), BOOL(IMAP_IN_TLS, false), BOOL(IMAP_CLEAR_LOGIN, true));
}

static void starttls_is_refused(struct world *w)
{
	give(starttls(w, "starttls", OUTCOME_DENIED), BOOL(STARTTLS_OFFERED, true), BOOL(STARTTLS_ACCEPTED, false),
	     TEXT(STARTTLS_REPLY, "a2 NO not now"));
	give(imap_good(w, IMAP, V4), BOOL(IMAP_IN_TLS, false), BOOL(IMAP_CLEAR_LOGIN, true));
}

static void hangs_up_at_starttls(struct world *w)
{
	give(starttls(w, "starttls", OUTCOME_CLOSED), BOOL(STARTTLS_OFFERED, true));
}

static void starttls_is_not_answered(struct world *w)
{
	give(starttls(w, "starttls", OUTCOME_TIMEOUT), BOOL(STARTTLS_OFFERED, true));
}

static void bytes_follow_the_ok(struct world *w)
{
	give(starttls(w, "starttls", OUTCOME_PROTOCOL), BOOL(STARTTLS_OFFERED, true), BOOL(STARTTLS_ACCEPTED, true),
	     TEXT(STARTTLS_REPLY, "a2 OK go"), TEXT(STARTTLS_EXTRA_BYTES, "* BAD injected"));
}

static void answers_come_early(struct world *w)
{
	give(starttls(w, "capability", OUTCOME_PROTOCOL), BOOL(STARTTLS_EARLY, true), TEXT(IMAP_FAULT, "an answer that was not asked for"));
}

static void answers_starttls_in_another_tongue(struct world *w)
{
	give(starttls(w, "starttls", OUTCOME_PROTOCOL), BOOL(STARTTLS_OFFERED, true));
}

static void smtp_waits_for_tls(struct world *w)
{
	observe(w, "tls", "imap.contoso.com:25", V4, ENDED(PROTOCOL), TEXT(TLS_MODE, "starttls"),
	        TEXT(STARTTLS_PROTOCOL, "smtp"), TEXT(STARTTLS_STAGE, "greeting"), TEXT(IMAP_OTHER_PROTOCOL, "tls"));
}

static void imap_waits_for_tls(struct world *w)
{
	give(starttls(w, "greeting", OUTCOME_PROTOCOL), TEXT(IMAP_OTHER_PROTOCOL, "tls"));
}

static void smtp_is_silent(struct world *w)
{
	observe(w, "tls", "imap.contoso.com:25", V4, ENDED(TIMEOUT), TEXT(TLS_MODE, "starttls"),
	        TEXT(STARTTLS_PROTOCOL, "smtp"), TEXT(STARTTLS_STAGE, "greeting"));
}

static void smtp_says_no(struct world *w)
{
	observe(w, "tls", "imap.contoso.com:25", V4, ENDED(DENIED), TEXT(TLS_MODE, "starttls"),
	        TEXT(STARTTLS_PROTOCOL, "smtp"), TEXT(STARTTLS_STAGE, "greeting"));
}

#define ONE(id, severity, says) {{id, severity, IMAPS, says}}
#define ONE_143(id, says) {{id, "fail", IMAP, says}}

const struct replay_case tls_cases[] = {
    {"TLS agreed", agrees, ONE("tls-ok", "pass", "TLSv1.3, TLS_AES_256_GCM_SHA384")},
    {"clear text on 993", speaks_clear_text,
     ONE("tls-not-spoken", "fail", "IMAP where TLS was expected: \"* OK Dovecot")},
    {"unknown clear text on 993", speaks_unknown_clear_text, ONE("tls-not-spoken", "fail", "clear text where TLS was expected: \"hello\"")},
    {"agreed on TLS 1.0", agrees_on_old, ONE("tls-too-old", "fail", "TLSv1 at best")},
    {"only TLS 1.1 on a second try", only_old, ONE("tls-too-old", "fail", "TLSv1.1 at best")},
    {"alert protocol_version", refuses_the_version, ONE("tls-too-old", "fail", "TLS 1.2 and 1.3 are refused")},
    {"an old version in the answer", answers_with_an_old_version, ONE("tls-too-old", "fail", NULL)},
    {"no common suite", has_no_common_suite, ONE("tls-no-common-cipher", "fail", "handshake_failure")},
    {"a refusal once a suite is agreed", wants_something_else, ONE("tls-handshake-failed", "fail", "handshake_failure")},
    {"another alert", sends_another_alert, ONE("tls-handshake-failed", "fail", "unrecognized_name")},
    {"hangs up in the handshake", hangs_up_in_the_handshake,
     ONE("tls-handshake-failed", "fail", "closed in the handshake")},
    {"the handshake stalls", stalls, ONE("tls-timeout", "fail", "within 15 s")},
    {"one address stalls", one_address_stalls, ONE("tls-timeout", "fail", V4 ": ")},
    {"old versions accepted too",
     accepts_old_versions_too,
     {{"tls-ok", "pass", IMAPS, NULL}, {"tls-legacy-offered", "info", IMAPS, "TLSv1, TLSv1.1"}}},
    {"old versions refused", accepts_new_versions_only, ONE("tls-ok", "pass", NULL)},
    {"TLS 1.2 refused", refuses_tls12, ONE("tls-too-new", "warn", "TLSv1.3, and TLS 1.2 is refused")},
    {"hung up at TLS 1.2, and nothing heard since", hangs_up_at_tls12, ONE("tls-ok", "pass", NULL)},
    {"hung up at TLS 1.2 only", hangs_up_at_tls12_but_speaks_on, ONE("tls-too-new", "warn", NULL)},
    {"no documented suite accepted", accepts_no_listed_suite, ONE("tls-suite-not-listed", "warn", "none of Microsoft's suites")},
    {"not all suites tried", had_enough_before_all_were_tried, ONE("tls-ok", "pass", NULL)},
    {"another suite preferred", prefers_another_suite, ONE("tls-ok", "pass", NULL)},
    {"ECDSA only", agrees_on_ecdsa, ONE("tls-suite-not-listed", "warn", "ECDHE-ECDSA")},
    {"a dead port is one fault", port_is_dead_already, ONE("port-reset", "fail", NULL)},
    {"an interrupt decides nothing", interrupted, {{0}}},
    {"STARTTLS works", starttls_works, {{"tls-ok", "pass", IMAP, NULL}}},
    {"STARTTLS missing", starttls_is_missing, ONE_143("starttls-missing", NULL)},
    {"STARTTLS refused", starttls_is_refused, ONE_143("starttls-refused", "a2 NO not now")},
    {"hangs up at STARTTLS", hangs_up_at_starttls, ONE_143("starttls-refused", "closes")},
    {"STARTTLS not answered", starttls_is_not_answered, ONE_143("tls-timeout", NULL)},
    {"bytes behind the OK to STARTTLS", bytes_follow_the_ok, ONE_143("starttls-injection", "* BAD injected")},
    {"an answer before its question", answers_come_early, ONE_143("starttls-injection", "before its question")},
    {"an answer of another kind to STARTTLS", answers_starttls_in_another_tongue, ONE_143("starttls-refused", "none of the protocol's")},
    {"TLS on 25", smtp_waits_for_tls, {{"tls-unexpected", "fail", "imap.contoso.com:25", NULL}}},
    {"TLS on 143 for the tls probe", imap_waits_for_tls, ONE_143("tls-unexpected", NULL)},
    {"a silent SMTP server", smtp_is_silent, {{"tls-timeout", "fail", "imap.contoso.com:25", "SMTP greeting"}}},
    {"an SMTP server that refuses", smtp_says_no, {{"tls-handshake-failed", "fail", "imap.contoso.com:25", "SMTP"}}},
    {0},
};
