#ifndef RENDER_WALK_H
#define RENDER_WALK_H
/*
 * What every format says alike of the troubleshooter's walk. Texts that came from a stranger are not escaped here: that is the
 * format's business.
 */
#include "cutover/diagnosis.h"

struct buf;

/* "THIS ONE", "ruled out", "not tested", "for a person". */
const char *walk_state(enum step_state state);

/* The severity that colours a state. */
enum severity walk_severity(enum step_state state);

/* "timed-out, certain: The connection to ... timed out after 00:00:15; host imap.contoso.com" */
void walk_message(struct buf *out, const struct diagnosis_message *message);

/* "500 times, for 498 users: a@contoso.com, b@contoso.com, ..."; nothing for a message that stands there once, for nobody. */
void walk_users(struct buf *out, const struct diagnosis_message *message);

/* What decided the step, or what would: "port-timeout imap.contoso.com:993: no answer in 15.0 s"; nothing for steps of people. */
void walk_evidence(struct buf *out, const struct diagnosis_step *step);

/* The most likely cause and who has to act, or where to look on. */
void walk_likely(struct buf *out, const struct diagnosis *diagnosis);

/* All of it as lines of plain text, for formats that have no more than that. */
void walk_lines(const struct diagnosis *diagnosis, void (*put)(void *user, const char *line), void *user);

/* The number of a step, from 1. */
size_t walk_number(const struct diagnosis *diagnosis, const struct diagnosis_step *step);

#endif
