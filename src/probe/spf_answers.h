#ifndef PROBE_SPF_ANSWERS_H
#define PROBE_SPF_ANSWERS_H
/*
 * The DNS answers that an SPF evaluation runs on: what is known, and what was asked of the resolvers and is under way.
 * The look-ups of proto/spf.h come from here; each new answer calls `changed` on a later turn, so that the evaluation is run again.
 */
#include <stdbool.h>

#include "proto/spf.h"

struct net;
struct spf_answers;

/* At most LIMIT_SPF_QUESTIONS are asked; beyond that answers are temperrors. */
struct spf_answers *spf_answers_new(struct net *net, void (*changed)(void *user), void *user);
void spf_answers_free(struct spf_answers *answers); /* cancels what is under way */

/* Makes a TXT answer known without asking: the record that the zone itself serves. Adds to those of the same name. */
void spf_answers_seed(struct spf_answers *answers, const char *name, const char *text);

/* A spf_lookup; `user` is the spf_answers. Asks for what is not known. */
bool spf_answers_lookup(void *user, const char *name, enum spf_type type, struct spf_answer *answer);

/* Whether nothing is under way. */
bool spf_answers_are_settled(const struct spf_answers *answers);

#endif
