#ifndef CUTOVER_EVIDENCE_H
#define CUTOVER_EVIDENCE_H
/*
 * All observations about one migration (a domain and its hosts), in the order in which they were made.
 * Printed, saved (--record) and replayed (`judge`) as one value. Indices are stable: findings point by index.
 */
#include <stddef.h>

#include "cutover/observation.h"

struct evidence {
	struct observation **observations;
	size_t count, room;
};

void evidence_init(struct evidence *evidence);
void evidence_clear(struct evidence *evidence);

/* Takes ownership of the observation; returns its index. */
size_t evidence_take(struct evidence *evidence, struct observation *observation);

/* Next index >= from whose observation has that probe name (NULL: any), or evidence->count. */
size_t evidence_next(const struct evidence *evidence, size_t from, const char *probe);

#endif
