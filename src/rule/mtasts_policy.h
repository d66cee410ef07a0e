#ifndef RULE_MTASTS_POLICY_H
#define RULE_MTASTS_POLICY_H
/* The MTA-STS policy file as it was fetched, and which MX hosts of the migration it shuts out. */
#include "rule/dns_view.h"

struct mtasts_policy_view {
	const struct observation *o;
	size_t index;
	char *fault;         /* why senders cannot use it, or NULL */
	bool is_enforced;
	int64_t max_age_s;
	char *excluded;      /* "mail.contoso.com, ...": hosts that no mx line covers, or NULL */
	bool excludes_new;   /* one of them is wanted after the change */
};

/* False, and nothing to clear, when no fetch says anything. */
bool mtasts_policy_find(struct mtasts_policy_view *policy, const struct dns_view *view);
void mtasts_policy_clear_view(struct mtasts_policy_view *policy);

/*
 * How long senders may refuse the new MX because of what they have stored: max_age of a policy in mode enforce that does not
 * cover it. Seconds; -1 when nothing of the kind is known.
 */
int64_t mtasts_policy_horizon(const struct dns_view *view);

#endif
