#ifndef APP_FACTS_H
#define APP_FACTS_H
/* What the user told us of a migration, as a policy. */
#include "app/options.h"
#include "cutover/policy.h"

/*
 * Sets in an initialised policy what the options say; the rest stays as it is (the defaults, or a recording's policy).
 * -1 with one line for a malformed value.
 */
int facts_apply(const struct options *options, struct policy *policy, struct error *error);

/* The domains of --domain and, where the command takes domains, of the command line, as A-labels. -1 with one line. */
int facts_domains(const struct options *options, struct names *domains, struct error *error);

#endif
