#ifndef PROTO_DNS_NAME_H
#define PROTO_DNS_NAME_H
/*
 * Domain names as text: lower case (RFC 4343), without the last dot, "." for the root.
 *
 * Every byte but printable ASCII becomes \DDD, and so does a dot inside a label: two different names never look the same,
 * and the text is already in the form of facts (fact.h).
 */
#include <ldns/ldns.h>

enum { DNS_NAME_TEXT = 1024 }; /* 255 octets, none of them longer than four characters */

/* Returns `text`. */
char *dns_name_text(const ldns_rdf *name, char text[DNS_NAME_TEXT]);

/*
 * The name of that text (escapes as above), absolute. NULL when it is none: empty, an empty label, a label over 63 octets,
 * over 255 in all.
 */
ldns_rdf *dns_name_parse(const char *text);

/* Below or equal. */
bool dns_name_within(const ldns_rdf *name, const ldns_rdf *ancestor);

#endif
