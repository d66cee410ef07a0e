/* One cutover.report/1 object a migration, on a line of its own, as soon as it is known. */
#include "cutover/renderer.h"
#include "cutover/sink.h"
#include "render/json_parts.h"

enum { VERBOSITY_TRANSCRIPT = 2 };

static void begin(struct render *render)
{
	render->state = NULL;
}

static void report_jsonl(struct render *render, const struct report *report)
{
	struct json_report document;
	json_report_init(&document, render->options->verbosity >= VERBOSITY_TRANSCRIPT);
	json_report_add(&document, report);
	json_report_write(&document, render->sink, 0);
	sink_flush(render->sink);
}

static void end(struct render *render)
{
	(void)render;
}

const struct renderer jsonl_renderer = {"jsonl", "one JSON object a migration, as soon as it is known",
                                        begin, report_jsonl, end};
