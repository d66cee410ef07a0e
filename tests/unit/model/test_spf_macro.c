/* Macros of SPF: the examples of RFC 7208 section 7.4, transformers, and the length of a name. */
#include "model/spf_macro.h"

#include <stdio.h>
#include <string.h>

#include "../check_main.h"
#include "base/buf.h"

enum { OCTETS_MOST = 4096 };

static const unsigned char four[] = {192, 0, 2, 3}, six[] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xcb, 1};
static struct spf_macro_values values = {.sender = "strong-bad@email.example.com", .domain = "email.example.com", .helo = "mx.example.org",
                                         .validated = "host.example.net", .family = 4, .address = four};

static const struct {
	const char *text, *expanded; /* NULL: no domain-spec */
} cases[] = {
    {"%{s}.x.test", "strong-bad@email.example.com.x.test"},
    {"%{o}", "email.example.com"},
    {"%{d}", "email.example.com"},
    {"%{d4}", "email.example.com"},
    {"%{d3}", "email.example.com"},
    {"%{d2}", "example.com"},
    {"%{d1}", "com"},
    {"%{dr}", "com.example.email"},
    {"%{d2r}", "example.email"},
    {"%{l}", "strong-bad"},
    {"%{l-}", "strong.bad"},
    {"%{lr}", "strong-bad"},
    {"%{lr-}", "bad.strong"},
    {"%{l1r-}", "strong"},
    {"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
    {"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
    {"%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
    {"%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"},
    {"%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"},
    {"%{h}.%{p}", "mx.example.org.host.example.net"},
    {"%{D2}.%{L}.test", "example.com.strong-bad.test"},
    {"%{S}.test", "strong-bad%40email.example.com.test"},
    {"%{d128}", "email.example.com"},
    {"%{d99999999999999999999}", "email.example.com"},
    {"%{d0}", NULL},
    {"%{d00}", NULL},
    {"%{d02}", "example.com"},
    {"%{dr2}", NULL},
    {"%{d2rr}", NULL},
    {"%{d.-+,/_=}", "email.example.com"},
    {"%{d.-+,/_=.}", NULL},
    {"%{d!}", NULL},
    {"%{}", NULL},
    {"%{d", NULL},
    {"%{x}", NULL},
    {"%{c}", NULL},
    {"%{R}", NULL},
    {"%{t}.test", NULL},
    {"%", NULL},
    {"a%.test", NULL},
    {"a%%b%_c%-d.test", "a%b c%20d.test"},
    {"test", NULL},
    {".test", ".test"},
    {"a.test.", "a.test"},
    {"a.test..", NULL},
    {"a.1", NULL},
    {"a.1-", NULL},
    {"a.-b", NULL},
    {"a.1-b", "a.1-b"},
    {"a.b_c", NULL},
    {"a b.test", NULL},
    {"a\\195b.test", NULL},  /* escaped: an octet that is no ASCII */
    {"a\\009b.test", NULL},
    {"a\\\\b.test", "a\\\\b.test"}, /* a backslash */
};

START_TEST(expands_as_the_rfc_says)
{
	struct buf out;
	bool is_spec = spf_is_domain_spec(cases[_i].text);
	ck_assert_msg(is_spec == (cases[_i].expanded != NULL), "%s", cases[_i].text);
	if (!is_spec)
		return;
	buf_init(&out, OCTETS_MOST);
	ck_assert(spf_expand(cases[_i].text, &values, &out));
	ck_assert_str_eq(out.bytes, cases[_i].expanded);
	buf_clear(&out);
}
END_TEST

START_TEST(an_address_of_ipv6_is_its_nibbles)
{
	struct buf out;
	struct spf_macro_values of_six = values;
	of_six.family = 6;
	of_six.address = six;
	buf_init(&out, OCTETS_MOST);
	ck_assert(spf_expand("%{ir}.%{v}._spf.%{d2}", &of_six, &out));
	ck_assert_str_eq(out.bytes, "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
	buf_clear(&out);
}
END_TEST

/* 7.3: over 253 octets labels go from the left, until it is 253 or less. */
START_TEST(a_name_has_253_octets_at_most)
{
	for (int length = 252; length <= 254; length++) {
		char text[300];
		struct buf out;
		memset(text, 'a', sizeof text);
		snprintf(text + length - 24, 25, ".b.%s", "email.example.com.end");
		for (int dot = 63; dot < length - 24; dot += 64)
			text[dot] = '.';
		ck_assert_uint_eq(strlen(text), (size_t)length);
		buf_init(&out, OCTETS_MOST);
		ck_assert(spf_expand(text, &values, &out));
		ck_assert_uint_eq(out.length, length <= 253 ? (size_t)length : 254 - 64);
		ck_assert_str_eq(out.bytes, length <= 253 ? text : text + 64);
		buf_clear(&out);
	}
}
END_TEST

/* Split into at most 128 parts (7.1: as many as a name has). */
START_TEST(a_local_part_of_many_labels)
{
	char sender[400] = "";
	struct buf out;
	struct spf_macro_values long_sender = values;
	for (int i = 0; i < 126; i++)
		strcat(sender, i % 2 == 0 ? "a." : "b.");
	strcat(sender, "z@example.com");
	long_sender.sender = sender;
	buf_init(&out, OCTETS_MOST);
	ck_assert(spf_expand("%{l1}.%{l2r}", &long_sender, &out));
	ck_assert_str_eq(out.bytes, "z.b.a");
	buf_clear(&out);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("spf macro");
	tcase_add_loop_test(tcase, expands_as_the_rfc_says, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tcase, an_address_of_ipv6_is_its_nibbles);
	tcase_add_test(tcase, a_name_has_253_octets_at_most);
	tcase_add_test(tcase, a_local_part_of_many_labels);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/spf_macro", fill)
