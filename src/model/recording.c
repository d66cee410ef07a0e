#include "model/recording.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/sink.h"
#include "model/json_stream.h"
#include "model/json_value.h"
#include "model/policy_value.h"

static const char SCHEMA[] = "cutover.evidence/1";

static json_t *run_value(const struct run_info *run, const struct policy *policy)
{
	json_t *value = json_object();
	json_object_set_new(value, "command", json_value_text(run->command));
	json_object_set_new(value, "phase", json_string(phase_name(policy->phase)));
	json_object_set_new(value, "vantage", json_value_text(run->vantage));
	json_object_set_new(value, "started", json_value_time_ms(run->started_ms));
	json_object_set_new(value, "finished", json_value_time_ms(run->finished_ms));
	json_object_set_new(value, "interrupted", json_boolean(run->is_interrupted));
	return value;
}

void recording_write(struct sink *sink, const struct run_info *run, const struct policy *policy,
                     const struct evidence *evidence)
{
	json_t *head = json_object();
	struct json_stream stream;
	json_object_set_new(head, "schema", json_string(SCHEMA));
	json_object_set_new(head, "tool", json_value_tool());
	json_object_set_new(head, "run", run_value(run, policy));
	json_object_set_new(head, "policy", policy_value(policy));
	json_stream_begin(&stream, sink, 0, head, "observations");
	for (size_t i = 0; i < evidence->count; i++)
		json_stream_add(&stream, json_value_observation(evidence->observations[i], true));
	json_stream_end(&stream);
	json_decref(head);
}

void recording_init(struct recording *recording)
{
	*recording = (struct recording){0};
	policy_init(&recording->policy);
	evidence_init(&recording->evidence);
}

void recording_clear(struct recording *recording)
{
	free(recording->command);
	free(recording->vantage);
	policy_clear(&recording->policy);
	evidence_clear(&recording->evidence);
	recording_init(recording);
}

/* "cutover.evidence/1" and nothing else; the commonest mistakes are named. */
static int check_schema(const json_t *value, struct error *error)
{
	const char *schema = json_string_value(json_object_get(value, "schema"));
	if (str_equal(schema, SCHEMA))
		return 0;
	if (schema != NULL && str_starts(schema, "cutover.report/"))
		return error_set(error, "this is a report; a recording is made with --record");
	if (schema != NULL && str_starts(schema, "cutover.evidence/"))
		return error_set(error, "recorded in another version of the form; this program reads %s", SCHEMA);
	return error_set(error, "not a recording of cutover (\"schema\" is not %s)", SCHEMA);
}

static bool read_time(const json_t *run, const char *key, int64_t *milliseconds)
{
	const char *text = json_string_value(json_object_get(run, key));
	return text != NULL && clock_parse_ms(text, milliseconds);
}

static int fill_run(const json_t *run, struct recording *recording, struct error *error)
{
	recording->command = json_value_member(run, "command");
	recording->vantage = json_value_member(run, "vantage");
	if (recording->command == NULL)
		return error_set(error, "\"run\": \"command\" is missing");
	if (!read_time(run, "started", &recording->run.started_ms))
		return error_set(error, "\"run\": \"started\" is no RFC 3339 time");
	if (!read_time(run, "finished", &recording->run.finished_ms))
		recording->run.finished_ms = recording->run.started_ms;
	recording->run.command = recording->command;
	recording->run.vantage = recording->vantage;
	recording->run.is_interrupted = json_is_true(json_object_get(run, "interrupted"));
	return 0;
}

static int fill_observations(const json_t *observations, struct recording *recording, struct error *error)
{
	if (!json_is_array(observations))
		return error_set(error, "\"observations\" is missing");
	for (size_t i = 0; i < json_array_size(observations); i++) {
		struct observation *o = json_value_to_observation(json_array_get(observations, i), &recording->skipped);
		if (o == NULL)
			continue;
		if (o->vantage == NULL)
			o->vantage = xstrdup(recording->vantage);
		evidence_take(&recording->evidence, o);
	}
	return 0;
}

static int fill(const json_t *value, struct recording *recording, struct error *error)
{
	if (check_schema(value, error) != 0 || fill_run(json_object_get(value, "run"), recording, error) != 0 ||
	    policy_from_value(json_object_get(value, "policy"), &recording->policy, error) != 0 ||
	    fill_observations(json_object_get(value, "observations"), recording, error) != 0)
		return -1;
	if (recording->policy.now == TIME_UNKNOWN)
		recording->policy.now = recording->run.started_ms / 1000;
	return 0;
}

int recording_parse(const char *line, size_t length, struct recording *recording, struct error *error)
{
	json_error_t fault;
	json_t *value = json_loadb(line, length, JSON_REJECT_DUPLICATES, &fault);
	if (value == NULL) {
		bool is_short = json_error_code(&fault) == json_error_premature_end_of_input;
		return error_set(error, "%s at column %d", is_short ? "cut short: JSON ends" : "not JSON", fault.column);
	}
	int result = fill(value, recording, error);
	if (result != 0)
		recording_clear(recording);
	json_decref(value);
	return result;
}

/* One file being read. */
struct reading {
	const char *path;
	FILE *file;
	struct buf line;
	size_t number, recordings, bytes;
	bool is_at_end; /* the line has no newline: it is the last, and may be cut */
	recording_each *each;
	void *user;
	struct error *error;
};

/* The next line without its newline into r->line; false at the end of the file. */
static bool read_line(struct reading *r)
{
	int byte;
	buf_reset(&r->line);
	while ((byte = getc_unlocked(r->file)) != EOF && byte != '\n' && !r->line.is_full) {
		buf_putc(&r->line, (char)byte);
		r->bytes++;
	}
	r->is_at_end = byte == EOF;
	r->number++;
	return byte != EOF || r->line.length > 0;
}

static int take_line(struct reading *r)
{
	struct recording recording;
	struct error reason = {{0}};
	recording_init(&recording);
	int result = recording_parse(r->line.bytes, r->line.length, &recording, &reason);
	if (result != 0 && r->is_at_end && r->recordings > 0)
		result = 0; /* a journal whose writer was killed in the middle of its last line */
	else if (result != 0)
		result = error_set(r->error, "%s:%zu: %s", r->path, r->number, reason.text);
	else
		result = r->each(&recording, r->user);
	recording_clear(&recording);
	r->recordings++;
	return result;
}

static int read_all(struct reading *r)
{
	int result = 0;
	while (result == 0 && read_line(r)) {
		if (r->line.is_full || r->bytes > LIMIT_RECORDING_BYTES)
			return error_set(r->error, "%s:%zu: larger than a recording may be", r->path, r->number);
		if (strspn(r->line.bytes, " \t\r") < r->line.length)
			result = take_line(r);
	}
	if (result == 0 && ferror(r->file))
		return error_set(r->error, "%s: cannot be read: %s", r->path, strerror(errno));
	if (result == 0 && r->recordings == 0)
		return error_set(r->error, "%s: holds no recording", r->path);
	return result;
}

int recording_read(const char *path, recording_each *each, void *user, struct error *error)
{
	bool is_stdin = str_equal(path, "-");
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	if (file == NULL)
		return error_set(error, "%s: cannot be read: %s", path, strerror(errno));
	const char *name = is_stdin ? "standard input" : path;
	struct reading r = {.path = name, .file = file, .each = each, .user = user, .error = error};
	buf_init(&r.line, LIMIT_RECORDING_LINE_BYTES);
	int result = read_all(&r);
	buf_clear(&r.line);
	if (!is_stdin)
		fclose(file);
	return result;
}
