#include "model/public_address.h"

static bool is_lifted(const struct policy *policy, const struct address *address)
{
	struct prefix prefix;
	for (size_t i = 0; i < policy->assume_public.count; i++)
		if (prefix_parse(policy->assume_public.items[i], &prefix) && prefix_has(&prefix, address))
			return true;
	return false;
}

bool address_is_public(const struct policy *policy, const char *text, struct special_range *range)
{
	struct special_range found;
	struct address address;
	if (!address_parse(text, &address) || is_lifted(policy, &address))
		return true;
	if (!special_range_find(&address, &found) || !found.is_unreachable)
		return true;
	if (range != NULL)
		*range = found;
	return false;
}
