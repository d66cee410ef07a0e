#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "rule/subject.h"

void notes_init(struct notes *notes, const struct judging *judging, const struct subject *subject)
{
	*notes = (struct notes){.judging = judging, .subject = subject};
}

void notes_clear(struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free(notes->items[i].text);
	free(notes->items);
	notes_init(notes, NULL, NULL);
}

void notes_add(struct notes *notes, enum finding_id id, size_t observation, const char *format, ...)
{
	for (size_t i = 0; i < notes->count; i++)
		if (notes->items[i].id == id && notes->items[i].observation == observation)
			return;
	struct buf text;
	va_list arguments;
	buf_init(&text, LIMIT_FACT_BYTES);
	va_start(arguments, format);
	buf_vprintf(&text, format, arguments);
	va_end(arguments);
	notes->items = xgrow(notes->items, notes->count, &notes->room, sizeof *notes->items);
	notes->items[notes->count++] = (struct note){id, observation, buf_steal(&text)};
}

bool notes_has(const struct notes *notes, enum finding_id id)
{
	for (size_t i = 0; i < notes->count; i++)
		if (notes->items[i].id == id)
			return true;
	return false;
}

void notes_drop(struct notes *notes, enum finding_id id)
{
	size_t kept = 0;
	for (size_t i = 0; i < notes->count; i++) {
		if (notes->items[i].id == id)
			free(notes->items[i].text);
		else
			notes->items[kept++] = notes->items[i];
	}
	notes->count = kept;
}

bool notes_are_bad(const struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		if (catalogue_get(notes->items[i].id)->before > SEVERITY_INFO)
			return true;
	return false;
}

static const char *address_at(const struct notes *notes, size_t observation)
{
	return observation_address(notes->judging->evidence->observations[observation]);
}

/* Whether some remark before `end` has the same id, the same address, and the same text (NULL: any text). */
static bool is_named_before(const struct notes *notes, size_t end, const struct note *note, const char *text)
{
	for (size_t i = 0; i < end; i++) {
		const struct note *other = &notes->items[i];
		if (other->id == note->id && (text == NULL || strcmp(other->text, text) == 0) &&
		    strcmp(address_at(notes, other->observation), address_at(notes, note->observation)) == 0)
			return true;
	}
	return false;
}

/* The addresses of all remarks of that id (with that text, unless NULL), each once: "192.0.2.1, 2001:db8::1". */
static void list_addresses(struct buf *out, const struct notes *notes, enum finding_id id, const char *text)
{
	size_t start = out->length;
	for (size_t i = 0; i < notes->count; i++) {
		const struct note *note = &notes->items[i];
		const char *address = address_at(notes, note->observation);
		if (note->id != id || (text != NULL && strcmp(note->text, text) != 0) || *address == '\0' ||
		    is_named_before(notes, i, note, text))
			continue;
		buf_printf(out, "%s%s", out->length > start ? ", " : "", address);
	}
}

/* One text for all that was seen of the subject: then no address needs a mention. */
static bool is_uniform(const struct notes *notes, enum finding_id id)
{
	const char *text = NULL;
	for (size_t i = 0; i < notes->count; i++) {
		if (notes->items[i].id != id)
			continue;
		if (text != NULL && strcmp(text, notes->items[i].text) != 0)
			return false;
		text = notes->items[i].text;
	}
	const struct subject *subject = notes->subject;
	for (size_t i = 0; i < subject->count; i++) {
		struct note any = {id, subject->seen[i], NULL};
		if (!is_named_before(notes, notes->count, &any, NULL))
			return false;
	}
	return true;
}

static bool is_text_before(const struct notes *notes, size_t end)
{
	for (size_t i = 0; i < end; i++)
		if (notes->items[i].id == notes->items[end].id && strcmp(notes->items[i].text, notes->items[end].text) == 0)
			return true;
	return false;
}

static void summarize(struct buf *out, const struct notes *notes, enum finding_id id, enum naming naming)
{
	bool names_addresses = naming == NAME_ADDRESSES || !is_uniform(notes, id);
	for (size_t i = 0; i < notes->count; i++) {
		const struct note *note = &notes->items[i];
		if (note->id != id || is_text_before(notes, i))
			continue;
		if (out->length > 0)
			buf_puts(out, "; ");
		size_t start = out->length;
		if (names_addresses)
			list_addresses(out, notes, id, note->text);
		buf_printf(out, "%s%s", out->length > start ? ": " : "", note->text);
	}
}

/* Recordings of one place need no mention of it: `judge` says what the run said. */
static bool is_seen_from_several_places(const struct evidence *evidence)
{
	for (size_t i = 1; i < evidence->count; i++)
		if (!str_equal(evidence->observations[i]->vantage, evidence->observations[0]->vantage))
			return true;
	return false;
}

struct finding *notes_raise(const struct notes *notes, enum finding_id id, enum naming naming, const char *tail)
{
	const struct judging *j = notes->judging;
	const struct subject *subject = notes->subject;
	if (!notes_has(notes, id))
		return NULL;
	struct buf text;
	buf_init(&text, LIMIT_FACT_BYTES);
	summarize(&text, notes, id, naming);
	if (tail != NULL)
		buf_puts(&text, tail);
	if (subject->vantage != NULL && is_seen_from_several_places(j->evidence))
		buf_printf(&text, " (seen from %s)", subject->vantage);
	struct finding *finding = findings_add(j->findings, j->policy, id, subject->target, "%s", text.bytes);
	for (size_t i = 0; i < notes->count; i++)
		if (notes->items[i].id == id)
			finding_because(finding, notes->items[i].observation);
	finding_arg(finding, "host", subject->host);
	if (subject->port != 0)
		finding_arg_int(finding, "port", subject->port);
	buf_reset(&text);
	list_addresses(&text, notes, id, NULL);
	if (text.length > 0)
		finding_arg(finding, "address", text.bytes);
	buf_clear(&text);
	return finding;
}

void notes_raise_all(const struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++) {
		bool is_first = true;
		for (size_t before = 0; before < i; before++)
			is_first = is_first && notes->items[before].id != notes->items[i].id;
		if (is_first)
			notes_raise(notes, notes->items[i].id, NAME_ADDRESSES_WHERE_THEY_DIFFER, NULL);
	}
}
