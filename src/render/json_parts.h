#ifndef RENDER_JSON_PARTS_H
#define RENDER_JSON_PARTS_H
/*
 * cutover.report/1 as a value: one report, or several in one document. JSON and JSON Lines are its two prints.
 * Several migrations in a document: findings and observations stand one after the other, evidence indices count
 * through, the verdict is over all, the run spans them.
 */
#include <jansson.h>

#include "cutover/report.h"

struct json_report {
	json_t *run, *findings, *observations;
	json_t *records;   /* NULL: not the command records */
	json_t *diagnosis; /* NULL: no message was given */
	struct verdict verdict;
	int64_t started_ms, finished_ms;
	bool with_transcript;
};

void json_report_init(struct json_report *document, bool with_transcript);
void json_report_add(struct json_report *document, const struct report *report);

/* The whole document, a new reference; the parts move into it: json_report_init must follow before more is added. */
json_t *json_report_take(struct json_report *document);

/* The to-do list of the report goes behind the items that are there. */
void json_todo(json_t *records, const struct report *report);

struct diagnosis;
json_t *json_walk(const struct diagnosis *diagnosis);

#endif
