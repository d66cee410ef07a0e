#include "probe/mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/stream.h"
#include "probe/mailbox_folders.h"

/* What is asked, in this order; SIZES of each folder that needs it. */
enum question { ASK_CAPABILITY, ASK_NAMESPACE, ASK_LIST, ASK_STATUS, ASK_EXAMINE, ASK_SIZES, ASK_SAMPLE_EXAMINE, ASK_SAMPLE };

struct mailbox {
	struct mailbox_setup setup;
	enum question question;
	struct names capabilities;
	struct mailbox_folders folders;
	size_t at;                 /* the folder that is asked about */
	struct imap_folder_status status; /* of it */
	int64_t exists, fetched;   /* messages of the folder that is examined; of these, how many were asked about */
	int64_t sized;             /* of these, how many sizes came */
	int64_t messages, bytes, large, largest;
	uint32_t large_listed;
	bool is_whole, are_sizes_known, is_over;
	size_t fullest;            /* the folder with most messages: the sample's */
	int64_t fullest_messages;
	int64_t began_ms, sample_began_ms, sample_bytes, sample_ms;
};

static void ask(struct mailbox *mailbox, enum question question, const char *words)
{
	mailbox->question = question;
	imap_link_ask(mailbox->setup.link, words, LIMIT_MAILBOX_ANSWER_MS);
}

/* A command with one folder name in it, as the server wrote it. */
static void ask_folder(struct mailbox *mailbox, enum question question, const char *word, const char *rest)
{
	const struct mailbox_folder *folder = &mailbox->folders.items[mailbox->at];
	const char *name = mailbox_folder_name(&mailbox->folders, folder);
	struct imap_command command;
	mailbox->question = question;
	imap_link_begin(mailbox->setup.link, &command, strlen(word) + folder->length + strlen(rest));
	imap_command_word(&command, word);
	imap_command_string(&command, name, folder->length);
	if (*rest != '\0')
		imap_command_word(&command, rest);
	imap_link_send(mailbox->setup.link, &command, word, LIMIT_MAILBOX_ANSWER_MS);
}

static void finish(struct mailbox *mailbox)
{
	if (mailbox->is_over)
		return;
	mailbox->is_over = true;
	mailbox->setup.done(mailbox->setup.user);
}

static bool is_late(const struct mailbox *mailbox)
{
	return clock_monotonic_ms() - mailbox->began_ms > LIMIT_MAILBOX_MS;
}

/* The newest messages of the fullest folder, the first 48 KiB of each. */
static void ask_sample(struct mailbox *mailbox)
{
	int64_t taken_ms = clock_monotonic_ms() - mailbox->sample_began_ms;
	int64_t left = mailbox->exists - mailbox->fetched;
	char words[96];
	if (mailbox->setup.link->stream == NULL || left <= 0 || taken_ms > LIMIT_SAMPLE_MS ||
	    mailbox->sample_bytes > LIMIT_SAMPLE_BYTES) {
		finish(mailbox);
		return;
	}
	int64_t first = left > LIMIT_SAMPLE_BATCH ? left - LIMIT_SAMPLE_BATCH + 1 : 1;
	mailbox->fetched += left - first + 1;
	snprintf(words, sizeof words, "FETCH %lld:%lld (BODY.PEEK[]<0.%d>)", (long long)first, (long long)left, LIMIT_SAMPLE_PART_BYTES);
	ask(mailbox, ASK_SAMPLE, words);
}

static void sampled(struct mailbox *mailbox)
{
	mailbox->sample_ms = clock_monotonic_ms() - mailbox->sample_began_ms;
	ask_sample(mailbox);
}

static void begin_sample(struct mailbox *mailbox)
{
	if (!mailbox->setup.wants_sample || mailbox->fullest_messages == 0 || is_late(mailbox)) {
		finish(mailbox);
		return;
	}
	mailbox->at = mailbox->fullest;
	mailbox->exists = mailbox->fetched = 0;
	ask_folder(mailbox, ASK_SAMPLE_EXAMINE, "EXAMINE", "");
}

static bool tells_sizes(const struct mailbox *mailbox)
{
	return names_has(&mailbox->capabilities, "STATUS=SIZE") || names_has(&mailbox->capabilities, "IMAP4rev2");
}

/* The next folder of the mailbox itself, or the end of the walk. */
static void ask_status(struct mailbox *mailbox)
{
	const struct mailbox_folders *folders = &mailbox->folders;
	while (mailbox->at < folders->count && !mailbox_folder_counts(folders, &folders->items[mailbox->at]))
		mailbox->at++;
	if (is_late(mailbox))
		mailbox->is_whole = false;
	if (mailbox->at >= folders->count || is_late(mailbox)) {
		begin_sample(mailbox);
		return;
	}
	mailbox->status = (struct imap_folder_status){-1, -1};
	ask_folder(mailbox, ASK_STATUS, "STATUS", tells_sizes(mailbox) ? "(MESSAGES SIZE)" : "(MESSAGES)");
}

static void next_folder(struct mailbox *mailbox)
{
	mailbox->at++;
	ask_status(mailbox);
}

static void ask_sizes(struct mailbox *mailbox)
{
	char words[80];
	if (mailbox->fetched >= mailbox->exists || is_late(mailbox)) {
		mailbox->are_sizes_known = mailbox->are_sizes_known && mailbox->sized >= mailbox->exists;
		next_folder(mailbox);
		return;
	}
	int64_t first = mailbox->fetched + 1, last = mailbox->fetched + LIMIT_FETCH_BATCH;
	if (last > mailbox->exists)
		last = mailbox->exists;
	mailbox->fetched = last;
	snprintf(words, sizeof words, "FETCH %lld:%lld (UID RFC822.SIZE)", (long long)first, (long long)last);
	ask(mailbox, ASK_SIZES, words);
}

/* Each message is looked at only where its size matters: the folder's is not told, or one message may be too large. */
static void status_known(struct mailbox *mailbox)
{
	const struct imap_folder_status *status = &mailbox->status;
	if (status->messages < 0) {
		mailbox->is_whole = false;
		next_folder(mailbox);
		return;
	}
	mailbox->messages += status->messages;
	if (status->messages > mailbox->fullest_messages) {
		mailbox->fullest_messages = status->messages;
		mailbox->fullest = mailbox->at;
	}
	if (status->bytes >= 0)
		mailbox->bytes += status->bytes;
	if (status->messages == 0 || (status->bytes >= 0 && status->bytes <= LIMIT_MESSAGE_BYTES)) {
		next_folder(mailbox);
		return;
	}
	mailbox->exists = mailbox->fetched = mailbox->sized = 0;
	ask_folder(mailbox, ASK_EXAMINE, "EXAMINE", "");
}

static void note_size(struct mailbox *mailbox, const struct imap_fetched *fetched)
{
	struct observation *o = mailbox->setup.observation;
	const struct mailbox_folder *folder = &mailbox->folders.items[mailbox->at];
	if (fetched->bytes < 0)
		return;
	mailbox->sized++;
	if (mailbox->status.bytes < 0)
		mailbox->bytes += fetched->bytes;
	if (fetched->bytes > mailbox->largest)
		mailbox->largest = fetched->bytes;
	if (fetched->bytes <= LIMIT_MESSAGE_BYTES)
		return;
	mailbox->large++;
	if (mailbox->large_listed >= LIMIT_MAILBOX_LISTED)
		return;
	char *name = mailbox_folder_text(&mailbox->folders, folder);
	observation_add_text(o, FACT_MAILBOX_LARGE_FOLDER, mailbox->large_listed, name);
	observation_add_int(o, FACT_MAILBOX_LARGE_UID, mailbox->large_listed, fetched->uid);
	observation_add_int(o, FACT_MAILBOX_LARGE_BYTES, mailbox->large_listed, fetched->bytes);
	mailbox->large_listed++;
	free(name);
}

static void add_prefix(void *user, const char *prefix, size_t length)
{
	struct mailbox *mailbox = user;
	mailbox_folders_share(&mailbox->folders, prefix, length);
}

void mailbox_heard(struct mailbox *mailbox, const struct imap_reply *reply)
{
	struct imap_folder folder;
	struct imap_fetched fetched;
	if (mailbox->is_over || reply->status != IMAP_NO_STATUS)
		return;
	if (mailbox->question == ASK_CAPABILITY) {
		imap_capabilities_parse(reply->data, &mailbox->capabilities);
	} else if (mailbox->question == ASK_NAMESPACE) {
		imap_namespace_parse(reply->data, add_prefix, mailbox);
	} else if (mailbox->question == ASK_LIST) {
		/* One that cannot be read, or kept, is a folder that is missing from the count. */
		bool is_kept = imap_list_parse(reply->data, &folder) && mailbox_folders_add(&mailbox->folders, &folder);
		if (!is_kept && imap_list_is(reply->data))
			mailbox->is_whole = false;
		imap_folder_clear(&folder);
	} else if (mailbox->question == ASK_STATUS) {
		struct imap_folder_status status;
		if (imap_status_parse(reply->data, &status))
			mailbox->status = status;
	} else if (mailbox->question == ASK_EXAMINE || mailbox->question == ASK_SAMPLE_EXAMINE) {
		imap_exists_parse(reply->data, &mailbox->exists);
	} else if (mailbox->question == ASK_SIZES) {
		if (imap_fetch_parse(reply->data, &fetched))
			note_size(mailbox, &fetched);
	} else if (mailbox->question == ASK_SAMPLE) {
		mailbox->sample_bytes += (int64_t)reply->data.length;
	}
	if (is_late(mailbox)) {
		mailbox->is_whole = mailbox->question >= ASK_SAMPLE_EXAMINE && mailbox->is_whole;
		finish(mailbox);
	} else {
		imap_link_wait(mailbox->setup.link, LIMIT_MAILBOX_ANSWER_MS);
	}
}

/* All folders, or those below UserRoot. */
static void ask_list(struct mailbox *mailbox)
{
	struct buf pattern;
	struct imap_command command;
	buf_init(&pattern, LIMIT_CSV_ROW_BYTES + 1);
	buf_add(&pattern, mailbox->setup.root, mailbox->setup.root_length);
	buf_putc(&pattern, '*');
	mailbox->question = ASK_LIST;
	imap_link_begin(mailbox->setup.link, &command, pattern.length + 16);
	imap_command_word(&command, "LIST \"\"");
	imap_command_string(&command, pattern.bytes, pattern.length);
	imap_link_send(mailbox->setup.link, &command, "LIST", LIMIT_MAILBOX_ANSWER_MS);
	buf_clear(&pattern);
}

void mailbox_answered(struct mailbox *mailbox, enum imap_status status)
{
	bool is_good = status == IMAP_OK;
	if (mailbox->is_over)
		return;
	switch (mailbox->question) {
	case ASK_CAPABILITY:
		if (names_has(&mailbox->capabilities, "NAMESPACE"))
			ask(mailbox, ASK_NAMESPACE, "NAMESPACE");
		else
			ask_list(mailbox);
		break;
	case ASK_NAMESPACE: ask_list(mailbox); break;
	case ASK_LIST:
		mailbox->is_whole = mailbox->is_whole && is_good;
		ask_status(mailbox);
		break;
	case ASK_STATUS: status_known(mailbox); break;
	case ASK_EXAMINE:
		mailbox->are_sizes_known = mailbox->are_sizes_known && (is_good || mailbox->status.bytes >= 0);
		if (is_good)
			ask_sizes(mailbox);
		else
			next_folder(mailbox);
		break;
	case ASK_SIZES:
		mailbox->are_sizes_known = mailbox->are_sizes_known && is_good;
		ask_sizes(mailbox);
		break;
	case ASK_SAMPLE_EXAMINE:
		mailbox->sample_began_ms = clock_monotonic_ms();
		ask_sample(mailbox);
		break;
	case ASK_SAMPLE: sampled(mailbox); break;
	}
}

struct mailbox *mailbox_start(const struct mailbox_setup *setup)
{
	struct mailbox *mailbox = xcalloc(1, sizeof *mailbox);
	mailbox->setup = *setup;
	mailbox->is_whole = mailbox->are_sizes_known = true;
	mailbox->began_ms = clock_monotonic_ms();
	mailbox_folders_init(&mailbox->folders);
	ask(mailbox, ASK_CAPABILITY, "CAPABILITY");
	return mailbox;
}

void mailbox_free(struct mailbox *mailbox)
{
	if (mailbox == NULL)
		return;
	observation_free(mailbox->setup.observation);
	names_clear(&mailbox->capabilities);
	mailbox_folders_clear(&mailbox->folders);
	free(mailbox);
}

struct observation *mailbox_observe(struct mailbox *mailbox, enum outcome outcome)
{
	struct observation *o = mailbox->setup.observation;
	mailbox->setup.observation = NULL;
	mailbox->is_over = true;
	o->outcome = outcome;
	o->elapsed_ms = clock_monotonic_ms() - mailbox->began_ms;
	mailbox_folders_observe(o, &mailbox->folders);
	observation_add_int(o, FACT_MAILBOX_MESSAGES, 0, mailbox->messages);
	observation_add_int(o, FACT_MAILBOX_BYTES, 0, mailbox->bytes);
	observation_add_bool(o, FACT_MAILBOX_WHOLE, 0, mailbox->is_whole && outcome == OUTCOME_OK);
	observation_add_bool(o, FACT_MAILBOX_SIZES_KNOWN, 0, mailbox->are_sizes_known);
	observation_add_int(o, FACT_MAILBOX_LARGE, 0, mailbox->large);
	observation_add_int(o, FACT_MAILBOX_LARGEST_BYTES, 0, mailbox->largest);
	if (mailbox->sample_bytes > 0) {
		observation_add_int(o, FACT_MAILBOX_SAMPLE_BYTES, 0, mailbox->sample_bytes);
		observation_add_int(o, FACT_MAILBOX_SAMPLE_MS, 0, mailbox->sample_ms > 0 ? mailbox->sample_ms : 1);
	}
	return o;
}
