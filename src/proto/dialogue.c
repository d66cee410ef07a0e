#include "proto/dialogue.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "cutover/limits.h"
#include "proto/imap_reply.h"

enum { TAG_BYTES = 16 };

static enum dialogue_want fault(struct dialogue *dialogue, const char *text)
{
	dialogue->fault = text;
	return DIALOGUE_FAULT;
}

static enum dialogue_want early(struct dialogue *dialogue)
{
	dialogue->is_early = true;
	return fault(dialogue, "an answer that was not asked for");
}

static void tag_text(const struct dialogue *dialogue, char tag[TAG_BYTES])
{
	snprintf(tag, TAG_BYTES, "c%d", dialogue->commands);
}

/* RFC 9051 7.1: the greeting is untagged, every other answer carries our tag; BYE may come at any time. */
static enum dialogue_answer answer_of_imap(const struct dialogue *dialogue, const char *line, size_t length)
{
	struct imap_reply reply;
	char tag[TAG_BYTES];
	tag_text(dialogue, tag);
	if (!imap_reply_parse(line, length, &reply))
		return DIALOGUE_STRANGE;
	bool is_greeting = dialogue->step->send == NULL;
	if (reply.form == IMAP_UNTAGGED && reply.status == IMAP_BYE)
		return DIALOGUE_BYE;
	if (is_greeting && dialogue->is_waiting && reply.form == IMAP_UNTAGGED)
		return reply.status == IMAP_OK || reply.status == IMAP_PREAUTH ? DIALOGUE_OK : DIALOGUE_STRANGE;
	if (reply.form != IMAP_TAGGED)
		return is_greeting && dialogue->is_waiting ? DIALOGUE_STRANGE : DIALOGUE_PART;
	if (is_greeting || reply.tag.length != strlen(tag) || memcmp(reply.tag.bytes, tag, reply.tag.length) != 0)
		return DIALOGUE_STRANGE;
	return reply.status == IMAP_OK ? DIALOGUE_OK : reply.status == IMAP_NO ? DIALOGUE_NO : DIALOGUE_BAD;
}

/* RFC 5321 4.2: three digits, then '-' in all lines but the last. */
static enum dialogue_answer answer_of_smtp(const char *line)
{
	if (strspn(line, "0123456789") != 3 || line[0] < '2' || line[0] > '5')
		return DIALOGUE_STRANGE;
	if (line[3] == '-')
		return DIALOGUE_PART;
	if (line[3] != ' ' && line[3] != '\0')
		return DIALOGUE_STRANGE;
	return line[0] == '2' ? DIALOGUE_OK : DIALOGUE_NO;
}

/* RFC 1939 3: +OK or -ERR; some answers are lists that end with ".". */
static enum dialogue_answer answer_of_pop3(struct dialogue *dialogue, const char *line)
{
	if (dialogue->is_in_multiline) {
		dialogue->is_in_multiline = !str_equal(line, ".");
		return dialogue->is_in_multiline ? DIALOGUE_PART : DIALOGUE_OK;
	}
	if (str_starts_nocase(line, "-ERR"))
		return DIALOGUE_NO;
	if (!str_starts_nocase(line, "+OK"))
		return DIALOGUE_STRANGE;
	dialogue->is_in_multiline = (dialogue->step->flags & DIALOGUE_MULTILINE) != 0;
	return dialogue->is_in_multiline ? DIALOGUE_PART : DIALOGUE_OK;
}

static enum dialogue_answer answer_of(struct dialogue *dialogue, const char *line, size_t length)
{
	switch (dialogue->script->grammar) {
	case DIALOGUE_IMAP:
		return answer_of_imap(dialogue, line, length);
	case DIALOGUE_SMTP:
		return answer_of_smtp(line);
	case DIALOGUE_POP3:
		return answer_of_pop3(dialogue, line);
	}
	return DIALOGUE_STRANGE;
}

/* Sends the command of the present row. */
static void send_command(struct dialogue *dialogue)
{
	char tag[TAG_BYTES];
	dialogue->commands++;
	tag_text(dialogue, tag);
	if (dialogue->script->grammar == DIALOGUE_IMAP)
		buf_printf(&dialogue->out, "%s ", tag);
	buf_printf(&dialogue->out, "%s\r\n", dialogue->step->send);
}

/* Goes to the first row at or behind `step` that is wanted. */
static enum dialogue_want go_to(struct dialogue *dialogue, const struct dialogue_step *step)
{
	const struct line_reader *reader = &dialogue->reader;
	while (step->stage != NULL && step->is_wanted != NULL && !step->is_wanted(dialogue->user))
		step++;
	if (step->stage == NULL)
		return DIALOGUE_DONE;
	/* The beginning of an answer before its question: an attacker's, who speaks ahead of the server. */
	bool is_early = line_reader_is_inside(reader) && step->send != NULL &&
	                !(dialogue->script->grammar == DIALOGUE_IMAP && reader->line.bytes[0] == '*');
	dialogue->step = step;
	if (is_early)
		return early(dialogue);
	dialogue->reply_bytes = 0;
	if (step->send != NULL)
		send_command(dialogue);
	dialogue->is_waiting = (step->flags & DIALOGUE_FAREWELL) == 0;
	return dialogue->is_waiting ? DIALOGUE_MORE : DIALOGUE_DONE;
}

/* One whole line has come. */
static enum dialogue_want take_line(struct dialogue *dialogue)
{
	const struct dialogue_script *script = dialogue->script;
	const char *line = dialogue->reader.line.bytes;
	size_t length = dialogue->reader.line.length;
	dialogue->reply_bytes += length + 2;
	if (dialogue->reply_bytes > LIMIT_REPLY_BYTES)
		return fault(dialogue, "a reply longer than 65536 bytes");
	script->heard(dialogue->user, dialogue->step->stage, line, length);
	enum dialogue_answer answer = answer_of(dialogue, line, length);
	bool is_in_turn = dialogue->is_waiting || answer == DIALOGUE_BYE ||
	                  (answer == DIALOGUE_PART && script->grammar == DIALOGUE_IMAP);
	if (!is_in_turn)
		return early(dialogue);
	if (answer == DIALOGUE_PART)
		return DIALOGUE_MORE;
	dialogue->is_waiting = false;
	bool goes_on = script->answered(dialogue->user, dialogue->step->stage, answer, line);
	if (goes_on && answer == DIALOGUE_STRANGE)
		return fault(dialogue, "a line that is no reply of the protocol");
	if (!goes_on || answer == DIALOGUE_BYE)
		return DIALOGUE_STOPPED;
	return answer == DIALOGUE_OK && (dialogue->step->flags & DIALOGUE_UPGRADE) != 0 ? DIALOGUE_TLS : DIALOGUE_MORE;
}

enum dialogue_want dialogue_begin(struct dialogue *dialogue, const struct dialogue_script *script, void *user)
{
	*dialogue = (struct dialogue){.script = script, .user = user, .step = script->steps};
	line_reader_init(&dialogue->reader, script->grammar == DIALOGUE_IMAP);
	buf_init(&dialogue->out, LIMIT_LINE_BYTES);
	buf_init(&dialogue->extra, LIMIT_TRANSCRIPT_BYTES);
	return dialogue->want = go_to(dialogue, script->steps);
}

void dialogue_clear(struct dialogue *dialogue)
{
	if (dialogue->script == NULL)
		return;
	line_reader_clear(&dialogue->reader);
	buf_clear(&dialogue->out);
	buf_clear(&dialogue->extra);
	dialogue->script = NULL;
}

enum dialogue_want dialogue_feed(struct dialogue *dialogue, const char *bytes, size_t length)
{
	enum dialogue_want want = dialogue->want;
	while (length > 0 && want == DIALOGUE_MORE) {
		size_t used;
		enum line_state state = line_reader_take(&dialogue->reader, bytes, length, &used);
		bytes += used;
		length -= used;
		if (state == LINE_MORE)
			break;
		want = state == LINE_FAULT ? fault(dialogue, dialogue->reader.fault) : take_line(dialogue);
	}
	if (want == DIALOGUE_TLS)
		buf_add(&dialogue->extra, bytes, length);
	else if (want == DIALOGUE_MORE && !dialogue->is_waiting)
		want = go_to(dialogue, dialogue->step + 1);
	return dialogue->want = want;
}

enum dialogue_want dialogue_secured(struct dialogue *dialogue)
{
	line_reader_clear(&dialogue->reader);
	line_reader_init(&dialogue->reader, dialogue->script->grammar == DIALOGUE_IMAP);
	return dialogue->want = go_to(dialogue, dialogue->step + 1);
}

const char *dialogue_stage(const struct dialogue *dialogue)
{
	return dialogue->step->stage;
}
