#include "dns_peer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dns_zone.h"

/* Ports that the kernel gives to nobody by itself (ip_local_port_range): a client's must not be where a further peer is to listen. */
enum { FIRST_PORT = 12000, PORTS = 20000 };
enum { CONNECTIONS = 16, PENDING = 256, QUERIES = 4096, MESSAGE = 65536 };

struct seen {
	char name[256];
	ldns_rr_type type;
	bool is_tcp, is_rd;
};

/* An answer on its way. */
struct pending {
	int64_t due_ms;
	int fd; /* TCP connection, or -1 for UDP */
	struct sockaddr_in to;
	uint8_t *bytes;
	size_t length;
};

struct connection {
	int fd; /* -1: free */
	size_t length;
	uint8_t bytes[1024];
};

struct dns_peer {
	struct dns_peer_config config;
	struct dns_zone *zone;
	pthread_t thread;
	int udp, tcp, wake[2];
	int shut_udp, shut_tcp; /* of closed ports: they keep the port, or a client could be given it as its own and hear itself */
	uint16_t port;
	struct connection connections[CONNECTIONS];
	struct pending pending[PENDING];
	size_t pending_count;
	unsigned accepted;
	pthread_mutex_t lock; /* for what follows */
	struct seen seen[QUERIES];
	size_t seen_count;
};

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static unsigned count(struct dns_peer *peer, const struct seen *like)
{
	unsigned found = 0;
	pthread_mutex_lock(&peer->lock);
	for (size_t i = 0; i < peer->seen_count; i++) {
		const struct seen *seen = &peer->seen[i];
		found += (like->name[0] == '\0' || strcasecmp(like->name, seen->name) == 0) && (like->type == 0 || like->type == seen->type) &&
		         (!like->is_tcp || seen->is_tcp) && (!like->is_rd || seen->is_rd);
	}
	pthread_mutex_unlock(&peer->lock);
	return found;
}

unsigned dns_peer_count(struct dns_peer *peer, const char *name, ldns_rr_type type)
{
	struct seen like = {.type = type};
	snprintf(like.name, sizeof like.name, "%s", name != NULL ? name : "");
	return count(peer, &like);
}

unsigned dns_peer_count_tcp(struct dns_peer *peer)
{
	return count(peer, &(struct seen){.is_tcp = true});
}

unsigned dns_peer_count_rd(struct dns_peer *peer)
{
	return count(peer, &(struct seen){.is_rd = true});
}

uint16_t dns_peer_port(const struct dns_peer *peer)
{
	return peer->port;
}

/* Whether this is the first time that the question comes. */
static bool note(struct dns_peer *peer, const ldns_pkt *query, bool is_tcp)
{
	const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(query), 0);
	char *name = ldns_rdf2str(ldns_rr_owner(question));
	struct seen seen = {.type = ldns_rr_get_type(question), .is_tcp = is_tcp, .is_rd = ldns_pkt_rd(query)};
	name[strlen(name) - 1] = '\0'; /* the last dot */
	snprintf(seen.name, sizeof seen.name, "%s", name);
	free(name);
	bool is_first = dns_peer_count(peer, seen.name, seen.type) == 0;
	pthread_mutex_lock(&peer->lock);
	if (peer->seen_count < QUERIES)
		peer->seen[peer->seen_count++] = seen;
	pthread_mutex_unlock(&peer->lock);
	return is_first;
}

static bool wants_nsid(const ldns_pkt *query)
{
	const ldns_rdf *options = ldns_pkt_edns_data(query);
	return options != NULL && ldns_rdf_size(options) >= 4 && ldns_rdf_data(options)[1] == 3;
}

static ldns_pkt *lame_answer(const ldns_pkt *query)
{
	struct dns_zone *root = dns_zone_new(". 518400 IN NS a.root-servers.net.");
	ldns_pkt *answer = dns_zone_answer(root, query, false);
	dns_zone_free(root);
	return answer;
}

static ldns_pkt *make_answer(struct dns_peer *peer, const ldns_pkt *query, unsigned traits)
{
	static const uint8_t nsid[] = {0, 3, 0, 6, 'p', 'e', 'e', 'r', '-', '1'};
	ldns_pkt *answer = NULL;
	if (traits & PEER_WRONG_QUESTION) {
		ldns_pkt *other = ldns_pkt_clone(query);
		ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(other), 0);
		ldns_rdf_deep_free(ldns_rr_owner(question));
		ldns_rr_set_owner(question, ldns_dname_new_frm_str("elsewhere.example"));
		answer = dns_zone_answer(peer->zone, other, true);
		ldns_pkt_free(other);
	} else {
		answer = traits & PEER_LAME ? lame_answer(query) : dns_zone_answer(peer->zone, query, (traits & PEER_RECURSIVE) != 0);
	}
	if (ldns_pkt_edns(query)) {
		ldns_pkt_set_edns_udp_size(answer, 1232);
		if ((traits & PEER_NSID) && wants_nsid(query))
			ldns_pkt_set_edns_data(answer, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN, sizeof nsid, nsid));
	}
	return answer;
}

/* An answer without records: rcode, or TC. */
static ldns_pkt *empty_answer(const ldns_pkt *query, ldns_pkt_rcode rcode, bool is_truncated)
{
	ldns_pkt *answer = ldns_pkt_new();
	ldns_pkt_set_id(answer, ldns_pkt_id(query));
	ldns_pkt_set_qr(answer, true);
	ldns_pkt_set_tc(answer, is_truncated);
	ldns_pkt_set_rcode(answer, (uint8_t)rcode);
	ldns_pkt_push_rr(answer, LDNS_SECTION_QUESTION, ldns_rr_clone(ldns_rr_list_rr(ldns_pkt_question(query), 0)));
	return answer;
}

static void push_forged(const struct dns_peer *peer, ldns_pkt *answer)
{
	ldns_rr *record = NULL;
	if (peer->config.forged != NULL && ldns_rr_new_frm_str(&record, peer->config.forged, 300, NULL, NULL) == LDNS_STATUS_OK)
		ldns_pkt_push_rr(answer, LDNS_SECTION_ANSWER, record);
}

static void spoil(uint8_t *bytes, size_t *length, unsigned traits, bool is_tcp)
{
	if ((traits & PEER_WRONG_ID) && !is_tcp)
		bytes[0] ^= 0x55;
	if (traits & PEER_GARBAGE)
		bytes[7] = (uint8_t)(bytes[7] + 9);
	if (traits & PEER_TRAILING) {
		memcpy(bytes + *length, "garbage", 7);
		*length += 7;
	}
	if (traits & PEER_FORMERR_BARE) {
		memset(bytes + 4, 0, 8);
		*length = 12;
	}
}

static unsigned traits_for(const struct dns_peer *peer, const ldns_pkt *query, int *rcode, int *delay)
{
	const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(query), 0);
	const struct dns_peer_config *config = &peer->config;
	bool is_meant = (config->only_type == 0 || config->only_type == ldns_rr_get_type(question)) &&
	                (config->only_class == 0 || config->only_class == ldns_rr_get_class(question));
	unsigned traits = is_meant ? peer->config.traits : peer->config.traits & (PEER_RECURSIVE | PEER_NSID);
	*rcode = is_meant ? peer->config.rcode : 0;
	*delay = is_meant ? peer->config.delay_ms : 0;
	if ((traits & PEER_FAIL_UNLESS_CD) && !ldns_pkt_cd(query))
		*rcode = LDNS_RCODE_SERVFAIL;
	if (!ldns_pkt_edns(query))
		traits &= ~(unsigned)(PEER_DROP_EDNS | PEER_FORMERR_EDNS | PEER_FORMERR_BARE);
	return traits;
}

static void queue_answer(struct dns_peer *peer, const struct pending *answer)
{
	if (peer->pending_count < PENDING)
		peer->pending[peer->pending_count++] = *answer;
	else
		free(answer->bytes);
}

static void serve(struct dns_peer *peer, const uint8_t *bytes, size_t length, struct pending *answer)
{
	ldns_pkt *query = NULL, *packet = NULL;
	uint8_t *wire = NULL;
	int rcode = 0, delay = 0;
	bool is_tcp = answer->fd >= 0;
	if (ldns_wire2pkt(&query, bytes, length) != LDNS_STATUS_OK)
		return;
	bool is_first = note(peer, query, is_tcp);
	unsigned traits = traits_for(peer, query, &rcode, &delay);
	bool is_dropped = is_tcp ? (traits & PEER_DROP_TCP) != 0
	                         : (traits & (PEER_DROP_UDP | PEER_DROP_EDNS)) != 0 || ((traits & PEER_DROP_FIRST) && is_first);
	if (is_dropped)
		goto out;
	if (traits & (PEER_FORMERR_EDNS | PEER_FORMERR_BARE))
		packet = empty_answer(query, LDNS_RCODE_FORMERR, false);
	else if (rcode > 0)
		packet = empty_answer(query, (ldns_pkt_rcode)rcode, false);
	else if ((traits & PEER_TRUNCATE) && !is_tcp)
		packet = empty_answer(query, LDNS_RCODE_NOERROR, true);
	else
		packet = make_answer(peer, query, traits);
	push_forged(peer, packet);
	answer->bytes = malloc(MESSAGE + 8);
	if (traits & PEER_ECHO) {
		memcpy(answer->bytes, bytes, length);
		answer->length = length;
	} else if (ldns_pkt2wire(&wire, packet, &answer->length) == LDNS_STATUS_OK) {
		memcpy(answer->bytes, wire, answer->length);
		spoil(answer->bytes, &answer->length, traits, is_tcp);
	}
	answer->due_ms = now_ms() + delay;
	queue_answer(peer, answer);
out:
	free(wire);
	ldns_pkt_free(packet);
	ldns_pkt_free(query);
}

/* TCP answers go out in small pieces: a reader must put them together. */
static void send_stream(int fd, const uint8_t *bytes, size_t length)
{
	uint8_t head[2] = {(uint8_t)(length >> 8), (uint8_t)length};
	for (size_t i = 0; i < 2; i++)
		if (send(fd, head + i, 1, MSG_NOSIGNAL) < 0)
			return;
	for (size_t at = 0; at < length;) {
		size_t piece = at < 16 ? 1 : length - at;
		ssize_t sent = send(fd, bytes + at, piece, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		at += (size_t)sent;
	}
}

static void send_due(struct dns_peer *peer)
{
	size_t kept = 0;
	int64_t now = now_ms();
	for (size_t i = 0; i < peer->pending_count; i++) {
		struct pending *answer = &peer->pending[i];
		if (answer->due_ms > now) {
			peer->pending[kept++] = *answer;
			continue;
		}
		if (answer->fd >= 0)
			send_stream(answer->fd, answer->bytes, answer->length);
		else
			sendto(peer->udp, answer->bytes, answer->length, 0, (struct sockaddr *)&answer->to, sizeof answer->to);
		free(answer->bytes);
	}
	peer->pending_count = kept;
}

static void read_datagram(struct dns_peer *peer)
{
	uint8_t bytes[1024];
	struct pending answer = {.fd = -1};
	socklen_t size = sizeof answer.to;
	ssize_t length = recvfrom(peer->udp, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&answer.to, &size);
	if (length > 0)
		serve(peer, bytes, (size_t)length, &answer);
}

static void accept_one(struct dns_peer *peer)
{
	int fd = accept(peer->tcp, NULL, NULL), on = 1;
	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	for (int i = 0; i < CONNECTIONS; i++) {
		if (peer->connections[i].fd >= 0)
			continue;
		peer->connections[i] = (struct connection){.fd = fd};
		peer->accepted++;
		return;
	}
	close(fd);
}

static void hang_up(struct dns_peer *peer, struct connection *connection)
{
	size_t kept = 0;
	for (size_t i = 0; i < peer->pending_count; i++) {
		if (peer->pending[i].fd == connection->fd)
			free(peer->pending[i].bytes);
		else
			peer->pending[kept++] = peer->pending[i];
	}
	peer->pending_count = kept;
	close(connection->fd);
	connection->fd = -1;
}

static void read_stream(struct dns_peer *peer, struct connection *connection)
{
	ssize_t got = recv(connection->fd, connection->bytes + connection->length, sizeof connection->bytes - connection->length, MSG_DONTWAIT);
	if (got <= 0) {
		hang_up(peer, connection);
		return;
	}
	connection->length += (size_t)got;
	while (connection->length >= 2) {
		size_t length = (size_t)(connection->bytes[0] << 8 | connection->bytes[1]) + 2;
		if (length > connection->length)
			return;
		unsigned traits = peer->config.traits;
		if ((traits & PEER_HANG_UP) || ((traits & PEER_HANG_UP_FIRST) && peer->accepted == 1)) {
			hang_up(peer, connection);
			return;
		}
		struct pending answer = {.fd = connection->fd};
		serve(peer, connection->bytes + 2, length - 2, &answer);
		memmove(connection->bytes, connection->bytes + length, connection->length - length);
		connection->length -= length;
	}
}

static void *run(void *user)
{
	struct dns_peer *peer = user;
	for (;;) {
		struct pollfd fds[3 + CONNECTIONS] = {{peer->wake[0], POLLIN, 0}, {peer->udp, POLLIN, 0}, {peer->tcp, POLLIN, 0}};
		for (int i = 0; i < CONNECTIONS; i++)
			fds[3 + i] = (struct pollfd){peer->connections[i].fd, POLLIN, 0};
		poll(fds, 3 + CONNECTIONS, peer->pending_count > 0 ? 1 : -1);
		if (fds[0].revents != 0)
			return NULL;
		if (fds[1].revents != 0)
			read_datagram(peer);
		if (fds[2].revents != 0)
			accept_one(peer);
		for (int i = 0; i < CONNECTIONS; i++)
			if (fds[3 + i].revents != 0)
				read_stream(peer, &peer->connections[i]);
		send_due(peer);
	}
}

static int bind_one(int type, const char *address, uint16_t port)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), on = 1;
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port)};
	inet_pton(AF_INET, address, &name.sin_addr);
	/* Two datagram sockets that both set this may share a port. */
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&name, sizeof name) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A datagram socket that is connected elsewhere: what comes to its port from others is refused. */
static int shut(int udp)
{
	struct sockaddr_in elsewhere = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (connect(udp, (struct sockaddr *)&elsewhere, sizeof elsewhere) != 0)
		abort();
	return udp;
}

struct dns_peer *dns_peer_start(const struct dns_peer_config *config)
{
	struct dns_peer *peer = calloc(1, sizeof *peer);
	const char *address = config->address != NULL ? config->address : "127.0.0.1";
	peer->config = *config;
	peer->zone = dns_zone_new(config->zone != NULL ? config->zone : "");
	peer->tcp = peer->shut_udp = peer->shut_tcp = -1;
	for (int tries = 0; tries < 50 && peer->tcp < 0; tries++) {
		peer->port = config->port > 0 ? config->port : (uint16_t)(FIRST_PORT + arc4random_uniform(PORTS));
		peer->udp = bind_one(SOCK_DGRAM, address, peer->port);
		if (peer->udp < 0)
			continue;
		peer->tcp = bind_one(SOCK_STREAM, address, peer->port);
		if (peer->tcp < 0)
			close(peer->udp);
	}
	if (peer->tcp < 0 || pipe(peer->wake) != 0) {
		perror("dns_peer");
		abort();
	}
	if (!(config->traits & PEER_NO_TCP))
		listen(peer->tcp, CONNECTIONS);
	else
		peer->shut_tcp = peer->tcp, peer->tcp = -1;
	if (config->traits & PEER_NO_UDP)
		peer->shut_udp = shut(peer->udp), peer->udp = -1;
	for (int i = 0; i < CONNECTIONS; i++)
		peer->connections[i].fd = -1;
	pthread_mutex_init(&peer->lock, NULL);
	pthread_create(&peer->thread, NULL, run, peer);
	return peer;
}

void dns_peer_stop(struct dns_peer *peer)
{
	if (peer == NULL)
		return;
	if (write(peer->wake[1], "", 1) == 1)
		pthread_join(peer->thread, NULL);
	for (int i = 0; i < CONNECTIONS; i++)
		if (peer->connections[i].fd >= 0)
			hang_up(peer, &peer->connections[i]);
	for (size_t i = 0; i < peer->pending_count; i++)
		free(peer->pending[i].bytes);
	close(peer->wake[0]);
	close(peer->wake[1]);
	if (peer->udp >= 0)
		close(peer->udp);
	if (peer->tcp >= 0)
		close(peer->tcp);
	if (peer->shut_udp >= 0)
		close(peer->shut_udp);
	if (peer->shut_tcp >= 0)
		close(peer->shut_tcp);
	dns_zone_free(peer->zone);
	pthread_mutex_destroy(&peer->lock);
	free(peer);
}
