#ifndef IO_DNS_SOCKET_H
#define IO_DNS_SOCKET_H
/* The socket calls of a channel, with the reason of a failure kept. */
#include <ares.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/outcome.h"
#include "io/endpoint.h"

enum {
	DNS_DATAGRAM_BYTES = 4096,
	DNS_DATAGRAMS_A_TURN = 100, /* read before the loop gets its turn again, whatever a stranger floods us with */
};

struct dns_wire {
	struct endpoint server; /* what is connected to, whatever c-ares says: it knows no scope of a link-local address */
	bool is_tcp;
	int error;     /* errno of the last failure; 0: the peer closed the connection */
	bool is_local; /* it was this machine that could not: no route, no address of that family */
	uint8_t datagram[DNS_DATAGRAM_BYTES]; /* the last one received, whole */
	size_t datagram_length;
	int allowance; /* datagrams that may still be read on this turn */
	void (*received)(struct dns_wire *wire); /* a datagram has come, before c-ares sees it */
};

extern const struct ares_socket_functions dns_socket_functions; /* their user data: a struct dns_wire */

/* The outcome that the last failure amounts to; *skip_reason is set for OUTCOME_SKIPPED. */
enum outcome dns_wire_outcome(const struct dns_wire *wire, const char **skip_reason);

#endif
