#include "probe/mailbox_folders.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "proto/mutf7.h"

void mailbox_folders_init(struct mailbox_folders *folders)
{
	*folders = (struct mailbox_folders){0};
	buf_init(&folders->names, LIMIT_FOLDER_BYTES);
	buf_init(&folders->shared, LIMIT_REPLY_BYTES);
}

void mailbox_folders_clear(struct mailbox_folders *folders)
{
	free(folders->items);
	buf_clear(&folders->names);
	buf_clear(&folders->shared);
}

bool mailbox_folders_add(struct mailbox_folders *folders, const struct imap_folder *folder)
{
	struct buf *names = &folders->names;
	if (folders->count >= LIMIT_FOLDERS || names->ceiling - names->length < folder->name.length)
		return false;
	folders->items = xgrow(folders->items, folders->count, &folders->room, sizeof *folders->items);
	folders->items[folders->count++] = (struct mailbox_folder){
	    .offset = names->length, .length = folder->name.length, .delimiter = folder->delimiter, .is_selectable = folder->is_selectable};
	buf_add(names, folder->name.bytes, folder->name.length);
	return true;
}

void mailbox_folders_share(struct mailbox_folders *folders, const char *prefix, size_t length)
{
	if (length == 0)
		return; /* a shared namespace that is the user's own */
	buf_add(&folders->shared, prefix, length);
	buf_putc(&folders->shared, '\0');
}

const char *mailbox_folder_name(const struct mailbox_folders *folders, const struct mailbox_folder *folder)
{
	return folders->names.bytes + folder->offset;
}

/* UTF-8 of the name; false when it does not decode, and then it is as sent. */
static bool decode(const struct mailbox_folders *folders, const struct mailbox_folder *folder, struct buf *text)
{
	const char *name = mailbox_folder_name(folders, folder);
	buf_init(text, 4 * folder->length + 1);
	if (mutf7_decode(text, name, folder->length))
		return true;
	buf_reset(text);
	buf_add(text, name, folder->length);
	bool is_ascii = true;
	for (size_t i = 0; i < folder->length; i++)
		is_ascii = is_ascii && (unsigned char)name[i] < 0x80;
	return !is_ascii && str_is_utf8(name, folder->length); /* IMAP4rev2 and careless servers write UTF-8 */
}

char *mailbox_folder_text(const struct mailbox_folders *folders, const struct mailbox_folder *folder)
{
	struct buf text, escaped;
	decode(folders, folder, &text);
	buf_init(&escaped, LIMIT_REPLY_BYTES);
	escape_bytes(&escaped, text.bytes, text.length);
	buf_clear(&text);
	return buf_steal(&escaped);
}

static bool begins_with(const char *name, size_t length, const char *prefix, size_t prefix_length)
{
	return length >= prefix_length && strncasecmp(name, prefix, prefix_length) == 0;
}

/* The folder itself or one below it; `prefix` may end with the delimiter. */
static bool is_below(const struct mailbox_folders *folders, const struct mailbox_folder *folder, const char *prefix)
{
	const char *name = mailbox_folder_name(folders, folder);
	size_t length = strlen(prefix);
	if (length > 0 && prefix[length - 1] == folder->delimiter)
		length--;
	if (!begins_with(name, folder->length, prefix, length))
		return false;
	return folder->length == length || name[length] == folder->delimiter;
}

static bool is_shared(const struct mailbox_folders *folders, const struct mailbox_folder *folder)
{
	static const char *const known[] = {"Public Folders", "Shared Folders", "#public", "#shared", "Other Users"};
	for (size_t at = 0; at < folders->shared.length; at += strlen(folders->shared.bytes + at) + 1)
		if (is_below(folders, folder, folders->shared.bytes + at))
			return true;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (is_below(folders, folder, known[i]))
			return true;
	return false;
}

bool mailbox_folder_counts(const struct mailbox_folders *folders, const struct mailbox_folder *folder)
{
	return folder->is_selectable && !is_shared(folders, folder);
}

static bool is_gmail(const struct mailbox_folders *folders, const struct mailbox_folder *folder)
{
	return is_below(folders, folder, "[Gmail]") || is_below(folders, folder, "[Google Mail]");
}

/* A list that is kept up to its ceiling, and counted beyond. */
static void list(struct observation *o, enum fact_key key, uint32_t row, const char *text)
{
	if (row < LIMIT_MAILBOX_LISTED)
		observation_add_text(o, key, row, text);
}

void mailbox_folders_observe(struct observation *o, const struct mailbox_folders *folders)
{
	uint32_t slashes = 0, shared = 0, broken = 0;
	bool has_gmail = false;
	for (size_t i = 0; i < folders->count; i++) {
		const struct mailbox_folder *folder = &folders->items[i];
		struct buf decoded;
		bool is_decoded = decode(folders, folder, &decoded);
		bool has_slash = folder->delimiter != '/' && memchr(decoded.bytes, '/', decoded.length) != NULL;
		buf_clear(&decoded);
		char *text = mailbox_folder_text(folders, folder);
		has_gmail = has_gmail || is_gmail(folders, folder);
		if (has_slash)
			list(o, FACT_MAILBOX_SLASH, slashes++, text);
		if (!is_decoded)
			list(o, FACT_MAILBOX_UNDECODED, broken++, text);
		if (folder->is_selectable && is_shared(folders, folder))
			list(o, FACT_MAILBOX_SHARED, shared++, text);
		free(text);
	}
	observation_add_int(o, FACT_MAILBOX_FOLDERS, 0, (int64_t)folders->count);
	observation_add_int(o, FACT_MAILBOX_SLASHES, 0, slashes);
	observation_add_int(o, FACT_MAILBOX_BROKEN_NAMES, 0, broken);
	observation_add_int(o, FACT_MAILBOX_SHARED_FOLDERS, 0, shared);
	observation_add_bool(o, FACT_MAILBOX_GMAIL, 0, has_gmail);
}
