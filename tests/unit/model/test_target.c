#include "cutover/target.h"

#include <string.h>

#include "../check_main.h"

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *text;
	const char *host; /* NULL: refused */
	int port;
	bool is_address;
	const char *fault; /* part of the refusal */
} hosts[] = {
    {"imap.contoso.com", "imap.contoso.com", 0, false, NULL},
    {"IMAP.Contoso.COM:993", "imap.contoso.com", 993, false, NULL},
    {"imap.contoso.com.", "imap.contoso.com", 0, false, NULL},
    {"192.0.2.1", "192.0.2.1", 0, true, NULL},
    {"192.0.2.1:143", "192.0.2.1", 143, true, NULL},
    {"2001:db8::1", "2001:db8::1", 0, true, NULL},
    {"[2001:db8::1]:993", "2001:db8::1", 993, true, NULL},
    {"[2001:db8::1]", "2001:db8::1", 0, true, NULL},
    {"b\xc3\xbc" "cher.example", "xn--bcher-kva.example", 0, false, NULL},
    {"XN--BCHER-KVA.example", "xn--bcher-kva.example", 0, false, NULL},
    {"_dmarc.contoso.com", "_dmarc.contoso.com", 0, false, NULL},
    {"ab--cd.example", "ab--cd.example", 0, false, NULL},
    {"localhost", "localhost", 0, false, NULL},
    {"host:0", NULL, 0, false, "the port is not a number from 1 to 65535"},
    {"host:70000", NULL, 0, false, "the port is not a number from 1 to 65535"},
    {"host:", NULL, 0, false, "the port is not"},
    {"host:99x", NULL, 0, false, "the port is not"},
    {"", NULL, 0, false, "an empty name"},
    {".", NULL, 0, false, "neither an address nor a host name"},
    {"a..b", NULL, 0, false, "an empty label"},
    {"a b", NULL, 0, false, "not a host name"},
    {"host/path", NULL, 0, false, "not a host name"},
    {"a\033[31m", NULL, 0, false, "'a\\027[31m': not a host name"},
    {L63 "a.example", NULL, 0, false, "a label over 63 octets"},
    {L63 "." L63 "." L63 "." L63 "." L63, NULL, 0, false, "a name over 253 octets"},
    {"[imap.contoso.com]:993", NULL, 0, false, "no IPv6 address in the brackets"},
    {"[2001:db8::1", NULL, 0, false, "'[2001:db8::1'"},
    {"300.1.2.3", NULL, 0, false, "neither an address nor a host name"},
    {"\xff\xfe.example", NULL, 0, false, "not a valid internationalized name"},
};

START_TEST(host_and_port_are_read)
{
	struct target target = {0};
	struct error error = {{0}};
	int result = target_parse(hosts[_i].text, &target, &error);
	if (hosts[_i].host == NULL) {
		ck_assert_msg(result == -1, "%s", hosts[_i].text);
		ck_assert_msg(strstr(error.text, hosts[_i].fault) != NULL, "%s: %s", hosts[_i].text, error.text);
		return;
	}
	ck_assert_msg(result == 0, "%s: %s", hosts[_i].text, error.text);
	ck_assert_str_eq(target.host, hosts[_i].host);
	ck_assert_int_eq(target.port, hosts[_i].port);
	ck_assert_int_eq(target.is_address, hosts[_i].is_address);
	target_clear(&target);
}
END_TEST

START_TEST(a_domain_is_neither_an_address_nor_a_port)
{
	static const char *const refused[] = {"192.0.2.1", "2001:db8::1", "contoso.com:25", "", "1234", "@contoso.com"};
	struct target target = {0};
	struct error error = {{0}};
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		ck_assert_msg(target_parse_domain(refused[i], &target, &error) == -1, "%s", refused[i]);
	ck_assert_int_eq(target_parse_domain("Contoso.com.", &target, &error), 0);
	ck_assert_str_eq(target.host, "contoso.com");
	target_clear(&target);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("target");
	tcase_add_loop_test(tcase, host_and_port_are_read, 0, sizeof hosts / sizeof hosts[0]);
	tcase_add_test(tcase, a_domain_is_neither_an_address_nor_a_port);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/target", fill)
