#ifndef APP_PLAN_FILE_H
#define APP_PLAN_FILE_H
/*
 * --plan FILE: the facts of many migrations, a section a domain.
 *
 *   # a comment
 *   [contoso.com]
 *   imap = imap.contoso.com
 *   old-mx = mail.contoso.com, mx2.contoso.com
 *   csv = contoso.csv
 *
 * A key is the long name of an option that is of a domain and not of the whole run; what a section does not say is taken from the
 * command line. A key that the command has no use for is read over.
 */
#include "app/options.h"
#include "cutover/policy.h"

/* Called with the options of each section and its domain in A-labels, borrowed for the call. Non-zero ends it with that error. */
typedef int plan_section(void *user, const struct options *options, const char *domain, struct error *error);

/* Every section of --plan, none without the option. -1 with "FILE:LINE: what is wrong". */
int plan_file_each(const struct options *options, plan_section *section, void *user, struct error *error);

/* facts_apply, with what the plan's section of that domain says; NULL: of none. */
int plan_file_apply(const struct options *options, const char *domain, struct policy *policy, struct error *error);

#endif
