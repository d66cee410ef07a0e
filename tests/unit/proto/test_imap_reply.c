#include "proto/imap_reply.h"

#include <stdio.h>
#include <string.h>

#include "../check_main.h"
#include "proto/protocol_guess.h"
#include "proto/tls_suite.h"

static const struct {
	const char *line;
	bool is_reply;
	enum imap_form form;
	enum imap_status status;
	const char *tag, *code, *text, *data;
} replies[] = {
    {"* OK ready", true, IMAP_UNTAGGED, IMAP_OK, "", "", "ready", "OK ready"},
    {"* ok ready", true, IMAP_UNTAGGED, IMAP_OK, "", "", "ready", "ok ready"},
    {"* OK", true, IMAP_UNTAGGED, IMAP_OK, "", "", "", "OK"},
    {"* OK [CAPABILITY IMAP4rev1] hi", true, IMAP_UNTAGGED, IMAP_OK, "", "CAPABILITY IMAP4rev1", "hi", NULL},
    {"* OK [broken hi", true, IMAP_UNTAGGED, IMAP_OK, "", "", "[broken hi", NULL},
    {"* PREAUTH root", true, IMAP_UNTAGGED, IMAP_PREAUTH, "", "", "root", NULL},
    {"* BYE [UNAVAILABLE] busy", true, IMAP_UNTAGGED, IMAP_BYE, "", "UNAVAILABLE", "busy", NULL},
    {"* CAPABILITY IMAP4rev1", true, IMAP_UNTAGGED, IMAP_NO_STATUS, "", "", "", "CAPABILITY IMAP4rev1"},
    {"* 23 EXISTS", true, IMAP_UNTAGGED, IMAP_NO_STATUS, "", "", "", "23 EXISTS"},
    {"c1 OK done", true, IMAP_TAGGED, IMAP_OK, "c1", "", "done", NULL},
    {"c1 NO [ALERT] x", true, IMAP_TAGGED, IMAP_NO, "c1", "ALERT", "x", NULL},
    {"c1 BAD", true, IMAP_TAGGED, IMAP_BAD, "c1", "", "", NULL},
    {"+ go on", true, IMAP_CONTINUE, IMAP_NO_STATUS, "", "", "go on", NULL},
    {"+", true, IMAP_CONTINUE, IMAP_NO_STATUS, "", "", "", NULL},
    {"c1 BYE", false, 0, 0, NULL, NULL, NULL, NULL},
    {"c1 FOO", false, 0, 0, NULL, NULL, NULL, NULL},
    {"220 mx ESMTP", false, 0, 0, NULL, NULL, NULL, NULL},
    {"+OK POP3", false, 0, 0, NULL, NULL, NULL, NULL},
    {"HTTP/1.1 OK", false, 0, 0, NULL, NULL, NULL, NULL},
    {"*", false, 0, 0, NULL, NULL, NULL, NULL},
    {"", false, 0, 0, NULL, NULL, NULL, NULL},
    {" OK", false, 0, 0, NULL, NULL, NULL, NULL},
};

static void check_slice(struct slice slice, const char *wanted, const char *line)
{
	if (wanted != NULL)
		ck_assert_msg(slice.length == strlen(wanted) && (slice.length == 0 || memcmp(slice.bytes, wanted, slice.length) == 0),
		              "%s: '%.*s'", line, (int)slice.length, slice.length > 0 ? slice.bytes : "");
}

START_TEST(a_line_is_taken_apart)
{
	struct imap_reply reply;
	const char *line = replies[_i].line;
	ck_assert_msg(imap_reply_parse(line, strlen(line), &reply) == replies[_i].is_reply, "%s", line);
	if (!replies[_i].is_reply)
		return;
	ck_assert_int_eq(reply.form, replies[_i].form);
	ck_assert_int_eq(reply.status, replies[_i].status);
	check_slice(reply.tag, replies[_i].tag, line);
	check_slice(reply.code, replies[_i].code, line);
	check_slice(reply.text, replies[_i].text, line);
	check_slice(reply.data, replies[_i].data, line);
}
END_TEST

static char pairs[1024];

static void on_pair(void *user, struct slice key, struct slice value)
{
	(void)user;
	size_t length = strlen(pairs);
	snprintf(pairs + length, sizeof pairs - length, "%.*s=%.*s;", (int)key.length, key.bytes, (int)value.length, value.bytes);
}

static const struct {
	const char *data;
	bool is_good;
	const char *pairs;
} ids[] = {
    {"ID NIL", true, ""},
    {"ID ()", true, ""},
    {"ID (\"name\" \"Dovecot\")", true, "name=Dovecot;"},
    {"id (\"name\" nil \"version\" \"2\")", true, "version=2;"},
    {"ID ( \"a\"  \"b\" )", true, "a=b;"},
    {"ID (\"a\" \"q\\\"\\\\\")", true, "a=q\"\\;"},
    {"ID ({1}\r\na {3}\r\nb\"))", true, "a=b\");"},
    {"ID ({1}\r\na {9}\r\nb)", false, ""},
    {"ID ({1}a \"b\")", false, ""},
    {"ID ({99999999999999999999}\r\na \"b\")", false, ""},
    {"ID (\"a\" \"b\" \"c\")", false, "a=b;"},
    {"ID (\"a\" \"b", false, ""},
    {"ID (\"a\" \"b\"", false, "a=b;"},
    {"ID (NIL \"b\")", false, ""},
    {"ID", false, ""},
    {"CAPABILITY IMAP4rev1", false, ""},
};

START_TEST(an_id_is_read)
{
	struct slice data = {ids[_i].data, strlen(ids[_i].data)};
	pairs[0] = '\0';
	ck_assert_msg(imap_id_parse(data, on_pair, NULL) == ids[_i].is_good, "%s", ids[_i].data);
	ck_assert_str_eq(pairs, ids[_i].pairs);
}
END_TEST

START_TEST(capabilities_are_listed_and_bounded)
{
	struct names names = {0};
	char list[4096] = "capability IMAP4rev1  AUTH=PLAIN ";
	ck_assert(imap_capabilities_parse((struct slice){list, strlen(list)}, &names));
	ck_assert_uint_eq(names.count, 2);
	ck_assert(names_has(&names, "auth=plain"));
	for (int i = 0; i < 400; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), "C%d ", i);
	ck_assert(imap_capabilities_parse((struct slice){list, strlen(list)}, &names));
	ck_assert_uint_eq(names.count, 256);
	ck_assert(!imap_capabilities_parse((struct slice){"CAPABILITIES x", 14}, &names));
	ck_assert_uint_eq(names.count, 256);
	names_clear(&names);
}
END_TEST

static const struct {
	const char *bytes;
	size_t length;
	const char *protocol;
} guesses[] = {
    {"* OK hi", 7, "imap"},          {"* BYE", 5, "imap"},           {"220 mx ESMTP", 12, "smtp"}, {"220 (vsFTPd 3.0)", 16, "ftp"},
    {"554 no", 6, "smtp"},           {"+OK", 3, "pop3"},             {"SSH-2.0-x", 9, "ssh"},      {"HTTP/1.0 200", 12, "http"},
    {"<!doctype html>", 15, "http"}, {"\x16\x03\x01\x02", 4, "tls"}, {"\x15\x03\x03", 3, "tls"},   {"\x16\x02\x01", 3, NULL},
    {"hello", 5, NULL},              {"", 0, NULL},                  {"220", 3, NULL},             {"\x16", 1, NULL},
};

START_TEST(first_bytes_tell_the_protocol)
{
	ck_assert_pstr_eq(protocol_guess(guesses[_i].bytes, guesses[_i].length), guesses[_i].protocol);
}
END_TEST

START_TEST(suites_are_listed_by_their_iana_name)
{
	ck_assert(tls_suite_is_listed("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
	ck_assert(tls_suite_is_listed("TLS_RSA_WITH_AES_128_GCM_SHA256"));
	ck_assert(tls_suite_is_listed("TLS_AES_256_GCM_SHA384"));
	ck_assert(!tls_suite_is_listed("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
	ck_assert(!tls_suite_is_listed("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"));
	ck_assert(!tls_suite_is_listed("TLS_RSA_WITH_AES_128_CBC_SHA"));
	ck_assert(!tls_suite_is_listed(""));
}
END_TEST

#define LOOP(tcase, test, table) tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof(table)[0])

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("imap_reply");
	LOOP(tcase, a_line_is_taken_apart, replies);
	LOOP(tcase, an_id_is_read, ids);
	tcase_add_test(tcase, capabilities_are_listed_and_bounded);
	LOOP(tcase, first_bytes_tell_the_protocol, guesses);
	tcase_add_test(tcase, suites_are_listed_by_their_iana_name);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/imap_reply", fill)
