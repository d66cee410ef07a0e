#include "proto/starttls.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/imap_reply.h"
#include "proto/protocol_guess.h"

static const char *const names[] = {[STARTTLS_IMAP] = "imap", [STARTTLS_SMTP] = "smtp", [STARTTLS_POP3] = "pop3"};

static bool is_offered(void *user)
{
	const struct starttls *starttls = user;
	return starttls->facts.is_offered;
}

static bool is_list_needed(void *user)
{
	const struct starttls *starttls = user;
	return !starttls->facts.is_offered; /* the greeting may have said so already */
}

static const struct dialogue_step imap_steps[] = {
    {"greeting", NULL, 0, NULL},
    {"capability", "CAPABILITY", 0, is_list_needed},
    {"starttls", "STARTTLS", DIALOGUE_UPGRADE, is_offered},
    {0},
};
static const struct dialogue_step smtp_steps[] = {
    {"greeting", NULL, 0, NULL},
    {"capability", "EHLO cutover.invalid", 0, NULL}, /* RFC 6761: a name that is nobody's */
    {"starttls", "STARTTLS", DIALOGUE_UPGRADE, is_offered},
    {0},
};
static const struct dialogue_step pop3_steps[] = {
    {"greeting", NULL, 0, NULL},
    {"capability", "CAPA", DIALOGUE_MULTILINE, NULL},
    {"starttls", "STLS", DIALOGUE_UPGRADE, is_offered},
    {0},
};

static void note_imap_offer(struct starttls *starttls, const char *line, size_t length)
{
	struct imap_reply reply;
	struct names list = {0};
	if (imap_reply_parse(line, length, &reply) &&
	    (imap_capabilities_parse(reply.code, &list) || imap_capabilities_parse(reply.data, &list)))
		starttls->facts.is_offered = names_has(&list, "STARTTLS");
	names_clear(&list);
}

/* Blanks or words behind it are none of ours. */
static bool begins_with_word(const char *line, const char *word)
{
	size_t length = strlen(word);
	return str_starts_nocase(line, word) && (line[length] == '\0' || line[length] == ' ');
}

static void on_heard(void *user, const char *stage, const char *line, size_t length)
{
	struct starttls *starttls = user;
	starttls->heard(starttls->user, line, length);
	if (starttls->facts.protocol == STARTTLS_IMAP)
		note_imap_offer(starttls, line, length);
	else if (!str_equal(stage, "capability"))
		return;
	else if (starttls->facts.protocol == STARTTLS_SMTP && length >= 4 && begins_with_word(line + 4, "STARTTLS"))
		starttls->facts.is_offered = true;
	else if (starttls->facts.protocol == STARTTLS_POP3 && begins_with_word(line, "STLS"))
		starttls->facts.is_offered = true;
}

static bool stop(struct starttls *starttls, enum outcome outcome, const char *detail)
{
	starttls->outcome = outcome;
	starttls->detail = detail;
	return false;
}

enum outcome starttls_outcome_of_refusal(const char *line)
{
	static const char *const limits[] = {"[UNAVAILABLE]", "[LIMIT]", "[INUSE]", "too many", "try again later",
	                                     "try later"};
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
		if (str_find_nocase(line, limits[i]) != NULL)
			return OUTCOME_LIMITED;
	return OUTCOME_DENIED;
}

static bool greeted(struct starttls *starttls, enum dialogue_answer answer, const char *line)
{
	starttls->greeting = xstrdup(line);
	if (answer == DIALOGUE_STRANGE) {
		const char *other = protocol_guess(line, strlen(line));
		starttls->other_protocol = str_equal(other, names[starttls->facts.protocol]) ? NULL : other;
		return stop(starttls, OUTCOME_PROTOCOL, "the greeting is not one of the protocol");
	}
	if (answer != DIALOGUE_OK)
		return stop(starttls, starttls_outcome_of_refusal(line), "the server greets with a refusal");
	if (starttls->facts.protocol == STARTTLS_IMAP && str_starts_nocase(line, "* PREAUTH"))
		return stop(starttls, OUTCOME_PROTOCOL, "the server greets with PREAUTH, after which TLS cannot begin");
	return true;
}

static bool on_answered(void *user, const char *stage, enum dialogue_answer answer, const char *line)
{
	struct starttls *starttls = user;
	struct starttls_facts *facts = &starttls->facts;
	facts->stage = stage;
	if (str_equal(stage, "greeting") && starttls->greeting == NULL) {
		bool goes_on = greeted(starttls, answer, line);
		facts->is_asked = facts->is_offered;
		facts->stage = !goes_on ? stage : facts->is_offered ? "starttls" : "capability";
		return goes_on;
	}
	if (answer == DIALOGUE_STRANGE)
		return true; /* the interpreter's to say */
	if (answer == DIALOGUE_BYE)
		return stop(starttls, starttls_outcome_of_refusal(line), "the server says BYE");
	if (str_equal(stage, "capability")) {
		facts->is_asked = true;
		facts->stage = facts->is_offered ? "starttls" : stage;
		return facts->is_offered ? true : stop(starttls, OUTCOME_DENIED, "the server does not offer STARTTLS");
	}
	facts->reply = xstrdup(line);
	facts->is_accepted = answer == DIALOGUE_OK;
	facts->stage = facts->is_accepted ? "tls" : stage;
	return facts->is_accepted ? true : stop(starttls, OUTCOME_DENIED, "the server refuses STARTTLS");
}

static const struct dialogue_script scripts[] = {
    [STARTTLS_IMAP] = {DIALOGUE_IMAP, imap_steps, on_heard, on_answered},
    [STARTTLS_SMTP] = {DIALOGUE_SMTP, smtp_steps, on_heard, on_answered},
    [STARTTLS_POP3] = {DIALOGUE_POP3, pop3_steps, on_heard, on_answered},
};

enum starttls_protocol starttls_protocol_find(const char *name)
{
	for (enum starttls_protocol i = 0; i < STARTTLS_NONE; i++)
		if (str_equal(names[i], name))
			return i;
	return STARTTLS_NONE;
}

enum starttls_protocol starttls_protocol_of_port(uint16_t port)
{
	switch (port) {
	case 143:
		return STARTTLS_IMAP;
	case 25:
	case 587:
		return STARTTLS_SMTP;
	case 110:
		return STARTTLS_POP3;
	default:
		return STARTTLS_NONE;
	}
}

enum dialogue_want starttls_begin(struct starttls *starttls, enum starttls_protocol protocol,
                                  void (*heard)(void *user, const char *line, size_t length), void *user)
{
	*starttls = (struct starttls){.heard = heard, .user = user, .outcome = OUTCOME_PROTOCOL};
	starttls->facts = (struct starttls_facts){.protocol = protocol, .stage = "greeting"};
	return dialogue_begin(&starttls->dialogue, &scripts[protocol], starttls);
}

void starttls_clear(struct starttls *starttls)
{
	dialogue_clear(&starttls->dialogue);
	free(starttls->facts.reply);
	free(starttls->greeting);
	starttls->facts.reply = starttls->greeting = NULL;
}

enum dialogue_want starttls_feed(struct starttls *starttls, const char *bytes, size_t length)
{
	enum dialogue_want want = dialogue_feed(&starttls->dialogue, bytes, length);
	if (want == DIALOGUE_FAULT) {
		starttls->outcome = OUTCOME_PROTOCOL;
		starttls->detail = starttls->dialogue.fault;
		starttls->facts.is_early = starttls->dialogue.is_early;
	}
	starttls->facts.extra = &starttls->dialogue.extra;
	if (want == DIALOGUE_TLS && starttls->dialogue.extra.length > 0) {
		stop(starttls, OUTCOME_PROTOCOL, "clear text follows the answer to STARTTLS");
		starttls->facts.stage = "starttls";
		return DIALOGUE_STOPPED;
	}
	return want;
}

void starttls_observe(struct observation *observation, const struct starttls_facts *facts)
{
	observation_add_text(observation, FACT_STARTTLS_PROTOCOL, 0, names[facts->protocol]);
	observation_add_text(observation, FACT_STARTTLS_STAGE, 0, facts->stage);
	if (facts->is_asked)
		observation_add_bool(observation, FACT_STARTTLS_OFFERED, 0, facts->is_offered);
	if (facts->is_early)
		observation_add_bool(observation, FACT_STARTTLS_EARLY, 0, true);
	if (facts->reply == NULL)
		return;
	observation_add_bytes(observation, FACT_STARTTLS_REPLY, 0, facts->reply, strlen(facts->reply));
	observation_add_bool(observation, FACT_STARTTLS_ACCEPTED, 0, facts->is_accepted);
	if (facts->extra != NULL && facts->extra->length > 0)
		observation_add_bytes(observation, FACT_STARTTLS_EXTRA_BYTES, 0, facts->extra->bytes, facts->extra->length);
}

/* The names of imap.greeting_kind; NULL: no whole greeting. */
static const char *greeting_kind(const struct starttls *starttls)
{
	if (starttls->greeting == NULL)
		return starttls->dialogue.fault != NULL ? "garbage" : NULL;
	if (starttls->other_protocol != NULL)
		return "other";
	return str_starts_nocase(starttls->greeting, "* OK")        ? "ok"
	       : str_starts_nocase(starttls->greeting, "* PREAUTH") ? "preauth"
	       : str_starts_nocase(starttls->greeting, "* BYE")     ? "bye"
	                                                            : "garbage";
}

void starttls_observe_dialogue(struct observation *observation, const struct starttls *starttls)
{
	const char *kind = greeting_kind(starttls);
	starttls_observe(observation, &starttls->facts);
	if (starttls->detail != NULL)
		observation_add_text(observation, FACT_DETAIL, 0, starttls->detail);
	if (starttls->facts.protocol != STARTTLS_IMAP)
		return;
	if (starttls->greeting != NULL)
		observation_add_bytes(observation, FACT_IMAP_GREETING, 0, starttls->greeting, strlen(starttls->greeting));
	if (kind != NULL)
		observation_add_text(observation, FACT_IMAP_GREETING_KIND, 0, kind);
	if (starttls->other_protocol != NULL)
		observation_add_text(observation, FACT_IMAP_OTHER_PROTOCOL, 0, starttls->other_protocol);
	if (starttls->dialogue.fault != NULL)
		observation_add_text(observation, FACT_IMAP_FAULT, 0, starttls->dialogue.fault);
}
