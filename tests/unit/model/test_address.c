#include "model/address.h"

#include <stdlib.h>
#include <string.h>

#include "../check_main.h"
#include "model/special_range.h"

static struct prefix prefix_of(const char *text)
{
	struct prefix prefix;
	ck_assert_msg(prefix_parse(text, &prefix), "'%s' is not taken for a prefix", text);
	return prefix;
}

static struct address address_of(const char *text)
{
	struct address address;
	ck_assert_msg(address_parse(text, &address), "'%s' is not taken for an address", text);
	return address;
}

static const struct {
	const char *text, *canonical; /* NULL: refused */
} prefixes[] = {
    {"192.0.2.0/24", "192.0.2.0/24"},
    {"192.0.2.77/24", "192.0.2.0/24"},
    {"192.0.2.255/25", "192.0.2.128/25"},
    {"192.0.2.1", "192.0.2.1/32"},
    {"1.2.3.4/0", "0.0.0.0/0"},
    {"2001:DB8:0:0::1", "2001:db8::1/128"},
    {"2001:db8:ffff::/33", "2001:db8:8000::/33"},
    {"fe80::1/10", "fe80::/10"},
    {"::/0", "::/0"},
    {"::ffff:192.0.2.1/128", "::ffff:192.0.2.1/128"},
    {"", NULL},
    {"/8", NULL},
    {"192.0.2.0/33", NULL},
    {"192.0.2.0/-1", NULL},
    {"192.0.2.0/", NULL},
    {"192.0.2.0/24x", NULL},
    {"192.0.2/24", NULL},
    {"192.0.2.00000000000000000000000000000000000000000/24", NULL},
    {"2001:db8::/129", NULL},
    {"fe80::1%eth0/64", NULL},
    {"[2001:db8::1]", NULL},
    {"contoso.com", NULL},
};

START_TEST(a_prefix_is_read_in_its_canonical_form_or_refused)
{
	struct prefix prefix;
	char text[PREFIX_TEXT_BYTES];
	bool is_good = prefix_parse(prefixes[_i].text, &prefix);
	ck_assert_msg(is_good == (prefixes[_i].canonical != NULL), "'%s'", prefixes[_i].text);
	if (is_good)
		ck_assert_str_eq(prefix_format(&prefix, text), prefixes[_i].canonical);
}
END_TEST

static const struct {
	const char *outer, *inner;
	bool contains;
} pairs[] = {
    {"10.0.0.0/8", "10.1.0.0/16", true},
    {"10.0.0.0/8", "10.0.0.0/8", true},
    {"10.1.0.0/16", "10.0.0.0/8", false},
    {"10.0.0.0/8", "11.0.0.0/16", false},
    {"0.0.0.0/0", "255.255.255.255", true},
    {"0.0.0.0/0", "::/0", false},
    {"::/0", "192.0.2.0/24", false},
    {"::/0", "ff02::1", true},
    {"::ffff:0:0/96", "192.0.2.1", false},
    {"fc00::/7", "fd12::/16", true},
    {"fc00::/7", "fe00::/16", false},
    {"192.0.2.128/25", "192.0.2.129", true},
    {"192.0.2.128/25", "192.0.2.127", false},
};

START_TEST(a_prefix_contains_what_lies_within)
{
	struct prefix outer = prefix_of(pairs[_i].outer), inner = prefix_of(pairs[_i].inner);
	ck_assert_msg(prefix_contains(&outer, &inner) == pairs[_i].contains, "%s, %s", pairs[_i].outer, pairs[_i].inner);
}
END_TEST

static int by_order(const void *a, const void *b)
{
	return prefix_compare(a, b);
}

START_TEST(sorting_puts_ipv4_first_and_the_outer_before_the_inner)
{
	static const char *const wanted[] = {"9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.1/32", "::/0", "2001:db8::/32"};
	struct prefix sorted[] = {prefix_of("2001:db8::/32"), prefix_of("10.0.0.1"), prefix_of("10.0.0.0/16"),
	                          prefix_of("::/0"),          prefix_of("10.0.0.0/8"), prefix_of("9.0.0.0/8")};
	qsort(sorted, 6, sizeof sorted[0], by_order);
	for (size_t i = 0; i < 6; i++) {
		char text[PREFIX_TEXT_BYTES];
		ck_assert_str_eq(prefix_format(&sorted[i], text), wanted[i]);
	}
	ck_assert_int_eq(prefix_compare(&sorted[1], &sorted[1]), 0);
}
END_TEST

static const struct {
	const char *prefix, *last;
} lasts[] = {
    {"192.0.2.0/24", "192.0.2.255"}, {"192.0.2.1/32", "192.0.2.1"}, {"0.0.0.0/0", "255.255.255.255"}, {"100.64.0.0/10", "100.127.255.255"},
    {"2001:db8::/33", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"},
};

START_TEST(the_last_address_of_a_prefix_has_its_free_bits_set)
{
	struct prefix prefix = prefix_of(lasts[_i].prefix);
	struct address last = prefix_last(&prefix), wanted = address_of(lasts[_i].last);
	ck_assert_int_eq(address_compare(&last, &wanted), 0);
}
END_TEST

static const struct {
	const char *address;
	bool is_unreachable;
	const char *name; /* NULL: an ordinary address */
} ranges[] = {
    {"8.8.8.8", false, NULL},
    {"9.255.255.255", false, NULL},
    {"10.0.0.0", true, "private use"},
    {"10.255.255.255", true, "private use"},
    {"11.0.0.0", false, NULL},
    {"100.63.255.255", false, NULL},
    {"100.64.0.1", true, "shared address space of carriers (CGNAT)"},
    {"100.128.0.0", false, NULL},
    {"127.0.0.1", true, "loopback"},
    {"169.254.1.1", true, "link-local"},
    {"172.15.255.255", false, NULL},
    {"172.31.255.255", true, "private use"},
    {"172.32.0.0", false, NULL},
    {"192.0.0.9", false, "Port Control Protocol anycast"},
    {"192.0.0.11", true, "IETF protocol assignments"},
    {"192.0.2.1", true, "documentation (TEST-NET-1)"},
    {"192.88.99.1", false, "deprecated 6to4 relay anycast"},
    {"192.168.1.1", true, "private use"},
    {"198.19.255.255", true, "benchmarking"},
    {"198.20.0.0", false, NULL},
    {"203.0.113.9", true, "documentation (TEST-NET-3)"},
    {"224.0.0.1", true, "multicast"},
    {"255.255.255.255", true, "limited broadcast"},
    {"::1", true, "loopback"},
    {"::ffff:8.8.8.8", true, "IPv4-mapped"},
    {"64:ff9b::808:808", false, "IPv4/IPv6 translation"},
    {"64:ff9b:1::1", true, "local-use IPv4/IPv6 translation"},
    {"2001:db8::1", true, "documentation"},
    {"2001::1", false, "Teredo"},
    {"2001:4860::8888", false, NULL},
    {"2603:1026::1", false, NULL},
    {"3fff:fff::1", true, "documentation"},
    {"fd00::1", true, "unique local (private use)"},
    {"fe80::1", true, "link-local"},
    {"ff02::1", true, "multicast"},
};

START_TEST(the_longest_registered_prefix_decides)
{
	struct address address = address_of(ranges[_i].address);
	struct special_range range = {.name = ""};
	bool is_found = special_range_find(&address, &range);
	ck_assert_msg(is_found == (ranges[_i].name != NULL), "%s: '%s'", ranges[_i].address, range.name);
	if (is_found) {
		ck_assert_str_eq(range.name, ranges[_i].name);
		ck_assert_msg(range.is_unreachable == ranges[_i].is_unreachable, "%s", ranges[_i].address);
	}
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof(table)[0])

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("address");
	tcase_add_loop_test(tcase, a_prefix_is_read_in_its_canonical_form_or_refused, 0, ROWS(prefixes));
	tcase_add_loop_test(tcase, a_prefix_contains_what_lies_within, 0, ROWS(pairs));
	tcase_add_test(tcase, sorting_puts_ipv4_first_and_the_outer_before_the_inner);
	tcase_add_loop_test(tcase, the_last_address_of_a_prefix_has_its_free_bits_set, 0, ROWS(lasts));
	tcase_add_loop_test(tcase, the_longest_registered_prefix_decides, 0, ROWS(ranges));
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/address", fill)
