#include "app/message.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "proto/csv_text.h"

enum { SHOWN_TEXT_BYTES = 400, CANDIDATES = 3, BLOCK_BYTES = 65536 };

/* Windows PowerShell writes UTF-16 into files. */
static int read_input(struct message *message, struct error *error)
{
	char block[BLOCK_BYTES];
	struct csv_text text;
	csv_text_init(&text);
	for (size_t n; (n = fread(block, 1, sizeof block, stdin)) > 0 && !message->text.is_full;)
		csv_text_feed(&text, block, n, &message->text);
	csv_text_finish(&text, &message->text);
	if (ferror(stdin))
		return error_set(error, "standard input cannot be read");
	if (text.form == CSV_TEXT_BINARY)
		return error_set(error, "standard input is no text but %s", text.binary);
	if (message->text.is_full)
		return error_set(error, "standard input holds more than %d MiB of text", MS_TEXT_BYTES / 1024 / 1024);
	return 0;
}

static bool is_blank(const struct buf *text)
{
	for (size_t i = 0; i < text->length; i++)
		if (strchr(" \t\r\n", text->bytes[i]) == NULL)
			return false;
	return true;
}

int message_read(struct message *message, const struct names *arguments, struct error *error)
{
	*message = (struct message){0};
	buf_init(&message->text, MS_TEXT_BYTES);
	bool is_input = arguments->count == 1 && str_equal(arguments->items[0], "-");
	if (is_input && read_input(message, error) != 0)
		return -1;
	for (size_t i = 0; i < arguments->count && !is_input; i++) {
		buf_puts(&message->text, arguments->items[i]);
		buf_putc(&message->text, ' ');
	}
	if (is_blank(&message->text))
		return error_set(error, "diagnose: the message is empty");
	ms_recognise(message->text.bytes, message->text.length, &message->matches);
	return 0;
}

void message_clear(struct message *message)
{
	ms_matches_clear(&message->matches);
	buf_clear(&message->text);
}

static void observe_match(const struct ms_match *match, struct observation *o)
{
	o->outcome = OUTCOME_OK;
	observation_add_text(o, FACT_MESSAGE_NAME, 0, match->name);
	observation_add_text(o, FACT_MESSAGE_BRANCH, 0, match->branch);
	observation_add_text(o, FACT_MESSAGE_SURENESS, 0, match->is_whole ? "certain" : "likely");
	observation_add_bytes(o, FACT_MESSAGE_SENTENCE, 0, match->sentence, strlen(match->sentence));
	observation_add_int(o, FACT_MESSAGE_TIMES, 0, (int64_t)match->times);
	observation_add_int(o, FACT_MESSAGE_USERS, 0, (int64_t)match->user_count);
	for (int i = 0; i < match->capture_count; i++) {
		const char *value = match->captures[i].value;
		observation_add_text(o, FACT_MESSAGE_CAPTURE, (uint32_t)i, match->captures[i].name);
		observation_add_bytes(o, FACT_MESSAGE_CAPTURED, (uint32_t)i, value, strlen(value));
	}
	for (size_t i = 0; i < match->user_count && i < MS_USERS; i++)
		observation_add_bytes(o, FACT_MESSAGE_USER, (uint32_t)i, match->users[i], strlen(match->users[i]));
}

/* No known message: those that come closest. */
static void observe_unknown(const struct buf *text, struct observation *o)
{
	struct ms_candidate candidates[CANDIDATES];
	o->outcome = OUTCOME_NODATA;
	size_t count = ms_closest(text->bytes, text->length, candidates, CANDIDATES);
	for (size_t i = 0; i < count; i++) {
		observation_add_text(o, FACT_MESSAGE_CANDIDATE, (uint32_t)i, candidates[i].pattern);
		observation_add_int(o, FACT_MESSAGE_SHARED, (uint32_t)i, candidates[i].percent);
	}
}

void message_observe(const struct message *message, int64_t now_ms, struct evidence *evidence)
{
	const struct ms_match *lead = ms_lead(&message->matches);
	struct observation *o = observation_new("message", "message", NULL, now_ms);
	size_t shown = message->text.length < SHOWN_TEXT_BYTES ? message->text.length : SHOWN_TEXT_BYTES;
	observation_add_bytes(o, FACT_MESSAGE_TEXT, 0, message->text.bytes, shown);
	evidence_take(evidence, o);
	if (lead == NULL)
		observe_unknown(&message->text, o);
	else
		observe_match(lead, o);
	for (size_t i = 0; i < message->matches.count; i++) {
		const struct ms_match *match = &message->matches.items[i];
		if (match == lead)
			continue;
		o = observation_new("message", "message", NULL, now_ms);
		observe_match(match, o);
		evidence_take(evidence, o);
	}
}

const char *message_capture(const struct message *message, const char *name)
{
	const struct ms_match *lead = ms_lead(&message->matches);
	const char *value = lead != NULL ? ms_capture(lead, name) : NULL;
	for (size_t i = 0; value == NULL && i < message->matches.count; i++)
		value = ms_capture(&message->matches.items[i], name);
	return value;
}
