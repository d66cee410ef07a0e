#include "model/json_value.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/policy.h"
#include "cutover/sink.h"

/* Integers beyond this (JavaScript's limit) are no measurement of ours, and sums of a few of them must not overflow. */
static const int64_t NUMBER_CEILING = 1LL << 53;

/* Escaping what is escaped already changes nothing, so a value may be written and read any number of times. */
static char *printable(const char *text, size_t ceiling)
{
	struct buf out;
	buf_init(&out, ceiling);
	escape_terminal(&out, text);
	bool is_cut = out.is_full;
	char *clean = buf_steal(&out);
	/* A cut may have gone through a character: what is left of it goes too. */
	size_t length = strlen(clean);
	while (is_cut && length > 0 && !str_is_utf8(clean, length))
		clean[--length] = '\0';
	return clean;
}

json_t *json_value_text(const char *text)
{
	if (text == NULL)
		return json_null();
	char *clean = printable(text, LIMIT_FACT_BYTES * 4);
	json_t *value = json_string(clean);
	free(clean);
	return value;
}

json_t *json_value_time(int64_t seconds)
{
	char text[CLOCK_TEXT_BYTES];
	return seconds == TIME_UNKNOWN ? json_null() : json_string(clock_format(seconds, text));
}

json_t *json_value_time_ms(int64_t milliseconds)
{
	char text[CLOCK_TEXT_BYTES];
	return json_string(clock_format_ms(milliseconds, text));
}

json_t *json_value_tool(void)
{
	json_t *tool = json_object();
	json_object_set_new(tool, "name", json_string("cutover"));
	json_object_set_new(tool, "version", json_string(CUTOVER_VERSION));
	return tool;
}

static json_t *fact_value(const struct fact *fact, enum fact_type type)
{
	switch (type) {
	case FACT_TYPE_TEXT:
		return json_value_text(fact->value.text);
	case FACT_TYPE_INT:
		return json_integer(fact->value.number);
	case FACT_TYPE_BOOL:
		return json_boolean(fact->value.flag);
	case FACT_TYPE_TIME:
		return json_value_time(fact->value.number);
	}
	return json_null();
}

/* The object of that row in the table's array; both are made when they are not there yet. */
static json_t *row_object(json_t *facts, const char *table, uint32_t row)
{
	json_t *rows = json_object_get(facts, table);
	if (rows == NULL) {
		rows = json_array();
		json_object_set_new(facts, table, rows);
	}
	while (json_array_size(rows) <= row)
		json_array_append_new(rows, json_object());
	return json_array_get(rows, row);
}

static json_t *facts_value(const struct observation *o)
{
	json_t *facts = json_object();
	for (size_t i = 0; i < o->fact_count; i++) {
		const struct fact *fact = &o->facts[i];
		const struct fact_info *info = fact_info(fact->key);
		if (info->table == NULL)
			json_object_set_new(facts, info->name, fact_value(fact, info->type));
		else if (fact->row < LIMIT_FACTS)
			json_object_set_new(row_object(facts, info->table, fact->row), info->column, fact_value(fact, info->type));
	}
	return facts;
}

static json_t *transcript_value(const struct observation *o)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < o->line_count; i++) {
		const struct transcript_line *line = &o->lines[i];
		char direction[2] = {line->direction, '\0'};
		json_t *row = json_object();
		json_object_set_new(row, "at_ms", json_integer(line->at_ms));
		json_object_set_new(row, "dir", json_string(direction));
		json_object_set_new(row, "text", json_value_text(line->text));
		json_array_append_new(rows, row);
	}
	return rows;
}

json_t *json_value_observation(const struct observation *o, bool with_transcript)
{
	json_t *value = json_object();
	json_object_set_new(value, "probe", json_value_text(o->probe));
	json_object_set_new(value, "target", json_value_text(o->target));
	json_object_set_new(value, "address", json_value_text(o->address));
	json_object_set_new(value, "vantage", json_value_text(o->vantage));
	json_object_set_new(value, "outcome", json_string(outcome_name(o->outcome)));
	json_object_set_new(value, "started", json_value_time_ms(o->started_ms));
	json_object_set_new(value, "elapsed_ms", json_integer(o->elapsed_ms));
	json_object_set_new(value, "facts", facts_value(o));
	if (with_transcript)
		json_object_set_new(value, "transcript", transcript_value(o));
	return value;
}

char *json_value_clean(const json_t *value)
{
	return json_is_string(value) ? printable(json_string_value(value), LIMIT_LINE_BYTES) : NULL;
}

char *json_value_member(const json_t *object, const char *key)
{
	return json_value_clean(json_object_get(object, key));
}

static bool integer_of(const json_t *value, int64_t *number)
{
	if (!json_is_integer(value))
		return false;
	*number = json_integer_value(value);
	return *number >= -NUMBER_CEILING && *number <= NUMBER_CEILING;
}

static bool add_fact(struct observation *o, enum fact_key key, uint32_t row, const json_t *value)
{
	int64_t number = 0;
	if (key == FACT_COUNT)
		return false;
	switch (fact_info(key)->type) {
	case FACT_TYPE_TEXT:
		if (!json_is_string(value))
			return false;
		char *text = printable(json_string_value(value), LIMIT_FACT_BYTES);
		observation_add_text(o, key, row, text);
		free(text);
		return true;
	case FACT_TYPE_INT:
		if (!integer_of(value, &number))
			return false;
		observation_add_int(o, key, row, number);
		return true;
	case FACT_TYPE_BOOL:
		if (!json_is_boolean(value))
			return false;
		observation_add_bool(o, key, row, json_is_true(value));
		return true;
	case FACT_TYPE_TIME:
		if (!json_is_string(value) || !clock_parse(json_string_value(value), &number))
			return false;
		observation_add_time(o, key, row, number);
		return true;
	}
	return false;
}

/* The key of a scalar (`column` NULL) or of a table's column. */
static enum fact_key key_of(const char *table, const char *column)
{
	if (column == NULL) {
		enum fact_key key = fact_key_from_name(table);
		return key != FACT_COUNT && fact_info(key)->table == NULL ? key : FACT_COUNT;
	}
	char *name = xasprintf("%s.%s", table, column);
	enum fact_key key = fact_key_from_name(name);
	free(name);
	/* "a.b" + "c" and "a" + "b.c" are one name: only one of them is the table. */
	return key != FACT_COUNT && str_equal(fact_info(key)->table, table) ? key : FACT_COUNT;
}

static void add_rows(struct observation *o, const char *table, const json_t *rows, size_t *skipped)
{
	for (size_t row = 0; row < json_array_size(rows) && row < LIMIT_FACTS; row++) {
		const char *column;
		json_t *cell;
		json_object_foreach(json_array_get(rows, row), column, cell)
			*skipped += !add_fact(o, key_of(table, column), (uint32_t)row, cell);
	}
}

static void add_transcript(struct observation *o, const json_t *rows)
{
	for (size_t i = 0; i < json_array_size(rows) && i < LIMIT_TRANSCRIPT_LINES; i++) {
		const json_t *row = json_array_get(rows, i);
		const char *direction = json_string_value(json_object_get(row, "dir"));
		const char *text = json_string_value(json_object_get(row, "text"));
		int64_t at_ms = 0;
		if (text == NULL || direction == NULL || strchr("<>*", direction[0]) == NULL || direction[0] == '\0')
			continue;
		if (!integer_of(json_object_get(row, "at_ms"), &at_ms) || at_ms < 0)
			at_ms = 0;
		observation_say(o, at_ms, direction[0], "", 0);
		/* Said as it stands: it was escaped when it was heard, and again would double its backslashes. */
		free(o->lines[o->line_count - 1].text);
		o->lines[o->line_count - 1].text = printable(text, LIMIT_TRANSCRIPT_BYTES);
	}
}

struct observation *json_value_to_observation(const json_t *value, size_t *skipped)
{
	char *probe = json_value_member(value, "probe"), *target = json_value_member(value, "target");
	char *address = json_value_member(value, "address");
	const char *outcome_text = json_string_value(json_object_get(value, "outcome"));
	enum outcome outcome = outcome_text != NULL ? outcome_from_name(outcome_text) : OUTCOME_COUNT;
	const char *started = json_string_value(json_object_get(value, "started"));
	int64_t started_ms = 0, elapsed_ms = 0;
	struct observation *o = NULL;
	if (probe == NULL || target == NULL || outcome == OUTCOME_COUNT || started == NULL ||
	    !clock_parse_ms(started, &started_ms)) {
		++*skipped;
		goto out;
	}
	o = observation_new(probe, target, address, started_ms);
	o->outcome = outcome;
	o->vantage = json_value_member(value, "vantage");
	if (integer_of(json_object_get(value, "elapsed_ms"), &elapsed_ms) && elapsed_ms >= 0)
		o->elapsed_ms = elapsed_ms;
	const char *name;
	json_t *fact;
	json_object_foreach(json_object_get(value, "facts"), name, fact) {
		if (json_is_array(fact))
			add_rows(o, name, fact, skipped);
		else
			*skipped += !add_fact(o, key_of(name, NULL), 0, fact);
	}
	add_transcript(o, json_object_get(value, "transcript"));
out:
	free(probe);
	free(target);
	free(address);
	return o;
}

static int write_chunk(const char *bytes, size_t length, void *sink)
{
	sink_write(sink, bytes, length);
	return 0;
}

void json_value_write(struct sink *sink, const json_t *value, int indent)
{
	size_t flags = indent > 0 ? JSON_INDENT((size_t)indent) : JSON_COMPACT;
	json_dump_callback(value, write_chunk, sink, flags);
	sink_puts(sink, "\n");
}
