#include "cutover/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void evidence_init(struct evidence *evidence)
{
	*evidence = (struct evidence){0};
}

void evidence_clear(struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->count; i++)
		observation_free(evidence->observations[i]);
	free(evidence->observations);
	evidence_init(evidence);
}

size_t evidence_take(struct evidence *evidence, struct observation *observation)
{
	evidence->observations = xgrow(evidence->observations, evidence->count, &evidence->room, sizeof(struct observation *));
	evidence->observations[evidence->count] = observation;
	return evidence->count++;
}

size_t evidence_next(const struct evidence *evidence, size_t from, const char *probe)
{
	while (from < evidence->count && probe != NULL && strcmp(evidence->observations[from]->probe, probe) != 0)
		from++;
	return from < evidence->count ? from : evidence->count;
}
