#include "../check_main.h"
#include "../../replay/dns_world.h"

#include <string.h>

#include "rule/authority.h"
#include "rule/dns_rows.h"
#include "rule/mx_set.h"

static struct world world;
static struct findings findings;
static struct dns_view view;

static void setup(void)
{
	world_init(&world);
	findings_init(&findings);
}

static void teardown(void)
{
	dns_view_clear(&view);
	findings_clear(&findings);
	world_clear(&world);
}

static bool look(void)
{
	return dns_view_init(&view, &world.evidence, &world.policy, &findings);
}

/* The index of the answer that counts for the domain's MX, or -1. */
static int best_mx(void)
{
	ck_assert(look());
	const struct dns_entry *best = dns_view_best(&view, "CONTOSO.com", "MX");
	return best != NULL ? (int)best->index : -1;
}

static void soa(int server, int64_t serial)
{
	add_soa(ask_zone(&world, server, "contoso.com", "SOA", OUTCOME_OK), serial, 300);
}

START_TEST(nothing_asked_is_no_view)
{
	ck_assert(!look());
}
END_TEST

START_TEST(an_authoritative_server_goes_before_a_resolver)
{
	ask_resolver(&world, "contoso.com", "MX", OUTCOME_OK);
	ask_zone(&world, NS2, "contoso.com", "MX", OUTCOME_NODATA);
	ck_assert_int_eq(best_mx(), 1);
}
END_TEST

START_TEST(the_newest_zone_goes_before_others)
{
	soa(NS1, 7);
	soa(NS2, 8);
	ask_zone(&world, NS1, "contoso.com", "MX", OUTCOME_OK);
	ask_zone(&world, NS2, "contoso.com", "MX", OUTCOME_OK);
	ck_assert_int_eq(best_mx(), 3);
}
END_TEST

/* RFC 1982: 1 is newer than 4294967295. */
START_TEST(serials_go_round)
{
	soa(NS1, 4294967295);
	soa(NS2, 1);
	ask_zone(&world, NS1, "contoso.com", "MX", OUTCOME_OK);
	ask_zone(&world, NS2, "contoso.com", "MX", OUTCOME_OK);
	ck_assert_int_eq(best_mx(), 3);
}
END_TEST

START_TEST(a_newest_zone_that_did_not_answer_leaves_the_word_to_others)
{
	soa(NS1, 7);
	soa(NS2, 8);
	ask_zone(&world, NS1, "contoso.com", "MX", OUTCOME_OK);
	ask_zone(&world, NS2, "contoso.com", "MX", OUTCOME_TIMEOUT);
	ck_assert_int_eq(best_mx(), 2);
}
END_TEST

START_TEST(no_authority_no_word)
{
	give(ask_zone(&world, NS1, "contoso.com", "MX", OUTCOME_OK), BOOL(DNS_AA, false));
	ask_zone(&world, NS2, "contoso.com", "MX", OUTCOME_SERVFAIL);
	ask_parent(&world, OUTCOME_OK);
	ck_assert_int_eq(best_mx(), -1);
}
END_TEST

START_TEST(what_a_cache_holds_is_no_answer_for_the_zone)
{
	give(ask_resolver(&world, "contoso.com", "MX", OUTCOME_OK), TEXT(DNS_PURPOSE, "cache"));
	ck_assert_int_eq(best_mx(), -1);
}
END_TEST

/* The same address under two names, and one address seen from two places, are rows of their own. */
START_TEST(servers_are_told_apart_by_name_address_and_place)
{
	struct authority authority;
	soa(NS1, 7);
	ask_zone(&world, NS1, "contoso.com", "MX", OUTCOME_NODATA);
	soa(NS1, 7);
	world.evidence.observations[2]->vantage = strdup("branch");
	soa(NS2, 7);
	ck_assert(look());
	authority_init(&authority, &view);
	ck_assert_uint_eq(authority.count, 3);
	ck_assert(authority.items[0].is_authoritative && authority.items[0].mx != NULL && authority.items[1].mx == NULL);
	ck_assert(!authority_is_repeated(&authority, 0) && authority_is_repeated(&authority, 1));
	ck_assert_uint_eq(authority_next(&authority, 0), 1);
	ck_assert_uint_eq(authority_next(&authority, 1), 3);
	ck_assert_int_eq(authority_ttl(&authority), -1);
	ck_assert(!authority_is_heard(&authority));
	authority_clear(&authority);
}
END_TEST

START_TEST(rows_with_gaps_keep_their_cells_together)
{
	static const enum fact_key keys[] = {FACT_DNS_MX_HOST, FACT_DNS_MX_TTL};
	struct dns_rows rows;
	struct observation *o = ask_zone(&world, NS1, "contoso.com", "MX", OUTCOME_OK);
	give(o, ROW_INT(DNS_MX_TTL, 0, 1), ROW_TEXT(DNS_MX_HOST, 1, "b"), ROW_TEXT(DNS_MX_HOST, 3, "d"), ROW_INT(DNS_MX_TTL, 3, 4));
	dns_rows_read(&rows, o, keys, 2);
	ck_assert_uint_eq(rows.count, 2);
	ck_assert_str_eq(dns_rows_text(&rows, 0, 0), "b");
	ck_assert_int_eq(dns_rows_int(&rows, 0, 1), 0);
	ck_assert_str_eq(dns_rows_text(&rows, 1, 0), "d");
	ck_assert_int_eq(dns_rows_int(&rows, 1, 1), 4);
	dns_rows_clear(&rows);
}
END_TEST

/* A recording may name any row number: the ceiling holds, and memory with it. */
START_TEST(rows_beyond_the_ceiling_are_left_out)
{
	static const enum fact_key keys[] = {FACT_DNS_NS_HOST};
	struct dns_rows rows;
	struct observation *o = ask_zone(&world, NS1, "contoso.com", "NS", OUTCOME_OK);
	give(o, ROW_TEXT(DNS_NS_HOST, DNS_ROWS - 1, "last"), ROW_TEXT(DNS_NS_HOST, DNS_ROWS, "over"),
	     ROW_TEXT(DNS_NS_HOST, UINT32_MAX - 1, "far"));
	dns_rows_read(&rows, o, keys, 1);
	ck_assert_uint_eq(rows.count, 1);
	ck_assert_str_eq(dns_rows_text(&rows, 0, 0), "last");
	dns_rows_clear(&rows);
}
END_TEST

START_TEST(sets_are_sorted_and_said_shortly)
{
	struct mx_set set, same;
	struct buf words;
	buf_init(&words, 1024);
	struct observation *o = ask_zone(&world, NS1, "contoso.com", "MX", OUTCOME_OK);
	struct observation *other = ask_zone(&world, NS2, "contoso.com", "MX", OUTCOME_OK);
	static const char *const hosts[] = {"h", "g", "f", "e", "d", "c", "b", "a"};
	for (size_t i = 0; i < 8; i++) {
		add_mx(o, 10, hosts[i], (int64_t)(100 + i));
		add_mx(other, 10, hosts[7 - i], 100);
	}
	mx_set_read(&set, o);
	mx_set_read(&same, other);
	mx_set_say(&words, &set);
	ck_assert_str_eq(words.bytes, "10 a, 10 b, 10 c, 10 d, 10 e, 10 f and 2 more");
	ck_assert(mx_set_equal(&set, &same));
	ck_assert_int_eq(mx_set_ttl(&set), 107);
	set.items[0].preference = 5;
	ck_assert(!mx_set_equal(&set, &same));
	mx_set_clear(&set);
	mx_set_clear(&same);
	buf_clear(&words);
}
END_TEST

START_TEST(no_set_says_so)
{
	struct mx_set set;
	struct buf words;
	buf_init(&words, 1024);
	mx_set_read(&set, ask_zone(&world, NS1, "contoso.com", "MX", OUTCOME_NODATA));
	mx_set_say(&words, &set);
	ck_assert_str_eq(words.bytes, "no MX");
	ck_assert_int_eq(mx_set_ttl(&set), -1);
	mx_set_clear(&set);
	buf_clear(&words);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("dns_view");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, nothing_asked_is_no_view);
	tcase_add_test(tcase, an_authoritative_server_goes_before_a_resolver);
	tcase_add_test(tcase, the_newest_zone_goes_before_others);
	tcase_add_test(tcase, serials_go_round);
	tcase_add_test(tcase, a_newest_zone_that_did_not_answer_leaves_the_word_to_others);
	tcase_add_test(tcase, no_authority_no_word);
	tcase_add_test(tcase, what_a_cache_holds_is_no_answer_for_the_zone);
	tcase_add_test(tcase, servers_are_told_apart_by_name_address_and_place);
	tcase_add_test(tcase, rows_with_gaps_keep_their_cells_together);
	tcase_add_test(tcase, rows_beyond_the_ceiling_are_left_out);
	tcase_add_test(tcase, sets_are_sorted_and_said_shortly);
	tcase_add_test(tcase, no_set_says_so);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("rule/dns_view", fill)
