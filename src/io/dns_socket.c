#include "io/dns_socket.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* A burst of answers waits here while we are busy: 212,992 bytes hold about 200 small ones. */
static const int RECEIVE_BYTES = 1 << 20;

static void note(struct dns_wire *wire, int error, bool is_local)
{
	wire->error = error;
	wire->is_local = is_local;
}

static ares_socket_t open_socket(int family, int type, int protocol, void *user)
{
	const int on = 1;
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (fd < 0) {
		note(user, errno, true);
		return -1;
	}
	/* With the error queue on, the kernel hands us every ICMP error, not only port unreachable. */
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
	else
		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	else
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &RECEIVE_BYTES, sizeof RECEIVE_BYTES);
	return fd;
}

static int close_socket(ares_socket_t fd, void *user)
{
	(void)user;
	return close(fd);
}

/* Empties the socket's error queue; the errno of the last ICMP message in it, or 0. */
static int read_error_queue(int fd)
{
	int found = 0;
	for (int bound = 64; bound > 0; bound--) {
		char control[512], byte[1];
		struct iovec iov = {byte, sizeof byte};
		struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
		if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			break;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
			struct sock_extended_err error;
			bool is_error = (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
			                (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
			if (!is_error || c->cmsg_len < CMSG_LEN(sizeof error))
				continue;
			memcpy(&error, CMSG_DATA(c), sizeof error);
			if (error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6)
				found = (int)error.ee_errno;
		}
	}
	return found;
}

static int connect_socket(ares_socket_t fd, const struct sockaddr *address, ares_socklen_t length, void *user)
{
	struct dns_wire *wire = user;
	(void)address;
	(void)length;
	if (connect(fd, (const struct sockaddr *)&wire->server.storage, wire->server.length) == 0)
		return 0;
	int error = errno;
	if (error != EINPROGRESS) {
		int icmp = read_error_queue(fd);
		note(wire, icmp != 0 ? icmp : error, icmp == 0 && error != ECONNREFUSED);
	}
	errno = error;
	return -1;
}

static ares_ssize_t receive(ares_socket_t fd, void *bytes, size_t length, int flags, struct sockaddr *from,
                            ares_socklen_t *from_length, void *user)
{
	struct dns_wire *wire = user;
	/* c-ares reads until there is nothing left: a flood would keep it for ever. */
	if (!wire->is_tcp && wire->allowance-- <= 0) {
		errno = EAGAIN;
		return -1;
	}
	ssize_t count = recvfrom(fd, bytes, length, flags, from, from_length);
	int error = errno;
	if (count > 0 && !wire->is_tcp) {
		wire->datagram_length = (size_t)count < DNS_DATAGRAM_BYTES ? (size_t)count : DNS_DATAGRAM_BYTES;
		memcpy(wire->datagram, bytes, wire->datagram_length);
		wire->received(wire);
	}
	if (count == 0 && wire->is_tcp)
		note(wire, 0, false);
	if (count >= 0)
		return count;
	/* An error that a send has eaten is gone from the socket, but still in its queue. */
	int icmp = read_error_queue(fd);
	if (icmp != 0)
		error = icmp;
	if (error != EAGAIN)
		note(wire, error, false);
	errno = error;
	return -1;
}

static ares_ssize_t send_bytes(ares_socket_t fd, const struct iovec *iov, int count, void *user)
{
	struct dns_wire *wire = user;
	ssize_t sent = writev(fd, iov, count);
	/* The error of an earlier datagram is reported, and cleared, here: the datagram at hand was not even sent. */
	if (sent < 0 && errno != EAGAIN && !wire->is_tcp)
		sent = writev(fd, iov, count);
	if (sent < 0 && errno != EAGAIN)
		note(wire, errno, false);
	return sent;
}

const struct ares_socket_functions dns_socket_functions = {open_socket, close_socket, connect_socket, receive, send_bytes};

static bool is_no_route(int error)
{
	/* EINVAL: a link-local address without its interface */
	return error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL || error == EINVAL;
}

enum outcome dns_wire_outcome(const struct dns_wire *wire, const char **skip_reason)
{
	*skip_reason = NULL;
	if (wire->is_local && wire->error == EAFNOSUPPORT)
		*skip_reason = "no-family";
	else if (wire->is_local && is_no_route(wire->error))
		*skip_reason = "no-route";
	if (*skip_reason != NULL)
		return OUTCOME_SKIPPED;
	switch (wire->error) {
	case 0:
		return OUTCOME_CLOSED;
	case ECONNREFUSED:
		return OUTCOME_REFUSED;
	case ECONNRESET:
	case EPIPE:
		return OUTCOME_RESET;
	case ETIMEDOUT:
		return OUTCOME_TIMEOUT;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return OUTCOME_INTERNAL;
	default:
		return OUTCOME_UNREACHABLE;
	}
}
