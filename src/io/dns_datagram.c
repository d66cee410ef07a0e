#include "io/dns_datagram.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/dns_socket.h"
#include "io/loop.h"

/* Datagrams read in one go, so that timers have their turn. */
enum { READ_BOUND = 256, RECEIVE_BYTES = 1 << 20 };

struct dns_datagrams {
	uv_poll_t handle;
	int fd;
	struct dns_datagram_listener listener;
};

/* One ICMP message: the address and the first bytes of what could not be delivered. False when there is none. */
static bool read_error(struct dns_datagrams *datagrams)
{
	char control[512];
	uint8_t bytes[64];
	struct endpoint to = {0};
	struct iovec iov = {bytes, sizeof bytes};
	struct msghdr message = {.msg_name = &to.storage, .msg_namelen = sizeof to.storage, .msg_iov = &iov, .msg_iovlen = 1,
	                         .msg_control = control, .msg_controllen = sizeof control};
	ssize_t length = recvmsg(datagrams->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT);
	if (length < 0)
		return false;
	to.length = message.msg_namelen;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
		bool is_error = (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
		                (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
		const struct sock_extended_err *error = (const void *)CMSG_DATA(c);
		if (is_error && error->ee_errno != EMSGSIZE && length >= 2)
			datagrams->listener.failed(datagrams->listener.user, &to, (uint16_t)(bytes[0] << 8 | bytes[1]), (int)error->ee_errno);
	}
	return true;
}

void dns_datagrams_take(struct dns_datagrams *datagrams)
{
	uint8_t bytes[DNS_DATAGRAM_BYTES];
	if (datagrams == NULL)
		return;
	for (int bound = READ_BOUND; bound > 0 && read_error(datagrams); bound--)
		;
	for (int bound = READ_BOUND; bound > 0; bound--) {
		struct endpoint from = {.length = sizeof from.storage};
		ssize_t length = recvfrom(datagrams->fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from.storage, &from.length);
		if (length < 0 && errno == EAGAIN)
			break;
		if (length >= 0)
			datagrams->listener.received(datagrams->listener.user, &from, bytes, (size_t)length);
	}
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
	(void)events;
	dns_datagrams_take(handle->data);
	if (status < 0) /* libuv stops at a socket error; ours is in the queue, and read */
		uv_poll_start(handle, UV_READABLE, on_poll);
}

static int open_socket(int family)
{
	const int on = 1, room = RECEIVE_BYTES;
	int fd = socket(family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	if (family == 6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
	else
		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
	return fd;
}

struct dns_datagrams *dns_datagrams_new(struct loop *loop, int family, const struct dns_datagram_listener *listener)
{
	int fd = open_socket(family);
	if (fd < 0)
		return NULL;
	struct dns_datagrams *datagrams = xcalloc(1, sizeof *datagrams);
	datagrams->fd = fd;
	datagrams->listener = *listener;
	datagrams->handle.data = datagrams;
	if (uv_poll_init(loop_uv(loop), &datagrams->handle, fd) != 0) {
		close(fd);
		free(datagrams);
		return NULL;
	}
	uv_poll_start(&datagrams->handle, UV_READABLE, on_poll);
	uv_unref((uv_handle_t *)&datagrams->handle); /* the burst's timer holds the loop while anybody waits */
	return datagrams;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void dns_datagrams_free(struct dns_datagrams *datagrams)
{
	if (datagrams == NULL)
		return;
	uv_poll_stop(&datagrams->handle);
	close(datagrams->fd);
	uv_close((uv_handle_t *)&datagrams->handle, on_closed);
}

int dns_datagrams_send(struct dns_datagrams *datagrams, const struct endpoint *to, const uint8_t *bytes, size_t length)
{
	/* The error of another datagram may be reported here, once: then this one was not even sent. */
	for (int i = 0; i < 3; i++)
		if (sendto(datagrams->fd, bytes, length, MSG_DONTWAIT, (const struct sockaddr *)&to->storage, to->length) >= 0)
			return 0;
	return errno == EWOULDBLOCK ? EAGAIN : errno;
}
