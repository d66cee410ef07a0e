#include "render/advice.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

static char *fill(const struct finding *finding, const char *text)
{
	char *filled = finding_fill(finding, text);
	if (filled == NULL)
		return NULL;
	struct buf out;
	buf_init(&out, LIMIT_FACT_BYTES * 4);
	escape_terminal(&out, filled);
	free(filled);
	return buf_steal(&out);
}

void advice_init(struct advice *advice, const struct finding *finding)
{
	const struct catalogue_entry *entry = catalogue_get(finding->id);
	*advice = (struct advice){.message = fill(finding, entry->microsoft_message), .cause = fill(finding, entry->cause)};
	for (const char *at = entry->remedy; *at != '\0';) {
		size_t length = strcspn(at, "\n");
		char *step = xstrndup(at, length);
		advice->steps = xrealloc(advice->steps, advice->step_count + 1, sizeof *advice->steps);
		advice->steps[advice->step_count++] = fill(finding, step);
		free(step);
		at += length + (at[length] == '\n');
	}
}

void advice_clear(struct advice *advice)
{
	for (size_t i = 0; i < advice->step_count; i++)
		free(advice->steps[i]);
	free(advice->steps);
	free(advice->message);
	free(advice->cause);
	*advice = (struct advice){0};
}
