/* What refusals of a sign-in mean, in the words of RFC 5530 and of products; and commands with strings in them. */
#include "proto/login_answer.h"

#include <string.h>

#include "../check_main.h"
#include "proto/imap_command.h"

static const struct {
	const char *line;
	enum login_answer answer;
} cases[] = {
    {"a1 NO [AUTHENTICATIONFAILED] Authentication failed.", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO LOGIN failed.", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO Login failed.", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO Login failed: authentication failure", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 BAD what", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)", LOGIN_ANSWER_APP_PASSWORD},
    {"a1 NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)", LOGIN_ANSWER_APP_PASSWORD},
    {"a1 NO [AUTHENTICATIONFAILED] LOGIN failed: BasicAuthBlocked", LOGIN_ANSWER_NO_PASSWORD},
    {"a1 NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)", LOGIN_ANSWER_LIMIT},
    {"a1 NO [LIMIT] Maximum number of connections from user+IP exceeded", LOGIN_ANSWER_LIMIT},
    {"a1 NO [ALERT] Too many simultaneous connections. (Failure)", LOGIN_ANSWER_LIMIT},
    {"* BYE Too many connections from 192.0.2.1", LOGIN_ANSWER_LIMIT},
    {"a1 NO Too many open connections (4 of 4 for user6)", LOGIN_ANSWER_LIMIT},
    {"a1 NO Too many open connections (6 of 6 from [192.0.2.1])", LOGIN_ANSWER_LIMIT},
    {"a1 NO [THROTTLED] slow", LOGIN_ANSWER_THROTTLED},
    {"a1 NO Rate limit hit", LOGIN_ANSWER_THROTTLED},
    {"a1 NO Too many failed login attempts", LOGIN_ANSWER_LOCKED},
    {"a1 NO [ALERT] Account is locked", LOGIN_ANSWER_LOCKED},
    {"a1 NO Your address is banned", LOGIN_ANSWER_LOCKED},
    {"a1 NO [UNAVAILABLE] Temporary authentication failure. [host:2026]", LOGIN_ANSWER_UNAVAILABLE},
    {"a1 NO [EXPIRED] Password expired", LOGIN_ANSWER_EXPIRED},
    {"a1 NO User must change password", LOGIN_ANSWER_EXPIRED},
    {"a1 NO [ALERT] Your account is not enabled for IMAP use.", LOGIN_ANSWER_IMAP_OFF},
    {"* BYE IMAP access disabled for this account.", LOGIN_ANSWER_IMAP_OFF},
    {"a1 NO [CONTACTADMIN] see us", LOGIN_ANSWER_IMAP_OFF},
    {"a1 NO [INUSE] another session", LOGIN_ANSWER_UNAVAILABLE},
    {"a1 NO [SERVERBUG] oops", LOGIN_ANSWER_UNAVAILABLE},
    {"a1 NO [NOPERM] not for you", LOGIN_ANSWER_NOT_AUTHORIZED},
    {"a1 NO [AUTHORIZATIONFAILED] no", LOGIN_ANSWER_NOT_AUTHORIZED},
    {"a1 NO Login failed: authorization failure", LOGIN_ANSWER_NOT_AUTHORIZED},
    {"a1 NO STARTTLS required", LOGIN_ANSWER_NEEDS_TLS},
    {"a1 NO Login only available under a layer", LOGIN_ANSWER_NEEDS_TLS},
    {"a1 NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.", LOGIN_ANSWER_NEEDS_TLS},
    {"a1 NO LOGIN command is disabled", LOGIN_ANSWER_NO_PASSWORD},
    /* Exchange */
    {"a1 NO AUTHENTICATE failed.", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 BAD User is authenticated but not connected.", LOGIN_ANSWER_IMAP_OFF},
    {"a1 BAD Request is throttled. Suggested Backoff Time: 299123 milliseconds", LOGIN_ANSWER_THROTTLED},
    {"a1 NO [AUTHENTICATIONFAILED] Basic Authentication is disabled", LOGIN_ANSWER_NO_PASSWORD},
    /* Gmail, Yahoo, Yandex, iCloud, Zoho, Mail.ru */
    {"a1 NO [ALERT] Invalid credentials (Failure)", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO [WEBALERT https://accounts.google.com/signin/continue] Web login required. (Failure)", LOGIN_ANSWER_APP_PASSWORD},
    {"* BYE [OVERQUOTA] Account exceeded command or bandwidth limits.", LOGIN_ANSWER_THROTTLED},
    {"a1 NO [ALERT] Account exceeded command or bandwidth limits. (Failure)", LOGIN_ANSWER_THROTTLED},
    {"a1 NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO [LIMIT] LOGIN Rate limit hit.", LOGIN_ANSWER_LIMIT},
    {"a1 NO [SERVERBUG] LOGIN Server error - Please try again later", LOGIN_ANSWER_UNAVAILABLE},
    {"a1 NO [AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled sc=x", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO [AUTHENTICATIONFAILED] You need to create an app-specific password", LOGIN_ANSWER_APP_PASSWORD},
    {"a1 NO [ALERT] You are yet to enable IMAP for your account. Please contact your administrator (Failure)", LOGIN_ANSWER_IMAP_OFF},
    {"a1 NO [AUTHENTICATIONFAILED] Application password is REQUIRED", LOGIN_ANSWER_APP_PASSWORD},
    /* Dovecot, Courier, Cyrus */
    {"a1 NO [AUTHORIZATIONFAILED] Authorization failed", LOGIN_ANSWER_NOT_AUTHORIZED},
    {"a1 NO [ALERT] Password expired", LOGIN_ANSWER_EXPIRED},
    {"a1 NO Unsupported authentication mechanism.", LOGIN_ANSWER_NO_PASSWORD},
    {"* BYE [ALERT] Maximum connection limit reached for ::ffff:192.0.2.1", LOGIN_ANSWER_LIMIT},
    {"* BYE [ALERT] Fatal error: No such file or directory", LOGIN_ANSWER_UNAVAILABLE},
    {"a1 NO Login failed: user not found", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO Login failed: account disabled", LOGIN_ANSWER_IMAP_OFF},
    {"a1 NO Login failed: the passphrase expired", LOGIN_ANSWER_EXPIRED},
    {"a1 NO Login failed: encryption needed to use mechanism", LOGIN_ANSWER_NEEDS_TLS},
    {"a1 NO Login failed: no mechanism available", LOGIN_ANSWER_NO_PASSWORD},
    {"a1 NO Login failed: remote authentication server unavailable", LOGIN_ANSWER_UNAVAILABLE},
    /* Zimbra, hMailServer */
    {"a1 NO LOGIN failed", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO account does not have IMAP access enabled", LOGIN_ANSWER_IMAP_OFF},
    {"a1 NO cleartext logins disabled", LOGIN_ANSWER_NEEDS_TLS},
    {"a1 NO mechanism not supported", LOGIN_ANSWER_NO_PASSWORD},
    {"a1 NO Invalid user name or password.", LOGIN_ANSWER_WRONG_PASSWORD},
    {"a1 NO Too many invalid logon attempts.", LOGIN_ANSWER_LOCKED},
    {"a1 NO [LIMITLESS] no", LOGIN_ANSWER_WRONG_PASSWORD},
    {"\x80", LOGIN_ANSWER_WRONG_PASSWORD},
};

START_TEST(an_answer_is_understood)
{
	enum login_answer answer = login_answer_read(cases[_i].line, strlen(cases[_i].line));
	ck_assert_msg(answer == cases[_i].answer, "%s: %s", cases[_i].line, login_answer_name(answer));
}
END_TEST

START_TEST(names_come_back)
{
	for (int i = 0; i < LOGIN_ANSWER_COUNT; i++)
		ck_assert_int_eq(login_answer_from_name(login_answer_name((enum login_answer)i)), i);
	ck_assert_int_eq(login_answer_from_name("x"), LOGIN_ANSWER_COUNT);
}
END_TEST

static const struct {
	const char *user;
	const char *parts[4]; /* what is sent, from pause to pause */
} commands[] = {
    {"bob", {"a1 LOGIN \"bob\" \"x\"\r\n"}},
    {"", {"a1 LOGIN \"\" \"x\"\r\n"}},
    {"a \"b\\", {"a1 LOGIN \"a \\\"b\\\\\" \"x\"\r\n"}},
    {"\xc3\xbc", {"a1 LOGIN {2}\r\n", "\xc3\xbc \"x\"\r\n"}},
    {"a\r\nb", {"a1 LOGIN {4}\r\n", "a\r\nb \"x\"\r\n"}},
};

START_TEST(strings_are_quoted_or_literal)
{
	struct imap_command command;
	size_t length, bytes = strlen(commands[_i].user) + 6;
	imap_command_begin(&command, "a1", bytes);
	imap_command_word(&command, "LOGIN");
	imap_command_string(&command, commands[_i].user, strlen(commands[_i].user));
	imap_command_string(&command, "x", 1);
	imap_command_finish(&command);
	ck_assert(!command.is_too_long);
	for (int part = 0; commands[_i].parts[part] != NULL; part++) {
		const char *sent = imap_command_next(&command, &length);
		ck_assert_uint_eq(length, strlen(commands[_i].parts[part]));
		ck_assert_mem_eq(sent, commands[_i].parts[part], length);
		ck_assert_int_eq(imap_command_waits(&command), commands[_i].parts[part + 1] != NULL);
	}
	ck_assert_ptr_null(imap_command_next(&command, &length));
	imap_command_clear(&command);
}
END_TEST

START_TEST(more_than_was_announced_is_not_sent)
{
	struct imap_command command;
	char text[1000];
	memset(text, 'x', sizeof text);
	imap_command_begin(&command, "a1", 10);
	imap_command_string(&command, text, sizeof text);
	ck_assert(command.is_too_long);
	imap_command_clear(&command);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(table)[0]))

static void fill(Suite *suite)
{
	TCase *tests = tcase_create("answers");
	tcase_add_loop_test(tests, an_answer_is_understood, 0, COUNT(cases));
	tcase_add_test(tests, names_come_back);
	tcase_add_loop_test(tests, strings_are_quoted_or_literal, 0, COUNT(commands));
	tcase_add_test(tests, more_than_was_announced_is_not_sent);
	suite_add_tcase(suite, tests);
}

CHECK_MAIN("proto/login_answer", fill)
