#ifndef IO_DIAL_H
#define IO_DIAL_H
/*
 * One TCP connect to one address, and why it failed: silence, RST, ICMP by type and sender, no route or family here.
 * No root is needed: Linux keeps ICMP errors in the socket's error queue (IP_RECVERR) and counts SYNs (TCP_INFO).
 */
#include <stdbool.h>
#include <stdint.h>

#include "cutover/observation.h"
#include "io/endpoint.h"

struct loop;
struct dial;

struct dial_result {
	/*
	 * OK, REFUSED (RST or ICMP port unreachable), TIMEOUT, UNREACHABLE (any other ICMP),
	 * SKIPPED (this machine has no route or no address of the family: nothing was sent; skip_reason says which).
	 */
	enum outcome outcome;
	const char *skip_reason; /* "no-route", "no-family", or NULL */
	int error;               /* errno of the connect, or 0 */
	bool is_reset;           /* with OK: it stood, and was reset before we looked; the socket tells that only once */
	int fd;                  /* connected, non-blocking, the callee's; -1 otherwise */
	struct endpoint peer;
	int64_t started_ms; /* milliseconds since 1970 UTC */
	int64_t elapsed_ms;
	int syn_retransmits;
	int64_t rtt_ms; /* smoothed, rounded down; -1 without a connection */
	bool has_icmp;
	int icmp_type, icmp_code; /* as in the peer's family: RFC 792 or RFC 4443 */
	struct endpoint icmp_from;
};

/* `result` is borrowed for the call; the dial is gone by then. */
typedef void dial_done(void *user, const struct dial_result *result);

/* Never calls back before it returns; always once, unless cancelled. `timeout_ms` counts from now. */
struct dial *dial_start(struct loop *loop, const struct endpoint *peer, int64_t timeout_ms, dial_done *done,
                        void *user);
void dial_cancel(struct dial *dial); /* NULL is fine */

/* The outcome, elapsed time and port.* facts of that connect. */
void dial_observe(const struct dial_result *result, struct observation *observation);

/* "port-unreachable", "host-unreachable", "net-unreachable", "admin-prohibited", ...; family is 4 or 6. Never NULL. */
const char *icmp_name(int family, int type, int code);

/* "ECONNREFUSED"; never NULL. */
const char *errno_name(int error);

#endif
