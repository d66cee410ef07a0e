/* `diagnose "MESSAGE"`: which message it is, what the probes say to its causes, and the troubleshooter's branch walked. */
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/csv_check.h"
#include "app/message.h"
#include "app/options.h"
#include "app/plan_file.h"
#include "app/probing.h"
#include "app/since.h"
#include "app/vantage.h"
#include "base/str.h"
#include "base/xalloc.h"

/* What a run is made from. */
struct diagnose {
	const struct options *options;
	struct message message;
};

/*
 * The host and port in the message, unless --imap names others. A port that the message names is the only one that matters: the
 * endpoint uses no other.
 */
static void take_host(const struct message *message, struct policy *policy)
{
	const char *host = message_capture(message, "host"), *port = message_capture(message, "port");
	struct target target = {0};
	int64_t number = 0;
	if (policy->imap_host == NULL && host != NULL && target_parse(host, &target, NULL) == 0) {
		policy->imap_host = xstrdup(target.host);
		policy->imap_port = target.port;
		target_clear(&target);
	}
	if (policy->imap_host != NULL && policy->imap_port == 0 && port != NULL && str_to_int(port, 1, UINT16_MAX, &number))
		policy->imap_port = (uint16_t)number;
}

static void plan(const struct diagnose *diagnose, struct migration *migration)
{
	struct policy *policy = &migration->policy;
	struct target host = {0}, domain = {0};
	if (option_is_set(diagnose->options, OPTION_OFFLINE))
		return;
	migration->job_options.connections = (int)option_number(diagnose->options, OPTION_CONNECTIONS, 0);
	if (policy->imap_host != NULL && target_parse(policy->imap_host, &host, NULL) == 0) {
		host.port = policy->imap_port;
		probing_plan_ports(migration, probe_find("imap"), &host);
		target_clear(&host);
	}
	if (policy->domain != NULL && target_parse_domain(policy->domain, &domain, NULL) == 0) {
		migration_plan(migration, probe_find("dns"), &domain);
		target_clear(&domain);
	}
}

static int take_domain(const struct options *options, struct policy *policy, struct error *error)
{
	const char *text = option_text(options, OPTION_DOMAIN);
	struct target target = {0};
	struct error why = {{0}};
	if (text == NULL)
		return 0;
	if (target_parse_domain(text, &target, &why) != 0)
		return error_set(error, "--domain: %s", why.text);
	policy->domain = xstrdup(target.host);
	target_clear(&target);
	return 0;
}

static int take_policy(const struct diagnose *diagnose, struct policy *policy, struct error *error)
{
	const struct options *options = diagnose->options;
	if (take_domain(options, policy, error) != 0 || plan_file_apply(options, policy->domain, policy, error) != 0)
		return -1;
	take_host(&diagnose->message, policy);
	return 0;
}

/* Whether this run looks for itself what the recording has. */
static bool is_asked_again(const struct migration *migration, const struct observation *o)
{
	return str_equal(o->probe, "message") || (migration->plan_count > 0 && str_equal(o->probe, "host")) ||
	       (migration->plan_count > 0 && (str_equal(o->probe, "port") || str_equal(o->probe, "tls") || str_equal(o->probe, "imap")));
}

/* Where a recording's evidence goes, and the name of this place: what was seen from here is this run's own. */
struct taking {
	struct migration *migration;
	const char *here;
};

/* --since: what other commands have found before, as `login` and `firewall`, answers steps too. */
static int take_recording(struct recording *recording, void *user)
{
	const struct taking *taking = user;
	struct evidence *evidence = &recording->evidence;
	for (size_t i = 0; i < evidence->count; i++) {
		struct observation *o = evidence->observations[i];
		if (is_asked_again(taking->migration, o)) {
			observation_free(o);
			continue;
		}
		if (str_equal(o->vantage, taking->here)) {
			free(o->vantage);
			o->vantage = NULL;
		}
		evidence_take(&taking->migration->evidence, o);
	}
	evidence->count = 0; /* they have moved */
	return 0;
}

static int fill(struct probing *probing, void *user, struct error *error)
{
	struct diagnose *diagnose = user;
	struct policy policy;
	policy_init(&policy);
	policy.now = probing_started(probing);
	int result = take_policy(diagnose, &policy, error);
	struct migration *migration = migration_new(&policy);
	policy_clear(&policy);
	if (result == 0) {
		message_observe(&diagnose->message, probing_started(probing) * 1000, &migration->evidence);
		plan(diagnose, migration);
		result = csv_check_given(diagnose->options, migration->policy.domain, &migration->evidence, error);
	}
	struct taking taking = {migration, vantage_name(diagnose->options)};
	if (result == 0)
		result = since_each(diagnose->options, take_recording, &taking, error);
	if (result == 0)
		probing_take(probing, migration);
	else
		migration_free(migration);
	return result;
}

static int diagnose_run(const struct options *options, struct error *error)
{
	struct diagnose diagnose = {.options = options};
	int result = message_read(&diagnose.message, &options->arguments, error);
	if (result == 0)
		result = probing_execute(options, fill, &diagnose, error);
	message_clear(&diagnose.message);
	return result;
}

const struct command diagnose_command = {
    .name = "diagnose",
    .arguments = "MESSAGE|-",
    .about = "Which of the troubleshooter's causes is behind an error message, and who must act",
    .examples = "cutover diagnose \"The connection to the server 'imap.contoso.com' timed out after 00:00:15.\"\n"
                "cutover diagnose - < MigrationErrors.csv\n"
                "cutover diagnose \"Row 17 has the wrong number of columns.\" --csv users.csv\n"
                "cutover diagnose \"The migration is slow\" --imap imap.contoso.com --connections 20\n"
                "cutover diagnose --offline \"We had trouble signing in to this account.\"",
    .least_arguments = 1,
    .most_arguments = -1,
    .run = diagnose_run,
};
