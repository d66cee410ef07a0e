#ifndef APP_CSV_CHECK_H
#define APP_CSV_CHECK_H
/* A migration file as evidence, for every command that is given one. */
#include "app/csv_input.h"
#include "app/options.h"
#include "cutover/evidence.h"
#include "cutover/policy.h"

/*
 * Reads the file once and adds its observations. `domains`: those that addresses may be in, A-labels; NULL or empty:
 * any. -1 with one line when it cannot be read; what it holds is never an error.
 */
int csv_check(struct csv_input *input, const struct names *domains, struct evidence *evidence, struct error *error);

/*
 * --csv: the file as `csv` judges it; nothing without the option. Addresses may be in the domain, in those of --domain, and in the
 * domains that the command line names; NULL: the domain is not known. -1 with one line, also when a report would be written over it.
 */
int csv_check_given(const struct options *options, const char *domain, struct evidence *evidence, struct error *error);

#endif
