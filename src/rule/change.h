#ifndef RULE_CHANGE_H
#define RULE_CHANGE_H
/* What is judged of the change: how far it has come (propagation.c), and its dates (clock.c). */
#include "rule/cache_view.h"

/* All that they look at; findings go into view.findings. */
struct change {
	struct dns_view view;
	struct authority authority;
	struct expectation expectation;
	struct cache_view caches;
};

void propagation_tell(const struct change *scene);
void clock_tell(const struct change *scene);

#endif
