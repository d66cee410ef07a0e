#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 32, LINE_BYTES = 4096, HEARD_BYTES = 65536 };

struct talk {
	struct peer *peer;
	pthread_t thread;
	int fd, number;
	SSL *ssl;
	char line[LINE_BYTES];
};

struct peer {
	int listener;
	uint16_t port;
	pthread_t thread;
	pthread_mutex_t mutex;
	peer_script *script;
	void *argument;
	struct talk talks[CONNECTIONS];
	int count;
	bool is_ending;
	char heard[HEARD_BYTES], copy[HEARD_BYTES];
	size_t heard_length;
};

static void die(const char *what)
{
	perror(what);
	abort();
}

static bool is_ending(struct peer *peer)
{
	pthread_mutex_lock(&peer->mutex);
	bool answer = peer->is_ending;
	pthread_mutex_unlock(&peer->mutex);
	return answer;
}

static void *run_talk(void *argument)
{
	struct talk *talk = argument;
	talk->peer->script(talk, talk->peer->argument);
	if (talk->ssl != NULL)
		SSL_shutdown(talk->ssl);
	SSL_free(talk->ssl);
	pthread_mutex_lock(&talk->peer->mutex);
	close(talk->fd);
	talk->fd = -1;
	pthread_mutex_unlock(&talk->peer->mutex);
	return NULL;
}

static void *run_peer(void *argument)
{
	struct peer *peer = argument;
	while (!is_ending(peer)) {
		int fd = accept(peer->listener, NULL, NULL), on = 1;
		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		pthread_mutex_lock(&peer->mutex);
		if (peer->is_ending || peer->count == CONNECTIONS) {
			close(fd);
		} else {
			struct talk *talk = &peer->talks[peer->count];
			*talk = (struct talk){.peer = peer, .fd = fd, .number = peer->count++};
			pthread_create(&talk->thread, NULL, run_talk, talk);
		}
		pthread_mutex_unlock(&peer->mutex);
	}
	return NULL;
}

struct peer *peer_new(const char *address, peer_script *script, void *argument)
{
	struct sockaddr_storage storage = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;
	bool is_v6 = strchr(address, ':') != NULL;
	storage.ss_family = is_v6 ? AF_INET6 : AF_INET;
	inet_pton(storage.ss_family, address, is_v6 ? (void *)&v6->sin6_addr : (void *)&v4->sin_addr);
	socklen_t length = is_v6 ? sizeof *v6 : sizeof *v4;

	struct peer *peer = calloc(1, sizeof *peer);
	peer->script = script;
	peer->argument = argument;
	pthread_mutex_init(&peer->mutex, NULL);
	peer->listener = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(peer->listener, (struct sockaddr *)&storage, length) != 0 || listen(peer->listener, CONNECTIONS) != 0)
		die(address);
	getsockname(peer->listener, (struct sockaddr *)&storage, &length);
	peer->port = ntohs(is_v6 ? v6->sin6_port : v4->sin_port);
	pthread_create(&peer->thread, NULL, run_peer, peer);
	return peer;
}

void peer_free(struct peer *peer)
{
	if (peer == NULL)
		return;
	pthread_mutex_lock(&peer->mutex);
	peer->is_ending = true;
	shutdown(peer->listener, SHUT_RDWR); /* wakes accept */
	for (int i = 0; i < peer->count; i++)
		if (peer->talks[i].fd >= 0)
			shutdown(peer->talks[i].fd, SHUT_RDWR);
	pthread_mutex_unlock(&peer->mutex);
	pthread_join(peer->thread, NULL);
	for (int i = 0; i < peer->count; i++)
		pthread_join(peer->talks[i].thread, NULL);
	close(peer->listener);
	pthread_mutex_destroy(&peer->mutex);
	free(peer);
}

uint16_t peer_port(const struct peer *peer)
{
	return peer->port;
}

int peer_accepted(struct peer *peer)
{
	pthread_mutex_lock(&peer->mutex);
	int count = peer->count;
	pthread_mutex_unlock(&peer->mutex);
	return count;
}

const char *peer_heard(struct peer *peer)
{
	pthread_mutex_lock(&peer->mutex);
	memcpy(peer->copy, peer->heard, peer->heard_length);
	peer->copy[peer->heard_length] = '\0';
	pthread_mutex_unlock(&peer->mutex);
	return peer->copy;
}

static void note_heard(struct peer *peer, char byte)
{
	pthread_mutex_lock(&peer->mutex);
	if (peer->heard_length < HEARD_BYTES - 1)
		peer->heard[peer->heard_length++] = byte;
	pthread_mutex_unlock(&peer->mutex);
}

void talk_say_bytes(struct talk *talk, const void *bytes, size_t length)
{
	for (size_t sent = 0; sent < length;) {
		const char *rest = (const char *)bytes + sent;
		ssize_t n = talk->ssl != NULL ? SSL_write(talk->ssl, rest, (int)(length - sent))
		                              : send(talk->fd, rest, length - sent, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		sent += (size_t)n;
	}
}

void talk_say(struct talk *talk, const char *text)
{
	talk_say_bytes(talk, text, strlen(text));
}

void talk_spell(struct talk *talk, const char *text)
{
	for (; *text != '\0'; text++) {
		talk_say_bytes(talk, text, 1);
		usleep(300); /* no delay is set: each byte is a segment, and mostly a read, of its own */
	}
}

static bool hear_byte(struct talk *talk, char *byte)
{
	ssize_t n = talk->ssl != NULL ? SSL_read(talk->ssl, byte, 1) : recv(talk->fd, byte, 1, 0);
	if (n == 1)
		note_heard(talk->peer, *byte);
	return n == 1;
}

const char *talk_hear(struct talk *talk)
{
	size_t length = 0;
	while (length < LINE_BYTES - 1) {
		if (!hear_byte(talk, &talk->line[length]))
			return NULL;
		if (talk->line[length] == '\n')
			break;
		length++;
	}
	if (length > 0 && talk->line[length - 1] == '\r')
		length--;
	talk->line[length] = '\0';
	return talk->line;
}

void talk_hold(struct talk *talk)
{
	char byte;
	while (hear_byte(talk, &byte))
		;
}

void talk_pause(struct talk *talk, int milliseconds)
{
	/* Also over when the client goes, or the peer is freed. */
	struct pollfd gone = {.fd = talk->fd, .events = POLLRDHUP};
	poll(&gone, 1, milliseconds);
}

void talk_reset(struct talk *talk)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	setsockopt(talk->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool talk_begin_tls(struct talk *talk, SSL_CTX *context)
{
	talk->ssl = SSL_new(context);
	SSL_set_fd(talk->ssl, talk->fd);
	if (SSL_accept(talk->ssl) == 1)
		return true;
	SSL_free(talk->ssl);
	talk->ssl = NULL;
	return false;
}

int talk_number(const struct talk *talk)
{
	return talk->number;
}

int talk_fd(const struct talk *talk)
{
	return talk->fd;
}
