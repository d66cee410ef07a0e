#include "render/advice.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

/* Takes `filled`, which may be NULL. */
static char *escaped(char *filled)
{
	if (filled == NULL)
		return NULL;
	struct buf out;
	buf_init(&out, LIMIT_FACT_BYTES * 4);
	escape_terminal(&out, filled);
	free(filled);
	return buf_steal(&out);
}

static void add_part(struct advice_step *step, enum advice_kind kind, char *text)
{
	step->parts = xrealloc(step->parts, step->part_count + 1, sizeof *step->parts);
	step->parts[step->part_count++] = (struct advice_part){kind, text};
}

/* Backquotes stand about what can be pasted; each part is filled by itself. */
static void part_step(struct advice_step *step, const struct finding *finding, char *template)
{
	bool is_pasted = false;
	struct buf whole;
	buf_init(&whole, LIMIT_FACT_BYTES * 8);
	for (char *at = template, *end; at != NULL; at = end, is_pasted = !is_pasted) {
		end = strchr(at, '`');
		if (end != NULL)
			*end++ = '\0';
		if (*at == '\0')
			continue;
		bool is_last = end == NULL || *end == '\0';
		enum advice_kind kind = !is_pasted ? ADVICE_WORDS : is_last ? ADVICE_BLOCK : ADVICE_CODE;
		add_part(step, kind, escaped(is_pasted ? finding_fill_pasted(finding, at) : finding_fill(finding, at)));
		buf_puts(&whole, step->parts[step->part_count - 1].text);
	}
	step->text = buf_steal(&whole);
}

void advice_init(struct advice *advice, const struct finding *finding)
{
	const struct catalogue_entry *entry = catalogue_get(finding->id);
	*advice = (struct advice){.message = escaped(finding_fill(finding, entry->microsoft_message)),
	                          .cause = escaped(finding_fill(finding, entry->cause))};
	for (const char *at = entry->remedy; *at != '\0';) {
		size_t length = strcspn(at, "\n");
		char *template = xstrndup(at, length);
		advice->steps = xrealloc(advice->steps, advice->step_count + 1, sizeof *advice->steps);
		struct advice_step *step = &advice->steps[advice->step_count++];
		*step = (struct advice_step){0};
		part_step(step, finding, template);
		free(template);
		at += length + (at[length] == '\n');
	}
}

void advice_clear(struct advice *advice)
{
	for (size_t i = 0; i < advice->step_count; i++) {
		struct advice_step *step = &advice->steps[i];
		for (size_t p = 0; p < step->part_count; p++)
			free(step->parts[p].text);
		free(step->parts);
		free(step->text);
	}
	free(advice->steps);
	free(advice->message);
	free(advice->cause);
	*advice = (struct advice){0};
}
