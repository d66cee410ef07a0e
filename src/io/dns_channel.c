#include "io/dns_channel.h"

#include <ares.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/xalloc.h"
#include "io/dns_socket.h"
#include "io/loop.h"
#include "proto/dns_message.h"

struct dns_channel {
	struct dns_wire wire; /* first, so that its `received` finds us */
	struct loop *loop;
	ares_channel ares;
	struct dns_poll *polls;
	struct dns_try *tries; /* those that c-ares holds */
	size_t try_count;
};

/* One socket of c-ares under watch. Freed by libuv's close callback. */
struct dns_poll {
	uv_poll_t handle;
	int fd, events;
	struct dns_channel *channel;
	struct dns_poll *next;
};

/* Lives while c-ares holds it or somebody waits for it. */
struct dns_try {
	struct dns_channel *channel; /* NULL: c-ares has let go */
	struct dns_try *next;
	uint16_t id;
	dns_answered *answered; /* NULL: delivered or forgotten */
	void *user;
	struct ready ready;
	struct dns_answer answer;
	uint8_t *bytes;
};

static void try_drop(struct dns_try *try)
{
	if (try->channel != NULL || try->answered != NULL)
		return;
	free(try->bytes);
	free(try);
}

static void try_deliver(void *user)
{
	struct dns_try *try = user;
	dns_answered *answered = try->answered;
	try->answered = NULL;
	answered(try->user, &try->answer);
	try_drop(try);
}

/* Keeps the answer and calls back on the next turn: we may be deep inside c-ares, or inside dns_channel_send. */
static void try_finish(struct dns_try *try, struct loop *loop, const uint8_t *bytes, size_t length)
{
	if (try->answered == NULL || try->ready.loop != NULL)
		return;
	if (length > 0) {
		try->bytes = xmalloc(length);
		memcpy(try->bytes, bytes, length);
		try->answer = (struct dns_answer){.outcome = OUTCOME_OK, .bytes = try->bytes, .length = length};
	}
	ready_queue(&try->ready, loop, try_deliver, try);
}

void dns_try_forget(struct dns_try *try)
{
	if (try == NULL)
		return;
	ready_cancel(&try->ready);
	try->answered = NULL;
	try_drop(try);
}

static void try_leave_channel(struct dns_try *try)
{
	struct dns_try **link = &try->channel->tries;
	while (*link != try)
		link = &(*link)->next;
	*link = try->next;
	try->channel->try_count--;
	try->channel = NULL;
}

static void describe_failure(struct dns_try *try, const struct dns_channel *channel, int status)
{
	struct dns_answer *answer = &try->answer;
	*answer = (struct dns_answer){.outcome = OUTCOME_INTERNAL};
	if (status == ARES_ETIMEOUT)
		answer->outcome = OUTCOME_TIMEOUT;
	if (status != ARES_ECONNREFUSED)
		return;
	answer->outcome = dns_wire_outcome(&channel->wire, &answer->skip_reason);
	answer->error = channel->wire.error;
}

static void on_answer(void *user, int status, int timeouts, unsigned char *bytes, int length)
{
	struct dns_try *try = user;
	struct dns_channel *channel = try->channel;
	const struct dns_wire *wire = &channel->wire;
	size_t size = length > 0 ? (size_t)length : 0;
	(void)timeouts;
	try_leave_channel(try);
	if (status != ARES_SUCCESS || size == 0) {
		if (try->ready.loop == NULL)
			describe_failure(try, channel, status);
		try_finish(try, channel->loop, NULL, 0);
	} else if (!wire->is_tcp && wire->datagram_length >= size && memcmp(wire->datagram, bytes, size) == 0) {
		try_finish(try, channel->loop, wire->datagram, wire->datagram_length);
	} else {
		try_finish(try, channel->loop, bytes, size);
	}
	try_drop(try);
}

/* A header alone with an error code: servers that do not know EDNS answer so. c-ares wants the question repeated. */
static void on_received(struct dns_wire *wire)
{
	struct dns_channel *channel = (struct dns_channel *)wire;
	const uint8_t *bytes = wire->datagram;
	bool is_bare = wire->datagram_length == DNS_HEADER_BYTES && (bytes[2] & 0x80) != 0 && (bytes[3] & 0x0f) != 0;
	if (!is_bare)
		return;
	for (struct dns_try *try = channel->tries; try != NULL; try = try->next)
		if (try->id == (bytes[0] << 8 | bytes[1]))
			try_finish(try, channel->loop, bytes, wire->datagram_length);
}

static void on_poll_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
	struct dns_poll *poll = handle->data;
	/* libuv reports a socket error as a bare failure and stops: c-ares has to find out which by reading and writing. */
	int fd = poll->fd;
	bool has_failed = status < 0;
	poll->channel->wire.allowance = DNS_DATAGRAMS_A_TURN;
	ares_process_fd(poll->channel->ares, has_failed || (events & UV_READABLE) ? fd : ARES_SOCKET_BAD,
	                has_failed || (events & UV_WRITABLE) ? fd : ARES_SOCKET_BAD);
	if (has_failed && !uv_is_closing((uv_handle_t *)handle))
		uv_poll_start(handle, poll->events, on_poll);
}

static struct dns_poll *poll_open(struct dns_channel *channel, int fd)
{
	struct dns_poll *poll = xcalloc(1, sizeof *poll);
	poll->fd = fd;
	poll->channel = channel;
	poll->handle.data = poll;
	if (uv_poll_init(loop_uv(channel->loop), &poll->handle, fd) != 0) {
		free(poll);
		return NULL;
	}
	/* Who waits holds a deadline, and that holds the loop; a socket that only listens for the late must not. */
	uv_unref((uv_handle_t *)&poll->handle);
	poll->next = channel->polls;
	channel->polls = poll;
	return poll;
}

/* c-ares opened a socket, changed what it waits for, or is about to close it (neither). */
static void on_socket(void *user, ares_socket_t fd, int readable, int writable)
{
	struct dns_channel *channel = user;
	struct dns_poll **link = &channel->polls;
	while (*link != NULL && (*link)->fd != fd)
		link = &(*link)->next;
	struct dns_poll *poll = *link;
	int events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);
	if (events == 0) {
		if (poll == NULL)
			return;
		*link = poll->next;
		uv_poll_stop(&poll->handle);
		uv_close((uv_handle_t *)&poll->handle, on_poll_closed);
		return;
	}
	if (poll == NULL)
		poll = poll_open(channel, fd);
	if (poll == NULL)
		return;
	poll->events = events;
	uv_poll_start(&poll->handle, events, on_poll);
}

static bool set_server(struct dns_channel *channel)
{
	struct ares_addr_port_node node = {.family = channel->wire.server.storage.ss_family};
	int port = endpoint_port(&channel->wire.server);
	node.udp_port = node.tcp_port = port;
	if (node.family == AF_INET)
		memcpy(&node.addr.addr4, &((const struct sockaddr_in *)&channel->wire.server.storage)->sin_addr, 4);
	else
		memcpy(&node.addr.addr6, &((const struct sockaddr_in6 *)&channel->wire.server.storage)->sin6_addr, 16);
	return ares_set_servers_ports(channel->ares, &node) == ARES_SUCCESS;
}

struct dns_channel *dns_channel_new(struct loop *loop, const struct endpoint *server, bool is_tcp, int64_t timeout_ms)
{
	static char lookups[] = "b", no_file[] = "/dev/null";
	struct dns_channel *channel = xcalloc(1, sizeof *channel);
	channel->loop = loop;
	channel->wire.server = *server;
	channel->wire.is_tcp = is_tcp;
	channel->wire.received = on_received;
	struct ares_options options = {
	    .flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_IGNTC | (is_tcp ? ARES_FLAG_USEVC : 0),
	    .timeout = (int)timeout_ms,
	    .tries = 1,
	    .lookups = lookups,
	    .resolvconf_path = no_file,
	    .sock_state_cb = on_socket,
	    .sock_state_cb_data = channel,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_RESOLVCONF | ARES_OPT_SOCK_STATE_CB;
	if (ares_init_options(&channel->ares, &options, mask) != ARES_SUCCESS) {
		free(channel);
		return NULL;
	}
	ares_set_socket_functions(channel->ares, &dns_socket_functions, &channel->wire);
	if (!set_server(channel)) {
		dns_channel_free(channel);
		return NULL;
	}
	return channel;
}

void dns_channel_free(struct dns_channel *channel)
{
	ares_destroy(channel->ares);
	free(channel);
}

bool dns_channel_serves(const struct dns_channel *channel, const struct endpoint *server, bool is_tcp)
{
	return channel->wire.is_tcp == is_tcp && endpoint_equal(&channel->wire.server, server);
}

size_t dns_channel_busy(const struct dns_channel *channel)
{
	return channel->try_count;
}

void dns_channel_tick(struct dns_channel *channel)
{
	ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

struct dns_try *dns_channel_send(struct dns_channel *channel, const uint8_t *wire, size_t length, dns_answered *answered, void *user)
{
	struct dns_try *try = xcalloc(1, sizeof *try);
	try->channel = channel;
	try->id = (uint16_t)(wire[0] << 8 | wire[1]);
	try->answered = answered;
	try->user = user;
	try->next = channel->tries;
	channel->tries = try;
	channel->try_count++;
	ares_send(channel->ares, wire, (int)length, on_answer, try);
	return try;
}
