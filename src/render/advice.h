#ifndef RENDER_ADVICE_H
#define RENDER_ADVICE_H
/*
 * The catalogue's texts for one finding, filled with its arguments. The remedy is parted into its steps before it is
 * filled, so that an argument can add none; control characters of arguments are escaped.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/finding.h"

struct advice {
	char *message; /* Microsoft's words, or NULL */
	char *cause;   /* "" when the catalogue has none */
	char **steps;
	size_t step_count;
};

void advice_init(struct advice *advice, const struct finding *finding);
void advice_clear(struct advice *advice);

/*
 * The part of a step that can be pasted: a shell or PowerShell command or a DNS record behind a colon. Formats that
 * can set it apart do so. False when the step is words only.
 */
bool advice_paste(const char *step, size_t *start, size_t *length);

#endif
