#ifndef CUTOVER_DIAGNOSIS_H
#define CUTOVER_DIAGNOSIS_H
/*
 * The troubleshooter's branch for a message, walked with what the probes saw: each step with its state and the finding that
 * decided it. Made from evidence and findings alone (diagnosis_make), so `judge` walks a recording again.
 *
 * Source of the branches: Microsoft's "Troubleshooting issues with IMAP mailbox migration" (KB 10062).
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/evidence.h"
#include "cutover/finding.h"

/* DIAGNOSIS_STATE(symbol, name) */
#define DIAGNOSIS_STATES(DIAGNOSIS_STATE) \
	DIAGNOSIS_STATE(CONFIRMED, "confirmed")         /* this cause is there */ \
	DIAGNOSIS_STATE(RULED_OUT, "ruled-out")         /* this cause is not there, as far as this place can see */ \
	DIAGNOSIS_STATE(NOT_TESTED, "not-tested")       /* the facts are missing; `needs` says which */ \
	DIAGNOSIS_STATE(FOR_A_PERSON, "for-a-person")   /* no program can see it from outside; `needs` says where it is seen */

#define DIAGNOSIS_ENUM(symbol, name) STEP_##symbol,
enum step_state { DIAGNOSIS_STATES(DIAGNOSIS_ENUM) STEP_STATE_COUNT };
#undef DIAGNOSIS_ENUM

enum { DIAGNOSIS_STEPS = 12, DIAGNOSIS_MESSAGES = 12, DIAGNOSIS_TEXT_BYTES = 256 };

struct diagnosis_step {
	char title[DIAGNOSIS_TEXT_BYTES]; /* what must hold */
	char cause[DIAGNOSIS_TEXT_BYTES]; /* what is wrong when it does not */
	char needs[DIAGNOSIS_TEXT_BYTES]; /* what would answer it, as "--csv FILE", or where a person sees it; "" when it is answered */
	enum actor who;                   /* has to act when it does not hold */
	enum step_state state;
	const struct finding *finding;    /* that decided it; borrowed; NULL when none did */
};

/* All observations of one message: a report of many users has the same for several of them. */
struct diagnosis_message {
	const struct observation *first; /* the leading one */
	size_t times, users, kinds;      /* occurrences; users that are known by address; distinct in what was taken out of them */
};

struct diagnosis {
	const struct observation *message; /* the leading message's observation, or the unknown one's; NULL: no message */
	bool is_known;
	struct diagnosis_message messages[DIAGNOSIS_MESSAGES]; /* the first is the one that is walked; none for an unknown one */
	size_t message_count, messages_left;                   /* left: for which there was no room */
	struct diagnosis_step steps[DIAGNOSIS_STEPS];
	size_t step_count;
	/*
	 * The most likely cause: the first confirmed step, one that was seen before one that only the message tells of. NULL when none is.
	 * Then `next` is the first step that is not ruled out: where to look on.
	 */
	const struct diagnosis_step *likely, *next;
};

/* Borrows from evidence and findings. The evidence's first observation of a message is the one that is walked. */
void diagnosis_make(const struct evidence *evidence, const struct findings *findings, struct diagnosis *diagnosis);

/* What was taken out of the message under that name, as "host"; NULL for nothing. */
const char *diagnosis_capture(const struct observation *message, const char *name);

const char *step_state_name(enum step_state state);

#endif
