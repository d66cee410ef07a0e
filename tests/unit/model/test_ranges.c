#include "model/ranges.h"

#include <string.h>

#include "../check_main.h"

static struct ranges ranges;
static struct error error;

static void setup(void)
{
	ranges_init(&ranges);
	error.text[0] = '\0';
}

static void teardown(void)
{
	ranges_clear(&ranges);
}

static bool has(const char *text)
{
	struct address address;
	ck_assert(address_parse(text, &address));
	return prefix_set_has(&ranges.set, &address);
}

START_TEST(every_cloud_has_a_dated_list)
{
	ranges_builtin(&ranges, (enum cloud)_i);
	ck_assert_uint_gt(ranges.count, 0);
	ck_assert(ranges.dated != TIME_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(ranges.source, cloud_name((enum cloud)_i)));
}
END_TEST

START_TEST(the_worldwide_list_is_that_of_ids_1_and_2)
{
	ranges_builtin(&ranges, CLOUD_WORLDWIDE);
	ck_assert_uint_eq(ranges.count, 27);
	ck_assert_int_eq(ranges.dated, 1786665600); /* 2026-08-14 */
	ck_assert(has("40.96.0.0") && has("40.105.255.255") && has("52.99.255.255") && has("204.79.197.215"));
	ck_assert(has("2603:1006::1") && has("2620:1ec:903:ffff::"));
	ck_assert(!has("40.92.0.1") && !has("52.100.0.1")); /* mail flow, ids 9 and 10 */
	ck_assert(!has("40.106.0.0") && !has("2603:1007::") && !has("2a01:111:f400::1"));
}
END_TEST

START_TEST(former_ranges_are_not_in_the_present_list)
{
	struct prefix_set former = ranges_former();
	ranges_builtin(&ranges, CLOUD_WORLDWIDE);
	ck_assert_uint_gt(former.count, 5);
	ck_assert(!prefix_set_meets(&former, &ranges.set));
	prefix_set_clear(&former);
}
END_TEST

static const struct {
	const char *name, *json;
	int count;         /* -1: refused */
	const char *says; /* a part of the refusal */
} cases[] = {
    {"id 1", "[{\"id\":1,\"serviceArea\":\"Exchange\",\"ips\":[\"40.96.0.0/13\",\"2603:1006::/40\"],\"tcpPorts\":\"80,443\"}]", 2, NULL},
    {"by port", "[{\"id\":5,\"serviceArea\":\"Exchange\",\"ips\":[\"40.96.0.0/13\"],\"tcpPorts\":\"143,993\"}]", 1, NULL},
    {"by a range of ports", "[{\"id\":5,\"serviceArea\":\"Exchange\",\"ips\":[\"40.96.0.0/13\"],\"tcpPorts\":\"25,900-1000\"}]", 1, NULL},
    {"twice", "[{\"id\":1,\"serviceArea\":\"Exchange\",\"ips\":[\"40.96.0.0/13\",\"40.96.0.0/13\"]}]", 1, NULL},
    {"other areas", "[{\"id\":1,\"serviceArea\":\"Exchange\",\"ips\":[\"40.96.0.0/13\"]},{\"id\":31,\"serviceArea\":\"SharePoint\","
                    "\"ips\":[\"13.107.136.0/22\"],\"tcpPorts\":\"993\"}]", 1, NULL},
    {"mail flow", "[{\"id\":10,\"serviceArea\":\"Exchange\",\"ips\":[\"40.92.0.0/15\"],\"tcpPorts\":\"25\"}]", -1, "no range of Exchange Online"},
    {"no ips", "[{\"id\":1,\"serviceArea\":\"Exchange\"}]", -1, "no range of Exchange Online"},
    {"empty array", "[]", -1, "no range"},
    {"empty file", "", -1, "x.json:1: no JSON"},
    {"no JSON", "40.96.0.0/13", -1, "x.json:1: no JSON"},
    {"cut short", "[{\"id\":1,\n\"serv", -1, "x.json:2: no JSON"},
    {"an object", "{\"id\":1}", -1, "no array"},
    {"no prefix", "[{\"id\":1,\"serviceArea\":\"Exchange\",\"ips\":[\"40.96.0.0/33\"]}]", -1, "record 1: '40.96.0.0/33' is no prefix"},
    {"a number for a prefix", "[{\"id\":1,\"serviceArea\":\"Exchange\",\"ips\":[4]}]", -1, "is no prefix"},
    {"numbers and texts mixed up", "[1,\"x\",null,{\"serviceArea\":1,\"id\":\"1\",\"ips\":{}}]", -1, "no range"},
};

START_TEST(downloads_of_the_web_service_are_read)
{
	int result = ranges_parse(&ranges, "x.json", cases[_i].json, strlen(cases[_i].json), &error);
	ck_assert_msg(result == (cases[_i].count < 0 ? -1 : 0), "%s: %s", cases[_i].name, error.text);
	if (cases[_i].count >= 0)
		ck_assert_msg((int)ranges.count == cases[_i].count, "%s: %zu", cases[_i].name, ranges.count);
	else
		ck_assert_msg(strstr(error.text, cases[_i].says) != NULL, "%s: %s", cases[_i].name, error.text);
}
END_TEST

START_TEST(one_family_can_be_kept)
{
	ranges_builtin(&ranges, CLOUD_WORLDWIDE);
	ranges_keep_family(&ranges, 6);
	ck_assert_uint_eq(ranges.count, 16);
	ck_assert(!has("40.96.0.1") && has("2603:1006::1"));
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("ranges");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, every_cloud_has_a_dated_list, 0, CLOUD_COUNT);
	tcase_add_test(tcase, the_worldwide_list_is_that_of_ids_1_and_2);
	tcase_add_test(tcase, former_ranges_are_not_in_the_present_list);
	tcase_add_loop_test(tcase, downloads_of_the_web_service_are_read, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tcase, one_family_can_be_kept);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/ranges", fill)
