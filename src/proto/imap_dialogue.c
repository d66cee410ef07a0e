#include "proto/imap_dialogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/imap_reply.h"
#include "proto/protocol_guess.h"

static bool may_start_tls(const struct imap_dialogue *imap)
{
	/* RFC 9051 6.2.1: not once someone is signed in, as after PREAUTH. */
	return imap->wants_starttls && !imap->is_in_tls && imap->kind == IMAP_GREETED_OK;
}

/* A greeting may carry the list. One without STARTTLS is asked about again before that is held against the server. */
static bool wants_list(void *user)
{
	const struct imap_dialogue *imap = user;
	return !imap->is_listed || (may_start_tls(imap) && !names_has(&imap->capabilities, "STARTTLS"));
}

static bool wants_starttls(void *user)
{
	const struct imap_dialogue *imap = user;
	return may_start_tls(imap) && names_has(&imap->capabilities, "STARTTLS");
}

static bool wants_list_again(void *user)
{
	const struct imap_dialogue *imap = user;
	return !imap->is_listed;
}

static bool wants_id(void *user)
{
	const struct imap_dialogue *imap = user;
	return names_has(&imap->capabilities, "ID");
}

static const struct dialogue_step steps[] = {
    {"greeting", NULL, 0, NULL},
    {"capability", "CAPABILITY", 0, wants_list},
    {"starttls", "STARTTLS", DIALOGUE_UPGRADE, wants_starttls},
    {"capability-tls", "CAPABILITY", 0, wants_list_again},
    {"id", "ID (\"name\" \"cutover\" \"version\" \"" CUTOVER_VERSION "\")", 0, wants_id},
    {"done", "LOGOUT", DIALOGUE_FAREWELL, NULL},
    {0},
};

static void add_id(void *user, struct slice key, struct slice value)
{
	struct imap_dialogue *imap = user;
	if (imap->id_count < IMAP_ID_FIELDS)
		imap->ids[imap->id_count++] =
		    (struct imap_id_field){xstrndup(key.bytes, key.length), xstrndup(value.bytes, value.length)};
}

static void on_heard(void *user, const char *stage, const char *line, size_t length)
{
	struct imap_dialogue *imap = user;
	struct imap_reply reply;
	imap->heard(imap->user, line, length);
	if (!imap_reply_parse(line, length, &reply))
		return;
	/* The list counts wherever it stands: greeting, untagged reply, code of a tagged OK. */
	bool is_list = imap_capabilities_parse(reply.code, &imap->capabilities) ||
	               imap_capabilities_parse(reply.data, &imap->capabilities);
	imap->is_listed = imap->is_listed || is_list;
	if (str_equal(stage, "id") && imap->id_count == 0)
		imap_id_parse(reply.data, add_id, imap);
}

static bool stop(struct imap_dialogue *imap, const char *stage, enum outcome outcome)
{
	imap->stage = stage;
	imap->outcome = outcome;
	return false;
}

static bool greeted(struct imap_dialogue *imap, enum dialogue_answer answer, const char *line)
{
	imap->greeting = xstrdup(line);
	if (answer == DIALOGUE_BYE) {
		imap->kind = IMAP_GREETED_BYE;
		return stop(imap, "greeting", starttls_outcome_of_refusal(line));
	}
	if (answer == DIALOGUE_OK) {
		imap->kind = str_starts_nocase(line, "* PREAUTH") ? IMAP_GREETED_PREAUTH : IMAP_GREETED_OK;
		return true;
	}
	const char *other = protocol_guess(line, strlen(line));
	imap->other_protocol = str_equal(other, "imap") ? NULL : other;
	imap->kind = imap->other_protocol != NULL ? IMAP_GREETED_OTHER : IMAP_GREETED_GARBAGE;
	if (imap->other_protocol == NULL)
		imap->fault = "a greeting that is none of IMAP's";
	return stop(imap, "greeting", OUTCOME_PROTOCOL);
}

/* In clear text, once the list is known: what STARTTLS will have to say. */
static void note_offer(struct imap_dialogue *imap)
{
	if (imap->is_in_tls || !imap->is_listed)
		return;
	imap->is_clear_listed = true;
	names_clear(&imap->clear_capabilities);
	for (size_t i = 0; i < imap->capabilities.count; i++)
		names_add(&imap->clear_capabilities, imap->capabilities.items[i]);
	imap->starttls.is_asked = true;
	imap->starttls.is_offered = names_has(&imap->capabilities, "STARTTLS");
	imap->starttls.stage = imap->starttls.is_offered ? "starttls" : "capability";
}

static bool starttls_answered(struct imap_dialogue *imap, enum dialogue_answer answer, const char *line)
{
	imap->starttls.reply = xstrdup(line);
	imap->starttls.is_accepted = answer == DIALOGUE_OK;
	return true; /* after a refusal the rest is still worth knowing */
}

static bool on_answered(void *user, const char *stage, enum dialogue_answer answer, const char *line)
{
	struct imap_dialogue *imap = user;
	bool goes_on = true;
	if (str_equal(stage, "greeting") && imap->greeting == NULL)
		goes_on = greeted(imap, answer, line);
	else if (answer == DIALOGUE_BYE)
		return stop(imap, stage, starttls_outcome_of_refusal(line));
	else if (answer == DIALOGUE_STRANGE)
		return true; /* the interpreter's to say */
	else if (str_equal(stage, "starttls"))
		return starttls_answered(imap, answer, line);
	else if (!str_equal(stage, "id") && (answer != DIALOGUE_OK || !imap->is_listed)) {
		imap->fault = "CAPABILITY is not answered by a list of capabilities";
		return stop(imap, stage, OUTCOME_PROTOCOL);
	}
	note_offer(imap);
	return goes_on;
}

static const struct dialogue_script script = {DIALOGUE_IMAP, steps, on_heard, on_answered};

/* Names the place where it ended, for all ends that on_answered has not named. */
static enum dialogue_want settle(struct imap_dialogue *imap, enum dialogue_want want)
{
	if (want == DIALOGUE_FAULT) {
		imap->outcome = OUTCOME_PROTOCOL;
		imap->fault = imap->dialogue.fault;
		imap->starttls.is_early = imap->dialogue.is_early && imap->wants_starttls && !imap->is_in_tls;
		if (imap->greeting == NULL)
			imap->kind = IMAP_GREETED_GARBAGE;
	}
	if (want == DIALOGUE_DONE)
		imap->outcome = OUTCOME_OK;
	if (want != DIALOGUE_STOPPED)
		imap->stage = dialogue_stage(&imap->dialogue);
	imap->starttls.extra = &imap->dialogue.extra;
	if (want == DIALOGUE_TLS && imap->dialogue.extra.length > 0) {
		stop(imap, "starttls", OUTCOME_PROTOCOL);
		return DIALOGUE_STOPPED;
	}
	if (want == DIALOGUE_TLS)
		imap->stage = imap->starttls.stage = "tls";
	return want;
}

enum dialogue_want imap_dialogue_begin(struct imap_dialogue *imap, const struct imap_dialogue_setup *setup)
{
	*imap = (struct imap_dialogue){.wants_starttls = setup->wants_starttls, .is_in_tls = setup->is_in_tls,
	                               .heard = setup->heard, .user = setup->user, .outcome = OUTCOME_PROTOCOL};
	imap->starttls = (struct starttls_facts){.protocol = STARTTLS_IMAP, .stage = "greeting"};
	return settle(imap, dialogue_begin(&imap->dialogue, &script, imap));
}

void imap_dialogue_clear(struct imap_dialogue *imap)
{
	dialogue_clear(&imap->dialogue);
	names_clear(&imap->capabilities);
	names_clear(&imap->clear_capabilities);
	for (size_t i = 0; i < imap->id_count; i++) {
		free(imap->ids[i].key);
		free(imap->ids[i].value);
	}
	imap->id_count = 0;
	free(imap->greeting);
	free(imap->starttls.reply);
	imap->greeting = imap->starttls.reply = NULL;
}

enum dialogue_want imap_dialogue_feed(struct imap_dialogue *imap, const char *bytes, size_t length)
{
	return settle(imap, dialogue_feed(&imap->dialogue, bytes, length));
}

enum dialogue_want imap_dialogue_secured(struct imap_dialogue *imap)
{
	/* RFC 9051 6.2.1: what was said in clear text is forgotten. */
	imap->is_in_tls = true;
	imap->is_listed = false;
	names_clear(&imap->capabilities);
	return settle(imap, dialogue_secured(&imap->dialogue));
}
