#ifndef RULE_TTL_NAMES_H
#define RULE_TTL_NAMES_H
/* ttl-negative-long and ttl-target-long: names still to be published, and what hangs on the MX set. */
#include "rule/dns_view.h"

void ttl_names_judge(const struct dns_view *view);

#endif
