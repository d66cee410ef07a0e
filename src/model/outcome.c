#include "cutover/outcome.h"

#include <string.h>

#define NAME(symbol, name, meaning) name,
static const char *const names[] = {OUTCOME_LIST(NAME)};
#undef NAME

const char *outcome_name(enum outcome outcome)
{
	return outcome < OUTCOME_COUNT ? names[outcome] : "internal";
}

enum outcome outcome_from_name(const char *name)
{
	for (int i = 0; i < OUTCOME_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			return (enum outcome)i;
	return OUTCOME_COUNT;
}
