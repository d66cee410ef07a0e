/* `login FILE --imap HOST`: each row of a migration file signed in with, once; with --mailbox its contents counted. */
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/csv_check.h"
#include "app/journal.h"
#include "app/options.h"
#include "app/password.h"
#include "app/plan_file.h"
#include "app/probing.h"
#include "app/resume.h"
#include "app/vantage.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "probe/login_plan.h"

enum { PORT_IMAPS = 993, PORT_IMAP = 143, PER_SECOND = 2, MAX_FAILURES = 3, QUOTA_GB = 50, FD_MOST = 1 << 20 };

struct login_run {
	const struct options *options;
	struct login_plan plan;
	struct probing *probing;     /* these two for the journal; borrowed */
	struct migration *migration;
};

static int take_security(struct login_run *run, uint16_t port, struct error *error)
{
	static const char *const names[] = {"ssl", "tls", "none"};
	const char *text = option_text(run->options, OPTION_SECURITY);
	run->plan.security = port == PORT_IMAP ? SECURITY_TLS : SECURITY_SSL;
	if (text == NULL)
		return 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_equal_nocase(text, names[i])) {
			run->plan.security = (enum security)i;
			return 0;
		}
	return error_set(error, "--security: '%.40s' is not ssl, tls or none", text);
}

/* "100GB", "1TB", "50": gigabytes unless another unit is named; counted as Exchange does, in powers of 1024. */
static int take_quota(struct login_run *run, struct error *error)
{
	static const char units[] = "KMGT";
	const char *text = option_text(run->options, OPTION_QUOTA);
	int64_t number;
	run->plan.quota_bytes = (int64_t)QUOTA_GB << 30;
	if (text == NULL)
		return 0;
	size_t digits = strspn(text, "0123456789");
	char *head = xstrndup(text, digits), unit = text[digits];
	const char *tail = text + digits + (unit != '\0');
	unit = (char)(unit >= 'a' && unit <= 'z' ? unit - 'a' + 'A' : unit);
	const char *at = unit == '\0' ? units + 2 : strchr(units, unit);
	bool is_good = str_to_int(head, 1, 100000, &number) && at != NULL && (*tail == '\0' || str_equal_nocase(tail, "B"));
	free(head);
	if (!is_good)
		return error_set(error, "--quota: '%.40s' is not a size such as 50GB", text);
	run->plan.quota_bytes = number << (10 * (at - units + 1));
	return 0;
}

static int take_pace(struct login_run *run, struct error *error)
{
	run->plan.at_once = (int)option_number(run->options, OPTION_JOBS, LIMIT_LOGIN_AT_ONCE);
	run->plan.per_second = (int)option_number(run->options, OPTION_RATE, PER_SECOND);
	run->plan.max_failures = (int)option_number(run->options, OPTION_MAX_FAILURES, MAX_FAILURES);
	run->plan.counts_mailboxes = option_is_set(run->options, OPTION_MAILBOX);
	if (run->plan.at_once > LIMIT_LOGIN_JOBS)
		return error_set(error, "--jobs: more than %d sign-ins at once", LIMIT_LOGIN_JOBS);
	if (run->plan.per_second > LIMIT_LOGIN_RATE)
		return error_set(error, "--rate: more than %d a second", LIMIT_LOGIN_RATE);
	return 0;
}

static int read_file(struct login_run *run, struct error *error)
{
	struct csv_input input;
	if (csv_input_open(&input, run->options->arguments.items[0], error) != 0)
		return -1;
	struct login_file_reader *reader = login_file_reader_new(&run->plan.file);
	int result = csv_input_guard(&input, run->options, error);
	if (result == 0)
		result = csv_input_read(&input, login_file_feed, reader, error);
	login_file_finish(reader);
	if (result == 0 && run->plan.file.fault != NULL)
		result = error_set(error, "%.200s: %s; see: cutover csv %.200s", input.label, run->plan.file.fault, input.label);
	csv_input_close(&input);
	return result;
}

static int take_password(struct login_run *run, struct error *error)
{
	const char *text = option_text(run->options, OPTION_PASSWORD_FD);
	int64_t fd;
	if (text == NULL && run->plan.file.has_passwords)
		return 0;
	if (text == NULL)
		run->plan.password = password_from_terminal("Password for all rows: ", error);
	else if (!str_to_int(text, 0, FD_MOST, &fd))
		return error_set(error, "--password-fd: '%.40s' is not the number of a file descriptor", text);
	else
		run->plan.password = password_from_fd((int)fd, error);
	return run->plan.password != NULL ? 0 : -1;
}

/* A sign-in about to be made goes into the journal at once, and nowhere else. */
static bool on_begins(void *user, struct observation *observation)
{
	struct login_run *run = user;
	return probing_note(run->probing, run->migration, observation);
}

static int take_policy(struct login_run *run, int64_t now, struct policy *policy, struct error *error)
{
	policy->now = now;
	if (plan_file_apply(run->options, option_text(run->options, OPTION_DOMAIN), policy, error) != 0)
		return -1;
	if (policy->imap_host == NULL)
		return error_set(error, "login: needs --imap HOST, the server to sign in to");
	if (take_security(run, policy->imap_port, error) != 0)
		return -1;
	if (policy->imap_port == 0)
		policy->imap_port = run->plan.security == SECURITY_SSL ? PORT_IMAPS : PORT_IMAP;
	return 0;
}

static void observe_rows(const struct login_run *run, struct migration *migration)
{
	char *target = target_host_port(migration->policy.imap_host, migration->policy.imap_port);
	struct observation *o = observation_new("logins", target, NULL, migration->policy.now * 1000);
	o->outcome = OUTCOME_OK;
	observation_add_int(o, FACT_LOGINS_ROWS, 0, (int64_t)run->plan.file.count);
	observation_add_int(o, FACT_LOGINS_MAX_FAILURES, 0, run->plan.max_failures);
	evidence_take(&migration->evidence, o);
	free(target);
}

/* Where evidence goes while the run is on: --record, or the file that is resumed. */
static int open_journal(struct login_run *run, struct probing *probing, struct migration *migration, struct error *error)
{
	const char *resumed = option_text(run->options, OPTION_RESUME), *recorded = option_text(run->options, OPTION_RECORD);
	const char *path = recorded != NULL ? recorded : resumed;
	if (path == NULL)
		return 0;
	bool appends = resumed != NULL && str_equal(path, resumed);
	struct journal *journal = journal_open(path, appends, error);
	if (journal == NULL)
		return -1;
	probing_keep_journal(probing, journal, migration, appends ? migration->evidence.count - 1 : 0);
	run->plan.begins = on_begins;
	run->plan.user = run;
	run->probing = probing;
	return 0;
}

static void plan(struct login_run *run, struct migration *migration)
{
	const struct options *options = run->options;
	struct target host = {0};
	if (target_parse(migration->policy.imap_host, &host, NULL) != 0)
		return;
	host.port = migration->policy.imap_port;
	migration->job_options.protocol = run->plan.security == SECURITY_SSL ? NULL : "imap";
	migration->job_options.connections = (int)option_number(options, OPTION_CONNECTIONS, 0);
	migration->job_options.keeps_going = option_is_set(options, OPTION_KEEP_GOING);
	migration->job_options.login = &run->plan;
	probing_plan_ports(migration, probe_find("imap"), &host);
	probing_plan_ports(migration, probe_find("login"), &host);
	target_clear(&host);
}

static int fill(struct probing *probing, void *user, struct error *error)
{
	struct login_run *run = user;
	struct policy policy;
	policy_init(&policy);
	if (take_policy(run, probing_started(probing), &policy, error) != 0) {
		policy_clear(&policy);
		return -1;
	}
	struct migration *migration = migration_new(&policy);
	const char *resumed = option_text(run->options, OPTION_RESUME);
	int result = csv_check_given(run->options, option_text(run->options, OPTION_DOMAIN), &migration->evidence, error);
	if (result == 0 && resumed != NULL)
		result = resume_read(resumed, &migration->policy, &run->plan.file, &migration->evidence, error);
	if (result == 0)
		observe_rows(run, migration);
	if (result == 0)
		result = open_journal(run, probing, migration, error);
	if (result != 0) {
		migration_free(migration);
		return -1;
	}
	run->migration = migration;
	plan(run, migration);
	probing_take(probing, migration);
	return 0;
}

static int login_run(const struct options *options, struct error *error)
{
	struct login_run run = {.options = options};
	int result = -1;
	secret_guard_process();
	if (take_pace(&run, error) == 0 && take_quota(&run, error) == 0 && read_file(&run, error) == 0 && take_password(&run, error) == 0)
		result = probing_execute(options, fill, &run, error);
	secret_free(run.plan.password);
	login_file_clear(&run.plan.file);
	return result;
}

const struct command login_command = {
    .name = "login",
    .arguments = "FILE",
    .about = "Sign in once for each row of a migration file, paced, with a guard against lock-outs",
    .examples = "cutover login users.csv --imap imap.contoso.com\n"
                "cutover login users.csv --imap imap.contoso.com --mailbox --record run.jsonl\n"
                "cutover login users.csv --imap imap.contoso.com --resume run.jsonl\n"
                "cutover login admins.csv --imap imap.contoso.com --password-fd 3 3< password.txt",
    .least_arguments = 1,
    .most_arguments = 1,
    .signs_in = true,
    .run = login_run,
};
