#include "render/advice.h"

#include <string.h>

#include "../check_main.h"
#include "base/xalloc.h"
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

static const struct {
	const char *step, *pasted; /* NULL: words only */
} steps[] = {
    {"Look again: dig +short A imap.contoso.com @1.1.1.1", "dig +short A imap.contoso.com @1.1.1.1"},
    {"Publish it: mail.contoso.com. 3600 IN A 192.0.2.10 (your address)", "mail.contoso.com. 3600 IN A 192.0.2.10"},
    {"Publish it: contoso.com. 3600 IN TXT \"MS=ms1\"", "contoso.com. 3600 IN TXT \"MS=ms1\""},
    {"Remove: _autodiscover._tcp.contoso.com. IN SRV ...", "_autodiscover._tcp.contoso.com. IN SRV ..."},
    {"Run: systemctl enable --now dovecot. Exchange: Start-Service MSExchangeImap4", "systemctl enable --now dovecot"},
    {"Set: Set-ImapSettings -LoginType SecureLogin, then restart the services", "Set-ImapSettings -LoginType SecureLogin"},
    {"Then wait: cutover ttl contoso.com gives the time", "cutover ttl contoso.com"},
    {"DNSSEC: sign the zone anew", NULL},
    {"Dovecot: ssl_cert = <fullchain.pem. Let's Encrypt: use fullchain.pem", NULL},
    {"Wait about 15 minutes, then press Verify", NULL},
    {"a: b IN c", NULL},
    {": ", NULL},
    {"", NULL},
};

START_TEST(what_can_be_pasted_is_found)
{
	size_t start = 0, length = 0;
	bool is_found = advice_paste(steps[_i].step, &start, &length);
	ck_assert_msg(is_found == (steps[_i].pasted != NULL), "%s", steps[_i].step);
	if (!is_found)
		return;
	char *pasted = xstrndup(steps[_i].step + start, length);
	ck_assert_str_eq(pasted, steps[_i].pasted);
	free(pasted);
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
		ck_assert_ptr_null(strpbrk(crafted.steps[i], "\n\x1b"));
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

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("advice");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, what_can_be_pasted_is_found, 0, sizeof steps / sizeof steps[0]);
	tcase_add_test(tcase, an_argument_adds_no_step_and_no_control_character);
	tcase_add_test(tcase, actors_stand_in_the_order_in_which_they_can_act);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("render/advice", fill)
