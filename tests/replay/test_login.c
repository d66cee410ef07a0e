/* Connection limits, sign-ins and mailboxes. */
#include "replay.h"

#define IMAPS "imap.contoso.com:993"
#define V4 "203.0.114.10"

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
    {"the next one is silent", next_is_silent, {{"limit-below-concurrency", "warn", IMAPS, "holds 7 of 20 connections; the next one is not answered"}}},
    {"one is dropped", drops_one, {{"limit-below-concurrency", "warn", IMAPS, "a held one is closed"}}},
    {"not even one", holds_none, {{0}}},
    {"interrupted", interrupted, {{0}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {limit_cases, NULL};
	static const char *const families[] = {"limit-", NULL};
	const struct replay_suite suite = {"replay/login", tables, families};
	return replay_main(&suite);
}
