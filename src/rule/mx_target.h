#ifndef RULE_MX_TARGET_H
#define RULE_MX_TARGET_H
/* Where the hosts of the MX set lead: mx-target-not-found, mx-is-alias, mx-private-address, mx-label-differs. */
#include "rule/mx_view.h"

void mx_target_judge(const struct mx_view *mx);

#endif
