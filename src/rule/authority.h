#ifndef RULE_AUTHORITY_H
#define RULE_AUTHORITY_H
/*
 * The authoritative servers of a domain, one row an address (and a vantage point), by name and address.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/dns_view.h"
#include "rule/mx_set.h"

struct authority_server {
	const struct dns_entry *first; /* any entry of it: name, address */
	bool is_tried;                 /* something was put to it */
	bool has_spoken;               /* a DNS message came, whatever it says */
	bool is_authoritative;         /* answered with AA for the zone's apex or the domain */
	const struct dns_entry *fault; /* a lame answer for those: no AA, REFUSED, SERVFAIL, a referral; or NULL */
	const struct dns_entry *soa;   /* latest trusted SOA answer, or NULL */
	const struct dns_entry *mx;    /* first trusted MX answer for the domain, or NULL */
	struct mx_set mx_set;          /* of that answer */
};

struct authority {
	struct authority_server *items;
	size_t count, room;
};

void authority_init(struct authority *authority, const struct dns_view *view);
void authority_clear(struct authority *authority);

/* The longest TTL of the MX set in seconds, at that server and at any; -1 when none is served. */
int64_t authority_server_ttl(const struct authority_server *server);
int64_t authority_ttl(const struct authority *authority);

/* Every server name has served an MX set at one of its addresses at least: a silent server may serve anything. */
bool authority_is_heard(const struct authority *authority);

/* One finding a server name: whether that of `index` came before, and the next index with the same name, or count. */
bool authority_is_repeated(const struct authority *authority, size_t index);
size_t authority_next(const struct authority *authority, size_t index);

#endif
