#ifndef RENDER_ADVICE_H
#define RENDER_ADVICE_H
/*
 * The catalogue's texts for one finding, filled with its arguments. The remedy is parted into its steps, and those into
 * words and what can be pasted, before it is filled, so that an argument can add none; control characters of arguments
 * are escaped.
 */
#include <stddef.h>

#include "cutover/finding.h"

enum advice_kind {
	ADVICE_WORDS,
	ADVICE_CODE,  /* a command or record among the words */
	ADVICE_BLOCK, /* a command or record that ends its step: formats that can give it a line of its own do so */
};

struct advice_part {
	enum advice_kind kind;
	char *text; /* never empty */
};

struct advice_step {
	char *text; /* the whole step, without marks */
	struct advice_part *parts;
	size_t part_count;
};

struct advice {
	char *message; /* Microsoft's words, or NULL */
	char *cause;   /* "" when the catalogue has none */
	struct advice_step *steps;
	size_t step_count;
};

void advice_init(struct advice *advice, const struct finding *finding);
void advice_clear(struct advice *advice);

#endif
