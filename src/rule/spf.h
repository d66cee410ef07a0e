#ifndef RULE_SPF_H
#define RULE_SPF_H
/* The domain's SPF record, for other rules. */
#include "rule/published.h"

/* In place: one record, and it names the senders of the policy's cloud. */
enum standing spf_standing(const struct dns_view *view);

#endif
