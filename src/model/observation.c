#include "cutover/observation.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

struct observation *observation_new(const char *probe, const char *target, const char *address, int64_t started_ms)
{
	struct observation *o = xcalloc(1, sizeof *o);
	o->probe = xstrdup(probe);
	o->target = xstrdup(target);
	o->address = xstrdup(address);
	o->outcome = OUTCOME_INTERNAL;
	o->started_ms = started_ms;
	return o;
}

void observation_free(struct observation *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->fact_count; i++)
		if (fact_info(o->facts[i].key)->type == FACT_TYPE_TEXT)
			free(o->facts[i].value.text);
	for (size_t i = 0; i < o->line_count; i++)
		free(o->lines[i].text);
	free(o->facts);
	free(o->lines);
	free(o->probe);
	free(o->target);
	free(o->address);
	free(o->vantage);
	free(o);
}

static struct fact *find(const struct observation *o, enum fact_key key, uint32_t row)
{
	for (size_t i = 0; i < o->fact_count; i++)
		if (o->facts[i].key == key && o->facts[i].row == row)
			return &o->facts[i];
	return NULL;
}

/* The cell to write: a new one, or the old one of the same key and row, emptied. NULL at the ceiling. */
static struct fact *cell(struct observation *o, enum fact_key key, uint32_t row, enum fact_type type)
{
	assert(fact_info(key)->type == type);
	assert(row == 0 || fact_info(key)->table != NULL);
	/* Rows are added in order, so only a scalar or the newest row can be there already. */
	struct fact *fact = row == 0 ? find(o, key, row) : NULL;
	if (fact != NULL) {
		if (type == FACT_TYPE_TEXT)
			free(fact->value.text);
		return fact;
	}
	if (o->fact_count >= LIMIT_FACTS) {
		fact = find(o, FACT_TRUNCATED, 0);
		if (fact == NULL) {
			fact = &o->facts[o->fact_count - 1];
			if (fact_info(fact->key)->type == FACT_TYPE_TEXT)
				free(fact->value.text);
			*fact = (struct fact){.key = FACT_TRUNCATED, .value.number = 1};
		}
		fact->value.number++;
		return NULL;
	}
	o->facts = xgrow(o->facts, o->fact_count, &o->fact_room, sizeof *o->facts);
	fact = &o->facts[o->fact_count++];
	*fact = (struct fact){.key = key, .row = row};
	return fact;
}

void observation_add_text(struct observation *o, enum fact_key key, uint32_t row, const char *text)
{
	struct fact *fact = cell(o, key, row, FACT_TYPE_TEXT);
	if (fact == NULL)
		return;
	size_t length = strlen(text);
	if (length > LIMIT_FACT_BYTES)
		for (length = LIMIT_FACT_BYTES; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80; length--)
			; /* never in the middle of a character */
	fact->value.text = xstrndup(text, length);
}

void observation_add_bytes(struct observation *o, enum fact_key key, uint32_t row, const void *bytes, size_t length)
{
	struct buf text;
	buf_init(&text, LIMIT_FACT_BYTES * 4);
	escape_bytes(&text, bytes, length);
	observation_add_text(o, key, row, text.bytes);
	buf_clear(&text);
}

void observation_add_int(struct observation *o, enum fact_key key, uint32_t row, int64_t number)
{
	struct fact *fact = cell(o, key, row, FACT_TYPE_INT);
	if (fact != NULL)
		fact->value.number = number;
}

void observation_add_time(struct observation *o, enum fact_key key, uint32_t row, int64_t seconds)
{
	struct fact *fact = cell(o, key, row, FACT_TYPE_TIME);
	if (fact != NULL)
		fact->value.number = seconds;
}

void observation_add_bool(struct observation *o, enum fact_key key, uint32_t row, bool flag)
{
	struct fact *fact = cell(o, key, row, FACT_TYPE_BOOL);
	if (fact != NULL)
		fact->value.flag = flag;
}

void observation_say(struct observation *o, int64_t at_ms, char direction, const void *bytes, size_t length)
{
	if (o->line_count >= LIMIT_TRANSCRIPT_LINES)
		return;
	struct buf text;
	buf_init(&text, LIMIT_TRANSCRIPT_BYTES);
	escape_bytes(&text, bytes, length);
	o->lines = xgrow(o->lines, o->line_count, &o->line_room, sizeof *o->lines);
	o->lines[o->line_count++] = (struct transcript_line){.at_ms = at_ms, .direction = direction, .text = buf_steal(&text)};
}

const char *observation_text(const struct observation *o, enum fact_key key, uint32_t row)
{
	assert(fact_info(key)->type == FACT_TYPE_TEXT);
	const struct fact *fact = find(o, key, row);
	return fact != NULL ? fact->value.text : NULL;
}

bool observation_int(const struct observation *o, enum fact_key key, uint32_t row, int64_t *number)
{
	assert(fact_info(key)->type == FACT_TYPE_INT || fact_info(key)->type == FACT_TYPE_TIME);
	const struct fact *fact = find(o, key, row);
	if (fact != NULL)
		*number = fact->value.number;
	return fact != NULL;
}

int64_t observation_int_or(const struct observation *o, enum fact_key key, uint32_t row, int64_t fallback)
{
	observation_int(o, key, row, &fallback);
	return fallback;
}

bool observation_flag(const struct observation *o, enum fact_key key, uint32_t row)
{
	assert(fact_info(key)->type == FACT_TYPE_BOOL);
	const struct fact *fact = find(o, key, row);
	return fact != NULL && fact->value.flag;
}

bool observation_has(const struct observation *o, enum fact_key key, uint32_t row)
{
	return find(o, key, row) != NULL;
}

uint32_t observation_rows(const struct observation *o, enum fact_key key)
{
	uint32_t rows = 0;
	for (size_t i = 0; i < o->fact_count; i++)
		if (o->facts[i].key == key && o->facts[i].row >= rows)
			rows = o->facts[i].row + 1;
	return rows;
}
