#ifndef IO_DNS_RESOLVE_H
#define IO_DNS_RESOLVE_H
/*
 * One question to the recursive resolvers of the run, polite and quick: the first one at once, the next after a failure
 * or 300 ms of silence. The first real answer (NOERROR or NXDOMAIN) ends it; all are tried before "no answer".
 */
#include "io/dns_client.h"

struct dns_resolve;

struct dns_resolved {
	const struct dns_reply *reply; /* the answer, else the failure that says most: servfail, refused, ..., timeout */
	int asked, answered;           /* resolvers; answered: whatever the rcode */
};

/* `resolved` is borrowed for the call. */
typedef void dns_resolve_done(void *user, const struct dns_resolved *resolved);

/*
 * `question->server` is not used, and DNS_RD is always set. Never calls back before it returns; always once, unless
 * cancelled. NULL for a name that is no DNS name.
 */
struct dns_resolve *dns_resolve_start(struct net *net, const struct dns_question *question, dns_resolve_done *done, void *user);
void dns_resolve_cancel(struct dns_resolve *resolve); /* NULL is fine */

/* Whether this outcome of a question is the world's answer: ok, nodata, nxdomain. */
bool dns_is_answer(enum outcome outcome);

#endif
