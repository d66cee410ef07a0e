#ifndef MODEL_FIREWALL_H
#define MODEL_FIREWALL_H
/* Questions about firewall observations that the rule and the command both ask. */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/evidence.h"

/* The index behind the observations that belong together with the one at `first`: the same rules, one port each. */
size_t firewall_group_end(const struct evidence *evidence, size_t first);

/*
 * The families whose verdicts count at that port: bit 4 and bit 6, as 1 << 4 | 1 << 6. A family all of whose ranges are
 * certainly shut out there, and not so at another port of the group, is not published at this one, on purpose: a
 * migration needs one port. A family that is shut out of all ports counts at those that the other one may use.
 */
unsigned firewall_families(const struct evidence *evidence, size_t index);

/* Whether a prefix ("40.96.0.0/13") is of one of the families. */
bool firewall_is_of(const char *prefix, unsigned families);

#endif
