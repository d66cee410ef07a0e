#ifndef RULE_HISTORY_H
#define RULE_HISTORY_H
/*
 * What earlier recordings of a domain knew (--since): the TTL of its MX set before it was lowered, when it was first
 * seen low at every server, the set that was there before, when another was first seen, and when they expected its last
 * answer to be gone.
 */
#include "cutover/evidence.h"
#include "cutover/policy.h"

struct history {
	struct names mx, old_mx; /* hosts of the newest recording, and of the set before it */
	int64_t ttl_s;           /* of the newest one */
	bool mx_is_new;          /* it was made after the change */
	int64_t longest_s, last_ttl_s, short_since, changed_by, gone_by; /* as in struct policy */
};

void history_init(struct history *history);
void history_clear(struct history *history);

/*
 * Notes one recording, with the policy in it; the oldest first. `limit_s`: the longest TTL that is short. Recordings in
 * which not every server of the zone answered say nothing.
 */
void history_note(struct history *history, const struct evidence *evidence, const struct policy *recorded, int64_t limit_s);

/* Into the policy of this run; what the user told stays. */
void history_apply(const struct history *history, struct policy *policy);

#endif
