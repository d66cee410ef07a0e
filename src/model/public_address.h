#ifndef MODEL_PUBLIC_ADDRESS_H
#define MODEL_PUBLIC_ADDRESS_H
/* Whether Microsoft and other senders can reach an address: IANA's special-purpose ranges and --assume-public. */
#include <stdbool.h>

#include "cutover/policy.h"
#include "model/special_range.h"

/*
 * False when the registries say that the address is not globally reachable and no prefix of policy->assume_public lifts
 * that; `range` (which may be NULL) then says which range it is in. Text that is no address counts as public: nothing
 * is known against it.
 */
bool address_is_public(const struct policy *policy, const char *address, struct special_range *range);

#endif
