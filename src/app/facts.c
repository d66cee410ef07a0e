#include "app/facts.h"

#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/target.h"
#include "model/address.h"

enum { VERIFY_DIGITS = 8 };

/* Takes what was given; what was not given stays. */
static void replace(char **text, const char *given)
{
	if (given == NULL)
		return;
	free(*text);
	*text = xstrdup(given);
}

/* Host names of an option, as A-labels. */
static int take_hosts(const struct options *options, enum option_id id, struct names *hosts, struct error *error)
{
	const struct names *given = option_list(options, id);
	if (given->count > 0)
		names_clear(hosts);
	for (size_t i = 0; i < given->count; i++) {
		struct target target = {0};
		struct error why = {{0}};
		if (target_parse_domain(given->items[i], &target, &why) != 0)
			return error_set(error, "--%s: %s", option_info(id)->name, why.text);
		names_add(hosts, target.host);
		target_clear(&target);
	}
	return 0;
}

int facts_domains(const struct options *options, struct names *domains, struct error *error)
{
	int result = take_hosts(options, OPTION_DOMAIN, domains, error);
	for (size_t i = 0; options->command->takes_domain && i < options->arguments.count; i++) {
		struct target target = {0};
		if (target_parse_domain(options->arguments.items[i], &target, NULL) == 0)
			names_add(domains, target.host);
		target_clear(&target);
	}
	return result;
}

static int take_imap(const struct options *options, struct policy *policy, struct error *error)
{
	const char *text = option_text(options, OPTION_IMAP);
	struct target target = {0};
	struct error why = {{0}};
	if (text == NULL)
		return 0;
	if (target_parse(text, &target, &why) != 0)
		return error_set(error, "--imap: %s", why.text);
	replace(&policy->imap_host, target.host);
	policy->imap_port = target.port;
	target_clear(&target);
	return 0;
}

/* "contoso", or "contoso.onmicrosoft.com" as people copy it. */
static int check_tenant(const char *tenant, struct error *error)
{
	struct target target = {0};
	struct error why = {{0}};
	if (tenant != NULL && target_parse_domain(tenant, &target, &why) != 0)
		return error_set(error, "--tenant: %s", why.text);
	target_clear(&target);
	return 0;
}

static int take_words(const struct options *options, struct policy *policy, struct error *error)
{
	const char *cloud = option_text(options, OPTION_CLOUD);
	const char *phase = option_text(options, OPTION_PHASE);
	const char *verify = option_text(options, OPTION_VERIFY);
	if (cloud != NULL && (policy->cloud = cloud_from_name(cloud)) == CLOUD_COUNT)
		return error_set(error, "--cloud: not worldwide, gcc-high, dod or china");
	if (phase != NULL && !str_equal(phase, "before") && !str_equal(phase, "after"))
		return error_set(error, "--phase: neither before nor after");
	if (phase != NULL)
		policy->phase = str_equal(phase, "after") ? PHASE_AFTER : PHASE_BEFORE;
	if (verify != NULL && (!str_starts_nocase(verify, "MS=ms") || strspn(verify + 5, "0123456789") != VERIFY_DIGITS ||
	                       strlen(verify) != 5 + VERIFY_DIGITS))
		return error_set(error, "--verify: not of the form MS=ms12345678");
	if (check_tenant(option_text(options, OPTION_TENANT), error) != 0)
		return -1;
	replace(&policy->verify, verify);
	replace(&policy->tenant, option_text(options, OPTION_TENANT));
	return 0;
}

static int known_id(enum option_id option, const char *text, size_t length, enum finding_id *id, struct error *error)
{
	char *name = xstrndup(text, length);
	*id = catalogue_find(name);
	if (*id == FINDING_COUNT)
		error_set(error, "--%s: '%.60s' is no finding; 'cutover explain --list' names all", option_info(option)->name, name);
	free(name);
	return *id == FINDING_COUNT ? -1 : 0;
}

static int take_ids(const struct options *options, enum option_id option, struct names *ids, struct error *error)
{
	const struct names *given = option_list(options, option);
	for (size_t i = 0; i < given->count; i++) {
		enum finding_id id;
		if (known_id(option, given->items[i], strlen(given->items[i]), &id, error) != 0)
			return -1;
		names_add(ids, given->items[i]);
	}
	return 0;
}

static int take_severities(const struct options *options, struct policy *policy, struct error *error)
{
	const struct names *given = option_list(options, OPTION_SEVERITY);
	for (size_t i = 0; i < given->count; i++) {
		struct severity_override override;
		const char *equals = strchr(given->items[i], '=');
		if (equals == NULL)
			return error_set(error, "--severity: not of the form ID=LEVEL");
		if (known_id(OPTION_SEVERITY, given->items[i], (size_t)(equals - given->items[i]), &override.id, error) != 0)
			return -1;
		override.severity = severity_from_name(equals + 1);
		if (override.severity == SEVERITY_COUNT)
			return error_set(error, "--severity: the level is none of pass info skip unknown warn fail");
		policy->overrides = xrealloc(policy->overrides, policy->override_count + 1, sizeof override);
		policy->overrides[policy->override_count++] = override;
	}
	return 0;
}

static void take_numbers(const struct options *options, struct policy *policy)
{
	policy->now = option_number(options, OPTION_AT, policy->now);
	policy->cutover = option_number(options, OPTION_CUTOVER, policy->cutover);
	policy->ttl_limit_s = option_number(options, OPTION_TTL_LIMIT, policy->ttl_limit_s * 1000) / 1000;
	policy->cert_days = option_number(options, OPTION_CERT_DAYS, policy->cert_days);
	policy->timeout_ms = option_number(options, OPTION_TIMEOUT, policy->timeout_ms);
	if (option_is_set(options, OPTION_OLD_TTL))
		policy->old_ttl_s = option_number(options, OPTION_OLD_TTL, 0) / 1000;
}

static int take_prefixes(const struct options *options, struct policy *policy, struct error *error)
{
	const struct names *given = option_list(options, OPTION_ASSUME_PUBLIC);
	for (size_t i = 0; i < given->count; i++) {
		struct prefix prefix;
		if (!prefix_parse(given->items[i], &prefix))
			return error_set(error, "--assume-public: '%.80s' is not a prefix as 192.0.2.0/24", given->items[i]);
		names_add(&policy->assume_public, given->items[i]);
	}
	return 0;
}

int facts_apply(const struct options *options, struct policy *policy, struct error *error)
{
	take_numbers(options, policy);
	if (take_words(options, policy, error) != 0 || take_imap(options, policy, error) != 0 ||
	    take_hosts(options, OPTION_EXPECT_MX, &policy->expect_mx, error) != 0 ||
	    take_hosts(options, OPTION_OLD_MX, &policy->old_mx, error) != 0 ||
	    take_ids(options, OPTION_IGNORE, &policy->ignore, error) != 0 || take_ids(options, OPTION_ONLY, &policy->only, error) != 0 ||
	    take_severities(options, policy, error) != 0)
		return -1;
	return take_prefixes(options, policy, error);
}
