#ifndef PROBE_MAILBOX_FOLDERS_H
#define PROBE_MAILBOX_FOLDERS_H
/* The folders that LIST told, names end to end in one buffer: there may be 100,000. */
#include "cutover/observation.h"
#include "proto/imap_mailbox.h"

struct mailbox_folder {
	size_t offset, length; /* of its name, as the server wrote it */
	char delimiter;        /* '\0': none */
	bool is_selectable;
};

struct mailbox_folders {
	struct mailbox_folder *items;
	size_t count, room;
	struct buf names;
	struct buf shared; /* prefixes of other users' and shared folders, each ended by NUL */
};

void mailbox_folders_init(struct mailbox_folders *folders);
void mailbox_folders_clear(struct mailbox_folders *folders);

/* False beyond LIMIT_FOLDERS or the ceiling of all names: it is dropped. */
bool mailbox_folders_add(struct mailbox_folders *folders, const struct imap_folder *folder);
void mailbox_folders_share(struct mailbox_folders *folders, const char *prefix, size_t length);

const char *mailbox_folder_name(const struct mailbox_folders *folders, const struct mailbox_folder *folder);
/* For people: decoded when that can be done; allocated, escaped. */
char *mailbox_folder_text(const struct mailbox_folders *folders, const struct mailbox_folder *folder);

/* Whether its messages are this mailbox's: it can be opened, and is no shared one. */
bool mailbox_folder_counts(const struct mailbox_folders *folders, const struct mailbox_folder *folder);

/* How many there are, and those whose names matter: mailbox.* of facts.def. */
void mailbox_folders_observe(struct observation *observation, const struct mailbox_folders *folders);

#endif
