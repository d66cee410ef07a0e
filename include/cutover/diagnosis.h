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
	DIAGNOSIS_STATE(FOR_A_PERSON, "for-a-person")   /* nothing that a program can see from outside */

#define DIAGNOSIS_ENUM(symbol, name) STEP_##symbol,
enum step_state { DIAGNOSIS_STATES(DIAGNOSIS_ENUM) STEP_STATE_COUNT };
#undef DIAGNOSIS_ENUM

enum { DIAGNOSIS_STEPS = 12, DIAGNOSIS_TEXT_BYTES = 256 };

struct diagnosis_step {
	char title[DIAGNOSIS_TEXT_BYTES]; /* what the step asks */
	char needs[DIAGNOSIS_TEXT_BYTES]; /* what would answer it, as "--csv FILE"; "" when nothing is missing */
	enum step_state state;
	const struct finding *finding;    /* that decided it; borrowed; NULL for steps of people and untested ones */
};

struct diagnosis {
	const struct observation *message; /* the leading message's observation, or the unknown one's; NULL: no message */
	bool is_known;
	struct diagnosis_step steps[DIAGNOSIS_STEPS];
	size_t step_count;
	const struct diagnosis_step *likely; /* the most likely cause: the first confirmed step; NULL when none is */
};

/* Borrows from evidence and findings. */
void diagnosis_make(const struct evidence *evidence, const struct findings *findings, struct diagnosis *diagnosis);

const char *step_state_name(enum step_state state);

#endif
