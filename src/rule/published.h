#ifndef RULE_PUBLISHED_H
#define RULE_PUBLISHED_H
/* A policy that a domain publishes as one TXT record below itself: DMARC, MTA-STS, TLS-RPT. */
#include "rule/dns_view.h"

/* Whether something is there, as far as anybody could tell. */
enum standing { STANDING_UNKNOWN, STANDING_ABSENT, STANDING_IN_PLACE };

struct published {
	const struct dns_entry *entry; /* the answer that counts */
	size_t count;                  /* records of the kind */
	const char *first;             /* the first of them, or NULL; borrowed */
};

/*
 * Reads the TXT records of `name` that are of the kind. False when nobody could answer, or when the domain itself does not
 * exist: then it has one fault, not one for each of its names.
 */
bool published_find(const struct dns_view *view, const char *name, bool (*is_record)(const char *text), struct published *published);

/* Whether the zone says that the domain does not exist. */
bool published_nowhere(const struct dns_view *view);

/* A finding about that answer, its source named when it is a resolver; arguments {name} and {value} (the record). */
struct finding *published_add(const struct dns_view *view, const struct dns_entry *entry, enum finding_id id, const char *says);

#endif
