#ifndef PROTO_TLS_SUITE_H
#define PROTO_TLS_SUITE_H
/* The cipher suites that Microsoft documents for its services: data/tls_suites.tsv. */
#include <stdbool.h>

#include "cutover/policy.h"

/* Adds the documented suites of that version ("TLSv1.2"), IANA's names, in Microsoft's order. */
void tls_suites_of(const char *version, struct names *suites);

/* `iana_name` as in "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384". */
bool tls_suite_is_listed(const char *iana_name);

#endif
