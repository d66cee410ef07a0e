#ifndef RULE_SPF_TREE_H
#define RULE_SPF_TREE_H
/* The whole SPF tree, as the probe "spf" walked it: limits and syntax (RFC 7208 4.6.4), its end, the old server in it. */
#include <stdbool.h>

#include "rule/dns_view.h"

/* Adds what the tree has; returns whether nothing of it stands at warn or worse (or no tree was walked). */
bool spf_tree_judge(const struct dns_view *view);

/* The walk, where there was one, becomes evidence of the finding. */
void spf_tree_show(const struct dns_view *view, struct finding *finding);

#endif
