#ifndef MODEL_DMARC_TREE_H
#define MODEL_DMARC_TREE_H
/*
 * Which domain a name belongs to for DMARC (its organizational domain): by the tree walk of RFC 9989 4.10, and by the list of public
 * suffixes, as RFC 7489 3.2 had it. Receivers of both kinds are about.
 */
#include <stdbool.h>
#include <stddef.h>

enum { DMARC_WALK = 8 }; /* names asked at most */

/* The names of the walk: the domain, then those above it down to one label; of a longer one than 7 labels, from 7 on. Borrows. */
size_t dmarc_walk(const char *domain, const char *names[DMARC_WALK]);

/*
 * `records`: the one DMARC record at each of those names, NULL where there is none or several. Borrows from names[0]. `source`, when not
 * NULL, gets the index of the record whose policy the domain inherits when it has none of its own; `count`: none.
 */
const char *dmarc_organization(const char *const *names, const char *const *records, size_t count, size_t *source);

/* A record with psd=y or psd=n: nothing above it is asked. NULL: none. */
bool dmarc_ends_walk(const char *record);

/* By public suffixes. Borrows from the domain, which is its own when it is a public suffix itself. */
const char *dmarc_organization_by_suffix(const char *domain);

#endif
