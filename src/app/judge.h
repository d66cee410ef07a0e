#ifndef APP_JUDGE_H
#define APP_JUDGE_H
/*
 * Rules and renderers over recorded evidence, no network. Recordings of the same migration (several vantage points) are merged
 * into one verdict: the policy is the first one's, what the options say goes before it.
 */
#include "app/options.h"
#include "model/recording.h"

struct judging;

struct judging *judging_new(const struct options *options);
void judging_free(struct judging *judging); /* NULL is fine */

/* Takes what the recording holds (it is empty afterwards). */
void judging_take(struct judging *judging, struct recording *recording);

/* Judges and renders all; the exit status, or -1 with the error. */
int judging_finish(struct judging *judging, struct error *error);

#endif
