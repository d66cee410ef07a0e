#ifndef CUTOVER_TARGET_H
#define CUTOVER_TARGET_H
/*
 * What is probed: a host with a port, or a domain. Immutable once parsed.
 *
 * Host names are kept as A-labels in lower case without the trailing dot (RFC 5890; libidn2 converts labels that
 * hold bytes >= 0x80, no others), the spelling of the user in `label`.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cutover/error.h"

struct target {
	char *label;     /* as typed, printable */
	char *host;      /* A-labels or the address without brackets */
	uint16_t port;   /* 1..65535; 0: none named */
	bool is_address; /* host is an IPv4 or IPv6 literal */
};

/*
 * Parses "host", "host:port", "192.0.2.1", "192.0.2.1:993", "2001:db8::1", "[2001:db8::1]:993".
 * -1 with a sentence that names the text: empty, over 253 octets, a label over 63, a bad character, port 0 or
 * over 65535, an IDN that cannot be converted.
 */
int target_parse(const char *text, struct target *target, struct error *error);

/* As target_parse, for a domain: an address or a port is refused. A trailing dot is dropped. */
int target_parse_domain(const char *text, struct target *target, struct error *error);
void target_clear(struct target *target);

/* "host:port", "[v6]:port"; allocated, owned by the caller. */
char *target_host_port(const char *host, uint16_t port);

#endif
