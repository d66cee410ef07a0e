#include "endpoint.h"

static void good(struct world *w)
{
	imap_good(w, IMAPS, V4);
	imap_good(w, IMAPS, V6);
}

static struct observation *ends(struct world *w, const char *stage, enum outcome outcome)
{
	struct observation *o = observe(w, "imap", IMAPS, V4, TEXT(IMAP_STAGE, stage), BOOL(IMAP_IN_TLS, true));
	o->outcome = outcome;
	return o;
}

static void silent(struct world *w)
{
	ends(w, "greeting", OUTCOME_TIMEOUT);
}

static void silent_for_the_tls_probe(struct world *w)
{
	observe(w, "tls", IMAP, V4, ENDED(TIMEOUT), TEXT(TLS_MODE, "starttls"), TEXT(STARTTLS_PROTOCOL, "imap"),
	        TEXT(STARTTLS_STAGE, "greeting"));
}

static void silent_at_one_address(struct world *w)
{
	silent(w);
	imap_good(w, IMAPS, V6);
}

static void closed(struct world *w)
{
	ends(w, "greeting", OUTCOME_CLOSED);
}

static void closed_at_capability(struct world *w)
{
	give(ends(w, "capability-tls", OUTCOME_RESET), TEXT(IMAP_GREETING_KIND, "ok"));
}

static void bye(struct world *w)
{
	give(ends(w, "greeting", OUTCOME_DENIED), TEXT(IMAP_GREETING_KIND, "bye"),
	     TEXT(IMAP_GREETING, "* BYE too many connections"));
}

static void bye_later(struct world *w)
{
	give(ends(w, "capability-tls", OUTCOME_LIMITED), TEXT(IMAP_GREETING_KIND, "ok"));
}

static void preauth(struct world *w)
{
	give(ends(w, "greeting", OUTCOME_PROTOCOL), TEXT(IMAP_GREETING_KIND, "preauth"));
}

static void preauth_to_the_end(struct world *w)
{
	give(imap_good(w, IMAPS, V4), TEXT(IMAP_GREETING_KIND, "preauth"));
}

static void smtp(struct world *w)
{
	give(ends(w, "greeting", OUTCOME_PROTOCOL), TEXT(IMAP_OTHER_PROTOCOL, "smtp"), TEXT(IMAP_GREETING_KIND, "other"));
}

static void tls_on_143(struct world *w)
{
	observe(w, "imap", IMAP, V4, ENDED(PROTOCOL), TEXT(IMAP_STAGE, "greeting"), TEXT(IMAP_OTHER_PROTOCOL, "tls"));
}

static void garbage(struct world *w)
{
	give(ends(w, "greeting", OUTCOME_PROTOCOL), TEXT(IMAP_GREETING_KIND, "garbage"),
	     TEXT(IMAP_FAULT, "a line over 8192 bytes"));
}

static void no_answer_to_capability(struct world *w)
{
	give(ends(w, "capability-tls", OUTCOME_TIMEOUT), TEXT(IMAP_GREETING_KIND, "ok"));
}

static void no_imap_revision(struct world *w)
{
	give(ends(w, "done", OUTCOME_OK), BOOL(IMAP_PASSWORD_AUTH, true), ROW_TEXT(IMAP_CAPABILITY, 0, "IMAP2"));
}

static void no_answer_to_id(struct world *w)
{
	give(imap_good(w, IMAPS, V4), ENDED(TIMEOUT), TEXT(IMAP_STAGE, "id"));
}

static void garbage_for_id(struct world *w)
{
	give(imap_good(w, IMAPS, V4), ENDED(PROTOCOL), TEXT(IMAP_STAGE, "id"), TEXT(IMAP_FAULT, "a reply over 65536 bytes"));
}

static void both_revisions(struct world *w)
{
	give(imap_good(w, IMAPS, V4), TEXT(IMAP_REVISION, "both"));
}

static void slow(struct world *w)
{
	give(imap_good(w, IMAPS, V4), INT(IMAP_GREETING_MS, 5001));
}

static void not_quite_slow(struct world *w)
{
	give(imap_good(w, IMAPS, V4), INT(IMAP_GREETING_MS, 5000));
}

static void login_disabled(struct world *w)
{
	give(ends(w, "done", OUTCOME_OK), TEXT(IMAP_REVISION, "IMAP4rev1"), BOOL(IMAP_LOGIN_DISABLED, true),
	     BOOL(IMAP_PASSWORD_AUTH, false), ROW_TEXT(IMAP_CAPABILITY, 0, "IMAP4rev1"));
}

/* The service signs in with LOGIN. */
static void login_disabled_beside_plain(struct world *w)
{
	give(imap_good(w, IMAPS, V4), BOOL(IMAP_LOGIN_DISABLED, true));
}

static void oauth_only(struct world *w)
{
	login_disabled(w);
	give(w->evidence.observations[0], ROW_TEXT(IMAP_CAPABILITY, 1, "AUTH=XOAUTH2"));
}

static void no_way_to_sign_in(struct world *w)
{
	login_disabled(w);
	give(w->evidence.observations[0], BOOL(IMAP_LOGIN_DISABLED, false));
}

/* LOGINDISABLED before TLS is as it should be. */
static void login_disabled_in_clear(struct world *w)
{
	give(ends(w, "done", OUTCOME_OK), BOOL(IMAP_IN_TLS, false), BOOL(IMAP_LOGIN_DISABLED, true),
	     TEXT(IMAP_REVISION, "IMAP4rev1"), BOOL(IMAP_PASSWORD_AUTH, false));
}

static void clear_text_login(struct world *w)
{
	give(imap_good(w, IMAP, V4), BOOL(IMAP_CLEAR_LOGIN, true));
}

static void product(struct world *w)
{
	give(imap_good(w, IMAPS, V4), TEXT(IMAP_PRODUCT, "Dovecot"), TEXT(IMAP_PRODUCT_FROM, "id"),
	     TEXT(IMAP_ADMIN_FORMAT, "User*Admin"));
}

static void product_behind_a_fault(struct world *w)
{
	give(ends(w, "capability-tls", OUTCOME_CLOSED), TEXT(IMAP_GREETING_KIND, "ok"), TEXT(IMAP_PRODUCT, "Courier"));
}

static void never_connected(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_TIMEOUT);
	observe(w, "imap", IMAPS, V4, ENDED(TIMEOUT), TEXT(IMAP_STAGE, "greeting"));
	observe(w, "tls", IMAPS, V4, ENDED(TIMEOUT), TEXT(TLS_MODE, "implicit"));
}

static void interrupted(struct world *w)
{
	ends(w, "greeting", OUTCOME_CANCELLED);
}

#define ONE(id, severity, says) {{id, severity, IMAPS, says}}
#define OK {"imap-ok", "pass", IMAPS, NULL}

const struct replay_case imap_cases[] = {
    {"good on both addresses", good, ONE("imap-ok", "pass", "IMAP4rev1, takes passwords inside TLS")},
    {"silence", silent, ONE("imap-no-greeting", "fail", "no greeting within 15 s")},
    {"silence for the tls probe", silent_for_the_tls_probe, {{"imap-no-greeting", "fail", IMAP, NULL}}},
    {"silence at one address", silent_at_one_address, ONE("imap-no-greeting", "fail", V4 ": connected")},
    {"closed before a greeting", closed, ONE("imap-closed", "fail", "before a greeting")},
    {"closed at CAPABILITY", closed_at_capability, ONE("imap-closed", "fail", "reset by the server at CAPABILITY")},
    {"BYE", bye, ONE("imap-bye", "fail", "too many connections")},
    {"BYE to CAPABILITY", bye_later, ONE("imap-bye", "fail", "CAPABILITY")},
    {"PREAUTH", preauth, ONE("imap-preauth", "warn", NULL)},
    {"PREAUTH, then all good", preauth_to_the_end, ONE("imap-preauth", "warn", NULL)},
    {"SMTP answers", smtp, ONE("imap-other-protocol", "fail", "SMTP answers")},
    {"TLS on 143", tls_on_143, {{"tls-unexpected", "fail", IMAP, NULL}}},
    {"garbage", garbage, ONE("imap-malformed", "fail", "a line over 8192 bytes")},
    {"no answer to CAPABILITY", no_answer_to_capability, ONE("imap-no-answer", "fail", "CAPABILITY within 15 s")},
    {"neither IMAP4rev1 nor IMAP4rev2", no_imap_revision, ONE("imap-malformed", "fail", "IMAP4rev1")},
    {"no answer to ID is no fault", no_answer_to_id, ONE("imap-ok", "pass", NULL)},
    {"garbage for ID", garbage_for_id, ONE("imap-malformed", "fail", "a reply over")},
    {"both revisions", both_revisions, ONE("imap-ok", "pass", "IMAP4rev1 and IMAP4rev2")},
    {"slow", slow, ONE("imap-slow", "warn", "5001 ms of 15 s")},
    {"not quite slow", not_quite_slow, ONE("imap-ok", "pass", NULL)},
    {"LOGINDISABLED inside TLS", login_disabled, ONE("imap-login-disabled", "fail", NULL)},
    {"LOGINDISABLED beside AUTH=PLAIN", login_disabled_beside_plain, ONE("imap-login-disabled", "fail", NULL)},
    {"OAuth only", oauth_only, ONE("imap-no-password-auth", "fail", NULL)},
    {"no way to sign in", no_way_to_sign_in, ONE("imap-no-password-auth", "fail", NULL)},
    {"LOGINDISABLED before TLS", login_disabled_in_clear, {{0}}},
    {"clear-text login", clear_text_login, {{"imap-clear-text-login", "warn", IMAP, NULL}}},
    {"product", product, {OK, {"imap-product", "info", IMAPS, "Dovecot; an administrator signs in as User*Admin"}}},
    {"product behind a fault",
     product_behind_a_fault,
     {{"imap-closed", "fail", IMAPS, NULL}, {"imap-product", "info", IMAPS, NULL}}},
    {"never connected is the port's fault alone", never_connected, ONE("port-timeout", "fail", NULL)},
    {"an interrupt decides nothing", interrupted, {{0}}},
    {0},
};
