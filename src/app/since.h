#ifndef APP_SINCE_H
#define APP_SINCE_H
/* --since FILE or DIR: what earlier recordings of the policy's domain knew, into the policy. */
#include "app/options.h"
#include "cutover/policy.h"

/*
 * Nothing without the option or a domain. -1 with one line: the file cannot be read, is of another version, or holds no recording of
 * the domain; a folder in which no file does. Recordings made after policy->now do not count.
 */
int since_apply(const struct options *options, struct policy *policy, struct error *error);

#endif
