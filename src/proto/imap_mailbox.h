#ifndef PROTO_IMAP_MAILBOX_H
#define PROTO_IMAP_MAILBOX_H
/*
 * What a signed-in client hears of folders and messages: LIST, NAMESPACE, STATUS, EXISTS, FETCH (RFC 9051 7.3, 7.4; RFC 2342;
 * RFC 8438 for SIZE). `data` is the reply behind "* ", literals in place. Each returns false for another reply, or broken grammar.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "proto/imap_reply.h"

struct imap_folder {
	char delimiter;      /* '\0': NIL, a flat name space */
	bool is_selectable;  /* neither \Noselect nor \NonExistent */
	struct buf name;     /* as sent, unquoted: what commands want back */
};

/* Whether it is an answer to LIST, well formed or not. */
bool imap_list_is(struct slice data);

/* `folder` is cleared by the caller. */
bool imap_list_parse(struct slice data, struct imap_folder *folder);
void imap_folder_clear(struct imap_folder *folder);

struct imap_folder_status {
	int64_t messages, bytes; /* -1: not told */
};

bool imap_status_parse(struct slice data, struct imap_folder_status *status);

/* "12 EXISTS" */
bool imap_exists_parse(struct slice data, int64_t *count);

struct imap_fetched {
	int64_t uid, bytes; /* UID, RFC822.SIZE; -1: not told */
};

bool imap_fetch_parse(struct slice data, struct imap_fetched *fetched);

/* Prefixes of the namespaces of other users and of shared folders, as sent. */
typedef void imap_prefix(void *user, const char *prefix, size_t length);
bool imap_namespace_parse(struct slice data, imap_prefix *each, void *user);

#endif
