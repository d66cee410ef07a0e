#ifndef IO_PACER_H
#define IO_PACER_H
/*
 * Politeness: at most `rate` new connections or queries a second in all (a token bucket that holds a tenth of a second,
 * at least one), and at most `per_host` connections under way to one address.
 */
#include "io/endpoint.h"

struct loop;
struct pacer;
struct pace_ticket;

struct pacer *pacer_new(struct loop *loop, int rate, int per_host);
void pacer_free(struct pacer *pacer);

/*
 * Calls granted(user) on a later turn, when it is this caller's turn. `host` NULL: only the rate counts (a DNS query).
 * The ticket lives until pace_release: before the grant this cancels it, after it, it frees the host's place.
 */
struct pace_ticket *pace_ask(struct pacer *pacer, const struct endpoint *host, void (*granted)(void *user), void *user);
void pace_release(struct pace_ticket *ticket); /* NULL is fine */

#endif
