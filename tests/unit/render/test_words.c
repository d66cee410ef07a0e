#include "render/words.h"

#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "base/xalloc.h"

static struct buf out;

static void setup(void)
{
	buf_init(&out, 4096);
}

static void teardown(void)
{
	buf_clear(&out);
}

static const struct {
	const char *name;
	struct verdict verdict;
	const char *headline;
} headlines[] = {
    {"fail and warn", {.status = SEVERITY_FAIL, .counts = {[SEVERITY_FAIL] = 2, [SEVERITY_WARN] = 1}, .findings = 3}, "NOT READY: 2 fail, 1 warn"},
    {"all", {.status = SEVERITY_PASS, .counts = {[SEVERITY_PASS] = 9}, .findings = 9}, "READY"},
    {"info and skip are ready", {.status = SEVERITY_SKIP, .counts = {[SEVERITY_SKIP] = 1}, .findings = 1}, "READY"},
    {"warn", {.status = SEVERITY_WARN, .counts = {[SEVERITY_WARN] = 1}, .findings = 1}, "READY, with 1 warn"},
    {"warn and unknown", {.status = SEVERITY_WARN, .counts = {[SEVERITY_WARN] = 1, [SEVERITY_UNKNOWN] = 2}, .findings = 3}, "READY AS FAR AS TESTED, with 1 warn, 2 unknown"},
    {"unknown", {.status = SEVERITY_UNKNOWN, .counts = {[SEVERITY_UNKNOWN] = 1}, .findings = 1}, "COULD NOT DECIDE: 1 unknown"},
    {"nothing", {.status = SEVERITY_UNKNOWN}, "COULD NOT DECIDE: nothing was judged"},
    {"all ignored", {.status = SEVERITY_PASS, .findings = 2, .ignored = 2}, "READY"},
    {"interrupted is never ready", {.status = SEVERITY_PASS, .findings = 1, .is_interrupted = true}, "COULD NOT DECIDE: interrupted"},
    {"interrupted before anything", {.status = SEVERITY_UNKNOWN, .is_interrupted = true}, "COULD NOT DECIDE: interrupted"},
    {"interrupted with a warn", {.status = SEVERITY_WARN, .counts = {[SEVERITY_WARN] = 1}, .findings = 1, .is_interrupted = true}, "COULD NOT DECIDE: 1 warn, interrupted"},
    {"interrupted with a fail", {.status = SEVERITY_FAIL, .counts = {[SEVERITY_FAIL] = 1}, .findings = 1, .is_interrupted = true}, "NOT READY: 1 fail, interrupted"},
};

START_TEST(the_headline_says_the_verdict)
{
	words_headline(&out, &headlines[_i].verdict);
	ck_assert_msg(strcmp(out.bytes, headlines[_i].headline) == 0, "%s: %s", headlines[_i].name, out.bytes);
}
END_TEST

static const struct {
	int64_t milliseconds;
	const char *text;
} durations[] = {{0, "0 ms"}, {999, "999 ms"}, {1000, "1.0 s"}, {15000, "15.0 s"}, {10012, "10.0 s"}};

START_TEST(durations_are_short)
{
	words_duration(&out, durations[_i].milliseconds);
	ck_assert_str_eq(out.bytes, durations[_i].text);
}
END_TEST

static const struct {
	int64_t seconds, now;
	const char *text;
} distances[] = {{100, 100, "now"}, {160, 100, "in 1 min"}, {100, 3700, "1 h ago"}};

START_TEST(distances_have_a_direction)
{
	words_distance(&out, distances[_i].seconds, distances[_i].now);
	ck_assert_str_eq(out.bytes, distances[_i].text);
}
END_TEST

START_TEST(times_are_to_the_minute_in_utc)
{
	words_time(&out, 1780351200);
	buf_puts(&out, ", ");
	words_time(&out, TIME_UNKNOWN);
	ck_assert_str_eq(out.bytes, "2026-06-01 22:00 UTC, unknown");
}
END_TEST

START_TEST(a_report_is_named_by_what_is_known)
{
	struct run_info run = {.command = "port"};
	struct policy policy;
	struct evidence evidence;
	struct findings findings;
	policy_init(&policy);
	evidence_init(&evidence);
	findings_init(&findings);
	struct report report = {.run = &run, .policy = &policy, .evidence = &evidence, .findings = &findings};
	ck_assert_str_eq(words_title(&report), "the run");
	evidence_take(&evidence, observation_new("port", "seen.example:993", NULL, 0));
	ck_assert_str_eq(words_title(&report), "seen.example:993");
	findings_add(&findings, &policy, FINDING_PORT_OPEN, "found.example:993", "open");
	ck_assert_str_eq(words_title(&report), "found.example:993");
	policy.imap_host = xstrdup("imap.example");
	ck_assert_str_eq(words_title(&report), "imap.example");
	policy.domain = xstrdup("contoso.com");
	ck_assert_str_eq(words_title(&report), "contoso.com");
	words_places(&out, &report);
	ck_assert_str_eq(out.bytes, "");
	evidence.observations[0]->vantage = xstrdup("site-b");
	run.vantage = "site-a";
	words_places(&out, &report);
	ck_assert_str_eq(out.bytes, ", seen from site-a, site-b");
	findings_clear(&findings);
	evidence_clear(&evidence);
	policy_clear(&policy);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("words");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, the_headline_says_the_verdict, 0, sizeof headlines / sizeof headlines[0]);
	tcase_add_loop_test(tcase, durations_are_short, 0, sizeof durations / sizeof durations[0]);
	tcase_add_loop_test(tcase, distances_have_a_direction, 0, sizeof distances / sizeof distances[0]);
	tcase_add_test(tcase, times_are_to_the_minute_in_utc);
	tcase_add_test(tcase, a_report_is_named_by_what_is_known);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("render/words", fill)
