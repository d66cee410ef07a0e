/* The troubleshooter's walk: for each message the planted cause is named; when the usual one is ruled out, the next is. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check_main.h"
#include "base/str.h"
#include "cutover/diagnosis.h"
#include "cutover/report.h"
#include "cutover/rule.h"
#include "endpoint.h"
#include "model/embedded.h"
#include "model/table.h"

enum { ALSO = 4 };

/*
 * `states`: a letter a step: c confirmed, r ruled out, n not tested, p for a person. `also`: findings of probes that have rules of their
 * own, added as if they had been seen.
 */
struct walk_case {
	const char *name, *message, *branch;
	void (*build)(struct world *world);
	const char *also[ALSO];
	const char *states;
	const char *likely; /* id, or NULL */
	size_t next;        /* number of the step to look at next, or 0 */
};

static void nothing(struct world *w)
{
	(void)w;
}

static void good(struct world *w)
{
	observe(w, "host", HOST, NULL, ENDED(OK), TEXT(HOST_V4, "ok"), TEXT(HOST_V6, "nodata"), ROW_TEXT(HOST_ADDRESS, 0, V4));
	port_open(w, IMAPS, V4);
	tls_good(w, IMAPS, V4);
	imap_good(w, IMAPS, V4);
}

static void dropped(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_TIMEOUT);
}

static void stopped(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_REFUSED);
}

static void wrong_name(struct world *w)
{
	observe(w, "host", HOST, NULL, ENDED(NXDOMAIN), TEXT(HOST_V4, "nxdomain"), TEXT(HOST_V6, "nxdomain"));
}

/* A file that is looked at; what is wrong with it stands in `also`. */
static void looked_at(struct world *w)
{
	observe(w, "csv", "users.csv", NULL, ENDED(OK));
}

/* A row that was tried; what came of it stands in `also`. */
static void signed_in(struct world *w)
{
	observe(w, "login", IMAPS, V4, ENDED(OK));
}

/* Connections that were held; what came of it stands in `also`. */
static void held(struct world *w)
{
	observe(w, "limit", IMAPS, V4, ENDED(OK));
}

static const struct walk_case cases[] = {
    {"firewall drop", "timed-out", "timed-out", dropped, {NULL}, "cnnnnp", "port-timeout", 0},
    {"open from here: Microsoft's ranges are next", "timed-out", "timed-out", good, {NULL}, "rnrrrp", NULL, 2},
    {"open from here, but not for Microsoft", "timed-out", "timed-out", good, {"firewall-missing-range"}, "rcrrrp", "firewall-missing-range", 0},
    {"all is ruled out: the endpoint's settings are next", "timed-out", "timed-out", good, {"firewall-ok"}, "rrrrrp", NULL, 6},
    {"service stopped", "timed-out", "timed-out", stopped, {NULL}, "rncnnp", "port-refused", 0},
    {"a dead address", "timed-out", "timed-out", good, {"port-address-dead"}, "rnrcrp", "port-address-dead", 0},
    {"nothing tested", "timed-out", "timed-out", nothing, {NULL}, "nnnnnp", NULL, 1},
    {"wrong name", "not-completed", "not-completed", wrong_name, {NULL}, "cnnnnnnp", "host-not-found", 0},
    {"the name is right, the service stopped", "not-completed", "not-completed", stopped, {NULL}, "rcnnnnnp", "port-refused", 0},
    {"TLS 1.0 only", "not-completed", "not-completed", nothing, {"port-open", "tls-too-old"}, "rrncnnnp", "tls-too-old", 0},
    {"a certificate of another name", "not-completed", "not-completed", nothing, {"port-open", "tls-ok", "cert-name-mismatch"}, "rrrrcnnp",
     "cert-name-mismatch", 0},
    {"all well from here: a rejecting firewall is next", "not-completed", "not-completed", good, {NULL}, "rrrrrrnp", NULL, 7},
    {"no common algorithm", "no-common-algorithm", "tls", nothing, {"port-open", "tls-no-common-cipher"}, "cnnrpp", "tls-no-common-cipher", 0},
    {"TLS is fine from here: a device between is next", "tls-negotiation", "tls", good, {NULL}, "rrrrpp", NULL, 5},
    {"TLS fails for its mode", "tls-negotiation", "tls", nothing, {"port-open", "tls-not-spoken"}, "ncnrpp", "tls-not-spoken", 0},
    {"certificate", "certificate-invalid", "certificate", nothing, {"tls-ok", "cert-expired"}, "cnrp", "cert-expired", 0},
    {"the certificate is fine: the endpoint's name is next", "certificate-invalid", "certificate", good, {NULL}, "rrrp", NULL, 4},
    {"wrong mode", "forcibly-closed", "wrong-mode", nothing, {"tls-unexpected"}, "cnnp", "tls-unexpected", 0},
    {"the mode is right, the connection reset", "forcibly-closed", "wrong-mode", nothing, {"port-reset"}, "ncnp", "port-reset", 0},
    {"all well from here: intrusion detection is next", "transport-read", "wrong-mode", good, {NULL}, "rrrp", NULL, 4},
    {"wrong password", "trouble-signing-in", "sign-in", good, {"login-failed"}, "cnnpnprnp", "login-failed", 0},
    {"the password is right, its form is not", "trouble-signing-in", "sign-in", good, {"login-format"}, "ncnpnprnp", "login-format", 0},
    {"IMAP is off, or no rights", "trouble-signing-in", "sign-in", good, {"login-not-authorized"}, "nnnpccrnp", "login-not-authorized", 0},
    {"the password has expired", "trouble-signing-in", "sign-in", good, {"login-expired"}, "nncpnprnp", "login-expired", 0},
    {"no passwords over IMAP", "trouble-signing-in", "sign-in", nothing, {"imap-no-password-auth"}, "nnnpnpcnp", "imap-no-password-auth", 0},
    {"a limit puts sign-ins off", "trouble-signing-in", "sign-in", good, {"login-limited"}, "nnnpnprcp", "login-limited", 0},
    {"the row signs in: the batch holds another password", "trouble-signing-in", "sign-in", good, {"login-ok"}, "rrrrrrrrp", NULL, 9},
    {"the server's own words: no rights", "not-authorized", "sign-in", good, {NULL}, "nnnpccrnp", "login-not-authorized", 0},
    {"the server's own words: expired", "expired", "sign-in", good, {NULL}, "nncpnprnp", "login-expired", 0},
    {"application password", "app-password", "app-password", nothing, {NULL}, "cppp", "login-app-password", 0},
    {"application password, but the row signs in: the batch holds another", "app-password", "app-password", signed_in, {"login-ok"}, "rrrp", NULL, 4},
    {"no mailbox", "recipient", "recipient", nothing, {NULL}, "cnp", "recipient-not-found", 0},
    {"a wrong address in the file goes before", "recipient", "recipient", nothing, {"csv-address-foreign"}, "ccp", "csv-address-foreign", 0},
    {"mailbox full", "mailbox-full", "mailbox-full", nothing, {NULL}, "cnnppp", "mailbox-full", 0},
    {"Gmail's labels fill it", "mailbox-full", "mailbox-full", nothing, {"mailbox-gmail-labels"}, "ccnppp", "mailbox-gmail-labels", 0},
    {"empty file", "csv-empty", "csv", nothing, {NULL}, "cnp", "csv-empty", 0},
    {"the file is not empty: another was submitted", "csv-empty", "csv", looked_at, {"csv-ok"}, "rrp", NULL, 3},
    {"not too many rows: another was submitted", "csv-too-many-rows", "csv", looked_at, {"csv-ok"}, "rrp", NULL, 3},
    {"too large, not too long", "csv-too-many-rows", "csv", looked_at, {"csv-too-large"}, "crp", "csv-too-large", 0},
    {"no row of other columns: a quote is open", "csv-row", "csv", looked_at, {"csv-quote"}, "rcrp", "csv-quote", 0},
    {"columns and rows are right: another fault", "csv-row", "csv", looked_at, {"csv-field-empty"}, "rrcp", "csv-field-empty", 0},
    {"too many rows", "csv-too-many-rows", "csv", nothing, {NULL}, "cnp", "csv-too-many-rows", 0},
    {"a column is missing", "csv-column", "csv", nothing, {NULL}, "cnnp", "csv-column-missing", 0},
    {"no column is missing, semicolons hide it", "csv-column", "csv", nothing, {"csv-separator"}, "ccnp", "csv-separator", 0},
    {"the columns are there: another file was submitted", "csv-column", "csv", looked_at, {"csv-ok"}, "rrrp", NULL, 4},
    {"the columns are there, behind semicolons", "csv-column", "csv", looked_at, {"csv-separator"}, "rcrp", "csv-separator", 0},
    {"a row of other columns", "csv-row", "csv", nothing, {NULL}, "cnnp", "csv-row-columns", 0},
    {"a batch of that name", "batch-exists", "batch", nothing, {NULL}, "cp", "batch-exists", 0},
    {"duplicates", "duplicates", "duplicates", nothing, {NULL}, "ncpp", "duplicates", 0},
    {"duplicates by labels", "duplicates", "duplicates", nothing, {"mailbox-gmail-labels"}, "ccpp", "mailbox-gmail-labels", 0},
    {"no labels: the batch's own folders are next", "duplicates", "duplicates", nothing, {"mailbox-ok"}, "rcpp", "duplicates", 0},
    {"slow by the connection limit", "slow", "slow", good, {"limit-below-concurrency"}, "pnpcpr", "limit-below-concurrency", 0},
    {"slow, but no limit: the endpoint is next", "slow", "slow", good, {"limit-ok", "mailbox-ok"}, "prprpr", NULL, 1},
    {"slow by the server's own words", "too-many-connections", "slow", nothing, {NULL}, "pnpcpn", "limit-below-concurrency", 0},
    {"slow by the server's own words, but all connections are held", "too-many-connections", "slow", held, {"limit-ok"}, "pnprpn", NULL, 1},
    {"throttled by the server's own words, but it signs in", "throttled", "slow", signed_in, {"login-ok", "limit-ok"}, "pnprpn", NULL, 1},
    {"no mailbox, and the file is right", "recipient", "recipient", looked_at, {"csv-ok"}, "crp", "recipient-not-found", 0},
    {"a slow server", "slow", "slow", nothing, {"imap-slow"}, "pnpnpc", "imap-slow", 0},
    {"MX", "mx-values", "mx", nothing, {"mx-not-microsoft"}, "cp", "mx-not-microsoft", 0},
    {"MX is right: the accepted domain is next", "mx-values", "mx", nothing, {"mx-ok"}, "rp", NULL, 2},
    {"DKIM", "dkim-cname", "dkim", nothing, {"dkim-missing"}, "cp", "dkim-missing", 0},
    {"DKIM is right: the service has not seen it", "dkim-cname", "dkim", nothing, {"dkim-ok"}, "rp", NULL, 2},
    {"the service is busy", "target-stalled", "target", nothing, {NULL}, "p", NULL, 1},
    {"the report is to be opened", "finished-with-errors", "report", nothing, {NULL}, "p", NULL, 1},
    {"room enough: the batch goes on", "mailbox-full", "mailbox-full", nothing, {"mailbox-ok"}, "crrppp", "mailbox-full", 0},
    {"an unknown message", NULL, NULL, nothing, {NULL}, "pnnpp", NULL, 1},
    {"an unknown message, a bad endpoint", NULL, NULL, dropped, {NULL}, "pncpp", "port-timeout", 0},
    {"an unknown message, a good endpoint", NULL, NULL, good, {"mailbox-ok"}, "prrpp", NULL, 1},
};

struct walk {
	struct world world;
	struct findings findings;
	struct diagnosis diagnosis;
};

static void add_message(struct world *w, const struct walk_case *c)
{
	if (c->message == NULL)
		observe(w, "message", "message", NULL, ENDED(NODATA), TEXT(MESSAGE_TEXT, "it does not work"));
	else
		observe(w, "message", "message", NULL, ENDED(OK), TEXT(MESSAGE_NAME, c->message), TEXT(MESSAGE_BRANCH, c->branch),
		        INT(MESSAGE_TIMES, 1), ROW_TEXT(MESSAGE_CAPTURE, 0, "host"), ROW_TEXT(MESSAGE_CAPTURED, 0, HOST));
}

static void walk_init(struct walk *walk, const struct walk_case *c)
{
	world_init(&walk->world);
	findings_init(&walk->findings);
	add_message(&walk->world, c);
	c->build(&walk->world);
	rules_judge(&walk->world.evidence, &walk->world.policy, &walk->findings);
	size_t seen = walk->world.evidence.count;
	if (c->also[0] != NULL)
		observe(&walk->world, "login", IMAPS, V4, ENDED(OK));
	for (size_t i = 0; i < ALSO && c->also[i] != NULL; i++) {
		enum finding_id id = catalogue_find(c->also[i]);
		ck_assert_int_ne(id, FINDING_COUNT);
		finding_because(findings_add(&walk->findings, &walk->world.policy, id, IMAPS, "seen"), seen);
	}
	findings_settle(&walk->findings, &walk->world.policy);
	diagnosis_make(&walk->world.evidence, &walk->findings, &walk->diagnosis);
}

static void walk_clear(struct walk *walk)
{
	findings_clear(&walk->findings);
	world_clear(&walk->world);
}

START_TEST(the_walk_answers_each_step_and_names_the_cause)
{
	static const char letters[] = {[STEP_CONFIRMED] = 'c', [STEP_RULED_OUT] = 'r', [STEP_NOT_TESTED] = 'n', [STEP_FOR_A_PERSON] = 'p'};
	const struct walk_case *c = &cases[_i];
	struct walk walk;
	char states[DIAGNOSIS_STEPS + 1] = "";
	walk_init(&walk, c);
	const struct diagnosis *d = &walk.diagnosis;
	for (size_t i = 0; i < d->step_count; i++)
		states[i] = letters[d->steps[i].state];
	ck_assert_msg(strcmp(states, c->states) == 0, "%s: steps %s, wanted %s", c->name, states, c->states);
	const char *likely = d->likely != NULL ? catalogue_get(d->likely->finding->id)->id : NULL;
	ck_assert_msg(str_equal(likely, c->likely), "%s: likely %s", c->name, likely != NULL ? likely : "none");
	size_t next = d->next != NULL ? (size_t)(d->next - d->steps) + 1 : 0;
	ck_assert_msg(next == c->next, "%s: next is step %zu", c->name, next);
	ck_assert(d->is_known == (c->message != NULL));
	walk_clear(&walk);
}
END_TEST

/* Whether a case of that branch, or message, names a cause; with `next`: rules out its first step and names what comes then. */
static bool is_covered(const char *branch, bool next)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct walk_case *c = &cases[i];
		bool is_it = str_equal(c->branch, branch) || str_equal(c->message, branch) || (c->message == NULL && str_equal(branch, "other"));
		if (is_it && (next ? c->states[0] == 'r' && (c->likely != NULL || c->next > 1) : c->likely != NULL))
			return true;
	}
	return false;
}

/* A step that nothing rules out, or nothing confirms, is a person's: there is no case to ask for. */
START_TEST(every_branch_has_a_case_that_names_its_cause_and_one_that_goes_on)
{
	enum { BRANCH, CONFIRMED_BY = 4, RULED_OUT_BY = 5 };
	struct table_row row;
	char before[TABLE_FIELD_BYTES] = "";
	table_begin(&row, embedded_text("data/walks.tsv"));
	while (table_next(&row)) {
		bool is_first = strcmp(before, row.fields[BRANCH]) != 0;
		memcpy(before, row.fields[BRANCH], sizeof before);
		if (!is_first)
			continue;
		if (row.fields[CONFIRMED_BY][0] != '\0')
			ck_assert_msg(is_covered(row.fields[BRANCH], false), "%s: no case names a cause", row.fields[BRANCH]);
		if (row.fields[RULED_OUT_BY][0] != '\0')
			ck_assert_msg(is_covered(row.fields[BRANCH], true), "%s: no case goes on", row.fields[BRANCH]);
	}
}
END_TEST

START_TEST(every_step_has_title_cause_and_actor)
{
	struct walk walk;
	walk_init(&walk, &cases[_i]);
	for (size_t i = 0; i < walk.diagnosis.step_count; i++) {
		const struct diagnosis_step *step = &walk.diagnosis.steps[i];
		ck_assert_msg(step->title[0] != '\0' && step->cause[0] != '\0' && step->who != ACTOR_NOBODY, "%s: step %zu", cases[_i].name, i + 1);
		bool is_answered = step->state == STEP_CONFIRMED || step->state == STEP_RULED_OUT;
		ck_assert_msg((step->needs[0] == '\0') == is_answered, "%s: needs of step %zu", cases[_i].name, i + 1);
	}
	walk_clear(&walk);
}
END_TEST

START_TEST(the_row_that_the_message_names_goes_before_worse_ones)
{
	struct walk walk = {0};
	world_init(&walk.world);
	findings_init(&walk.findings);
	observe(&walk.world, "message", "message", NULL, ENDED(OK), TEXT(MESSAGE_NAME, "csv-row"), TEXT(MESSAGE_BRANCH, "csv"),
	        ROW_TEXT(MESSAGE_CAPTURE, 0, "row"), ROW_TEXT(MESSAGE_CAPTURED, 0, "17"));
	observe(&walk.world, "csv", "users.csv", NULL, ENDED(OK));
	for (int row = 16; row < 19; row++) {
		struct finding *finding = findings_add(&walk.findings, &walk.world.policy, FINDING_CSV_ROW_COLUMNS, "users.csv", "row %d", row);
		finding_arg_int(finding, "row", row);
		finding_because(finding, 1);
	}
	diagnosis_make(&walk.world.evidence, &walk.findings, &walk.diagnosis);
	ck_assert_ptr_nonnull(walk.diagnosis.likely);
	ck_assert_str_eq(walk.diagnosis.likely->finding->summary, "row 17");
	ck_assert_int_eq(walk.diagnosis.steps[1].state, STEP_RULED_OUT); /* the file was looked at */
	walk_clear(&walk);
}
END_TEST

START_TEST(messages_of_a_report_are_counted_by_name)
{
	struct walk walk = {0};
	world_init(&walk.world);
	findings_init(&walk.findings);
	observe(&walk.world, "message", "message", NULL, ENDED(OK), TEXT(MESSAGE_NAME, "trouble-signing-in"), TEXT(MESSAGE_BRANCH, "sign-in"),
	        INT(MESSAGE_TIMES, 5), INT(MESSAGE_USERS, 5), ROW_TEXT(MESSAGE_USER, 0, "a@contoso.com"));
	for (int i = 0; i < 3; i++)
		observe(&walk.world, "message", "message", NULL, ENDED(OK), TEXT(MESSAGE_NAME, "recipient"), TEXT(MESSAGE_BRANCH, "recipient"),
		        INT(MESSAGE_TIMES, 1), INT(MESSAGE_USERS, 1));
	diagnosis_make(&walk.world.evidence, &walk.findings, &walk.diagnosis);
	ck_assert_uint_eq(walk.diagnosis.message_count, 2);
	ck_assert_uint_eq(walk.diagnosis.messages[0].users, 5);
	ck_assert_uint_eq(walk.diagnosis.messages[1].kinds, 3);
	ck_assert_uint_eq(walk.diagnosis.messages[1].times, 3);
	ck_assert_str_eq(walk.diagnosis.steps[0].title, "User name and password in the CSV file are right");
	walk_clear(&walk);
}
END_TEST

START_TEST(a_cause_that_is_open_decides_nothing)
{
	struct walk walk;
	struct run_info run = {.command = "diagnose"};
	walk_init(&walk, &cases[1]);
	struct report report = {&run, &walk.world.policy, &walk.world.evidence, &walk.findings, &walk.diagnosis};
	struct verdict verdict = report_verdict(&report, 1);
	ck_assert_int_eq(verdict.answer, ANSWER_OPEN);
	ck_assert_int_eq(verdict.exit_code, 3);
	report.diagnosis = NULL;
	verdict = report_verdict(&report, 1);
	ck_assert_int_eq(verdict.answer, ANSWER_NOT_ASKED);
	ck_assert_int_eq(verdict.exit_code, 0);
	walk_clear(&walk);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("walk");
	int count = sizeof cases / sizeof cases[0];
	tcase_add_loop_test(tcase, the_walk_answers_each_step_and_names_the_cause, 0, count);
	tcase_add_test(tcase, every_branch_has_a_case_that_names_its_cause_and_one_that_goes_on);
	tcase_add_loop_test(tcase, every_step_has_title_cause_and_actor, 0, count);
	tcase_add_test(tcase, the_row_that_the_message_names_goes_before_worse_ones);
	tcase_add_test(tcase, messages_of_a_report_are_counted_by_name);
	tcase_add_test(tcase, a_cause_that_is_open_decides_nothing);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("replay/diagnosis", fill)
