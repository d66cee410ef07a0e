#include "cutover/probe.h"

#include <string.h>

#define PROBE(symbol) extern const struct probe symbol##_probe;
#include "cutover/probes.def"
#undef PROBE

#define PROBE(symbol) &symbol##_probe,
static const struct probe *const probes[] = {
#include "cutover/probes.def"
    NULL,
};
#undef PROBE

const struct probe *probe_find(const char *name)
{
	for (size_t i = 0; probes[i] != NULL; i++)
		if (strcmp(probes[i]->name, name) == 0)
			return probes[i];
	return NULL;
}
