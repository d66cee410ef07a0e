#ifndef IO_DNS_DATAGRAM_H
#define IO_DNS_DATAGRAM_H
/* One UDP socket for queries to any number of servers of one family, with the ICMP errors that come back. Part of dns_burst.h. */
#include <stddef.h>
#include <stdint.h>

#include "io/endpoint.h"

struct loop;
struct dns_datagrams;

struct dns_datagram_listener {
	void (*received)(void *user, const struct endpoint *from, const uint8_t *bytes, size_t length);
	void (*failed)(void *user, const struct endpoint *to, uint16_t id, int error); /* id: the first two bytes of what was sent */
	void *user;
};

/* NULL: no such family here. */
struct dns_datagrams *dns_datagrams_new(struct loop *loop, int family, const struct dns_datagram_listener *listener);
void dns_datagrams_free(struct dns_datagrams *datagrams); /* NULL is fine */

/* Hands on what has come and was not looked at yet. */
void dns_datagrams_take(struct dns_datagrams *datagrams); /* NULL is fine */

/* 0, or the errno of this machine's refusal; EAGAIN when the queue is full. */
int dns_datagrams_send(struct dns_datagrams *datagrams, const struct endpoint *to, const uint8_t *bytes, size_t length);

#endif
