/* The chain of DNSSEC signatures: whole, absent, broken, or about to run out. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "rule/rules.h"

/*
 * Mail may be delivered late for so long: what must hold holds until then. Servers that sign as they answer do so for a day or two at a
 * time, all the time: of signatures as short as that, one that is not in its last third is a sign that the signer runs.
 */
enum { WINDOW_S = 72 * 3600, SHORT_S = 96 * 3600, THIRDS = 3 };

struct chain {
	const struct observation *o;
	size_t index;
	const struct policy *policy;
	struct findings *findings;
};

static void add(const struct chain *chain, enum finding_id id, const char *says)
{
	struct finding *f = findings_add(chain->findings, chain->policy, id, chain->policy->domain, "%s", says);
	finding_arg(f, "domain", chain->policy->domain);
	finding_arg(f, "value", says);
	finding_because(f, chain->index);
}

/* The first link with that status as "contoso.com DNSKEY: no key matches ..."; allocated. */
static char *say_link(const struct observation *o, const char *status)
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_DNSSEC_NAME); row++) {
		const char *name = observation_text(o, FACT_DNSSEC_NAME, row), *type = observation_text(o, FACT_DNSSEC_TYPE, row);
		const char *reason = observation_text(o, FACT_DNSSEC_REASON, row);
		if (name != NULL && str_equal(observation_text(o, FACT_DNSSEC_STATUS, row), status))
			return xasprintf("%s %s: %s", name, type != NULL ? type : "", reason != NULL ? reason : "");
	}
	return xstrdup("the chain is broken");
}

/* The link of the domain's own zone whose signatures end first; false: none has an end. */
static bool first_end(const struct observation *o, uint32_t *link, int64_t *ends)
{
	bool is_found = false;
	for (uint32_t row = 0; row < observation_rows(o, FACT_DNSSEC_NAME); row++) {
		int64_t expires = 0;
		if (!observation_flag(o, FACT_DNSSEC_OWN, row) || !observation_int(o, FACT_DNSSEC_EXPIRES, row, &expires) ||
		    (is_found && expires >= *ends))
			continue;
		*ends = expires;
		*link = row;
		is_found = true;
	}
	return is_found;
}

static bool is_made_anew(const struct observation *o, uint32_t row, int64_t ends, int64_t now)
{
	int64_t begins;
	return observation_int(o, FACT_DNSSEC_BEGINS, row, &begins) && begins <= now && ends > now && ends - begins <= SHORT_S &&
	       (ends - now) * THIRDS >= ends - begins;
}

static void judge_secure(const struct chain *chain)
{
	const struct policy *policy = chain->policy;
	bool is_planned = policy->cutover != TIME_UNKNOWN && policy->cutover > policy->now;
	int64_t window = (is_planned ? policy->cutover : policy->now) + WINDOW_S, ends = 0;
	char text[CLOCK_TEXT_BYTES];
	uint32_t row = 0;
	bool has_end = first_end(chain->o, &row, &ends);
	const char *name = has_end ? observation_text(chain->o, FACT_DNSSEC_NAME, row) : "";
	const char *type = has_end ? observation_text(chain->o, FACT_DNSSEC_TYPE, row) : "";
	char *says = NULL;
	enum finding_id id = FINDING_DNSSEC_OK;
	if (has_end && ends <= policy->now) {
		id = FINDING_DNSSEC_BOGUS;
		says = xasprintf("%s %s: the last signature expired at %s", name, type, clock_format(ends, text));
	} else if (has_end && ends < window && is_made_anew(chain->o, row, ends, policy->now)) {
		says = xasprintf("signed and valid; signatures are made anew all the time, the present ones end at %s", clock_format(ends, text));
	} else if (has_end && ends < window) {
		id = FINDING_DNSSEC_EXPIRING;
		says = xasprintf("%s %s: the last signature ends at %s", name, type, clock_format(ends, text));
	} else {
		says = has_end ? xasprintf("signed and valid, the first signature to end does so at %s", clock_format(ends, text))
		               : xstrdup("signed and valid");
	}
	add(chain, id, says);
	free(says);
}

static void judge(const struct chain *chain)
{
	const char *result = observation_text(chain->o, FACT_DNSSEC_RESULT, 0);
	char *says = NULL;
	if (str_equal(result, "secure")) {
		judge_secure(chain);
	} else if (str_equal(result, "bogus")) {
		says = say_link(chain->o, "bogus");
		add(chain, FINDING_DNSSEC_BOGUS, says);
	} else if (str_equal(result, "insecure")) {
		says = say_link(chain->o, "insecure");
		bool has_keys = observation_flag(chain->o, FACT_DNSSEC_SIGNED_BELOW, 0);
		char *whole = has_keys ? xasprintf("%s, though the zone itself is signed", says) : xstrdup(says);
		add(chain, FINDING_DNSSEC_UNSIGNED, whole);
		free(whole);
	}
	free(says);
}

void rule_dnssec(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	for (size_t i = 0; policy->domain != NULL && (i = evidence_next(evidence, i, "dnssec")) < evidence->count; i++) {
		const struct chain chain = {evidence->observations[i], i, policy, findings};
		if (str_equal_nocase(chain.o->target, policy->domain) && chain.o->outcome == OUTCOME_OK) {
			judge(&chain);
			return;
		}
	}
}
