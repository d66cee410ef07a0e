#include "render/json_parts.h"

#include <string.h>

#include "base/str.h"
#include "model/json_stream.h"
#include "model/json_value.h"
#include "render/advice.h"

void json_report_init(struct json_report *document, bool with_transcript)
{
	*document = (struct json_report){
	    .findings = json_array(),
	    .observations = sink_new_memory(),
	    .with_transcript = with_transcript,
	};
	verdict_init(&document->verdict);
}

static json_t *arguments_value(const struct finding *finding)
{
	json_t *args = json_object();
	for (size_t i = 0; i < finding->argument_count; i++) {
		const struct finding_argument *one = &finding->arguments[i];
		json_t *value = one->text != NULL ? json_value_text(one->text) : json_integer(one->number);
		json_object_set_new(args, one->name, value);
	}
	return args;
}

static json_t *finding_value(const struct finding *finding, size_t first_observation)
{
	const struct catalogue_entry *entry = catalogue_get(finding->id);
	struct advice advice;
	advice_init(&advice, finding);
	json_t *value = json_object(), *remedy = json_array(), *evidence = json_array();
	for (size_t i = 0; i < advice.step_count; i++)
		json_array_append_new(remedy, json_value_text(advice.steps[i].text));
	for (size_t i = 0; i < finding->because_count; i++)
		json_array_append_new(evidence, json_integer((json_int_t)(first_observation + finding->because[i])));
	json_object_set_new(value, "id", json_string(entry->id));
	json_object_set_new(value, "severity", json_string(severity_name(finding->severity)));
	json_object_set_new(value, "subject", json_value_text(finding->subject));
	json_object_set_new(value, "summary", json_value_text(finding->summary));
	json_object_set_new(value, "microsoft_message", json_value_text(advice.message));
	json_object_set_new(value, "who", json_string(actor_name(entry->actor)));
	json_object_set_new(value, "cause", json_value_text(advice.cause));
	json_object_set_new(value, "remedy", remedy);
	json_object_set_new(value, "troubleshooter", json_value_text(entry->section));
	json_object_set_new(value, "evidence", evidence);
	json_object_set_new(value, "args", arguments_value(finding));
	advice_clear(&advice);
	return value;
}

/* The run is the first report's; a planned change that differs between the reports is none of the whole. */
static void add_run(struct json_report *document, const struct report *report)
{
	const struct run_info *run = report->run;
	json_t *cutover = json_value_time(report->policy->cutover);
	if (document->run == NULL) {
		document->run = json_object();
		json_object_set_new(document->run, "command", json_value_text(run->command));
		json_object_set_new(document->run, "phase", json_string(phase_name(report->policy->phase)));
		json_object_set_new(document->run, "vantage", json_value_text(run->vantage));
		json_object_set(document->run, "cutover", cutover);
		document->started_ms = run->started_ms;
		document->finished_ms = run->finished_ms;
	}
	if (!json_equal(json_object_get(document->run, "cutover"), cutover))
		json_object_set_new(document->run, "cutover", json_null());
	if (run->started_ms < document->started_ms)
		document->started_ms = run->started_ms;
	if (run->finished_ms > document->finished_ms)
		document->finished_ms = run->finished_ms;
	json_decref(cutover);
}

void json_report_add(struct json_report *document, const struct report *report)
{
	size_t first = document->observation_count;
	add_run(document, report);
	verdict_add(&document->verdict, report);
	if (report->diagnosis != NULL && document->diagnosis == NULL)
		document->diagnosis = json_walk(report->diagnosis);
	if (str_equal(report->run->command, "records")) {
		document->records = document->records != NULL ? document->records : json_array();
		json_todo(document->records, report);
	}
	for (size_t i = 0; i < report->findings->count; i++)
		json_array_append_new(document->findings, finding_value(report->findings->items[i], first));
	for (size_t i = 0; i < report->evidence->count; i++) {
		json_t *value = json_value_observation(report->evidence->observations[i], document->with_transcript);
		json_value_write(document->observations, value, 0);
		json_decref(value);
	}
	document->observation_count += report->evidence->count;
}

static json_t *verdict_value(const struct verdict *verdict)
{
	json_t *value = json_object(), *counts = json_object();
	for (int severity = 0; severity < SEVERITY_COUNT; severity++)
		json_object_set_new(counts, severity_name((enum severity)severity),
		                    json_integer((json_int_t)verdict->counts[severity]));
	json_object_set_new(value, "status", json_string(severity_name(verdict->status)));
	json_object_set_new(value, "exit_code", json_integer(verdict->exit_code));
	json_object_set_new(value, "counts", counts);
	json_object_set_new(value, "ignored", json_integer((json_int_t)verdict->ignored));
	json_object_set_new(value, "earliest_cutover", json_value_time(verdict->earliest_cutover));
	json_object_set_new(value, "old_gone_by", json_value_time(verdict->old_gone_by));
	json_object_set_new(value, "sync_until", json_value_time(verdict->sync_until));
	return value;
}

/* A run without a report (nothing was named, or all was left out) is still a document. */
static json_t *run_value(struct json_report *document)
{
	json_t *value = json_object(), *run = document->run;
	bool is_empty = run == NULL;
	json_object_set_new(value, "command", is_empty ? json_null() : json_incref(json_object_get(run, "command")));
	json_object_set_new(value, "phase", is_empty ? json_null() : json_incref(json_object_get(run, "phase")));
	json_object_set_new(value, "vantage", is_empty ? json_null() : json_incref(json_object_get(run, "vantage")));
	json_object_set_new(value, "started", is_empty ? json_null() : json_value_time_ms(document->started_ms));
	json_object_set_new(value, "finished", is_empty ? json_null() : json_value_time_ms(document->finished_ms));
	json_object_set_new(value, "cutover", is_empty ? json_null() : json_incref(json_object_get(run, "cutover")));
	json_object_set_new(value, "interrupted", json_boolean(document->verdict.is_interrupted));
	json_decref(run);
	return value;
}

static json_t *head_value(struct json_report *document)
{
	json_t *value = json_object();
	json_object_set_new(value, "schema", json_string("cutover.report/1"));
	json_object_set_new(value, "tool", json_value_tool());
	json_object_set_new(value, "run", run_value(document));
	json_object_set_new(value, "verdict", verdict_value(&document->verdict));
	if (document->diagnosis != NULL)
		json_object_set_new(value, "diagnosis", document->diagnosis);
	if (document->records != NULL)
		json_object_set_new(value, "records", document->records);
	json_object_set_new(value, "findings", document->findings);
	return value;
}

void json_report_write(struct json_report *document, struct sink *sink, int indent)
{
	size_t length = 0;
	const char *line = sink_memory(document->observations, &length), *end = line + length, *next;
	json_t *head = head_value(document);
	struct json_stream stream;
	json_stream_begin(&stream, sink, indent, head, "observations");
	json_decref(head);
	for (; line < end && (next = memchr(line, '\n', (size_t)(end - line))) != NULL; line = next + 1)
		json_stream_add_line(&stream, line, (size_t)(next - line));
	json_stream_end(&stream);
	sink_abandon(document->observations);
	*document = (struct json_report){0};
}
