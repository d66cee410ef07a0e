/* One cutover.report/1 document for the whole run. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "cutover/renderer.h"
#include "render/json_parts.h"

enum { INDENT = 2, VERBOSITY_TRANSCRIPT = 2 };

static void begin(struct render *render)
{
	struct json_report *document = xcalloc(1, sizeof *document);
	json_report_init(document, render->options->verbosity >= VERBOSITY_TRANSCRIPT);
	render->state = document;
}

static void report_json(struct render *render, const struct report *report)
{
	json_report_add(render->state, report);
}

static void end(struct render *render)
{
	json_report_write(render->state, render->sink, INDENT);
	free(render->state);
	render->state = NULL;
}

const struct renderer json_renderer = {"json", "one JSON document (cutover.report/1)", begin, report_json, end};
