#ifndef MODEL_SPECIAL_RANGE_H
#define MODEL_SPECIAL_RANGE_H
/* Special-purpose addresses by IANA's registries (data/special-purpose.tsv). */
#include "model/address.h"

struct special_range {
	struct prefix prefix;
	bool is_unreachable; /* the registry says "not globally reachable"; false also where it does not say */
	char name[64];       /* "private use" */
};

/* The longest registered prefix that holds the address; false: an ordinary address. */
bool special_range_find(const struct address *address, struct special_range *range);

#endif
