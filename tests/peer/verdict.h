#ifndef TESTS_VERDICT_H
#define TESTS_VERDICT_H
/* What the rules make of what a bench saw. */
#include "bench.h"

/* Ids of the findings that begin with "cert-", "tls-", "starttls-" or "imap-", each once, in catalogue order, a blank between. */
const char *verdict_ids(const struct bench *bench);

/* Summary of the first finding of that id, "" for none. */
const char *verdict_summary(const struct bench *bench, const char *id);

#endif
