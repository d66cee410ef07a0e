#include "cutover/finding.h"

#include "../check_main.h"

static struct policy policy;
static struct findings findings;

static void setup(void)
{
	policy_init(&policy);
	findings_init(&findings);
}

static void teardown(void)
{
	findings_clear(&findings);
	policy_clear(&policy);
}

START_TEST(severity_follows_the_phase)
{
	findings_add(&findings, &policy, FINDING_MX_NOT_MICROSOFT, "contoso.com", "no MX at Microsoft");
	policy.phase = PHASE_AFTER;
	findings_add(&findings, &policy, FINDING_MX_NOT_MICROSOFT, "contoso.com", "no MX at Microsoft");
	ck_assert_int_eq(findings.items[0]->severity, SEVERITY_INFO);
	ck_assert_int_eq(findings.items[1]->severity, SEVERITY_FAIL);
}
END_TEST

START_TEST(settling_sorts_worst_first_and_counts_what_is_ignored)
{
	names_add(&policy.ignore, "ttl-ok");
	findings_add(&findings, &policy, FINDING_TTL_OK, "contoso.com", "300 s");
	findings_add(&findings, &policy, FINDING_PORT_OPEN, "a:993", "open");
	findings_add(&findings, &policy, FINDING_PORT_TIMEOUT, "b:993", "no answer");
	findings_add(&findings, &policy, FINDING_PORT_OPEN, "c:993", "open");
	findings_settle(&findings, &policy);
	ck_assert_uint_eq(findings.count, 3);
	ck_assert_uint_eq(findings.ignored, 1);
	ck_assert_str_eq(findings.items[0]->subject, "b:993");
	ck_assert_str_eq(findings.items[1]->subject, "a:993");
	ck_assert_str_eq(findings.items[2]->subject, "c:993");
}
END_TEST

START_TEST(placeholders_are_filled_and_other_braces_stay)
{
	struct finding *f = findings_add(&findings, &policy, FINDING_PORT_TIMEOUT, "imap.contoso.com:993", "no answer");
	finding_arg(f, "host", "imap.contoso.com");
	finding_arg_int(f, "port", 993);
	char *text = finding_fill(f, "'{host}' {port} {missing} { accept } {subject}");
	ck_assert_str_eq(text, "'imap.contoso.com' 993 ... { accept } imap.contoso.com:993");
	free(text);
}
END_TEST

START_TEST(reasons_are_sorted_and_unique)
{
	struct finding *f = findings_add(&findings, &policy, FINDING_PORT_OPEN, "a", "open");
	static const size_t added[] = {5, 1, 5, 3, 1};
	for (size_t i = 0; i < 5; i++)
		finding_because(f, added[i]);
	ck_assert_uint_eq(f->because_count, 3);
	ck_assert_uint_eq(f->because[0], 1);
	ck_assert_uint_eq(f->because[1], 3);
	ck_assert_uint_eq(f->because[2], 5);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("finding");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, severity_follows_the_phase);
	tcase_add_test(tcase, settling_sorts_worst_first_and_counts_what_is_ignored);
	tcase_add_test(tcase, placeholders_are_filled_and_other_braces_stay);
	tcase_add_test(tcase, reasons_are_sorted_and_unique);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/finding", fill)
