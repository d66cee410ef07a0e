#ifndef RULE_OLD_PLACE_H
#define RULE_OLD_PLACE_H
/* The old mail server's hosts, as far as they are known: MX hosts not Microsoft's, --old-mx, the IMAP host. */
#include "rule/dns_view.h"

/* The old host that has one of the addresses of that answer, borrowed; NULL when none is known to. */
const char *old_place_of(const struct dns_view *view, const struct dns_entry *entry);

#endif
