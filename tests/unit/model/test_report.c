#include "cutover/report.h"

#include "../check_main.h"

/* A warning is there in all of them. */
static const struct {
	const char *name;
	enum run_end end;
	bool is_interrupted;
	int exit_code;
} endings[] = {
    {"the findings decide", END_BY_FINDINGS, false, 1},
    {"what was awaited came", END_AWAITED, false, 0},
    {"the deadline came first", END_LATE, false, 4},
    {"interrupted", END_BY_FINDINGS, true, 130},
    {"interrupted at the end", END_AWAITED, true, 130},
};

START_TEST(the_end_of_the_run_gives_the_exit_code)
{
	struct policy policy;
	struct findings findings;
	struct run_info run = {.command = "watch", .end = endings[_i].end, .is_interrupted = endings[_i].is_interrupted};
	policy_init(&policy);
	findings_init(&findings);
	findings_add(&findings, &policy, FINDING_TTL_TOO_LONG, "contoso.com", "86400 s");
	const struct verdict verdict = report_verdict(&(struct report){.run = &run, .policy = &policy, .findings = &findings}, 1);
	ck_assert_int_eq(verdict.status, SEVERITY_WARN);
	ck_assert_msg(verdict.exit_code == endings[_i].exit_code, "%s: %d", endings[_i].name, verdict.exit_code);
	findings_clear(&findings);
	policy_clear(&policy);
}
END_TEST

START_TEST(without_a_finding_nothing_is_decided)
{
	struct findings findings;
	struct run_info run = {.command = "before"};
	findings_init(&findings);
	ck_assert_int_eq(report_verdict(NULL, 0).exit_code, 3);
	ck_assert_int_eq(report_verdict(&(struct report){.run = &run, .findings = &findings}, 1).exit_code, 3);
	findings_clear(&findings);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("report");
	tcase_add_loop_test(tcase, the_end_of_the_run_gives_the_exit_code, 0, sizeof endings / sizeof endings[0]);
	tcase_add_test(tcase, without_a_finding_nothing_is_decided);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/report", fill)
