#include "rule/mtasts_policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/mtasts.h"
#include "rule/mx_view.h"
#include "rule/web_certificate.h"

enum { SAID_BYTES = 1024, STATUS_OK = 200 };

/* Whether senders elsewhere would fare the same: a machine without a route says nothing of the web server. */
static bool says_something(const struct observation *o)
{
	return o->outcome != OUTCOME_SKIPPED && o->outcome != OUTCOME_CANCELLED && o->outcome != OUTCOME_UNREACHABLE &&
	       o->outcome != OUTCOME_SERVFAIL && o->outcome != OUTCOME_INTERNAL;
}

/* Of several addresses that were tried the one that answered, else the last. */
static const struct observation *find(const struct dns_view *view, size_t *index)
{
	const struct observation *best = NULL;
	for (size_t i = 0; (i = evidence_next(view->evidence, i, "mtasts")) < view->evidence->count; i++) {
		const struct observation *o = view->evidence->observations[i];
		if (!str_equal_nocase(o->target, view->domain) || !says_something(o) || (best != NULL && best->outcome == OUTCOME_OK))
			continue;
		best = o;
		*index = i;
	}
	return best;
}

/* The media type without its parameters (RFC 8461 3.3: text/plain). */
static bool is_plain_text(const char *type)
{
	size_t length = type != NULL ? strcspn(type, "; \t") : 0;
	return length == strlen("text/plain") && str_starts_nocase(type, "text/plain");
}

static char *fault_of(const struct observation *o)
{
	int64_t status = observation_int_or(o, FACT_HTTP_STATUS, 0, 0);
	const char *location = observation_text(o, FACT_HTTP_LOCATION, 0), *type = observation_text(o, FACT_HTTP_CONTENT_TYPE, 0);
	const char *fault = observation_text(o, FACT_MTASTS_FAULT, 0), *detail = observation_text(o, FACT_DETAIL, 0);
	char *certificate = web_certificate_fault(o), *says = NULL;
	if (certificate != NULL)
		says = xasprintf("its certificate %s", certificate);
	else if (o->outcome != OUTCOME_OK)
		says = xasprintf("it cannot be fetched: %s", detail != NULL ? detail : outcome_name(o->outcome));
	else if (location != NULL)
		says = xasprintf("a redirect to %s, which senders do not follow", location);
	else if (status != STATUS_OK)
		says = xasprintf("the web server answers %lld", (long long)status);
	else if (!is_plain_text(type))
		says = xasprintf("its media type is %s, not text/plain", type != NULL ? type : "not given");
	else
		says = xstrdup(fault);
	free(certificate);
	return says;
}

static bool is_covered(const struct observation *o, const char *host)
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_MTASTS_MX); row++) {
		const char *pattern = observation_text(o, FACT_MTASTS_MX, row);
		if (pattern != NULL && mtasts_pattern_matches(pattern, host))
			return true;
	}
	return false;
}

/* Whether any line can cover a host of Microsoft's at all; which one it will be is not known. */
static bool covers_microsoft(const struct observation *o)
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_MTASTS_MX); row++) {
		const char *pattern = observation_text(o, FACT_MTASTS_MX, row);
		if (pattern == NULL)
			continue;
		char *host = str_starts(pattern, "*.") ? xasprintf("x%s", pattern + 1) : xstrdup(pattern);
		bool is_microsofts = microsoft_is(MICROSOFT_MX, host, NULL);
		free(host);
		if (is_microsofts)
			return true;
	}
	return false;
}

/* Adds the host to those shut out, once. */
static void check(struct mtasts_policy_view *policy, struct names *excluded, const char *host, bool is_new)
{
	if (is_covered(policy->o, host))
		return;
	policy->excludes_new = policy->excludes_new || is_new;
	if (!names_has(excluded, host))
		names_add(excluded, host);
}

static void check_hosts(struct mtasts_policy_view *policy, const struct dns_view *view, struct names *excluded)
{
	const struct policy *told = view->policy;
	bool is_after = told->phase == PHASE_AFTER, knows_new = told->expect_mx.count > 0;
	struct mx_view mx;
	if (mx_view_init(&mx, view)) {
		for (size_t i = 0; i < mx.set.count; i++) {
			bool is_microsofts = mx_view_has(&mx, i, MX_KIND_BIT(MX_KIND_MICROSOFT));
			if (mx_view_has(&mx, i, MX_KINDS_USABLE))
				check(policy, excluded, mx.set.items[i].host, is_microsofts);
			knows_new = knows_new || is_microsofts;
		}
		mx_view_clear(&mx);
	}
	for (size_t i = 0; i < told->expect_mx.count; i++)
		check(policy, excluded, told->expect_mx.items[i], true);
	for (size_t i = 0; !is_after && i < told->old_mx.count; i++)
		check(policy, excluded, told->old_mx.items[i], false);
	if (!knows_new && !covers_microsoft(policy->o)) {
		policy->excludes_new = true;
		names_add(excluded, "Microsoft's MX host in whichever form");
	}
}

bool mtasts_policy_find(struct mtasts_policy_view *policy, const struct dns_view *view)
{
	struct names excluded = {0};
	struct buf says;
	*policy = (struct mtasts_policy_view){.max_age_s = -1};
	policy->o = find(view, &policy->index);
	if (policy->o == NULL)
		return false;
	policy->fault = fault_of(policy->o);
	policy->is_enforced = str_equal(observation_text(policy->o, FACT_MTASTS_MODE, 0), "enforce");
	policy->max_age_s = observation_int_or(policy->o, FACT_MTASTS_MAX_AGE_S, 0, -1);
	if (policy->fault != NULL)
		return true;
	check_hosts(policy, view, &excluded);
	buf_init(&says, SAID_BYTES);
	for (size_t i = 0; i < excluded.count; i++)
		buf_printf(&says, "%s%s", i > 0 ? ", " : "", excluded.items[i]);
	policy->excluded = says.length > 0 ? xstrdup(says.bytes) : NULL;
	buf_clear(&says);
	names_clear(&excluded);
	return true;
}

void mtasts_policy_clear_view(struct mtasts_policy_view *policy)
{
	free(policy->fault);
	free(policy->excluded);
	*policy = (struct mtasts_policy_view){0};
}

int64_t mtasts_policy_horizon(const struct dns_view *view)
{
	struct mtasts_policy_view policy;
	int64_t horizon_s = -1;
	if (!mtasts_policy_find(&policy, view))
		return -1;
	if (policy.fault == NULL && policy.is_enforced && policy.excludes_new)
		horizon_s = policy.max_age_s;
	mtasts_policy_clear_view(&policy);
	return horizon_s;
}
