#ifndef IO_DNS_CHANNEL_H
#define IO_DNS_CHANNEL_H
/*
 * One c-ares channel to one server over one transport: bytes out, bytes or a failure back. No retries, no judgement.
 *
 * What c-ares 1.18 does badly is mended here: a UDP answer over 512 bytes is cut (we keep the datagram), an ICMP error is
 * eaten by the next send (the error queue is read and the send repeated), all failures look alike (errno is kept), and a
 * bare header with an error code is dropped as no match (we match it by its id).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/outcome.h"
#include "io/endpoint.h"

struct loop;
struct dns_channel;
struct dns_try;

/* What came back. With bytes: outcome ok. Without: refused, unreachable, reset, closed, timeout, skipped, internal. */
struct dns_answer {
	enum outcome outcome;
	int error;               /* errno, or 0 */
	const char *skip_reason; /* no-route, no-family */
	const uint8_t *bytes;
	size_t length;
};
typedef void dns_answered(void *user, const struct dns_answer *answer);

/*
 * `timeout_ms`: how long c-ares goes on listening for the answer to one query; the caller's own wait is shorter.
 * NULL when c-ares cannot.
 */
struct dns_channel *dns_channel_new(struct loop *loop, const struct endpoint *server, bool is_tcp, int64_t timeout_ms);
void dns_channel_free(struct dns_channel *channel); /* not from a c-ares callback; its poll handles need one more turn */

bool dns_channel_serves(const struct dns_channel *channel, const struct endpoint *server, bool is_tcp);
size_t dns_channel_busy(const struct dns_channel *channel); /* queries that c-ares still holds, forgotten ones included */
void dns_channel_tick(struct dns_channel *channel);         /* lets c-ares drop what is overdue; every 50 ms or more */

/* Sends the query. Calls back once, on a later turn, unless forgotten; the try is dead after that. */
struct dns_try *dns_channel_send(struct dns_channel *channel, const uint8_t *wire, size_t length, dns_answered *answered, void *user);
void dns_try_forget(struct dns_try *try); /* NULL is fine */

#endif
