/* The limits of RFC 7208 and ours, each at, below and above its value, by every mechanism that they count. */
#include "proto/spf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "base/str.h"
#include "model/spf_record.h"

#define MANY_LOOKUPS "more than 10 look-ups"
#define MANY_VOIDS "more than 2 look-ups without an answer"
#define MANY_HOSTS "more than 10 hosts of one \"mx\""
#define DEEP "includes nested too deep"
#define ADDRESS "192.0.2.1"

enum { ITEMS = 16, ITEM_BYTES = 64 };

/*
 * The zone: below hit.test all have the sender's address, below miss.test another one and a record that lets nobody pass; below
 * void.test nothing exists, below empty.test all names are without records. nN.in.test includes n(N-1).in.test, nN.to.test
 * redirects to n(N-1).to.test, n0 of both lets the sender pass. hN.mx.test has N hosts, the last of them the sender.
 */
struct zone {
	struct buf record; /* of contoso.test */
	int names;         /* of the sender's address, the last of them below hit.test */
	char items[SPF_TYPE_PTR + 1][ITEMS][ITEM_BYTES];
	const char *pointers[SPF_TYPE_PTR + 1][ITEMS];
};

/* Items of the kind: all but the last below miss.test. */
static void give_names(struct spf_answer *answer, char items[ITEMS][ITEM_BYTES], int count)
{
	for (int i = 0; i < count; i++)
		snprintf(items[i], ITEM_BYTES, i == count - 1 ? "last.hit.test" : "n%d.miss.test", i);
	answer->count = (size_t)count;
}

/* The record of a name of the two chains. */
static void give_chain(struct spf_answer *answer, char *item, const char *name)
{
	int number = atoi(name + 1);
	bool is_include = str_in_domain(name, "in.test");
	if (number == 0)
		snprintf(item, ITEM_BYTES, "v=spf1 ip4:" ADDRESS " -all");
	else
		snprintf(item, ITEM_BYTES, is_include ? "v=spf1 include:n%d.in.test -all" : "v=spf1 redirect=n%d.to.test", number - 1);
	answer->count = 1;
}

static bool look_up(void *user, const char *name, enum spf_type type, struct spf_answer *answer)
{
	struct zone *zone = user;
	char(*items)[ITEM_BYTES] = zone->items[type];
	bool is_hit = str_in_domain(name, "hit.test"), is_miss = str_in_domain(name, "miss.test");
	*answer = (struct spf_answer){.outcome = OUTCOME_OK, .items = zone->pointers[type]};
	for (int i = 0; i < ITEMS; i++)
		zone->pointers[type][i] = items[i];
	if (type == SPF_TYPE_TXT && str_equal(name, "contoso.test")) {
		zone->pointers[type][0] = zone->record.bytes;
		answer->count = 1;
	} else if (type == SPF_TYPE_TXT && (str_in_domain(name, "in.test") || str_in_domain(name, "to.test"))) {
		give_chain(answer, items[0], name);
	} else if (type == SPF_TYPE_PTR) {
		give_names(answer, items, zone->names);
	} else if (type == SPF_TYPE_MX && (str_in_domain(name, "mx.test") || is_miss)) {
		give_names(answer, items, is_miss ? 2 : atoi(name + 1));
		if (is_miss)
			answer->count = 1;
	} else if (is_hit || is_miss) {
		snprintf(items[0], ITEM_BYTES, "%s", type == SPF_TYPE_TXT ? "v=spf1 -all" : is_hit ? ADDRESS : "198.51.100.1");
		answer->count = 1;
	}
	if (answer->count == 0)
		answer->outcome = str_in_domain(name, "empty.test") ? OUTCOME_NODATA : OUTCOME_NXDOMAIN;
	return true;
}

/* `times` times the filler, then the end. */
static void write_record(struct zone *zone, const char *filler, int times, const char *end)
{
	buf_init(&zone->record, 65536);
	buf_puts(&zone->record, "v=spf1");
	for (int i = 0; i < times; i++)
		buf_printf(&zone->record, " %s", filler);
	buf_printf(&zone->record, " %s", end);
}

static void ck_evaluates(struct zone *zone, bool is_walk, enum spf_result wanted, const char *problem)
{
	static struct spf_report report;
	struct spf_query query = {.domain = "contoso.test", .family = is_walk ? 0 : 4, .address = {192, 0, 2, 1}, .is_walk = is_walk,
	                          .lookup = look_up, .user = zone};
	enum spf_result result = spf_evaluate(&query, &report);
	ck_assert_msg(result == wanted && str_equal(report.problem, problem), "%s (%s): %.200s", spf_result_name(result), report.problem,
	              zone->record.bytes);
	buf_clear(&zone->record);
}

/* 4.6.4: ten look-ups. The last one passes; what is in front of it asks and does not match. */
static const char *const last_terms[] = {"a:x.hit.test -all",     "mx:h1.mx.test -all", "include:n0.in.test -all",
                                         "exists:x.hit.test -all", "ptr:hit.test -all",  "redirect=n0.to.test"};

START_TEST(ten_lookups_the_last_by_each_mechanism)
{
	static struct zone zone = {.names = 1};
	for (int count = 9; count <= 11; count++) {
		write_record(&zone, "a:x.miss.test", count - 1, last_terms[_i]);
		ck_evaluates(&zone, false, count <= 10 ? SPF_PASS : SPF_PERMERROR, count <= 10 ? "" : MANY_LOOKUPS);
	}
}
END_TEST

static const char *const fillers[] = {"a:x.miss.test", "mx:x.miss.test", "include:x.miss.test", "ptr:other.test", "a:x.miss.test/31//64"};

START_TEST(ten_lookups_all_by_one_mechanism)
{
	static struct zone zone = {.names = 1};
	for (int count = 9; count <= 11; count++) {
		write_record(&zone, fillers[_i], count, "ip4:" ADDRESS " -all");
		ck_evaluates(&zone, false, count <= 10 ? SPF_PASS : SPF_PERMERROR, count <= 10 ? "" : MANY_LOOKUPS);
	}
}
END_TEST

/* 4.6.4: two look-ups without an answer, by a name that does not exist and by one without records. */
static const char *const voids[] = {"a:x.void.test",     "a:x.empty.test",      "mx:x.void.test", "mx:x.empty.test",
                                    "exists:x.void.test", "exists:x.empty.test", "ptr:hit.test"};

START_TEST(two_voids_by_each_mechanism)
{
	static struct zone zone; /* the address has no name */
	for (int count = 1; count <= 3; count++) {
		write_record(&zone, voids[_i], count, "ip4:" ADDRESS " -all");
		ck_evaluates(&zone, false, count <= 2 ? SPF_PASS : SPF_PERMERROR, count <= 2 ? "" : MANY_VOIDS);
	}
}
END_TEST

/* An include or a redirect without a record is a permanent error by itself (5.2, 6.1); as the third void it is that error. */
START_TEST(two_voids_then_a_record_that_is_not_there)
{
	static struct zone zone;
	static const char *const ends[] = {"include:x.void.test -all", "redirect=x.void.test"};
	for (int count = 0; count <= 2; count++) {
		write_record(&zone, "a:y.void.test", count, ends[_i]);
		ck_evaluates(&zone, false, SPF_PERMERROR, count < 2 ? "x.void.test" : MANY_VOIDS);
	}
}
END_TEST

START_TEST(ten_hosts_of_one_mx)
{
	static struct zone zone;
	static const char *const ends[] = {"mx:h9.mx.test -all", "mx:h10.mx.test -all", "mx:h11.mx.test -all"};
	for (int i = 0; i < 3; i++) {
		write_record(&zone, "", 0, ends[i]);
		ck_evaluates(&zone, false, i < 2 ? SPF_PASS : SPF_PERMERROR, i < 2 ? "" : MANY_HOSTS);
	}
}
END_TEST

/* An eleventh name is not looked at, which is no error (4.6.4). */
START_TEST(ten_names_of_one_ptr)
{
	static struct zone zone;
	for (zone.names = 9; zone.names <= 11; zone.names++) {
		write_record(&zone, "", 0, "ptr:hit.test -all");
		ck_evaluates(&zone, false, zone.names <= 10 ? SPF_PASS : SPF_FAIL, "");
		write_record(&zone, "", 0, "exists:%{p} -all");
		ck_evaluates(&zone, false, zone.names <= 10 ? SPF_PASS : SPF_FAIL, "");
	}
}
END_TEST

/* Records inside records: each level is a look-up, so ten of them; a walk goes on to our own depth. */
START_TEST(nesting_ends_at_the_limit)
{
	static struct zone zone;
	char end[ITEM_BYTES];
	for (int count = 9; count <= 11; count++) {
		snprintf(end, sizeof end, _i == 0 ? "include:n%d.in.test -all" : "redirect=n%d.to.test", count - 1);
		write_record(&zone, "", 0, end);
		ck_evaluates(&zone, false, count <= 10 ? SPF_PASS : SPF_PERMERROR, count <= 10 ? "" : MANY_LOOKUPS);
	}
	for (int count = SPF_DEPTH - 1; count <= SPF_DEPTH + 1; count++) {
		snprintf(end, sizeof end, _i == 0 ? "include:n%d.in.test ?all" : "redirect=n%d.to.test", count - 1);
		write_record(&zone, "", 0, end);
		enum spf_result wanted = count > SPF_DEPTH ? SPF_PERMERROR : _i == 0 ? SPF_NEUTRAL : SPF_FAIL;
		ck_evaluates(&zone, true, wanted, count > SPF_DEPTH ? DEEP : "");
	}
}
END_TEST

/* No limit of the RFC, but of ours: far more than 64 KiB of TXT can hold of what asks for something. */
START_TEST(terms_of_one_record)
{
	static struct zone zone;
	for (int count = SPF_TERMS - 1; count <= SPF_TERMS + 1; count++) {
		write_record(&zone, "ip4:198.51.100.1", count - 2, "ip4:" ADDRESS " -all");
		ck_evaluates(&zone, false, count <= SPF_TERMS ? SPF_PASS : SPF_PERMERROR, count <= SPF_TERMS ? "" : "-all");
	}
}
END_TEST

/* 5.6, 5.3: prefix lengths. The sender is 192.0.2.1; nobody has leading zeros, and each family its own most. */
static const struct {
	const char *term;
	enum spf_result result;
	const char *problem;
} prefixes[] = {
    {"ip4:192.0.2.0/31", SPF_PASS, ""},
    {"ip4:192.0.2.0/32", SPF_FAIL, ""},
    {"ip4:192.0.2.0/33", SPF_PERMERROR, "ip4:192.0.2.0/33"},
    {"ip4:10.0.0.0/0", SPF_PASS, ""},
    {"ip4:10.0.0.0/00", SPF_PERMERROR, "ip4:10.0.0.0/00"},
    {"ip4:192.0.2.0/", SPF_PERMERROR, "ip4:192.0.2.0/"},
    {"ip4:192.0.2.0/-1", SPF_PERMERROR, "ip4:192.0.2.0/-1"},
    {"ip6:2001:db8::/127", SPF_FAIL, ""},
    {"ip6:2001:db8::/128", SPF_FAIL, ""},
    {"ip6:2001:db8::/129", SPF_PERMERROR, "ip6:2001:db8::/129"},
    {"ip6:2001:db8::/064", SPF_PERMERROR, "ip6:2001:db8::/064"},
    {"a:x.hit.test/32//128", SPF_PASS, ""},
    {"a:x.hit.test/33", SPF_PERMERROR, "a:x.hit.test/33"},
    {"a:x.hit.test//129", SPF_PERMERROR, "a:x.hit.test//129"},
    {"a:x.hit.test/32/128", SPF_PERMERROR, "a:x.hit.test/32/128"},
    {"a:x.hit.test//", SPF_PERMERROR, "a:x.hit.test//"},
    {"mx:h1.mx.test/0//0", SPF_PASS, ""},
    {"mx:h1.mx.test/33", SPF_PERMERROR, "mx:h1.mx.test/33"},
    {"mx//129", SPF_PERMERROR, "mx//129"},
    {"ptr:hit.test/24", SPF_PERMERROR, "ptr:hit.test/24"},
    {"include:n0.in.test/24", SPF_PERMERROR, "include:n0.in.test/24"},
    {"a:x/24.hit.test", SPF_PASS, ""},
    {"a:x.hit.test/24.", SPF_PERMERROR, "a:x.hit.test/24."},
};

START_TEST(prefix_lengths)
{
	static struct zone zone = {.names = 1};
	char end[ITEM_BYTES];
	snprintf(end, sizeof end, "%s -all", prefixes[_i].term);
	write_record(&zone, "", 0, end);
	ck_evaluates(&zone, false, prefixes[_i].result, prefixes[_i].problem);
}
END_TEST

#define COUNT(list) (int)(sizeof(list) / sizeof(list)[0])

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("spf limits");
	tcase_add_loop_test(tcase, ten_lookups_the_last_by_each_mechanism, 0, COUNT(last_terms));
	tcase_add_loop_test(tcase, ten_lookups_all_by_one_mechanism, 0, COUNT(fillers));
	tcase_add_loop_test(tcase, two_voids_by_each_mechanism, 0, COUNT(voids));
	tcase_add_loop_test(tcase, two_voids_then_a_record_that_is_not_there, 0, 2);
	tcase_add_test(tcase, ten_hosts_of_one_mx);
	tcase_add_test(tcase, ten_names_of_one_ptr);
	tcase_add_loop_test(tcase, nesting_ends_at_the_limit, 0, 2);
	tcase_add_test(tcase, terms_of_one_record);
	tcase_add_loop_test(tcase, prefix_lengths, 0, COUNT(prefixes));
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/spf_limits", fill)
