#ifndef RULE_EXPECTATION_H
#define RULE_EXPECTATION_H
/*
 * Which MX set is the new one and which the old: by --expect-mx, --old-mx (told, or known from --since), else the new one is
 * what the zone's newest server serves. Never what most resolvers say.
 */
#include "rule/dns_view.h"
#include "rule/mx_set.h"

enum mx_age { MX_AGE_NEW, MX_AGE_OLD, MX_AGE_OTHER };

struct expectation {
	const struct policy *policy;
	struct mx_set zone;  /* of the answer that counts; empty when nobody could answer */
	bool zone_is_old;    /* it is the old one: nothing has been changed */
	struct buf wanted;   /* the new set in words */
};

void expectation_init(struct expectation *expectation, const struct dns_view *view);
void expectation_clear(struct expectation *expectation);

/* A set that is not the new one is the old one unless the old one is known and is another. */
enum mx_age expectation_age(const struct expectation *expectation, const struct mx_set *set);

#endif
