#ifndef PROTO_LOGIN_ANSWER_H
#define PROTO_LOGIN_ANSWER_H
/*
 * What a server means by refusing a sign-in: RFC 5530's response codes, and the words of real products, which mostly send no
 * code. The rows are in data/login-answers.tsv.
 */
#include <stdbool.h>
#include <stddef.h>

/* LOGIN_ANSWER(symbol, name): the name is the fact login.answer. */
#define LOGIN_ANSWERS(LOGIN_ANSWER) \
	LOGIN_ANSWER(OK, "ok") \
	LOGIN_ANSWER(WRONG_PASSWORD, "wrong-password")   /* or unknown user: servers do not say which */ \
	LOGIN_ANSWER(APP_PASSWORD, "app-password")       /* wants a password made for this application */ \
	LOGIN_ANSWER(IMAP_OFF, "imap-off")               /* IMAP, or the account, is switched off for this user */ \
	LOGIN_ANSWER(NOT_AUTHORIZED, "not-authorized")   /* signed in, but not allowed into this mailbox */ \
	LOGIN_ANSWER(EXPIRED, "expired")                 /* the password has */ \
	LOGIN_ANSWER(LIMIT, "limit")                     /* too many connections */ \
	LOGIN_ANSWER(THROTTLED, "throttled")             /* too fast */ \
	LOGIN_ANSWER(LOCKED, "locked")                   /* after failures: account or address is shut out */ \
	LOGIN_ANSWER(UNAVAILABLE, "unavailable")         /* the server cannot judge just now */ \
	LOGIN_ANSWER(NEEDS_TLS, "needs-tls")             /* no password in clear text */ \
	LOGIN_ANSWER(NO_PASSWORD, "no-password")         /* LOGINDISABLED, or no mechanism that takes a password */

#define LOGIN_ANSWER_ENUM(symbol, name) LOGIN_ANSWER_##symbol,
enum login_answer { LOGIN_ANSWERS(LOGIN_ANSWER_ENUM) LOGIN_ANSWER_COUNT };
#undef LOGIN_ANSWER_ENUM

/* Of a NO, BAD or BYE line in answer to LOGIN. Never OK; WRONG_PASSWORD for words that nobody knows. */
enum login_answer login_answer_read(const char *line, size_t length);

/* Puts us off instead of judging: going on would make it worse. */
bool login_answer_is_limit(enum login_answer answer);

const char *login_answer_name(enum login_answer answer);
enum login_answer login_answer_from_name(const char *name); /* LOGIN_ANSWER_COUNT for none */

#endif
