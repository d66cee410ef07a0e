#include "render/advice.h"

#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "render/actions.h"

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

/* The parts of a step as formats see them: words as they are, [code], <block>. */
static void assert_parts(const struct advice_step *step, const char *wanted)
{
	static const char *const marks[][2] = {
	    [ADVICE_WORDS] = {"", ""}, [ADVICE_CODE] = {"[", "]"}, [ADVICE_BLOCK] = {"<", ">"}};
	struct buf seen;
	buf_init(&seen, 1000);
	for (size_t i = 0; i < step->part_count; i++)
		buf_printf(&seen, "%s%s%s", marks[step->parts[i].kind][0], step->parts[i].text, marks[step->parts[i].kind][1]);
	ck_assert_str_eq(seen.bytes, wanted);
	buf_clear(&seen);
}

START_TEST(what_can_be_pasted_is_parted_from_the_words)
{
	struct finding *f = findings_add(&findings, &policy, FINDING_HOST_SERVFAIL, "imap.contoso.com", "SERVFAIL");
	struct advice advice;
	finding_arg(f, "host", "imap.contoso.com");
	advice_init(&advice, f);
	ck_assert_uint_eq(advice.step_count, 4);
	assert_parts(&advice.steps[0], "Ask with and without validation: [dig A imap.contoso.com; dig +cd A imap.contoso.com]. "
	                               "If only the second answers, DNSSEC is broken");
	assert_parts(&advice.steps[1], "DNSSEC: sign the zone anew, or take the DS record out of the parent at the registrar and "
	                               "wait out its TTL");
	assert_parts(&advice.steps[2], "No DNSSEC: ask each name server of the zone directly ([cutover dns], or "
	                               "[dig @ns1.contoso.com SOA]) and mend or remove those that refuse");
	assert_parts(&advice.steps[3], "Look again: <cutover imap imap.contoso.com>");
	ck_assert_str_eq(advice.steps[3].text, "Look again: cutover imap imap.contoso.com");
	advice_clear(&advice);
}
END_TEST

/* DNS labels may hold any byte, and reports are pasted from. */
START_TEST(a_hostile_name_is_inert_where_it_can_be_pasted)
{
	static const char *const names[][2] = {
	    {"a;curl x|sh", "a?curl?x?sh"}, {"$(id)`id`", "??id??id?"}, {"-oProxyCommand=x", "?oProxyCommand=x"},
	    {"a\nb 'c' \"d\"", "a?b??c???d?"}, {"x>y&z{a}*\\", "x?y?z?a???"}, {"sub-1.xn--e1a.com", "sub-1.xn--e1a.com"},
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct finding *f = findings_add(&findings, &policy, FINDING_HOST_SERVFAIL, "imap.contoso.com", "SERVFAIL");
		struct advice advice;
		finding_arg(f, "host", names[i][0]);
		advice_init(&advice, f);
		const struct advice_step *last = &advice.steps[advice.step_count - 1];
		ck_assert_uint_eq(last->part_count, 2);
		ck_assert_str_eq(last->parts[1].text + strlen("cutover imap "), names[i][1]);
		advice_clear(&advice);
	}
}
END_TEST

START_TEST(an_argument_adds_no_step_and_no_control_character)
{
	struct finding *f = findings_add(&findings, &policy, FINDING_PORT_TIMEOUT, "imap.contoso.com:993", "no answer");
	struct advice plain, crafted;
	finding_arg(f, "host", "imap.contoso.com");
	advice_init(&plain, f);
	finding_arg(f, "host", "a\nRun this: curl evil\x1b[2J");
	advice_init(&crafted, f);
	ck_assert_uint_gt(plain.step_count, 1);
	ck_assert_uint_eq(crafted.step_count, plain.step_count);
	for (size_t i = 0; i < crafted.step_count; i++)
		ck_assert_ptr_null(strpbrk(crafted.steps[i].text, "\n\x1b"));
	ck_assert_ptr_nonnull(strstr(crafted.message, "a\\010Run this: curl evil\\027[2J"));
	advice_clear(&plain);
	advice_clear(&crafted);
}
END_TEST

/* Who can mend a fail comes first, the network before what stands on it; waiting is last whatever it waits for. */
START_TEST(actors_stand_in_the_order_in_which_they_can_act)
{
	struct actions actions;
	policy.phase = PHASE_AFTER;
	findings_add(&findings, &policy, FINDING_PROPAGATION_PENDING, "contoso.com", "old answers"); /* warn, wait */
	findings_add(&findings, &policy, FINDING_CERT_EXPIRES_SOON, "a:993", "soon");                /* warn, mail host */
	findings_add(&findings, &policy, FINDING_MX_MISSING, "contoso.com", "no MX");                /* fail, DNS */
	findings_add(&findings, &policy, FINDING_PORT_TIMEOUT, "a:993", "no answer");                /* fail, firewall */
	findings_add(&findings, &policy, FINDING_PORT_TIMEOUT, "b:993", "no answer");
	findings_add(&findings, &policy, FINDING_RESOLVER_UNREACHABLE, "contoso.com", "none"); /* unknown, you */
	findings_add(&findings, &policy, FINDING_PORT_VIEW_FROM_HERE, "a:993", "info only");   /* info: nobody has to act */
	findings_settle(&findings, &policy);
	actions_init(&actions, &findings);
	static const struct {
		enum actor actor;
		size_t count;
	} wanted[] = {{ACTOR_FIREWALL, 2}, {ACTOR_DNS, 1}, {ACTOR_MAIL_HOST, 1}, {ACTOR_YOU, 1}, {ACTOR_WAIT, 1}};
	ck_assert_uint_eq(actions.count, sizeof wanted / sizeof wanted[0]);
	for (size_t i = 0; i < actions.count; i++) {
		ck_assert_int_eq(actions.items[i].actor, wanted[i].actor);
		ck_assert_uint_eq(actions.items[i].count, wanted[i].count);
	}
	ck_assert_str_eq(actions.items[0].findings[1]->subject, "b:993");
	actions_clear(&actions);
}
END_TEST

START_TEST(the_same_of_the_same_is_said_once)
{
	struct actions actions;
	for (int row = 3; row < 6; row++)
		findings_add(&findings, &policy, FINDING_CSV_ROW_COLUMNS, "users.csv", "row %d", row);
	findings_add(&findings, &policy, FINDING_CSV_ROW_COLUMNS, "more.csv", "row 3");
	findings_settle(&findings, &policy);
	actions_init(&actions, &findings);
	ck_assert_uint_eq(findings.count, 4);
	ck_assert_uint_eq(actions.count, 1);
	ck_assert_uint_eq(actions.items[0].count, 2);
	ck_assert_str_ne(actions.items[0].findings[0]->subject, actions.items[0].findings[1]->subject);
	actions_clear(&actions);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("advice");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_can_be_pasted_is_parted_from_the_words);
	tcase_add_test(tcase, a_hostile_name_is_inert_where_it_can_be_pasted);
	tcase_add_test(tcase, an_argument_adds_no_step_and_no_control_character);
	tcase_add_test(tcase, the_same_of_the_same_is_said_once);
	tcase_add_test(tcase, actors_stand_in_the_order_in_which_they_can_act);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("render/advice", fill)
