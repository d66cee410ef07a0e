#ifndef RENDER_JSON_PARTS_H
#define RENDER_JSON_PARTS_H
/*
 * cutover.report/1 as a value: one report, or several in one document. JSON and JSON Lines are its two prints.
 * Several migrations in a document: findings and observations stand one after the other, evidence indices count
 * through, the verdict is over all, the run spans them.
 */
#include <jansson.h>

#include "cutover/report.h"
#include "cutover/sink.h"

struct json_report {
	json_t *run, *findings;
	struct sink *observations; /* in memory, one a line */
	size_t observation_count;
	json_t *records;   /* NULL: not the command records */
	json_t *diagnosis; /* NULL: no message was given */
	struct verdict verdict;
	int64_t started_ms, finished_ms;
	bool with_transcript;
};

void json_report_init(struct json_report *document, bool with_transcript);
void json_report_add(struct json_report *document, const struct report *report);

/* Writes the whole document, and frees what is in it: json_report_init must follow before more is added. Indent 0: one line. */
void json_report_write(struct json_report *document, struct sink *sink, int indent);

/* The to-do list of the report goes behind the items that are there. */
void json_todo(json_t *records, const struct report *report);

struct diagnosis;
json_t *json_walk(const struct diagnosis *diagnosis);

#endif
