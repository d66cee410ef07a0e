/* Sets are written as "first-last" or prefixes, parted by blanks; what comes out is compared as prefixes. */
#include "model/prefix_set.h"

#include <stdio.h>
#include <string.h>

#include "../check_main.h"
#include "base/buf.h"

static struct prefix_set parse(const char *text)
{
	struct prefix_set set;
	char word[128];
	int used;
	prefix_set_init(&set);
	while (sscanf(text, "%127s%n", word, &used) == 1) {
		text += used;
		char *dash = strchr(word, '-');
		struct prefix prefix;
		struct address first, last;
		if (dash != NULL) {
			*dash = '\0';
			ck_assert(address_parse(word, &first) && address_parse(dash + 1, &last));
			prefix_set_add_range(&set, &first, &last);
		} else {
			ck_assert_msg(prefix_parse(word, &prefix), "%s", word);
			prefix_set_add(&set, &prefix);
		}
	}
	prefix_set_settle(&set);
	return set;
}

static void put(const struct prefix *prefix, void *user)
{
	char text[PREFIX_TEXT_BYTES];
	struct buf *out = user;
	buf_printf(out, "%s%s", out->length > 0 ? " " : "", prefix_format(prefix, text));
}

static void assert_is(struct prefix_set set, const char *wanted, const char *what)
{
	struct buf out;
	buf_init(&out, 1 << 16);
	prefix_set_each(&set, put, &out);
	ck_assert_msg(strcmp(out.bytes, wanted) == 0, "%s: %s", what, out.bytes);
	buf_clear(&out);
	prefix_set_clear(&set);
}

static const struct {
	const char *name, *a, *b, *both, *either, *left;
} cases[] = {
    {"empty", "", "", "", "", ""},
    {"with nothing", "10.0.0.0/8", "", "", "10.0.0.0/8", "10.0.0.0/8"},
    {"equal", "10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8", ""},
    {"adjacent prefixes join", "10.0.0.0/9", "10.128.0.0/9", "", "10.0.0.0/8", "10.0.0.0/9"},
    {"adjacent but not aligned", "10.0.1.0/24", "10.0.2.0/24", "", "10.0.1.0/24 10.0.2.0/24", "10.0.1.0/24"},
    {"a hole", "40.96.0.0/13", "40.100.0.0/16", "40.100.0.0/16", "40.96.0.0/13",
     "40.96.0.0/14 40.101.0.0/16 40.102.0.0/15"},
    {"overlap", "10.0.0.0-10.0.0.200", "10.0.0.100-10.0.1.0", "10.0.0.100/30 10.0.0.104/29 10.0.0.112/28 10.0.0.128/26 10.0.0.192/29 10.0.0.200/32",
     "10.0.0.0/24 10.0.1.0/32", "10.0.0.0/26 10.0.0.64/27 10.0.0.96/30"},
    {"families do not mix", "0.0.0.0/0", "::/0", "", "0.0.0.0/0 ::/0", "0.0.0.0/0"},
    {"the last address", "255.255.255.255", "0.0.0.0/0", "255.255.255.255/32", "0.0.0.0/0", ""},
    {"all but the last address", "0.0.0.0/0", "255.255.255.255 0.0.0.0",
     "0.0.0.0/32 255.255.255.255/32", "0.0.0.0/0",
     "0.0.0.1/32 0.0.0.2/31 0.0.0.4/30 0.0.0.8/29 0.0.0.16/28 0.0.0.32/27 0.0.0.64/26 0.0.0.128/25 0.0.1.0/24 0.0.2.0/23 0.0.4.0/22 "
     "0.0.8.0/21 0.0.16.0/20 0.0.32.0/19 0.0.64.0/18 0.0.128.0/17 0.1.0.0/16 0.2.0.0/15 0.4.0.0/14 0.8.0.0/13 0.16.0.0/12 0.32.0.0/11 "
     "0.64.0.0/10 0.128.0.0/9 1.0.0.0/8 2.0.0.0/7 4.0.0.0/6 8.0.0.0/5 16.0.0.0/4 32.0.0.0/3 64.0.0.0/2 128.0.0.0/2 192.0.0.0/3 "
     "224.0.0.0/4 240.0.0.0/5 248.0.0.0/6 252.0.0.0/7 254.0.0.0/8 255.0.0.0/9 255.128.0.0/10 255.192.0.0/11 255.224.0.0/12 "
     "255.240.0.0/13 255.248.0.0/14 255.252.0.0/15 255.254.0.0/16 255.255.0.0/17 255.255.128.0/18 255.255.192.0/19 255.255.224.0/20 "
     "255.255.240.0/21 255.255.248.0/22 255.255.252.0/23 255.255.254.0/24 255.255.255.0/25 255.255.255.128/26 255.255.255.192/27 "
     "255.255.255.224/28 255.255.255.240/29 255.255.255.248/30 255.255.255.252/31 255.255.255.254/32"},
    {"IPv6", "2603:1006::/40 2603:1016::/36", "2603:1006::/41 2603:1016:800::-2603:1016:fff:ffff:ffff:ffff:ffff:ffff",
     "2603:1006::/41 2603:1016:800::/37", "2603:1006::/40 2603:1016::/36", "2603:1006:80::/41 2603:1016::/37"},
    {"the last address of IPv6", "ffff::/16", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
     "ffff::/16", NULL},
    {"several holes", "10.0.0.0/24", "10.0.0.0/32 10.0.0.64/26 10.0.0.255", "10.0.0.0/32 10.0.0.64/26 10.0.0.255/32", "10.0.0.0/24",
     "10.0.0.1/32 10.0.0.2/31 10.0.0.4/30 10.0.0.8/29 10.0.0.16/28 10.0.0.32/27 10.0.0.128/26 10.0.0.192/27 10.0.0.224/28 "
     "10.0.0.240/29 10.0.0.248/30 10.0.0.252/31 10.0.0.254/32"},
    {"one hole over several", "10.0.0.0/24 10.0.2.0/24 10.0.4.0/24", "10.0.0.128-10.0.4.127", "10.0.0.128/25 10.0.2.0/24 10.0.4.0/25",
     "10.0.0.0/22 10.0.4.0/24", "10.0.0.0/25 10.0.4.128/25"},
    {"added in any order", "10.0.3.0/24 10.0.1.0/24 10.0.2.0/24 10.0.0.0/24 10.0.1.5", "", "", "10.0.0.0/22", "10.0.0.0/22"},
};

START_TEST(arithmetic_is_exact)
{
	struct prefix_set a = parse(cases[_i].a), b = parse(cases[_i].b);
	assert_is(prefix_set_and(&a, &b), cases[_i].both, cases[_i].name);
	assert_is(prefix_set_and(&b, &a), cases[_i].both, cases[_i].name);
	assert_is(prefix_set_or(&a, &b), cases[_i].either, cases[_i].name);
	assert_is(prefix_set_or(&b, &a), cases[_i].either, cases[_i].name);
	struct prefix_set left = prefix_set_minus(&a, &b);
	if (cases[_i].left != NULL)
		assert_is(prefix_set_copy(&left), cases[_i].left, cases[_i].name);
	prefix_set_merge(&left, &b); /* what was taken out comes back */
	assert_is(left, cases[_i].either, cases[_i].name);
	prefix_set_clear(&a);
	prefix_set_clear(&b);
}
END_TEST

/* A set of 10 bits' worth of addresses beside a plain array of flags: every operation, on sets drawn by a fixed seed. */
enum { SMALL = 1024 };

static uint32_t state = 12345;

static uint32_t draw(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

static struct address small_address(unsigned number)
{
	struct address address = {.family = 4, .bytes = {203, 0, (unsigned char)(number >> 8), (unsigned char)number}};
	return address;
}

static void draw_set(struct prefix_set *set, bool *flags)
{
	prefix_set_init(set);
	memset(flags, 0, SMALL);
	for (uint32_t n = draw(12); n > 0; n--) {
		uint32_t first = draw(SMALL), last = first + draw(SMALL - first < 90 ? SMALL - first : 90);
		struct address low = small_address(first), high = small_address(last);
		prefix_set_add_range(set, &low, &high);
		for (uint32_t i = first; i <= last; i++)
			flags[i] = true;
	}
	prefix_set_settle(set);
}

static void count_addresses(const struct prefix *prefix, void *user)
{
	*(size_t *)user += (size_t)1 << (32 - prefix->length);
}

static void assert_flags(struct prefix_set set, const bool *flags)
{
	size_t wanted = 0, found = 0;
	for (unsigned i = 0; i < SMALL; i++) {
		struct address address = small_address(i);
		ck_assert_int_eq(prefix_set_has(&set, &address), flags[i]);
		wanted += flags[i];
	}
	for (size_t i = 1; i < set.count; i++)
		ck_assert_int_lt(address_compare(&set.items[i - 1].last, &set.items[i].first), 0);
	prefix_set_each(&set, count_addresses, &found);
	ck_assert_uint_eq(found, wanted);
	prefix_set_clear(&set);
}

START_TEST(sets_are_what_an_array_of_flags_says)
{
	for (int round = 0; round < 300; round++) {
		static bool x[SMALL], y[SMALL], z[SMALL];
		struct prefix_set a, b;
		draw_set(&a, x);
		draw_set(&b, y);
		for (int i = 0; i < SMALL; i++)
			z[i] = x[i] && y[i];
		assert_flags(prefix_set_and(&a, &b), z);
		for (int i = 0; i < SMALL; i++)
			z[i] = x[i] || y[i];
		assert_flags(prefix_set_or(&a, &b), z);
		for (int i = 0; i < SMALL; i++)
			z[i] = x[i] && !y[i];
		assert_flags(prefix_set_minus(&a, &b), z);
		struct prefix_set both = prefix_set_and(&a, &b);
		ck_assert_int_eq(prefix_set_meets(&a, &b), !prefix_set_is_empty(&both));
		ck_assert(prefix_set_is_within(&both, &a) && prefix_set_is_within(&both, &b));
		prefix_set_clear(&both);
		prefix_set_clear(&a);
		prefix_set_clear(&b);
	}
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("prefix_set");
	tcase_add_loop_test(tcase, arithmetic_is_exact, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tcase, sets_are_what_an_array_of_flags_says);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/prefix_set", fill)
