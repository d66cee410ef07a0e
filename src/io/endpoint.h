#ifndef IO_ENDPOINT_H
#define IO_ENDPOINT_H
/* An IP address and a port, as the socket calls want them. */
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct endpoint {
	struct sockaddr_storage storage;
	socklen_t length; /* 0: none */
};

enum { ENDPOINT_TEXT_BYTES = 64 };

/* From an address literal ("192.0.2.1", "2001:db8::1", with a %zone for link-local). False when it is none. */
bool endpoint_from_text(struct endpoint *endpoint, const char *address, uint16_t port);
char *endpoint_address(const struct endpoint *endpoint, char text[ENDPOINT_TEXT_BYTES]); /* without the port */
uint16_t endpoint_port(const struct endpoint *endpoint);
void endpoint_set_port(struct endpoint *endpoint, uint16_t port); /* nothing happens to "none" */
int endpoint_family(const struct endpoint *endpoint); /* 4, 6, or 0 for none */
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b); /* address and port */

#endif
