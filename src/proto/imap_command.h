#ifndef PROTO_IMAP_COMMAND_H
#define PROTO_IMAP_COMMAND_H
/*
 * A command as the bytes of a client: words as they are, strings as quoted strings or as synchronizing literals (RFC 9051 4.3),
 * behind whose "{n}" the server is waited for. The bytes stand in a struct secret, since a password may be among them.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/secret.h"

enum { IMAP_COMMAND_LITERALS = 4 };

struct imap_command {
	struct secret *text;
	size_t length;
	size_t pauses[IMAP_COMMAND_LITERALS]; /* lengths of the text after which a "+" is waited for */
	int pause_count;
	size_t sent;
	int pauses_passed;
	bool is_too_long; /* more than was announced, or more literals than fit: not to be sent */
};

/* Begins with the tag; parts are added with a space between. `bytes`: of all words and strings to come, as they are. */
void imap_command_begin(struct imap_command *command, const char *tag, size_t bytes);
void imap_command_word(struct imap_command *command, const char *word);
/* Any bytes but NUL: quoted when they are printable ASCII, a literal otherwise. */
void imap_command_string(struct imap_command *command, const char *bytes, size_t length);
void imap_command_finish(struct imap_command *command);
void imap_command_clear(struct imap_command *command); /* wipes */

/* What is to be sent now: up to the next literal, or the rest. NULL when all is sent. Borrowed. */
const char *imap_command_next(struct imap_command *command, size_t *length);
bool imap_command_waits(const struct imap_command *command); /* for a "+" */

#endif
