/* Connection limits, sign-ins and mailboxes. */
#include "replay.h"

#define IMAPS "imap.contoso.com:993"
#define V4 "203.0.114.10"
#define TERRY "terry@contoso.com"

static void holds_all(struct world *w)
{
	observe(w, "limit", IMAPS, V4, ENDED(OK), TEXT(LIMIT_SCOPE, "address"), INT(LIMIT_ASKED, 20), INT(LIMIT_HELD, 20));
}

static void holds_three(struct world *w)
{
	observe(w, "limit", IMAPS, V4, ENDED(LIMITED), TEXT(LIMIT_SCOPE, "address"), INT(LIMIT_ASKED, 20), INT(LIMIT_HELD, 3),
	        INT(LIMIT_REFUSED, 1), TEXT(LIMIT_HOW, "limited"), TEXT(LIMIT_WORDS, "* BYE Too many connections from your IP"));
}

static void holds_three_for_a_user(struct world *w)
{
	observe(w, "limit", IMAPS, V4, ENDED(LIMITED), TEXT(LIMIT_SCOPE, "user"), INT(LIMIT_ASKED, 20), INT(LIMIT_HELD, 3),
	        INT(LIMIT_REFUSED, 1), TEXT(LIMIT_HOW, "limited"), TEXT(LIMIT_WORDS, "a1 NO [LIMIT] user+IP exceeded"));
}

static void holds_five_for_a_host(struct world *w)
{
	observe(w, "limit", IMAPS, V4, ENDED(LIMITED), TEXT(LIMIT_SCOPE, "user"), INT(LIMIT_ASKED, 20), INT(LIMIT_HELD, 5),
	        INT(LIMIT_REFUSED, 1), TEXT(LIMIT_HOW, "limited"), TEXT(LIMIT_WORDS, "a1 NO Too many open connections (6 of 6 from [192.0.2.1])"));
}

static void next_is_silent(struct world *w)
{
	observe(w, "limit", IMAPS, V4, ENDED(TIMEOUT), TEXT(LIMIT_SCOPE, "address"), INT(LIMIT_ASKED, 20), INT(LIMIT_HELD, 7),
	        INT(LIMIT_REFUSED, 1), TEXT(LIMIT_HOW, "timeout"));
}

static void drops_one(struct world *w)
{
	observe(w, "limit", IMAPS, V4, ENDED(CLOSED), TEXT(LIMIT_SCOPE, "address"), INT(LIMIT_ASKED, 20), INT(LIMIT_HELD, 20),
	        INT(LIMIT_REFUSED, 0), INT(LIMIT_DROPPED, 1), TEXT(LIMIT_HOW, "closed"));
}

static void holds_none(struct world *w)
{
	observe(w, "limit", IMAPS, V4, ENDED(REFUSED), TEXT(LIMIT_SCOPE, "address"), INT(LIMIT_ASKED, 20), INT(LIMIT_HELD, 0));
}

static void interrupted(struct world *w)
{
	observe(w, "limit", IMAPS, V4, ENDED(CANCELLED), TEXT(LIMIT_SCOPE, "address"), INT(LIMIT_ASKED, 20), INT(LIMIT_HELD, 4));
}

static const struct replay_case limit_cases[] = {
    {"all connections are held", holds_all, {{"limit-ok", "pass", IMAPS, "holds 20 connections at once"}}},
    {"the fourth is refused", holds_three, {{"limit-below-concurrency", "warn", IMAPS, "holds 3 of 20 connections from one address; \"* BYE Too many"}}},
    {"the fourth of a user is refused", holds_three_for_a_user, {{"limit-below-concurrency", "warn", IMAPS, "of one user from one address"}}},
    {"a host's sixth is refused to a user", holds_five_for_a_host, {{"limit-below-concurrency", "warn", IMAPS, "holds 5 of 20 connections from one address; \"a1 NO"}}},
    {"the next one is silent", next_is_silent, {{"limit-below-concurrency", "warn", IMAPS, "holds 7 of 20 connections; the next one is not answered"}}},
    {"one is dropped", drops_one, {{"limit-below-concurrency", "warn", IMAPS, "a held one is closed"}}},
    {"not even one", holds_none, {{0}}},
    {"interrupted", interrupted, {{0}}},
    {0},
};

/* Sign-ins. */
static void begins(struct world *w, int64_t rows)
{
	observe(w, "logins", IMAPS, NULL, ENDED(OK), INT(LOGINS_ROWS, rows), INT(LOGINS_MAX_FAILURES, 3));
}

static struct observation *row(struct world *w, int64_t number, const char *address, enum outcome outcome)
{
	struct observation *o = observe(w, "login", IMAPS, V4, INT(LOGIN_ROW, number), TEXT(LOGIN_FORM, "address"), TEXT(LOGIN_STAGE, "login"));
	o->outcome = outcome;
	if (address != NULL)
		give(o, TEXT(LOGIN_ADDRESS, address));
	return o;
}

static void answered(struct world *w, enum outcome outcome, const char *answer, const char *words)
{
	begins(w, 1);
	give(row(w, 2, TERRY, outcome), TEXT(LOGIN_ANSWER, answer), TEXT(LOGIN_WORDS, words));
}

static void good(struct world *w)
{
	answered(w, OUTCOME_OK, "ok", "");
}

static void good_without_address(struct world *w)
{
	begins(w, 1);
	row(w, 2, NULL, OUTCOME_OK);
}

static void many_good(struct world *w)
{
	begins(w, 101);
	for (int i = 0; i < 101; i++)
		row(w, 2 + i, NULL, OUTCOME_OK);
}

static void wrong(struct world *w)
{
	answered(w, OUTCOME_DENIED, "wrong-password", "a1 NO [AUTHENTICATIONFAILED] Authentication failed.");
}

static void wants_app_password(struct world *w)
{
	answered(w, OUTCOME_DENIED, "app-password", "a1 NO [ALERT] Application-specific password required");
}

static void is_off(struct world *w)
{
	answered(w, OUTCOME_DENIED, "imap-off", "a1 NO IMAP is disabled");
}

static void not_allowed(struct world *w)
{
	answered(w, OUTCOME_DENIED, "not-authorized", "a2 NO Mailbox doesn't exist");
}

static void has_expired(struct world *w)
{
	answered(w, OUTCOME_DENIED, "expired", "a1 NO [EXPIRED] Password expired");
}

static void takes_none(struct world *w)
{
	answered(w, OUTCOME_DENIED, "no-password", "LOGINDISABLED");
}

static void wants_tls(struct world *w)
{
	answered(w, OUTCOME_DENIED, "needs-tls", "a1 NO [PRIVACYREQUIRED] no");
}

static void put_off(struct world *w)
{
	begins(w, 3);
	give(row(w, 2, TERRY, OUTCOME_LIMITED), TEXT(LOGIN_ANSWER, "limit"), TEXT(LOGIN_WORDS, "a1 NO [LIMIT] Maximum number"));
	observe(w, "logins", IMAPS, NULL, ENDED(SKIPPED), TEXT(LOGINS_STOPPED, "limited"), INT(LOGINS_UNTRIED, 2),
	        ROW_INT(LOGINS_UNTRIED_ROW, 0, 3), ROW_INT(LOGINS_UNTRIED_ROW, 1, 4));
}

static void full_disk(struct world *w)
{
	begins(w, 2);
	row(w, 2, TERRY, OUTCOME_OK);
	observe(w, "logins", IMAPS, NULL, ENDED(SKIPPED), TEXT(LOGINS_STOPPED, "recording"), INT(LOGINS_UNTRIED, 1), ROW_INT(LOGINS_UNTRIED_ROW, 0, 3));
}

static void without_tls(struct world *w)
{
	begins(w, 1);
	struct observation *o = row(w, 2, TERRY, OUTCOME_SKIPPED);
	give(o, TEXT(DETAIL, "the certificate is not trusted: certificate has expired"));
	observe(w, "logins", IMAPS, NULL, ENDED(SKIPPED), TEXT(LOGINS_STOPPED, "no-tls"), INT(LOGINS_UNTRIED, 0));
}

static void cannot_be_tried(struct world *w)
{
	begins(w, 1);
	give(row(w, 2, NULL, OUTCOME_SKIPPED), TEXT(SKIP_REASON, "UserName is empty"));
}

static void killed(struct world *w)
{
	begins(w, 3);
	row(w, 2, TERRY, OUTCOME_CANCELLED);
	row(w, 2, TERRY, OUTCOME_OK); /* the same row, done */
	row(w, 3, NULL, OUTCOME_CANCELLED);
}

static void resumed(struct world *w)
{
	killed(w);
	begins(w, 3);
	row(w, 3, NULL, OUTCOME_OK);
	row(w, 4, NULL, OUTCOME_OK);
}

static void admin_form(struct world *w, const char *form, const char *product)
{
	observe(w, "imap", IMAPS, V4, ENDED(OK), TEXT(IMAP_PRODUCT, product), TEXT(IMAP_ADMIN_FORMAT, "User*Admin"));
	begins(w, 1);
	struct observation *o = observe(w, "login", IMAPS, V4, ENDED(DENIED), INT(LOGIN_ROW, 2), TEXT(LOGIN_FORM, form),
	                                TEXT(LOGIN_ADDRESS, TERRY), TEXT(LOGIN_ANSWER, "wrong-password"), TEXT(LOGIN_WORDS, "a1 NO no"));
	(void)o;
}

static void foreign_form(struct world *w)
{
	admin_form(w, "exchange-admin", "Dovecot");
}

static void own_form(struct world *w)
{
	admin_form(w, "dovecot-admin", "Dovecot");
}

static const struct replay_case login_cases[] = {
    {"a row signs in", good, {{"login-ok", "pass", TERRY, "row 2: signed in"}}},
    {"a row without an address signs in", good_without_address, {{"login-ok", "pass", "row 2", NULL}}},
    {"many rows sign in", many_good, {{"login-ok", "pass", IMAPS, "101 rows signed in"}}},
    {"a wrong password", wrong, {{"login-failed", "fail", TERRY, "row 2: the server says no: \"a1 NO [AUTHENTICATIONFAILED]"}}},
    {"an application password", wants_app_password, {{"login-app-password", "fail", TERRY, "Application-specific"}}},
    {"IMAP is off", is_off, {{"login-not-authorized", "fail", TERRY, "switched off"}}},
    {"not this mailbox", not_allowed, {{"login-not-authorized", "fail", TERRY, "may not be opened"}}},
    {"expired", has_expired, {{"login-expired", "fail", TERRY, "expired"}}},
    {"no passwords at all", takes_none, {{"login-failed", "fail", TERRY, "takes no passwords"}}},
    {"TLS first", wants_tls, {{"login-without-tls", "skip", TERRY, "wants TLS first"}}},
    {"put off", put_off, {{"login-limited", "warn", TERRY, "too many connections"},
                          {"login-stopped", "unknown", IMAPS, "2 of 3 rows without a verdict (rows 3, 4): the server began to put us off"}}},
    {"no safe connection", without_tls, {{"login-without-tls", "skip", TERRY, "not trusted"},
                                         {"login-stopped", "unknown", IMAPS, "1 of 1 rows without a verdict (rows 2): there is no safe"}}},
    {"a row that cannot be tried", cannot_be_tried, {{"login-failed", "fail", "row 2", "not tried: UserName is empty"}}},
    {"a full disk", full_disk, {{"login-ok", "pass", TERRY, NULL},
                                {"login-stopped", "unknown", IMAPS, "1 of 2 rows without a verdict (rows 3): the recording cannot be written"}}},
    {"killed", killed, {{"login-ok", "pass", TERRY, NULL}, {"login-stopped", "unknown", IMAPS, "2 of 3 rows without a verdict (rows 3): the run did not end"}}},
    {"resumed", resumed, {{"login-ok", "pass", TERRY, NULL}, {"login-ok", "pass", "row 3", NULL}, {"login-ok", "pass", "row 4", NULL}}},
    {"the form of another product", foreign_form, {{"login-failed", "fail", TERRY, NULL}, {"login-format", "warn", TERRY, "exchange-admin, but the server is Dovecot"}}},
    {"the product's own form", own_form, {{"login-failed", "fail", TERRY, NULL}}},
    {0},
};

/* Mailboxes. */
#define MB INT64_C(1048576)
#define GB (1024 * MB)

static struct observation *box(struct world *w, int64_t messages, int64_t bytes)
{
	return observe(w, "mailbox", IMAPS, V4, ENDED(OK), INT(MAILBOX_ROW, 2), TEXT(MAILBOX_ADDRESS, TERRY), INT(MAILBOX_FOLDERS, 4),
	               INT(MAILBOX_MESSAGES, messages), INT(MAILBOX_BYTES, bytes), BOOL(MAILBOX_WHOLE, true),
	               BOOL(MAILBOX_SIZES_KNOWN, true), INT(MAILBOX_QUOTA_BYTES, 50 * GB));
}

static void small_box(struct world *w)
{
	box(w, 500000, 50 * GB);
}

static void half_a_box(struct world *w)
{
	observe(w, "mailbox", IMAPS, V4, ENDED(CLOSED), INT(MAILBOX_ROW, 2), TEXT(MAILBOX_ADDRESS, TERRY), INT(MAILBOX_MESSAGES, 7),
	        BOOL(MAILBOX_WHOLE, false), BOOL(MAILBOX_SIZES_KNOWN, true));
}

static void half_and_then_whole(struct world *w)
{
	half_a_box(w);
	box(w, 8, 1);
}

static void crowded_box(struct world *w)
{
	box(w, 500001, 1);
}

static void large_messages(struct world *w)
{
	give(box(w, 10, GB), INT(MAILBOX_LARGE, 2), INT(MAILBOX_LARGEST_BYTES, 60 * MB));
}

static void over_quota(struct world *w)
{
	box(w, 10, 50 * GB + 1);
}

static void over_fifty(struct world *w)
{
	observe(w, "mailbox", IMAPS, V4, ENDED(OK), INT(MAILBOX_ROW, 2), INT(MAILBOX_MESSAGES, 1), INT(MAILBOX_BYTES, 60 * GB),
	        BOOL(MAILBOX_WHOLE, true), BOOL(MAILBOX_SIZES_KNOWN, true), INT(MAILBOX_QUOTA_BYTES, 100 * GB));
}

static void gmail(struct world *w)
{
	give(box(w, 1, 1), BOOL(MAILBOX_GMAIL, true));
}

static void slashes(struct world *w)
{
	give(box(w, 1, 1), INT(MAILBOX_SLASHES, 5), ROW_TEXT(MAILBOX_SLASH, 0, "Offers 2023/24"), ROW_TEXT(MAILBOX_SLASH, 1, "a/b"),
	     ROW_TEXT(MAILBOX_SLASH, 2, "c/d"), ROW_TEXT(MAILBOX_SLASH, 3, "e/f"));
}

static void broken_names(struct world *w)
{
	give(box(w, 1, 1), INT(MAILBOX_BROKEN_NAMES, 1), ROW_TEXT(MAILBOX_UNDECODED, 0, "Entw&APw"));
}

static void shared(struct world *w)
{
	give(box(w, 1, 1), INT(MAILBOX_SHARED_FOLDERS, 1), ROW_TEXT(MAILBOX_SHARED, 0, "Public Folders/All"));
}

static void sampled(struct world *w)
{
	give(box(w, 100, 8 * 3600 * MB), INT(MAILBOX_SAMPLE_BYTES, 2 * MB), INT(MAILBOX_SAMPLE_MS, 2000));
}

static const struct replay_case mailbox_cases[] = {
    {"a small mailbox", small_box, {{"mailbox-ok", "pass", TERRY, "500000 messages in 4 folders, 50 GB"}}},
    {"half a mailbox", half_a_box, {{"mailbox-ok", "unknown", TERRY, "not all could be counted"}}},
    {"the last count of a row", half_and_then_whole, {{"mailbox-ok", "pass", TERRY, "8 messages"}}},
    {"too many messages", crowded_box, {{"mailbox-too-many-items", "fail", TERRY, "500001 messages, 1 too many"}}},
    {"large messages", large_messages, {{"mailbox-large-message", "warn", TERRY, "2 over 35 MB, the largest 60 MB"}}},
    {"over the quota", over_quota, {{"mailbox-may-not-fit", "warn", TERRY, "50 GB of mail, the target holds 50 GB"}}},
    {"over 50 GB", over_fifty, {{"mailbox-may-not-fit", "warn", "row 2", "60 GB of mail: move it apart"}}},
    {"Gmail", gmail, {{"mailbox-gmail-labels", "warn", TERRY, NULL}}},
    {"slashes", slashes, {{"mailbox-folder-slash", "warn", TERRY, "\"Offers 2023/24\", \"a/b\", \"c/d\" and 2 more"}}},
    {"names that do not decode", broken_names, {{"mailbox-folder-name", "warn", TERRY, "\"Entw&APw\""}}},
    {"shared folders", shared, {{"mailbox-public-folders", "warn", TERRY, "\"Public Folders/All\""}}},
    {"a sample", sampled, {{"mailbox-ok", "pass", TERRY, NULL},
                           {"speed-estimate", "info", IMAPS, "1.0 MB/s over one connection: 28 GB in 1 mailboxes take 8 h, with 20 at once 24 min"}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {limit_cases, login_cases, mailbox_cases, NULL};
	static const char *const families[] = {"limit-", "login-", "mailbox-ok", "mailbox-too", "mailbox-large", "mailbox-gmail", "mailbox-may", "mailbox-folder", "mailbox-public",
	                                       "speed-", NULL};
	const struct replay_suite suite = {"replay/login", tables, families};
	return replay_main(&suite);
}
