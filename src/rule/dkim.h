#ifndef RULE_DKIM_H
#define RULE_DKIM_H
/* Microsoft's two DKIM selectors, for other rules. */
#include "rule/published.h"

/* In place: one selector at least leads to this domain's key at Microsoft. */
enum standing dkim_standing(const struct dns_view *view);

#endif
