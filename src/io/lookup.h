#ifndef IO_LOOKUP_H
#define IO_LOOKUP_H
/*
 * The addresses of a host: A and AAAA asked side by side of the resolvers (the first that answers counts, all are tried
 * before "no answer"), aliases followed in the answer, --connect and address literals taken without asking, -4 and -6 obeyed.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/limits.h"
#include "cutover/observation.h"
#include "io/endpoint.h"

struct net;
struct lookup;

struct lookup_result {
	struct endpoint addresses[LIMIT_ADDRESSES]; /* port 0; IPv4 first, in the order of the answers */
	int64_t ttls[LIMIT_ADDRESSES];              /* seconds, as the resolver gave them; -1: not from DNS */
	size_t count;
	enum outcome v4, v6; /* how each question ended; SKIPPED when not asked */
};

/* `result` and the observation: the result is borrowed for the call, the observation ("host") is the callee's. */
typedef void lookup_done(void *user, const struct lookup_result *result, struct observation *observation);

/* Never calls back before it returns; always once, unless cancelled. `target` names the observation's target. */
struct lookup *lookup_start(struct net *net, const char *host, const char *target, lookup_done *done, void *user);
void lookup_cancel(struct lookup *lookup); /* NULL is fine */

#endif
