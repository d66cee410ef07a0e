#ifndef PROBE_MAILBOX_H
#define PROBE_MAILBOX_H
/*
 * What is in a mailbox, over a link that is signed in: NAMESPACE, LIST, STATUS for each folder, and where the server tells no
 * sizes EXAMINE and FETCH RFC822.SIZE in batches; then a bounded sample of bodies for the rate. Nothing is changed on the server:
 * EXAMINE and BODY.PEEK only.
 */
#include "probe/imap_link.h"

struct mailbox;

struct mailbox_setup {
	struct imap_link *link;          /* signed in; borrowed */
	struct observation *observation; /* "mailbox", under way; taken */
	const char *root;                /* only what is below; borrowed */
	size_t root_length;              /* 0: all */
	bool wants_sample;
	void (*done)(void *user);        /* all is known; then mailbox_observe */
	void *user;
};

struct mailbox *mailbox_start(const struct mailbox_setup *setup);
void mailbox_free(struct mailbox *mailbox); /* NULL is fine */

/* From the link's listener. */
void mailbox_heard(struct mailbox *mailbox, const struct imap_reply *reply);
void mailbox_answered(struct mailbox *mailbox, enum imap_status status);

/* Fills in what is known; the observation is the caller's. Once. */
struct observation *mailbox_observe(struct mailbox *mailbox, enum outcome outcome);

#endif
