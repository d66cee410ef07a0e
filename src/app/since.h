#ifndef APP_SINCE_H
#define APP_SINCE_H
/* --since FILE|DIR: earlier recordings. */
#include "app/options.h"
#include "cutover/policy.h"
#include "model/recording.h"

/*
 * Hands every recording of the file, or of all recordings in the folder, to each() as recording_read does. Nothing
 * without the option. -1 with one line: the file or folder cannot be read, or the file is no recording of this version.
 */
int since_each(const struct options *options, recording_each *each, void *user, struct error *error);

/*
 * What they knew of the policy's domain, into the policy; nothing without a domain. Also -1: none is of the domain.
 * Recordings made after policy->now do not count.
 */
int since_apply(const struct options *options, struct policy *policy, struct error *error);

#endif
