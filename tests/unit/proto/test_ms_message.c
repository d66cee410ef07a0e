#include "proto/ms_message.h"

#include <stdio.h>
#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "base/xalloc.h"

/* Each message in the wild, which row leads, and what was taken out of it. */
static const struct {
	const char *name, *text, *leads, *branch, *capture, *value;
} rows[] = {
    {"plain", "The connection to the server 'imap.contoso.com' timed out after 00:00:15.", "timed-out", "timed-out", "host", "imap.contoso.com"},
    {"typographic quotes", "The connection to the server \xe2\x80\x98imap.contoso.com\xe2\x80\x99 timed out after 00:00:15.", "timed-out",
     "timed-out", "host", "imap.contoso.com"},
    {"guillemets and no-break spaces", "The\xc2\xa0" "connection to the server \xc2\xabimap.contoso.com\xc2\xbb could not be completed.",
     "not-completed", "not-completed", "host", "imap.contoso.com"},
    {"without quotes, wrapped and quoted in mail", "> The connection to the server imap.contoso.com\r\n> timed out after\n>  00:00:15.",
     "timed-out", "timed-out", "host", "imap.contoso.com"},
    {"HTML entities", "The connection to the server &#39;imap.contoso.com&#39;&nbsp;could not be completed.", "not-completed",
     "not-completed", "host", "imap.contoso.com"},
    {"upper case", "THE CONNECTION TO THE SERVER 'IMAP.CONTOSO.COM' COULD NOT BE COMPLETED.", "not-completed", "not-completed", "host",
     "IMAP.CONTOSO.COM"},
    {"a chain of exceptions leads with its inner cause",
     "Microsoft.Exchange.Migration.MigrationServerConnectionFailedException: The connection to the server 'mail.fabrikam.com' could not be "
     "completed. ---> Microsoft.Exchange.Connections.Common.SslStreamFailureException: TLS negotiation failed. ---> "
     "System.ComponentModel.Win32Exception: The client and server cannot communicate, because they do not possess a common algorithm",
     "no-common-algorithm", "tls", NULL, NULL},
    {"certificate", "SslStreamFailureException: TLS negotiation failed. ---> AuthenticationException: The remote certificate is invalid "
                    "according to the validation procedure.", "certificate-invalid", "certificate", NULL, NULL},
    {"reset", "Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host.",
     "forcibly-closed", "wrong-mode", NULL, NULL},
    {"sign-in", "We had trouble signing in to this account. Confirm that you\xe2\x80\x99re using the correct user name and password.",
     "trouble-signing-in", "sign-in", NULL, NULL},
    {"server text of a login", "Imap server reported an error during LOGIN indicating that authentication failed: 'Invalid credentials "
                               "(Failure)'.", "login-answer", "sign-in", "server_text", "Invalid credentials (Failure)"},
    {"application password", "MigrationPermanentException: Special credentials are required in order to access this IMAP account. --> Imap "
                             "server reported an error during LOGIN with the following alert: 'Application-specific password required: "
                             "https://support.google.com/accounts/answer/185833 (Failure).", "app-password", "app-password", NULL, NULL},
    {"recipient", "A recipient wasn't found for Terry.Adams@contoso.com on the target. Create a recipient of the appropriate type", "recipient",
     "recipient", "address", "Terry.Adams@contoso.com"},
    {"alert of a server", "Imap server reported an error during LoginCommand with the following alert: 'Please log in via your web browser: "
                          "https://support.google.com/mail (Failure)'", "login-alert", "sign-in", "command", "LoginCommand"},
    {"telnet in two lines", "C:\\>telnet server.contoso.com 993\r\nConnecting To server.contoso.com...Could not open connection to the host, on "
                            "port 993: Connect failed", "timed-out", "timed-out", "host", "server.contoso.com"},
    {"Remote Connectivity Analyzer", "Testing TCP port 993 on host imap.contoso.com to ensure it's listening and open.\n  The specified port is "
                                     "either blocked, not listening, or not producing the expected response.", "timed-out", "timed-out", "port",
     "993"},
    {"another limit of time", "The connection to the server 'a.contoso.com' timed out after 00:01:40.", "timed-out", "timed-out", "wait", "00:01:40"},
    {"mailbox full", "This mailbox is full. Please free up some space so that email can be downloaded.", "mailbox-full", "mailbox-full", NULL, NULL},
    {"empty file", "Upload file can't be empty", "csv-empty", "csv", NULL, NULL},
    {"rows", "The CSV file contains more than 50,000 rows. Please divide the file", "csv-too-many-rows", "csv", "limit", "50,000"},
    {"column with a blank", "Column \"Email Address\" is missing from the CSV file. The import process can't continue", "csv-column", "csv",
     "column", "Email Address"},
    {"row", "Row 17 has the wrong number of columns. Expected number: 3. Actual number: 4. Please edit this row", "csv-row", "csv", "actual", "4"},
    {"batch with a name", "The migration batch \"Sales 2\" already exists.", "batch-exists", "batch", "batch", "Sales 2"},
    {"telnet", "Connecting To server.contoso.com...Could not open connection to the host, on port 993: Connect failed", "timed-out",
     "timed-out", "port", "993"},
    {"connections", "NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
     "too-many-connections", "slow", NULL, NULL},
    {"not authorized", "a2 NO [AUTHORIZATIONFAILED] No such mailbox", "not-authorized", "sign-in", NULL, NULL},
    {"a JSON string", "{\"error\": \"The connection to the server \\\"imap.contoso.com\\\" timed out after 00:00:15.\"}", "timed-out",
     "timed-out", "host", "imap.contoso.com"},
};

START_TEST(messages_are_recognised_in_the_wild)
{
	struct ms_matches matches;
	ms_recognise(rows[_i].text, strlen(rows[_i].text), &matches);
	ck_assert_msg(matches.count > 0, "%s: nothing found", rows[_i].name);
	ck_assert_msg(strcmp(matches.items[0].name, rows[_i].leads) == 0, "%s: %s leads", rows[_i].name, matches.items[0].name);
	ck_assert_str_eq(matches.items[0].branch, rows[_i].branch);
	if (rows[_i].capture != NULL) {
		const char *value = ms_capture(&matches.items[0], rows[_i].capture);
		ck_assert_msg(value != NULL && strcmp(value, rows[_i].value) == 0, "%s: %s", rows[_i].name, value);
	}
	ms_matches_clear(&matches);
}
END_TEST

START_TEST(a_report_of_many_users_is_counted)
{
	static const char text[] = "user1@contoso.com,Failed,\"We had trouble signing in to this account. Confirm ...\"\r\n"
	                           "user2@contoso.com,Failed,\"We had trouble signing in to this account. Confirm ...\"\r\n"
	                           "user3@contoso.com,Failed,\"A recipient wasn't found for user3@contoso.com on the target.\"\r\n"
	                           "user4@contoso.com,Failed,\"A recipient wasn't found for user4@contoso.com on the target.\"\r\n";
	struct ms_matches matches;
	ms_recognise(text, sizeof text - 1, &matches);
	ck_assert_uint_eq(matches.count, 3);
	ck_assert_uint_eq(matches.items[0].times, 2);
	ck_assert_uint_eq(matches.items[0].user_count, 2);
	ck_assert_str_eq(matches.items[0].users[1], "user2@contoso.com");
	ck_assert_uint_eq(matches.items[0].leads, 2);
	ck_assert_str_eq(ms_capture(&matches.items[1], "address"), "user3@contoso.com");
	ck_assert_str_eq(ms_capture(&matches.items[2], "address"), "user4@contoso.com");
	ms_matches_clear(&matches);
}
END_TEST

/* What leads, and whether the whole sentence was there. */
static const struct {
	const char *name, *text, *leads;
	bool is_whole;
} leads[] = {
    {"the whole sentence", "We had trouble signing in to this account. Confirm that you're using the correct user name and password.",
     "trouble-signing-in", true},
    {"its beginning", "We had trouble signing in to this account...", "trouble-signing-in", false},
    {"words of people", "our migration is slow", "slow", false},
    {"a column", "Column \"Password\" is missing from the CSV file. The import process can\xe2\x80\x99t continue because this column is "
     "required. Please edit the CSV file and re-submit it.", "csv-column", true},
    {"a row", "Row 3 has the wrong number of columns. Expected number: 3. Actual number: 2", "csv-row", false},
    {"only the row", "Row 3 has the wrong number of columns.", "csv-row", false},
    {"one user's chain: the inner cause",
     "Identity: a@contoso.com\nError: The connection to the server 'mail.contoso.com' could not be completed. ---> TLS negotiation failed.",
     "tls-negotiation", true},
    {"a report: what most users have",
     "a@contoso.com,We had trouble signing in to this account\nb@contoso.com,We had trouble signing in to this account\n"
     "c@contoso.com,NO [LIMIT] Too many\n", "trouble-signing-in", false},
    {"a report whose addresses stand behind", "We had trouble signing in to this account,a@contoso.com\n"
     "We had trouble signing in to this account,b@contoso.com\nNO [LIMIT],c@contoso.com\n", "trouble-signing-in", false},
    {"a tie: the more telling one", "a@contoso.com,We had trouble signing in to this account\nc@contoso.com,NO [LIMIT] Too many\n", "limit",
     true},
};

START_TEST(what_leads_and_how_sure_it_is)
{
	struct ms_matches matches;
	ms_recognise(leads[_i].text, strlen(leads[_i].text), &matches);
	const struct ms_match *lead = ms_lead(&matches);
	ck_assert_msg(lead != NULL, "%s: nothing found", leads[_i].name);
	ck_assert_msg(strcmp(lead->name, leads[_i].leads) == 0, "%s: %s leads", leads[_i].name, lead->name);
	ck_assert_msg(lead->is_whole == leads[_i].is_whole, "%s: sureness", leads[_i].name);
	ms_matches_clear(&matches);
}
END_TEST

START_TEST(a_sentence_is_shown_with_its_captures)
{
	static const char text[] = "\xe2\x80\x9cRow 3 has the wrong number of\r\ncolumns. Expected number: 3. Actual number: 2. Please edit this row "
	                           "and re-submit the file.\xe2\x80\x9d";
	struct ms_matches matches;
	ms_recognise(text, sizeof text - 1, &matches);
	ck_assert_uint_eq(matches.count, 1);
	ck_assert_str_eq(matches.items[0].sentence, "Row 3 has the wrong number of columns. Expected number: 3. Actual number: 2. Please edit "
	                                            "this row and re-submit the file");
	ck_assert(ms_lead(&(struct ms_matches){0}) == NULL);
	ms_matches_clear(&matches);
}
END_TEST

START_TEST(other_text_is_not_recognised_but_may_come_close)
{
	static const char close[] = "connection to our server timed out after a while";
	static const char far[] = "everything is fine here";
	struct ms_matches matches;
	struct ms_candidate candidates[3];
	ms_recognise(close, strlen(close), &matches);
	ck_assert_uint_eq(matches.count, 0);
	ck_assert_uint_ge(ms_closest(close, strlen(close), candidates, 3), 1);
	ck_assert_str_eq(candidates[0].name, "timed-out");
	ck_assert_str_eq(candidates[0].pattern, "The connection to the server ... timed out after ...");
	ck_assert_uint_eq(ms_closest(far, strlen(far), candidates, 3), 0);
	/* A host does not hold blanks: two sentences are no message. */
	static const char two[] = "The connection to the server is up. Something else could not be completed.";
	ms_recognise(two, strlen(two), &matches);
	ck_assert_uint_eq(matches.count, 0);
}
END_TEST

START_TEST(hostile_text_is_bounded)
{
	size_t length = 512 * 1024;
	char *text = xmalloc(length);
	struct ms_matches matches;
	static const char piece[] = "The connection to the server ";
	for (size_t i = 0; i < length; i++)
		text[i] = piece[i % (sizeof piece - 1)];
	ms_recognise(text, length, &matches);
	ck_assert_uint_eq(matches.count, 0);
	memset(text, '\0', length);
	ms_recognise(text, length, &matches);
	ck_assert_uint_eq(matches.count, 0);
	ms_recognise("", 0, &matches);
	ck_assert_uint_eq(matches.count, 0);
	free(text);
}
END_TEST

START_TEST(what_every_user_has_differently_is_still_found_in_a_few_steps)
{
	enum { USERS = 20000 };
	struct buf report;
	struct ms_matches matches;
	buf_init(&report, MS_TEXT_BYTES);
	for (int i = 0; i < USERS; i++)
		buf_printf(&report, "A recipient wasn't found for user%05d@contoso.com on the target.\n", i);
	ms_recognise(report.bytes, report.length, &matches);
	ck_assert_uint_eq(matches.count, MS_MATCHES);
	ck_assert_uint_eq(matches.dropped, USERS - MS_MATCHES);
	ck_assert_uint_ge(matches.steps, USERS);
	ck_assert_uint_le(matches.steps, 8 * USERS);
	ck_assert_str_eq(matches.items[1].users[0], "user00001@contoso.com");
	ms_matches_clear(&matches);
	buf_clear(&report);
}
END_TEST

START_TEST(text_full_of_at_signs_is_no_search_for_users)
{
	enum { PIECES = 2000 };
	struct buf text;
	struct ms_matches matches;
	buf_init(&text, MS_TEXT_BYTES);
	for (int i = 0; i < PIECES; i++)
		buf_puts(&text, "Upload file can't be empty @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ a@contoso.com\n");
	ms_recognise(text.bytes, text.length, &matches);
	ck_assert_uint_eq(matches.count, 1);
	ck_assert_uint_eq(matches.items[0].times, PIECES);
	ck_assert_uint_eq(matches.items[0].user_count, 1); /* the one before, at the end of its line; the one behind is too far */
	ms_matches_clear(&matches);
	buf_clear(&text);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("ms_message");
	tcase_add_loop_test(tcase, messages_are_recognised_in_the_wild, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tcase, a_report_of_many_users_is_counted);
	tcase_add_loop_test(tcase, what_leads_and_how_sure_it_is, 0, sizeof leads / sizeof leads[0]);
	tcase_add_test(tcase, a_sentence_is_shown_with_its_captures);
	tcase_add_test(tcase, other_text_is_not_recognised_but_may_come_close);
	tcase_add_test(tcase, hostile_text_is_bounded);
	tcase_add_test(tcase, what_every_user_has_differently_is_still_found_in_a_few_steps);
	tcase_add_test(tcase, text_full_of_at_signs_is_no_search_for_users);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/ms_message", fill)
