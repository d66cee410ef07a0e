/* check_host() by the sections of RFC 7208; each limit at, below and above its value. */
#include "proto/spf.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "../check_main.h"
#include "base/str.h"
#include "base/xalloc.h"

/* A zone: "name TYPE data|data"; data "!nx" NXDOMAIN, "!fail" SERVFAIL. A name that is not there is NXDOMAIN. */
static const char *const zone[] = {
    "plain.test TXT v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all",
    "two.test TXT v=spf1 -all|v=spf1 +all",
    "other.test TXT hello|v=spf10 -all|v=spf1",
    "none.test TXT nothing here",
    "fail.test TXT !fail",
    "upper.test TXT V=SPF1 IP4:192.0.2.1 ~ALL",
    "a.test TXT v=spf1 a/24 -all",
    "a.test A 192.0.2.77",
    "a.test AAAA 2001:db8:1::1",
    "dual.test TXT v=spf1 a:a.test/32//48 -all",
    "mx.test TXT v=spf1 mx -all",
    "mx.test MX m1.mx.test|m2.mx.test",
    "m1.mx.test A 198.51.100.1",
    "m2.mx.test A 192.0.2.1",
    "inc.test TXT v=spf1 include:plain.test ?all",
    "incfail.test TXT v=spf1 include:allfail.test ~all",
    "allfail.test TXT v=spf1 -all",
    "incnone.test TXT v=spf1 include:none.test -all",
    "inctemp.test TXT v=spf1 include:fail.test -all",
    "incperm.test TXT v=spf1 include:two.test -all",
    "redir.test TXT v=spf1 redirect=plain.test",
    "redirall.test TXT v=spf1 -all redirect=plain.test",
    "redirnone.test TXT v=spf1 redirect=none.test",
    "loop.test TXT v=spf1 include:loop.test -all",
    "bad.test TXT v=spf1 ip4:192.0.2.300 -all",
    "badmech.test TXT v=spf1 ipv4:192.0.2.1 -all",
    "badall.test TXT v=spf1 all:x -all",
    "badcidr.test TXT v=spf1 ip4:192.0.2.0/33 -all",
    "zerocidr.test TXT v=spf1 ip4:192.0.2.0/024 -all",
    "badredirect.test TXT v=spf1 redirect=a.test redirect=a.test",
    "badspec.test TXT v=spf1 include:foo -all",
    "late.test TXT v=spf1 +all ip4:nonsense",
    "unknownmod.test TXT v=spf1 moo=cow.%{d} ip4:192.0.2.1 -all",
    "badmod.test TXT v=spf1 moo=%{q} -all",
    "exists.test TXT v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all",
    "1.2.0.192.in-addr._spf.exists.test A 127.0.0.2",
    "local.test TXT v=spf1 exists:%{l1r-}.%{o}.x.test -all",
    "bob.mail.test.x.test A 127.0.0.2",
    "ptr.test TXT v=spf1 ptr -all",
    "1.2.0.192.in-addr.arpa PTR host.ptr.test|other.example",
    "host.ptr.test A 192.0.2.1",
    "p.test TXT v=spf1 exists:%{p}.ok.test -all",
    "host.ptr.test.ok.test A 127.0.0.2",
    "ten.test TXT v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test ip4:192.0.2.1 -all",
    "eleven.test TXT v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test -all",
    "inten.test TXT v=spf1 include:ten.test -all",
    "eleventh.test TXT v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test redirect=a.test",
    "void2.test TXT v=spf1 a:v1.test a:v2.test ip4:192.0.2.1 -all",
    "void3.test TXT v=spf1 a:v1.test a:v2.test a:v3.test ip4:192.0.2.1 -all",
    "mx10.test TXT v=spf1 mx -all",
    "mx10.test MX m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m2.mx.test",
    "mx11.test TXT v=spf1 mx -all",
    "mx11.test MX m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m2.mx.test",
};

static const char *const type_names[] = {"TXT", "A", "AAAA", "MX", "PTR"};
enum { KEPT = 1024, ITEMS = 16 };
static void *kept[KEPT]; /* what answers point to, until the next test */
static size_t kept_count;

static void *keep(void *memory)
{
	ck_assert_uint_lt(kept_count, KEPT);
	return kept[kept_count++] = memory;
}

static bool look_up(void *user, const char *name, enum spf_type type, struct spf_answer *answer)
{
	(void)user;
	answer->outcome = OUTCOME_NXDOMAIN;
	answer->count = 0;
	for (size_t i = 0; i < sizeof zone / sizeof zone[0]; i++) {
		const char *blank = strchr(zone[i], ' '), *data = strchr(blank + 1, ' ') + 1;
		char *owner = xstrndup(zone[i], (size_t)(blank - zone[i])), *word = xstrndup(blank + 1, (size_t)(data - blank - 2));
		bool is_owner = str_equal_nocase(owner, name), is_type = str_equal(word, type_names[type]);
		free(owner);
		free(word);
		if (!is_owner)
			continue;
		answer->outcome = answer->outcome == OUTCOME_NXDOMAIN ? OUTCOME_NODATA : answer->outcome;
		if (!is_type)
			continue;
		if (str_equal(data, "!fail")) {
			answer->outcome = OUTCOME_SERVFAIL;
			return true;
		}
		const char **items = keep(xcalloc(ITEMS, sizeof *items));
		char *copy = keep(xstrdup(data));
		for (char *at = strtok_r(copy, "|", &copy); at != NULL; at = strtok_r(NULL, "|", &copy))
			items[answer->count++] = at;
		answer->outcome = OUTCOME_OK;
		answer->items = items;
		return true;
	}
	return true;
}

static const struct {
	const char *name, *domain, *address, *sender;
	enum spf_result result;
	int lookups;
	const char *problem;
} cases[] = {
    {"4.4 no such domain", "gone.test", "192.0.2.1", NULL, SPF_NONE, 0, ""},
    {"4.3 a single label", "test", "192.0.2.1", NULL, SPF_NONE, 0, ""},
    {"4.5 no record", "none.test", "192.0.2.1", NULL, SPF_NONE, 0, ""},
    {"4.5 v=spf10 is none, a bare v=spf1 is one", "other.test", "192.0.2.1", NULL, SPF_NEUTRAL, 0, ""},
    {"4.5 two records", "two.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "several SPF records"},
    {"4.4 the server fails", "fail.test", "192.0.2.1", NULL, SPF_TEMPERROR, 0, "fail.test"},
    {"5.6 ip4 inside", "plain.test", "192.0.2.1", NULL, SPF_PASS, 0, ""},
    {"5.6 ip4 outside", "plain.test", "192.0.3.1", NULL, SPF_FAIL, 0, ""},
    {"5.6 ip6 inside", "plain.test", "2001:db8:ffff::1", NULL, SPF_PASS, 0, ""},
    {"5.6 ip6 outside", "plain.test", "2001:db9::1", NULL, SPF_FAIL, 0, ""},
    {"4.6.1 case does not matter", "upper.test", "192.0.2.2", NULL, SPF_SOFTFAIL, 0, ""},
    {"5.3 a with a prefix", "a.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.3 a of the other family", "a.test", "2001:db8:1::1", NULL, SPF_PASS, 1, ""},
    {"5.3 dual prefix, IPv6", "dual.test", "2001:db8:1:ff::9", NULL, SPF_PASS, 1, ""},
    {"5.3 dual prefix, IPv4", "dual.test", "192.0.2.78", NULL, SPF_FAIL, 1, ""},
    {"5.4 mx", "mx.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.4 mx, another address", "mx.test", "192.0.2.2", NULL, SPF_FAIL, 1, ""},
    {"5.2 include passes", "inc.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.2 include that fails does not match", "incfail.test", "192.0.2.1", NULL, SPF_SOFTFAIL, 1, ""},
    {"5.2 include of nothing", "incnone.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "none.test"},
    {"5.2 include with a temperror", "inctemp.test", "192.0.2.1", NULL, SPF_TEMPERROR, 1, "fail.test"},
    {"5.2 include with a permerror", "incperm.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "several SPF records"},
    {"6.1 redirect", "redir.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"6.1 redirect behind all is ignored", "redirall.test", "192.0.2.1", NULL, SPF_FAIL, 0, ""},
    {"6.1 redirect to nothing", "redirnone.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "none.test"},
    {"5.2 an include loop ends at the limit", "loop.test", "192.0.2.1", NULL, SPF_PERMERROR, 11, "more than 10 look-ups"},
    {"4.6 a malformed address", "bad.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4:192.0.2.300"},
    {"4.6 an unknown mechanism", "badmech.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ipv4:192.0.2.1"},
    {"5.1 all takes no argument", "badall.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "all:x"},
    {"5.6 a prefix over 32", "badcidr.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4:192.0.2.0/33"},
    {"5.6 a prefix with a leading zero", "zerocidr.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4:192.0.2.0/024"},
    {"6 redirect twice", "badredirect.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "redirect=a.test"},
    {"7.1 a domain-spec needs a dot", "badspec.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "include:foo"},
    {"4.6 an error behind a match still counts", "late.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4:nonsense"},
    {"6 an unknown modifier is ignored", "unknownmod.test", "192.0.2.1", NULL, SPF_PASS, 0, ""},
    {"6 but must be well formed", "badmod.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "moo=%{q}"},
    {"7 macros i, v, d, reversed", "exists.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"7 macros, another address", "exists.test", "192.0.2.2", NULL, SPF_FAIL, 1, ""},
    {"7.3 macros l and o, split at a dash", "local.test", "192.0.2.1", "bob-smith@mail.test", SPF_PASS, 1, ""},
    {"5.5 ptr", "ptr.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.5 ptr without a name", "ptr.test", "192.0.2.9", NULL, SPF_FAIL, 1, ""},
    {"7.3 macro p", "p.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"4.6.4 ten look-ups", "ten.test", "192.0.2.1", NULL, SPF_PASS, 10, ""},
    {"4.6.4 eleven look-ups", "eleven.test", "192.0.2.1", NULL, SPF_PERMERROR, 11, "more than 10 look-ups"},
    {"4.6.4 the include counts too", "inten.test", "192.0.2.1", NULL, SPF_PERMERROR, 11, "more than 10 look-ups"},
    {"4.6.4 redirect counts too", "eleventh.test", "192.0.2.1", NULL, SPF_PERMERROR, 11, "more than 10 look-ups"},
    {"4.6.4 two voids", "void2.test", "192.0.2.1", NULL, SPF_PASS, 2, ""},
    {"4.6.4 three voids", "void3.test", "192.0.2.1", NULL, SPF_PERMERROR, 3, "more than 2 look-ups without an answer"},
    {"4.6.4 ten hosts of one mx", "mx10.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"4.6.4 eleven hosts of one mx", "mx11.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "more than 10 hosts of one \"mx\""},
};

static void forget(void)
{
	while (kept_count > 0)
		free(kept[--kept_count]);
}

static struct spf_query make_query(const char *domain, const char *address)
{
	struct spf_query query = {.domain = domain, .lookup = look_up};
	query.family = address == NULL ? 0 : strchr(address, ':') != NULL ? 6 : 4;
	if (address != NULL)
		ck_assert_int_eq(inet_pton(query.family == 4 ? AF_INET : AF_INET6, address, query.address), 1);
	return query;
}

START_TEST(check_host_follows_the_rfc)
{
	static struct spf_report report;
	struct spf_query query = make_query(cases[_i].domain, cases[_i].address);
	query.sender = cases[_i].sender;
	enum spf_result result = spf_evaluate(&query, &report);
	ck_assert_msg(result == cases[_i].result, "%s: %s (%s)", cases[_i].name, spf_result_name(result), report.problem);
	ck_assert_msg(report.lookups == cases[_i].lookups, "%s: %d look-ups", cases[_i].name, report.lookups);
	ck_assert_msg(str_equal(report.problem, cases[_i].problem), "%s: problem %s", cases[_i].name, report.problem);
	forget();
}
END_TEST

START_TEST(a_walk_counts_the_worst_case_beyond_the_limit)
{
	static struct spf_report report;
	struct spf_query query = make_query("inten.test", NULL);
	query.is_walk = true;
	spf_evaluate(&query, &report);
	ck_assert_int_eq(report.lookups, 11);
	ck_assert_int_eq(report.row_count, 14);
	ck_assert_str_eq(report.rows[0].term, "include:ten.test");
	ck_assert_int_eq(report.rows[1].depth, 1);
	ck_assert_str_eq(report.rows[1].domain, "ten.test");
	ck_assert_int_eq(report.rows[10].lookups, 11);
	query.domain = "void3.test";
	spf_evaluate(&query, &report);
	ck_assert_int_eq(report.voids, 3);
	ck_assert(report.rows[2].is_void);
	forget();
}
END_TEST

static int budget; /* look-ups answered so far this run, to play a slow network */

static bool look_up_slowly(void *user, const char *name, enum spf_type type, struct spf_answer *answer)
{
	return budget-- > 0 && look_up(user, name, type, answer);
}

START_TEST(an_unknown_answer_makes_it_wait)
{
	static struct spf_report report;
	struct spf_query query = make_query("mx.test", "192.0.2.1");
	query.lookup = look_up_slowly;
	for (int known = 0; known < 4; known++) {
		budget = known;
		ck_assert_int_eq(spf_evaluate(&query, &report), SPF_WAIT);
	}
	budget = 4;
	ck_assert_int_eq(spf_evaluate(&query, &report), SPF_PASS);
	forget();
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("spf");
	tcase_add_loop_test(tcase, check_host_follows_the_rfc, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tcase, a_walk_counts_the_worst_case_beyond_the_limit);
	tcase_add_test(tcase, an_unknown_answer_makes_it_wait);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/spf", fill)
