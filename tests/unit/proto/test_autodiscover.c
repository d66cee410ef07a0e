/* Autodiscover's documents, good, strange and hostile: nothing is fetched, expanded, or read beyond the bounds. */
#include "proto/autodiscover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "base/str.h"

#define HEAD "<?xml version=\"1.0\"?><Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\"><Response>"
#define TAIL "</Response></Autodiscover>"
#define DTD(declarations, inside) "<!DOCTYPE a [" declarations "]><Autodiscover><Response><Error><ErrorCode>" inside "</ErrorCode></Error></Response></Autodiscover>"
#define NO_DTD "has a document type, which is refused"

static const struct {
	const char *about, *text;
	enum autodiscover_kind kind;
	const char *target, *error, *fault;
	size_t types;
} documents[] = {
    {"settings", HEAD "<Account><AccountType>email</AccountType><Action>settings</Action><Protocol><Type>EXCH</Type></Protocol><Protocol><Type>WEB</Type>"
     "</Protocol></Account>" TAIL, AUTODISCOVER_SETTINGS, NULL, NULL, NULL, 2},
    {"a redirect", HEAD "<Account><Action>redirectUrl</Action><RedirectUrl> https://a.test/x </RedirectUrl></Account>" TAIL,
     AUTODISCOVER_REDIRECT_URL, "https://a.test/x", NULL, NULL, 0},
    {"another mailbox", HEAD "<Account><Action>redirectAddr</Action><RedirectAddr>a@b.test</RedirectAddr></Account>" TAIL,
     AUTODISCOVER_REDIRECT_ADDRESS, "a@b.test", NULL, NULL, 0},
    {"an error", HEAD "<Error><ErrorCode>600</ErrorCode><Message>Invalid Request</Message></Error>" TAIL, AUTODISCOVER_ERROR, NULL, "600", NULL, 0},
    {"CDATA is text", HEAD "<Account><RedirectUrl><![CDATA[https://a.test/?a&b]]></RedirectUrl></Account>" TAIL, AUTODISCOVER_REDIRECT_URL,
     "https://a.test/?a&b", NULL, NULL, 0},
    {"an empty answer", "<Autodiscover/>", AUTODISCOVER_OTHER, NULL, NULL, NULL, 0},
    {"a page", "<html><body>Welcome</body></html>", AUTODISCOVER_OTHER, NULL, NULL, "another kind of XML", 0},
    {"a page that is no XML", "<html><br><p>Welcome", AUTODISCOVER_OTHER, NULL, NULL, "not XML", 0},
    {"nothing", "", AUTODISCOVER_OTHER, NULL, NULL, "not XML", 0},
    {"cut short", HEAD "<Account><Action>sett", AUTODISCOVER_OTHER, NULL, NULL, "not XML", 0},
    {"an entity of its own", DTD("<!ENTITY x \"600\">", "&x;"), AUTODISCOVER_OTHER, NULL, NULL, NO_DTD, 0},
    {"a billion laughs", DTD("<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
     "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">"
     "<!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\"><!ENTITY h \"&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;\">", "&h;"),
     AUTODISCOVER_OTHER, NULL, NULL, "not XML", 0},
    {"an entity from a file", DTD("<!ENTITY x SYSTEM \"file:///etc/hostname\">", "&x;"), AUTODISCOVER_OTHER, NULL, NULL, NO_DTD, 0},
    {"an entity from the network", DTD("<!ENTITY x SYSTEM \"http://127.0.0.1:9/\">", "&x;"), AUTODISCOVER_OTHER, NULL, NULL, NO_DTD, 0},
    {"a parameter entity", DTD("<!ENTITY % x SYSTEM \"file:///etc/hostname\"> %x;", "600"), AUTODISCOVER_OTHER, NULL, NULL, NO_DTD, 0},
    {"a document type elsewhere", "<!DOCTYPE Autodiscover SYSTEM \"http://127.0.0.1:9/a.dtd\"><Autodiscover/>", AUTODISCOVER_OTHER, NULL, NULL, NO_DTD, 0},
};

/* Each document from a block of its own size, so that a byte too far is seen. */
static struct autodiscover_answer read_with(void (*read)(const char *, size_t, struct autodiscover_answer *), const char *text, size_t length)
{
	struct autodiscover_answer answer;
	char *exact = malloc(length > 0 ? length : 1);
	memcpy(exact, text, length);
	read(exact, length, &answer);
	free(exact);
	return answer;
}

START_TEST(documents_are_read)
{
	struct autodiscover_answer answer = read_with(autodiscover_read_xml, documents[_i].text, strlen(documents[_i].text));
	ck_assert_msg(answer.kind == documents[_i].kind, "%s: kind %d", documents[_i].about, (int)answer.kind);
	ck_assert_msg(str_equal(answer.target, documents[_i].target), "%s: target %s", documents[_i].about, answer.target);
	ck_assert_msg(str_equal(answer.error, documents[_i].error), "%s: error %s", documents[_i].about, answer.error);
	ck_assert_msg(str_equal(answer.fault, documents[_i].fault), "%s: fault %s", documents[_i].about, answer.fault);
	ck_assert_msg(answer.type_count == documents[_i].types, "%s: %zu types", documents[_i].about, answer.type_count);
	autodiscover_answer_clear(&answer);
}
END_TEST

static const struct {
	const char *about, *text;
	enum autodiscover_kind kind;
	const char *target, *error, *fault;
} objects[] = {
    {"a service", "{\"Protocol\":\"AutodiscoverV1\",\"Url\":\"https://a.test/x\"}", AUTODISCOVER_SETTINGS, "https://a.test/x", NULL, NULL},
    {"an error", "{\"ErrorCode\":\"UserNotFound\",\"ErrorMessage\":\"no\"}", AUTODISCOVER_ERROR, NULL, "UserNotFound", NULL},
    {"an empty object", "{}", AUTODISCOVER_OTHER, NULL, NULL, "another kind of JSON"},
    {"a list", "[{\"Url\":\"https://a.test/\"}]", AUTODISCOVER_OTHER, NULL, NULL, "another kind of JSON"},
    {"a number for an address", "{\"Url\":7}", AUTODISCOVER_OTHER, NULL, NULL, "another kind of JSON"},
    {"an empty address", "{\"Url\":\"\"}", AUTODISCOVER_OTHER, NULL, NULL, "another kind of JSON"},
    {"a key twice", "{\"Url\":\"https://a.test/\",\"Url\":\"https://b.test/\"}", AUTODISCOVER_OTHER, NULL, NULL, "not JSON"},
    {"something behind", "{\"Url\":\"https://a.test/\"} x", AUTODISCOVER_OTHER, NULL, NULL, "not JSON"},
    {"a page", "<html>", AUTODISCOVER_OTHER, NULL, NULL, "not JSON"},
    {"a number without end", "{\"n\":1e999999}", AUTODISCOVER_OTHER, NULL, NULL, "not JSON"},
    {"bytes that are no UTF-8", "{\"Url\":\"\xff\xfe\"}", AUTODISCOVER_OTHER, NULL, NULL, "not JSON"},
    {"nothing", "", AUTODISCOVER_OTHER, NULL, NULL, "not JSON"},
};

START_TEST(objects_are_read)
{
	struct autodiscover_answer answer = read_with(autodiscover_read_json, objects[_i].text, strlen(objects[_i].text));
	ck_assert_msg(answer.kind == objects[_i].kind, "%s: kind %d", objects[_i].about, (int)answer.kind);
	ck_assert_msg(str_equal(answer.target, objects[_i].target), "%s: target %s", objects[_i].about, answer.target);
	ck_assert_msg(str_equal(answer.error, objects[_i].error), "%s: error %s", objects[_i].about, answer.error);
	ck_assert_msg(str_equal(answer.fault, objects[_i].fault), "%s: fault %s", objects[_i].about, answer.fault);
	autodiscover_answer_clear(&answer);
}
END_TEST

/* `count` times `part` between `before` and `after`. Allocated. */
static char *repeat(const char *before, const char *part, int count, const char *after)
{
	struct buf text;
	buf_init(&text, 1 << 20);
	buf_puts(&text, before);
	for (int i = 0; i < count; i++)
		buf_puts(&text, part);
	buf_puts(&text, after);
	return buf_steal(&text);
}

static const struct {
	const char *about, *before, *part;
	int count;
	const char *after;
	bool is_json;
	const char *fault;
} bombs[] = {
    {"elements inside elements", "<Autodiscover>", "<a>", 15000, "", false, "not XML"},
    {"more elements than are looked at", "<Autodiscover>", "<a/>", 15000, "</Autodiscover>", false, NULL},
    {"a long name", "<", "a", 60000, "/>", false, "not XML"},
    {"a document over the bound", "<Autodiscover>", "<!-- noise -->", 5000, "</Autodiscover>", false, "longer than 64 KiB"},
    {"lists inside lists", "", "[", 30000, "", true, "not JSON"},
    {"objects inside objects", "", "{\"a\":", 10000, "", true, "not JSON"},
    {"an object over the bound", "[0", ",0", 40000, "]", true, "longer than 64 KiB"},
};

START_TEST(bombs_do_not_go_off)
{
	char *text = repeat(bombs[_i].before, bombs[_i].part, bombs[_i].count, bombs[_i].after);
	struct autodiscover_answer answer = read_with(bombs[_i].is_json ? autodiscover_read_json : autodiscover_read_xml, text, strlen(text));
	ck_assert_msg(str_equal(answer.fault, bombs[_i].fault), "%s: fault %s", bombs[_i].about, answer.fault);
	ck_assert_int_eq(answer.kind, AUTODISCOVER_OTHER);
	autodiscover_answer_clear(&answer);
	free(text);
}
END_TEST

START_TEST(types_beyond_the_table_are_left_out)
{
	char *text = repeat(HEAD "<Account>", "<Protocol><Type>a-protocol-whose-name-is-longer-than-the-table-has-room-for</Type></Protocol>", 40, "</Account>" TAIL);
	struct autodiscover_answer answer = read_with(autodiscover_read_xml, text, strlen(text));
	ck_assert_int_eq(answer.kind, AUTODISCOVER_SETTINGS);
	ck_assert_uint_eq(answer.type_count, AUTODISCOVER_TYPES);
	ck_assert_uint_eq(strlen(answer.types[0]), AUTODISCOVER_TYPE_BYTES - 1);
	autodiscover_answer_clear(&answer);
	free(text);
}
END_TEST

START_TEST(the_request_escapes_the_address)
{
	char *request = autodiscover_request("a<b>&\"c@contoso.com");
	ck_assert_ptr_nonnull(strstr(request, "<EMailAddress>a&lt;b&gt;&amp;&quot;c@contoso.com</EMailAddress>"));
	free(request);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("autodiscover");
	tcase_add_loop_test(tcase, documents_are_read, 0, sizeof documents / sizeof documents[0]);
	tcase_add_loop_test(tcase, objects_are_read, 0, sizeof objects / sizeof objects[0]);
	tcase_add_loop_test(tcase, bombs_do_not_go_off, 0, sizeof bombs / sizeof bombs[0]);
	tcase_add_test(tcase, types_beyond_the_table_are_left_out);
	tcase_add_test(tcase, the_request_escapes_the_address);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/autodiscover", fill)
