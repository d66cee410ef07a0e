#ifndef IO_DNS_CLIENT_INTERNAL_H
#define IO_DNS_CLIENT_INTERNAL_H
/* What the files of the DNS client share: the client, its channels, the callers of an exchange. */
#include <uv.h>

#include "io/dns_exchange.h"
#include "io/dns_memo.h"
#include "io/loop.h"

struct dns_client {
	struct net *net;
	struct dns_memo memo;
	struct dns_channel **channels; /* the one used last stands last */
	size_t channel_count, channel_room;
	uv_timer_t tick; /* runs while c-ares holds anything */
};

/* One caller of an exchange. */
struct dns_query {
	struct dns_exchange *exchange;
	dns_done *done;
	void *user;
	struct ready ready;
	struct dns_query *next;
	bool is_delivering; /* `done` is running: cancelling now changes nothing */
};

/* The channel to that server, opened when there is none; NULL when c-ares cannot. Starts the tick. */
struct dns_channel *dns_client_channel(struct dns_client *client, const struct endpoint *server, bool is_tcp);

/* The exchange has ended: its callers are told, each on the next turn. */
void dns_client_settle(struct dns_exchange *exchange);

#endif
