#include "io/dial.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "io/deadline.h"
#include "io/loop.h"

struct dial {
	struct loop *loop;
	uv_poll_t poll;
	bool is_polling;
	struct deadline *deadline;
	struct ready ready;
	int64_t started_monotonic_ms;
	struct dial_result result;
	dial_done *done;
	void *user;
};

static void on_poll_closed(uv_handle_t *handle)
{
	free(handle->data);
}

/* Lets go of everything but a descriptor that is kept; the memory goes when libuv has let go of the handle. */
static void dial_release(struct dial *dial, bool keeps_fd)
{
	int fd = dial->result.fd;
	ready_cancel(&dial->ready);
	deadline_free(dial->deadline);
	/* libuv must let go of the number before it is closed: it aborts otherwise, or forgets a stranger's socket. */
	if (dial->is_polling)
		uv_close((uv_handle_t *)&dial->poll, on_poll_closed);
	else
		free(dial);
	if (fd >= 0 && !keeps_fd)
		close(fd);
}

static void dial_finish(struct dial *dial, enum outcome outcome)
{
	dial->result.outcome = outcome;
	dial->result.elapsed_ms = clock_monotonic_ms() - dial->started_monotonic_ms;
	struct dial_result result = dial->result;
	dial_done *done = dial->done;
	void *user = dial->user;
	dial_release(dial, outcome == OUTCOME_OK);
	if (outcome != OUTCOME_OK)
		result.fd = -1;
	done(user, &result);
}

static void read_tcp_info(struct dial *dial)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof info;
	if (getsockopt(dial->result.fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0) {
		dial->result.syn_retransmits = (int)(info.tcpi_total_retrans > info.tcpi_retransmits ? info.tcpi_total_retrans
		                                                                                    : info.tcpi_retransmits);
		dial->result.rtt_ms = info.tcpi_rtt / 1000;
	}
}

static void keep_icmp(struct dial_result *result, struct sock_extended_err *error)
{
	result->has_icmp = true;
	result->icmp_type = error->ee_type;
	result->icmp_code = error->ee_code;
	if (result->error == 0)
		result->error = (int)error->ee_errno;
	/* SO_EE_OFFENDER without its cast: the offender's address stands behind the error. */
	const struct sockaddr *from = (const struct sockaddr *)(error + 1);
	socklen_t length = from->sa_family == AF_INET    ? sizeof(struct sockaddr_in)
	                   : from->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
	                                                 : 0;
	memset(&result->icmp_from, 0, sizeof result->icmp_from);
	memcpy(&result->icmp_from.storage, from, length);
	result->icmp_from.length = length;
	endpoint_set_port(&result->icmp_from, 0);
}

/*
 * Empties the socket's error queue. A message that says "smaller packets, please" is no end; any other is: Linux gives
 * up a connect for it as well, except when the message arrives while connect() still holds the socket, as on loopback.
 */
static void read_error_queue(struct dial *dial)
{
	for (int i = 0; i < 16; i++) {
		union {
			struct cmsghdr align;
			char bytes[512];
		} control;
		char payload[64];
		struct iovec part = {.iov_base = payload, .iov_len = sizeof payload};
		struct msghdr message = {
		    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
		if (recvmsg(dial->result.fd, &message, MSG_ERRQUEUE) < 0)
			return;
		for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item != NULL; item = CMSG_NXTHDR(&message, item)) {
			bool is_v4 = item->cmsg_level == SOL_IP && item->cmsg_type == IP_RECVERR;
			bool is_v6 = item->cmsg_level == SOL_IPV6 && item->cmsg_type == IPV6_RECVERR;
			if (!is_v4 && !is_v6)
				continue;
			union {
				struct sock_extended_err error;
				char bytes[sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in6)];
			} whole = {0};
			size_t length = item->cmsg_len - CMSG_LEN(0);
			memcpy(&whole, CMSG_DATA(item), length < sizeof whole ? length : sizeof whole);
			bool is_icmp = whole.error.ee_origin == SO_EE_ORIGIN_ICMP || whole.error.ee_origin == SO_EE_ORIGIN_ICMP6;
			if (is_icmp && whole.error.ee_errno != EMSGSIZE && whole.error.ee_errno != 0)
				keep_icmp(&dial->result, &whole.error);
		}
	}
}

/* What an errno of a connect says about the way. */
static enum outcome outcome_of(const struct dial_result *result)
{
	if (result->error == ECONNREFUSED)
		return OUTCOME_REFUSED;
	if (result->error == ETIMEDOUT)
		return OUTCOME_TIMEOUT;
	return OUTCOME_UNREACHABLE;
}

static void watch(struct dial *dial);

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct dial *dial = poll->data;
	(void)events;
	socklen_t length = sizeof dial->result.error;
	getsockopt(dial->result.fd, SOL_SOCKET, SO_ERROR, &dial->result.error, &length);
	read_tcp_info(dial);
	read_error_queue(dial);
	/* Who opens and resets does the same whenever we look: the connection stood, and its owner hears the rest. */
	dial->result.is_reset = dial->result.error == ECONNRESET;
	if (dial->result.is_reset)
		dial->result.error = 0;
	if (dial->result.error == 0 && !dial->result.is_reset && status < 0) {
		watch(dial); /* only a message about packet sizes: libuv stopped the watcher, the connect goes on */
		return;
	}
	if (dial->result.error == 0) {
		int off = 0;
		/* From here on an ICMP message must not end a connection that stands. */
		setsockopt(dial->result.fd, IPPROTO_IP, IP_RECVERR, &off, sizeof off);
		setsockopt(dial->result.fd, IPPROTO_IPV6, IPV6_RECVERR, &off, sizeof off);
		dial_finish(dial, OUTCOME_OK);
		return;
	}
	dial->result.rtt_ms = -1;
	dial_finish(dial, outcome_of(&dial->result));
}

static void watch(struct dial *dial)
{
	uv_poll_start(&dial->poll, UV_WRITABLE, on_poll);
}

static void on_deadline(void *user)
{
	struct dial *dial = user;
	read_tcp_info(dial);
	dial->result.rtt_ms = -1;
	dial_finish(dial, OUTCOME_TIMEOUT);
}

/* Errors of this machine before any packet left it: they say nothing about the peer. */
static void on_failed_at_once(void *user)
{
	struct dial *dial = user;
	enum outcome outcome = OUTCOME_SKIPPED;
	switch (dial->result.error) {
	case EAFNOSUPPORT:
	case EADDRNOTAVAIL:
		dial->result.skip_reason = "no-family";
		break;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EACCES: /* a route that prohibits */
	case EPERM:  /* this machine's own filter */
	case EINVAL: /* a link-local address without its zone */
		dial->result.skip_reason = "no-route";
		break;
	case ECONNREFUSED: /* the answer came before connect() returned */
		outcome = OUTCOME_REFUSED;
		break;
	default:
		outcome = OUTCOME_INTERNAL; /* out of descriptors or memory */
		break;
	}
	dial_finish(dial, outcome);
}

/* Opens the socket and sends the SYN; the errno, or 0 when the answer is awaited. */
static int dial_connect(struct dial *dial)
{
	int family = endpoint_family(&dial->result.peer) == 6 ? AF_INET6 : AF_INET;
	int on = 1;
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (fd < 0)
		return errno;
	dial->result.fd = fd;
	if (family == AF_INET)
		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	const struct endpoint *peer = &dial->result.peer;
	if (connect(fd, (const struct sockaddr *)&peer->storage, peer->length) < 0 && errno != EINPROGRESS)
		return errno;
	int failed = uv_poll_init(loop_uv(dial->loop), &dial->poll, fd);
	if (failed != 0)
		return -failed;
	dial->poll.data = dial;
	dial->is_polling = true;
	return 0;
}

struct dial *dial_start(struct loop *loop, const struct endpoint *peer, int64_t timeout_ms, dial_done *done,
                        void *user)
{
	struct dial *dial = xcalloc(1, sizeof *dial);
	dial->loop = loop;
	dial->done = done;
	dial->user = user;
	dial->result = (struct dial_result){.fd = -1, .peer = *peer, .rtt_ms = -1, .started_ms = clock_now_ms()};
	dial->started_monotonic_ms = clock_monotonic_ms();
	dial->result.error = dial_connect(dial);
	if (dial->result.error != 0) {
		ready_queue(&dial->ready, loop, on_failed_at_once, dial);
	} else {
		dial->deadline = deadline_new(loop, timeout_ms, on_deadline, dial);
		watch(dial);
	}
	return dial;
}

void dial_cancel(struct dial *dial)
{
	if (dial != NULL)
		dial_release(dial, false);
}

void dial_observe(const struct dial_result *result, struct observation *observation)
{
	char text[ENDPOINT_TEXT_BYTES];
	int family = endpoint_family(&result->peer);
	observation->outcome = result->outcome;
	observation->elapsed_ms = result->elapsed_ms;
	observation_add_int(observation, FACT_PORT_FAMILY, 0, family);
	if (result->skip_reason != NULL)
		observation_add_text(observation, FACT_SKIP_REASON, 0, result->skip_reason);
	if (result->error != 0)
		observation_add_text(observation, FACT_ERRNO, 0, errno_name(result->error));
	if (result->outcome == OUTCOME_OK)
		observation_add_int(observation, FACT_PORT_CONNECT_MS, 0, result->elapsed_ms);
	if (result->rtt_ms >= 0)
		observation_add_int(observation, FACT_PORT_RTT_MS, 0, result->rtt_ms);
	if (result->outcome != OUTCOME_SKIPPED && result->outcome != OUTCOME_CANCELLED)
		observation_add_int(observation, FACT_PORT_SYN_RETRANSMITS, 0, result->syn_retransmits);
	if (!result->has_icmp)
		return;
	observation_add_int(observation, FACT_PORT_ICMP_TYPE, 0, result->icmp_type);
	observation_add_int(observation, FACT_PORT_ICMP_CODE, 0, result->icmp_code);
	observation_add_text(observation, FACT_PORT_ICMP_NAME, 0, icmp_name(family, result->icmp_type, result->icmp_code));
	if (result->icmp_from.length > 0)
		observation_add_text(observation, FACT_PORT_ICMP_FROM, 0, endpoint_address(&result->icmp_from, text));
}
