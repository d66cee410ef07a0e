#ifndef RULE_WILDCARD_H
#define RULE_WILDCARD_H
/* Whether a name is there in its own right, or only a wildcard (RFC 4592) answers for it. */
#include "rule/dns_view.h"

/* The answer has just what a made-up name below the domain gets. False for NULL. */
bool wildcard_explains(const struct dns_view *view, const struct dns_entry *entry);

#endif
