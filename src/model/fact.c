#include "cutover/fact.h"

#include <string.h>

#define FACT(symbol, name, type, about) {name, NULL, NULL, FACT_TYPE_##type, about},
#define ROW(symbol, table, column, type, about) {table "." column, table, column, FACT_TYPE_##type, about},
static const struct fact_info infos[] = {
#include "cutover/facts.def"
};
#undef FACT
#undef ROW

const struct fact_info *fact_info(enum fact_key key)
{
	return &infos[key];
}

enum fact_key fact_key_from_name(const char *name)
{
	for (int i = 0; i < FACT_COUNT; i++)
		if (strcmp(infos[i].name, name) == 0)
			return (enum fact_key)i;
	return FACT_COUNT;
}
