#include "cutover/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

static const char *const cloud_names[] = {"worldwide", "gcc-high", "dod", "china"};

void names_add(struct names *names, const char *name)
{
	names->items = xrealloc(names->items, names->count + 1, sizeof *names->items);
	names->items[names->count++] = xstrdup(name);
}

bool names_has(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_equal_nocase(names->items[i], name))
			return true;
	return false;
}

void names_clear(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){0};
}

static struct names names_copy(const struct names *from)
{
	struct names copy = {0};
	for (size_t i = 0; i < from->count; i++)
		names_add(&copy, from->items[i]);
	return copy;
}

void policy_init(struct policy *policy)
{
	*policy = (struct policy){
	    .now = TIME_UNKNOWN,
	    .cutover = TIME_UNKNOWN,
	    .ttl_limit_s = 3600,
	    .cert_days = 21,
	    .timeout_ms = LIMIT_CONNECT_MS,
	    .old_ttl_s = -1,
	    .since_ttl_s = -1,
	    .last_ttl_s = -1,
	    .short_since = TIME_UNKNOWN,
	    .changed_by = TIME_UNKNOWN,
	    .since_gone_by = TIME_UNKNOWN,
	};
}

void policy_copy(struct policy *to, const struct policy *from)
{
	*to = *from;
	to->domain = xstrdup(from->domain);
	to->imap_host = xstrdup(from->imap_host);
	to->tenant = xstrdup(from->tenant);
	to->verify = xstrdup(from->verify);
	to->expect_mx = names_copy(&from->expect_mx);
	to->old_mx = names_copy(&from->old_mx);
	to->assume_public = names_copy(&from->assume_public);
	to->ignore = names_copy(&from->ignore);
	to->only = names_copy(&from->only);
	to->overrides = NULL;
	if (from->override_count > 0) {
		to->overrides = xcalloc(from->override_count, sizeof *to->overrides);
		memcpy(to->overrides, from->overrides, from->override_count * sizeof *to->overrides);
	}
}

void policy_clear(struct policy *policy)
{
	free(policy->domain);
	free(policy->imap_host);
	free(policy->tenant);
	free(policy->verify);
	names_clear(&policy->expect_mx);
	names_clear(&policy->old_mx);
	names_clear(&policy->assume_public);
	names_clear(&policy->ignore);
	names_clear(&policy->only);
	free(policy->overrides);
	policy_init(policy);
}

const char *phase_name(enum phase phase)
{
	return phase == PHASE_BEFORE ? "before" : "after";
}

const char *cloud_name(enum cloud cloud)
{
	return cloud_names[cloud];
}

enum cloud cloud_from_name(const char *name)
{
	for (int i = 0; i < CLOUD_COUNT; i++)
		if (str_equal_nocase(cloud_names[i], name))
			return (enum cloud)i;
	return CLOUD_COUNT;
}
