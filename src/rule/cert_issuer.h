#ifndef RULE_CERT_ISSUER_H
#define RULE_CERT_ISSUER_H
/* What was fetched for a chain that lacks an issuer (probe "issuer", --fetch). */
#include "rule/subject.h"

/* The next that was seen of it at or after `from`: an index into the evidence, or its count. */
size_t issuer_next(const struct evidence *evidence, size_t from, const struct observation *tls);
/* The last that was seen of it: an index into the evidence, or its count when nothing was fetched for that chain. */
size_t issuer_of(const struct evidence *evidence, const struct observation *tls);

/* "with this one certificate added the chain verifies", or why that could not be shown. Allocated, owned by the caller. */
char *issuer_remark(const struct observation *issuer);

#endif
