#include "io/endpoint.h"

#include "../check_main.h"

static const struct {
	const char *text;
	int family; /* 0: refused */
	const char *printed;
} literals[] = {
    {"192.0.2.1", 4, "192.0.2.1"},
    {"2001:db8::1", 6, "2001:db8::1"},
    {"2001:DB8:0:0::1", 6, "2001:db8::1"},
    {"::ffff:192.0.2.1", 6, "::ffff:192.0.2.1"},
    {"fe80::1%lo", 6, "fe80::1%lo"},
    {"fe80::1%nonesuch", 0, NULL},
    {"fe80::1%", 0, NULL},
    {"192.0.2", 0, NULL},
    {"0x7f.1", 0, NULL},
    {"192.0.2.1%lo", 0, NULL},
    {"imap.contoso.com", 0, NULL},
    {"", 0, NULL},
    {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd:eeee", 0, NULL},
};

START_TEST(literals_are_read_and_printed)
{
	struct endpoint endpoint;
	char text[ENDPOINT_TEXT_BYTES];
	bool is_one = endpoint_from_text(&endpoint, literals[_i].text, 993);
	ck_assert_msg(is_one == (literals[_i].family != 0), "%s", literals[_i].text);
	ck_assert_int_eq(endpoint_family(&endpoint), literals[_i].family);
	ck_assert_uint_eq(endpoint_port(&endpoint), is_one ? 993 : 0);
	ck_assert_str_eq(endpoint_address(&endpoint, text), is_one ? literals[_i].printed : "");
}
END_TEST

START_TEST(equal_means_address_and_port)
{
	struct endpoint a, b;
	endpoint_from_text(&a, "192.0.2.1", 993);
	endpoint_from_text(&b, "192.0.2.1", 143);
	ck_assert(!endpoint_equal(&a, &b));
	endpoint_set_port(&b, 993);
	ck_assert(endpoint_equal(&a, &b));
	endpoint_from_text(&b, "::ffff:192.0.2.1", 993);
	ck_assert(!endpoint_equal(&a, &b));
	endpoint_from_text(&a, "2001:db8::1", 993);
	endpoint_from_text(&b, "2001:db8::2", 993);
	ck_assert(!endpoint_equal(&a, &b));
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("endpoint");
	tcase_add_loop_test(tcase, literals_are_read_and_printed, 0, sizeof literals / sizeof literals[0]);
	tcase_add_test(tcase, equal_means_address_and_port);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("io/endpoint", fill)
