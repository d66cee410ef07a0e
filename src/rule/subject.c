#include "rule/subject.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/target.h"

static bool is_one_of(const char *probe, const char *const *probes)
{
	for (; *probes != NULL; probes++)
		if (str_equal(probe, *probes))
			return true;
	return false;
}

static struct subject *subject_of(struct subjects *subjects, const struct observation *o)
{
	const char *name = o->target;
	for (size_t i = 0; i < subjects->count; i++)
		if (strcmp(subjects->items[i].target, name) == 0 && str_equal(subjects->items[i].vantage, o->vantage))
			return &subjects->items[i];
	subjects->items = xgrow(subjects->items, subjects->count, &subjects->room, sizeof *subjects->items);
	struct subject *subject = &subjects->items[subjects->count++];
	*subject = (struct subject){.target = name, .vantage = o->vantage};
	struct target target;
	if (target_parse(name, &target, NULL) == 0) {
		subject->host = xstrdup(target.host);
		subject->port = target.port;
		subject->is_address = target.is_address;
		target_clear(&target);
	} else {
		subject->host = xstrdup(name); /* only a recording that is not ours names such a target */
	}
	return subject;
}

void subjects_collect(struct subjects *subjects, const struct evidence *evidence, const char *const *probes)
{
	*subjects = (struct subjects){0};
	for (size_t i = 0; i < evidence->count; i++) {
		if (!is_one_of(evidence->observations[i]->probe, probes))
			continue;
		struct subject *subject = subject_of(subjects, evidence->observations[i]);
		subject->seen = xgrow(subject->seen, subject->count, &subject->room, sizeof *subject->seen);
		subject->seen[subject->count++] = i;
	}
}

void subjects_clear(struct subjects *subjects)
{
	for (size_t i = 0; i < subjects->count; i++) {
		free(subjects->items[i].host);
		free(subjects->items[i].seen);
	}
	free(subjects->items);
	*subjects = (struct subjects){0};
}

void subjects_each(const struct judging *judging, const char *const *probes, void (*judge)(struct notes *notes))
{
	struct subjects subjects;
	subjects_collect(&subjects, judging->evidence, probes);
	for (size_t i = 0; i < subjects.count; i++) {
		struct notes notes;
		notes_init(&notes, judging, &subjects.items[i]);
		judge(&notes);
		notes_clear(&notes);
	}
	subjects_clear(&subjects);
}

struct finding *finding_about(const struct findings *findings, enum finding_id id, const char *subject)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i]->id == id && strcmp(findings->items[i]->subject, subject) == 0)
			return findings->items[i];
	return NULL;
}

const char *observation_address(const struct observation *o)
{
	return o->address != NULL ? o->address : "";
}

int short_length(const char *text)
{
	enum { SHOWN_BYTES = 120 };
	size_t length = text != NULL ? strlen(text) : 0;
	if (length <= SHOWN_BYTES)
		return (int)length;
	for (length = SHOWN_BYTES; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80; length--)
		;
	return (int)length;
}

char *protocol_title(const char *protocol, char text[PROTOCOL_TEXT_BYTES])
{
	size_t length = 0;
	for (; protocol[length] != '\0' && length + 1 < PROTOCOL_TEXT_BYTES; length++) {
		bool is_lower = protocol[length] >= 'a' && protocol[length] <= 'z';
		text[length] = (char)(is_lower ? protocol[length] - 'a' + 'A' : protocol[length]);
	}
	text[length] = '\0';
	return text;
}

char *wait_format(int64_t milliseconds, char text[WAIT_TEXT_BYTES])
{
	char span[CLOCK_TEXT_BYTES];
	if (milliseconds % 1000 != 0)
		snprintf(text, WAIT_TEXT_BYTES, "%" PRId64 " ms", milliseconds);
	else
		snprintf(text, WAIT_TEXT_BYTES, "%s", clock_format_span(milliseconds / 1000, span));
	return text;
}
