#ifndef PROTO_IMAP_DIALOGUE_H
#define PROTO_IMAP_DIALOGUE_H
/*
 * All that an IMAP server says to someone who never signs in: greeting, CAPABILITY, STARTTLS and CAPABILITY again,
 * ID (RFC 2971), LOGOUT. IMAP4rev1 (RFC 3501) and IMAP4rev2 (RFC 9051).
 */
#include "cutover/observation.h"
#include "cutover/policy.h"
#include "proto/dialogue.h"
#include "proto/starttls.h"

enum imap_greeting_kind {
	IMAP_GREETED_NOT,
	IMAP_GREETED_OK,
	IMAP_GREETED_PREAUTH,
	IMAP_GREETED_BYE,
	IMAP_GREETED_OTHER, /* the greeting of another protocol */
	IMAP_GREETED_GARBAGE,
};

struct imap_id_field {
	char *key, *value;
};

enum { IMAP_ID_FIELDS = 30 }; /* RFC 2971 3.3 */

struct imap_dialogue {
	struct dialogue dialogue;
	bool wants_starttls;
	bool is_in_tls;
	bool is_listed;       /* `capabilities` are those of the present state */
	bool is_clear_listed; /* `clear_capabilities` were asked for */
	enum imap_greeting_kind kind;
	char *greeting;       /* NULL before it */
	const char *other_protocol;
	struct names capabilities, clear_capabilities;
	struct imap_id_field ids[IMAP_ID_FIELDS];
	size_t id_count;
	struct starttls_facts starttls;
	const char *stage;    /* where it ended; "done" at the end */
	enum outcome outcome; /* when it stopped or failed */
	const char *fault;    /* what broke the grammar or a limit, static, or NULL */
	void (*heard)(void *user, const char *line, size_t length);
	void *user;
};

struct imap_dialogue_setup {
	bool wants_starttls; /* clear text, and TLS is to begin when it is offered */
	bool is_in_tls;      /* the channel is TLS from the first byte */
	void (*heard)(void *user, const char *line, size_t length); /* each line, for the transcript */
	void *user;
};

enum dialogue_want imap_dialogue_begin(struct imap_dialogue *imap, const struct imap_dialogue_setup *setup);
void imap_dialogue_clear(struct imap_dialogue *imap);

/* As dialogue_feed. TLS with bytes behind it becomes STOPPED. */
enum dialogue_want imap_dialogue_feed(struct imap_dialogue *imap, const char *bytes, size_t length);
enum dialogue_want imap_dialogue_secured(struct imap_dialogue *imap);

/* imap.* of facts.def, as far as it came. */
void imap_dialogue_observe(struct observation *observation, const struct imap_dialogue *imap);

#endif
