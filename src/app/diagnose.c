/* `diagnose "MESSAGE"`: which message it is, what the probes say to its causes, and the troubleshooter's branch walked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/facts.h"
#include "app/options.h"
#include "app/probing.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "proto/ms_message.h"

enum { SHOWN_TEXT_BYTES = 400, CANDIDATES = 3 };

/* The message as it was given, and what was recognised in it. */
struct diagnose {
	const struct options *options;
	struct buf text;
	struct ms_matches matches;
};

static int read_text(struct diagnose *diagnose, struct error *error)
{
	const struct names *arguments = &diagnose->options->arguments;
	buf_init(&diagnose->text, MS_TEXT_BYTES);
	if (arguments->count == 1 && str_equal(arguments->items[0], "-")) {
		char block[65536];
		for (size_t n; (n = fread(block, 1, sizeof block, stdin)) > 0 && !diagnose->text.is_full;)
			buf_add(&diagnose->text, block, n);
		if (ferror(stdin))
			return error_set(error, "standard input cannot be read");
	}
	for (size_t i = 0; diagnose->text.length == 0 && i < arguments->count; i++)
		for (; i < arguments->count; i++) {
			buf_puts(&diagnose->text, arguments->items[i]);
			buf_putc(&diagnose->text, ' ');
		}
	for (size_t i = 0; i < diagnose->text.length; i++)
		if (strchr(" \t\r\n", diagnose->text.bytes[i]) == NULL)
			return 0;
	return error_set(error, "diagnose: the message is empty");
}

static struct observation *observe_start(const struct diagnose *diagnose, int64_t now)
{
	struct observation *o = observation_new("message", "message", NULL, now * 1000);
	size_t shown = diagnose->text.length < SHOWN_TEXT_BYTES ? diagnose->text.length : SHOWN_TEXT_BYTES;
	observation_add_bytes(o, FACT_MESSAGE_TEXT, 0, diagnose->text.bytes, shown);
	return o;
}

static struct observation *observe_match(const struct diagnose *diagnose, const struct ms_match *match, int64_t now)
{
	struct observation *o = observe_start(diagnose, now);
	o->outcome = OUTCOME_OK;
	observation_add_text(o, FACT_MESSAGE_NAME, 0, match->name);
	observation_add_text(o, FACT_MESSAGE_BRANCH, 0, match->branch);
	observation_add_int(o, FACT_MESSAGE_TIMES, 0, (int64_t)match->times);
	for (int i = 0; i < match->capture_count; i++) {
		const char *value = match->captures[i].value;
		observation_add_text(o, FACT_MESSAGE_CAPTURE, (uint32_t)i, match->captures[i].name);
		observation_add_bytes(o, FACT_MESSAGE_CAPTURED, (uint32_t)i, value, strlen(value));
	}
	return o;
}

/* No known message: those that come closest. */
static struct observation *observe_unknown(const struct diagnose *diagnose, int64_t now)
{
	struct ms_candidate candidates[CANDIDATES];
	struct observation *o = observe_start(diagnose, now);
	o->outcome = OUTCOME_NODATA;
	size_t count = ms_closest(diagnose->text.bytes, diagnose->text.length, candidates, CANDIDATES);
	for (size_t i = 0; i < count; i++) {
		observation_add_text(o, FACT_MESSAGE_CANDIDATE, (uint32_t)i, candidates[i].pattern);
		observation_add_int(o, FACT_MESSAGE_SHARED, (uint32_t)i, candidates[i].percent);
	}
	return o;
}

/* The host in the message, unless --imap names one. */
static void take_host(const struct diagnose *diagnose, struct policy *policy)
{
	for (size_t i = 0; policy->imap_host == NULL && i < diagnose->matches.count; i++) {
		const char *host = ms_capture(&diagnose->matches.items[i], "host");
		struct target target = {0};
		if (host == NULL || target_parse(host, &target, NULL) != 0)
			continue;
		policy->imap_host = xstrdup(target.host);
		policy->imap_port = target.port;
		target_clear(&target);
	}
}

static void plan(const struct diagnose *diagnose, struct migration *migration)
{
	struct policy *policy = &migration->policy;
	struct target host = {0}, domain = {0};
	if (option_is_set(diagnose->options, OPTION_OFFLINE))
		return;
	if (policy->imap_host != NULL && target_parse(policy->imap_host, &host, NULL) == 0) {
		host.port = policy->imap_port;
		probing_plan_ports(migration, probe_find("imap"), &host);
		target_clear(&host);
	}
	if (policy->domain != NULL && target_parse_domain(policy->domain, &domain, NULL) == 0)
		migration_plan(migration, probe_find("dns"), &domain);
}

static int take_domain(const struct options *options, struct policy *policy, struct error *error)
{
	const char *text = option_text(options, OPTION_DOMAIN);
	struct target target = {0};
	if (text == NULL)
		return 0;
	if (target_parse_domain(text, &target, error) != 0)
		return -1;
	policy->domain = xstrdup(target.host);
	target_clear(&target);
	return 0;
}

static int fill(struct probing *probing, void *user, struct error *error)
{
	struct diagnose *diagnose = user;
	int64_t now = probing_started(probing);
	struct policy policy;
	policy_init(&policy);
	policy.now = now;
	if (facts_apply(diagnose->options, &policy, error) != 0 || take_domain(diagnose->options, &policy, error) != 0) {
		policy_clear(&policy);
		return -1;
	}
	take_host(diagnose, &policy);
	struct migration *migration = migration_new(&policy);
	for (size_t i = 0; i < diagnose->matches.count; i++)
		evidence_take(&migration->evidence, observe_match(diagnose, &diagnose->matches.items[i], now));
	if (diagnose->matches.count == 0)
		evidence_take(&migration->evidence, observe_unknown(diagnose, now));
	plan(diagnose, migration);
	probing_take(probing, migration);
	return 0;
}

static int diagnose_run(const struct options *options, struct error *error)
{
	struct diagnose diagnose = {.options = options};
	int result = read_text(&diagnose, error);
	if (result == 0) {
		ms_recognise(diagnose.text.bytes, diagnose.text.length, &diagnose.matches);
		result = probing_execute(options, fill, &diagnose, error);
	}
	ms_matches_clear(&diagnose.matches);
	buf_clear(&diagnose.text);
	return result;
}

const struct command diagnose_command = {
    .name = "diagnose",
    .arguments = "MESSAGE|-",
    .about = "Which of the troubleshooter's causes is behind an error message, and who must act",
    .examples = "cutover diagnose \"The connection to the server 'imap.contoso.com' timed out after 00:00:15.\"\n"
                "cutover diagnose - < MigrationErrors.csv\n"
                "cutover diagnose --offline \"We had trouble signing in to this account.\"",
    .least_arguments = 1,
    .most_arguments = -1,
    .run = diagnose_run,
};
