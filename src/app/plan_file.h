#ifndef APP_PLAN_FILE_H
#define APP_PLAN_FILE_H
/*
 * --plan FILE: the facts of many migrations, a section a domain.
 *
 *   # a comment
 *   [contoso.com]
 *   imap = imap.contoso.com
 *   old-mx = mail.contoso.com, mx2.contoso.com
 *
 * A key is an option's long name; what a section does not say is taken from the command line.
 */
#include "app/options.h"

/* Called with the options of each section, borrowed for the call. Non-zero ends the reading with that error. */
typedef int plan_section(void *user, const struct options *options, const char *domain, struct error *error);

/* -1 with "FILE:LINE: what is wrong". */
int plan_file_read(const char *path, const struct options *defaults, plan_section *section, void *user, struct error *error);

#endif
