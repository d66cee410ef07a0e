#ifndef APP_MESSAGE_H
#define APP_MESSAGE_H
/* The text that `diagnose` is given: read, recognised, and as observations. */
#include "app/options.h"
#include "base/buf.h"
#include "cutover/evidence.h"
#include "proto/ms_message.h"

struct message {
	struct buf text; /* UTF-8, or as it came */
	struct ms_matches matches;
};

/*
 * From the arguments, or from standard input for "-"; UTF-16 is turned into UTF-8. -1 with one line: empty, unreadable, no text, over
 * MS_TEXT_BYTES. To be cleared in any case.
 */
int message_read(struct message *message, const struct names *arguments, struct error *error);
void message_clear(struct message *message);

/* One observation a match, the leading one first; one with the closest messages when nothing was recognised. */
void message_observe(const struct message *message, int64_t now_ms, struct evidence *evidence);

/* What the leading message, or else any, has under that name: "host". NULL: none has. */
const char *message_capture(const struct message *message, const char *name);

#endif
