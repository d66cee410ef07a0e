#ifndef MODEL_ADDRESS_H
#define MODEL_ADDRESS_H
/*
 * IPv4 and IPv6 addresses and prefixes as values: parsed, printed, ordered, compared. The two families never mix: an
 * IPv4-mapped IPv6 address is an IPv6 address.
 */
#include <stdbool.h>
#include <stdint.h>

enum {
	ADDRESS_BYTES = 16,
	ADDRESS_TEXT_BYTES = 46, /* INET6_ADDRSTRLEN */
	PREFIX_TEXT_BYTES = 50,  /* and "/128" */
};

struct address {
	int family;                         /* 4 or 6 */
	unsigned char bytes[ADDRESS_BYTES]; /* network order; IPv4 in the first four, the rest zero */
};

struct prefix {
	struct address address; /* bits beyond the length are zero */
	unsigned length;        /* 0..32 or 0..128 */
};

/* "192.0.2.1", "2001:db8::1"; no brackets, no zone, no spaces. */
bool address_parse(const char *text, struct address *address);

/* The shortest form (RFC 5952). Returns `text`. */
char *address_format(const struct address *address, char text[ADDRESS_TEXT_BYTES]);

/* IPv4 before IPv6, then by bytes; < 0, 0, > 0. */
int address_compare(const struct address *a, const struct address *b);

unsigned address_bits(const struct address *address); /* 32 or 128 */

/* "192.0.2.0/24", or an address alone (its full length). Bits beyond the length are cleared, as packet filters do. */
bool prefix_parse(const char *text, struct prefix *prefix);
char *prefix_format(const struct prefix *prefix, char text[PREFIX_TEXT_BYTES]);

/* To the network of that length that holds it. */
void prefix_shorten(struct prefix *prefix, unsigned length);

/* By address, then the shorter (outer) first: after sorting, what holds a prefix stands before it. */
int prefix_compare(const struct prefix *a, const struct prefix *b);

bool prefix_has(const struct prefix *prefix, const struct address *address);
bool prefix_contains(const struct prefix *outer, const struct prefix *inner); /* equal ones contain each other */

/* The last address of the prefix. */
struct address prefix_last(const struct prefix *prefix);

#endif
