#ifndef IO_DNS_BURST_H
#define IO_DNS_BURST_H
/*
 * The same few questions to thousands of servers at once: a handful of UDP sockets for all of them, where dns_client.h opens a
 * channel of 74 KB for each. Sent at once, again (paced) after a third of the time limit, given up at its end. What UDP cannot
 * carry, or a server that does not know EDNS, goes on in the DNS client. An answer counts when address, id and question fit.
 * With DNS_ONCE it is one packet, and its wait is over when others are sent again.
 *
 * Successive queries leave from different ports: several caches behind one address are then met in turn.
 */
#include "io/dns_client.h"

struct dns_burst;
struct dns_shot;

/* `reply` is borrowed for the call: outcome, packet, error, skip_reason, server, started_ms, elapsed_ms, is_tcp, was_truncated. */
struct dns_burst *dns_burst_new(struct net *net);
void dns_burst_free(struct dns_burst *burst); /* forgets what is under way; NULL is fine */

/*
 * Calls done(user, reply) once, on a later turn, unless cancelled. `asking` is copied, its name and subnet are borrowed as long
 * as the burst lives. NULL for a name that is no DNS name.
 */
struct dns_shot *dns_burst_ask(struct dns_burst *burst, const struct endpoint *server, const struct dns_asking *asking,
                               dns_done *done, void *user);
void dns_shot_cancel(struct dns_shot *shot); /* NULL is fine */

#endif
