#include "proto/imap_command.h"

#include <stdio.h>
#include <string.h>

/* Tag, spaces, quotes, announcements of literals, line end. */
enum { FRAME_BYTES = 256 };

static void add(struct imap_command *command, const char *bytes, size_t length)
{
	size_t room;
	char *text = secret_room(command->text, &room);
	if (room - command->length < length) {
		command->is_too_long = true;
		return;
	}
	memcpy(text + command->length, bytes, length);
	command->length += length;
}

void imap_command_begin(struct imap_command *command, const char *tag, size_t bytes)
{
	*command = (struct imap_command){.text = secret_new_room(2 * bytes + FRAME_BYTES)};
	add(command, tag, strlen(tag));
}

void imap_command_word(struct imap_command *command, const char *word)
{
	add(command, " ", 1);
	add(command, word, strlen(word));
}

static bool is_quotable(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] < ' ' || bytes[i] > '~') /* bytes beyond ASCII are negative, or above */
			return false;
	return true;
}

void imap_command_string(struct imap_command *command, const char *bytes, size_t length)
{
	char announced[32];
	add(command, " ", 1);
	if (is_quotable(bytes, length)) {
		add(command, "\"", 1);
		for (size_t i = 0; i < length; i++) {
			if (bytes[i] == '"' || bytes[i] == '\\')
				add(command, "\\", 1);
			add(command, bytes + i, 1);
		}
		add(command, "\"", 1);
		return;
	}
	if (command->pause_count == IMAP_COMMAND_LITERALS) {
		command->is_too_long = true;
		return;
	}
	int count = snprintf(announced, sizeof announced, "{%zu}\r\n", length);
	add(command, announced, (size_t)count);
	command->pauses[command->pause_count++] = command->length;
	add(command, bytes, length);
}

void imap_command_finish(struct imap_command *command)
{
	add(command, "\r\n", 2);
}

void imap_command_clear(struct imap_command *command)
{
	secret_free(command->text);
	*command = (struct imap_command){0};
}

const char *imap_command_next(struct imap_command *command, size_t *length)
{
	bool has_pause = command->pauses_passed < command->pause_count;
	size_t end = has_pause ? command->pauses[command->pauses_passed] : command->length;
	const char *next = secret_bytes(command->text, NULL) + command->sent;
	*length = end - command->sent;
	if (*length == 0)
		return NULL;
	command->pauses_passed += has_pause;
	command->sent = end;
	return next;
}

bool imap_command_waits(const struct imap_command *command)
{
	return command->text != NULL && command->sent < command->length;
}
