#include "render/walk.h"

#include "base/buf.h"
#include "base/str.h"
#include "cutover/limits.h"
#include "render/words.h"

static const struct {
	const char *word;
	enum severity severity;
} states[] = {
    [STEP_CONFIRMED] = {"THIS ONE", SEVERITY_FAIL},
    [STEP_RULED_OUT] = {"ruled out", SEVERITY_PASS},
    [STEP_NOT_TESTED] = {"not tested", SEVERITY_UNKNOWN},
    [STEP_FOR_A_PERSON] = {"for a person", SEVERITY_INFO},
};

const char *walk_state(enum step_state state)
{
	return states[state].word;
}

enum severity walk_severity(enum step_state state)
{
	return states[state].severity;
}

/* A recording may lack what a run always has. */
static const char *text_or(const struct observation *o, enum fact_key key, uint32_t row, const char *fallback)
{
	const char *text = observation_text(o, key, row);
	return text != NULL ? text : fallback;
}

void walk_message(struct buf *out, const struct diagnosis_message *message)
{
	const struct observation *o = message->first;
	const char *sureness = observation_text(o, FACT_MESSAGE_SURENESS, 0), *sentence = observation_text(o, FACT_MESSAGE_SENTENCE, 0);
	buf_puts(out, text_or(o, FACT_MESSAGE_NAME, 0, "-"));
	if (sureness != NULL)
		buf_printf(out, ", %s", sureness);
	if (sentence != NULL)
		buf_printf(out, ": %s", sentence);
	for (uint32_t row = 0; row < observation_rows(o, FACT_MESSAGE_CAPTURE); row++)
		buf_printf(out, "%s%s %s", row == 0 ? "; " : ", ", text_or(o, FACT_MESSAGE_CAPTURE, row, "-"),
		           text_or(o, FACT_MESSAGE_CAPTURED, row, "-"));
	if (message->kinds > 1)
		buf_printf(out, "; and %zu more like it", message->kinds - 1);
}

void walk_users(struct buf *out, const struct diagnosis_message *message)
{
	uint32_t shown = observation_rows(message->first, FACT_MESSAGE_USER);
	if (message->times > 1)
		buf_printf(out, "%zu times", message->times);
	if (message->users == 0)
		return;
	buf_printf(out, "%sfor %zu user%s: ", message->times > 1 ? ", " : "", message->users, message->users > 1 ? "s" : "");
	for (uint32_t row = 0; row < shown; row++)
		buf_printf(out, "%s%s", row > 0 ? ", " : "", text_or(message->first, FACT_MESSAGE_USER, row, "-"));
	if (message->users > shown)
		buf_puts(out, ", ...");
}

void walk_evidence(struct buf *out, const struct diagnosis_step *step)
{
	if (step->finding != NULL)
		buf_printf(out, "%s %s: %s", catalogue_get(step->finding->id)->id, step->finding->subject, step->finding->summary);
	else if (step->state == STEP_RULED_OUT)
		buf_puts(out, "nothing of it in the file");
	else if (step->needs[0] != '\0')
		buf_printf(out, "%s %s", step->state == STEP_FOR_A_PERSON ? "seen only in" : "would be answered by:", step->needs);
}

static void put_who(struct buf *out, enum actor actor)
{
	if (actor == ACTOR_YOU)
		buf_puts(out, "; you have to act");
	else if (actor == ACTOR_WAIT)
		buf_puts(out, "; nobody has to act, wait");
	else if (actor != ACTOR_NOBODY)
		buf_printf(out, "; to act: %s", words_actor(actor));
}

size_t walk_number(const struct diagnosis *diagnosis, const struct diagnosis_step *step)
{
	return (size_t)(step - diagnosis->steps) + 1;
}

/* How many steps were answered at all. */
static size_t answered(const struct diagnosis *diagnosis)
{
	size_t count = 0;
	for (size_t i = 0; i < diagnosis->step_count; i++)
		count += diagnosis->steps[i].state == STEP_RULED_OUT;
	return count;
}

void walk_likely(struct buf *out, const struct diagnosis *diagnosis)
{
	const struct diagnosis_step *likely = diagnosis->likely, *next = diagnosis->next;
	if (likely != NULL) {
		const struct catalogue_entry *entry = catalogue_get(likely->finding->id);
		bool has_subject = !str_equal(likely->finding->subject, "message");
		buf_printf(out, "%s%s%s: ", entry->title, has_subject ? " at " : "", has_subject ? likely->finding->subject : "");
		buf_printf(out, "%s (step %zu)", likely->finding->summary, walk_number(diagnosis, likely));
		put_who(out, entry->actor);
	} else if (next != NULL) {
		buf_puts(out, answered(diagnosis) > 0 ? "of what is not ruled out: " : "nothing was tested; the usual cause: ");
		buf_printf(out, "%s (step %zu)", next->cause, walk_number(diagnosis, next));
		put_who(out, next->who);
		if (next->needs[0] != '\0')
			buf_printf(out, "%s %s", next->state == STEP_FOR_A_PERSON ? "; seen only in" : "; tested by:", next->needs);
	} else {
		buf_puts(out, "every step is ruled out as far as this place can see; ask Microsoft's support");
	}
}

static void put_message_line(struct buf *line, const struct diagnosis *diagnosis, size_t index)
{
	struct buf users;
	buf_init(&users, LIMIT_FACT_BYTES);
	buf_puts(line, index == 0 ? "Message: " : "Also there: ");
	walk_message(line, &diagnosis->messages[index]);
	walk_users(&users, &diagnosis->messages[index]);
	if (users.length > 0)
		buf_printf(line, " (%s)", users.bytes);
	buf_clear(&users);
}

static void put_step_line(struct buf *line, const struct diagnosis *diagnosis, size_t index)
{
	const struct diagnosis_step *step = &diagnosis->steps[index];
	struct buf evidence;
	buf_init(&evidence, LIMIT_FACT_BYTES);
	buf_printf(line, "%zu. %s: %s", index + 1, walk_state(step->state), step->title);
	walk_evidence(&evidence, step);
	if (evidence.length > 0)
		buf_printf(line, " (%s)", evidence.bytes);
	buf_clear(&evidence);
}

void walk_lines(const struct diagnosis *diagnosis, void (*put)(void *user, const char *line), void *user)
{
	struct buf line;
	buf_init(&line, LIMIT_FACT_BYTES * 2);
	if (!diagnosis->is_known)
		put(user, "Message: none that is known here");
	for (size_t i = 0; i < diagnosis->message_count; i++) {
		put_message_line(&line, diagnosis, i);
		put(user, line.bytes);
		buf_reset(&line);
	}
	for (size_t i = 0; i < diagnosis->step_count; i++) {
		put_step_line(&line, diagnosis, i);
		put(user, line.bytes);
		buf_reset(&line);
	}
	buf_puts(&line, "Most likely: ");
	walk_likely(&line, diagnosis);
	put(user, line.bytes);
	buf_clear(&line);
}
