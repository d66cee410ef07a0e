#include "io/http_client.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "io/http.h"
#include "io/loop.h"
#include "io/net.h"

/* One socket of curl's under our poll; freed in its close callback only. */
struct watch {
	uv_poll_t poll;
	struct http_client *client;
	curl_socket_t fd;
};

struct http_client {
	struct net *net;
	CURLM *multi;
	uv_timer_t timer;
	struct ready finished; /* done callbacks run from here, never inside curl */
};

static void on_watch_closed(uv_handle_t *handle)
{
	free(handle->data);
}

/* Hands on what has ended. A transfer is off the multi before its owner hears of it. */
static void on_finished(void *user)
{
	struct http_client *client = user;
	int left;
	for (CURLMsg *message; (message = curl_multi_info_read(client->multi, &left)) != NULL;) {
		struct curl_transfer *transfer = NULL;
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
		curl_multi_remove_handle(client->multi, easy);
		transfer->done(transfer, code);
	}
}

static void act(struct http_client *client, curl_socket_t fd, int events)
{
	int running;
	curl_multi_socket_action(client->multi, fd, events, &running);
	ready_queue(&client->finished, client->net->loop, on_finished, client);
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
	struct watch *watch = handle->data;
	int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) | (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);
	act(watch->client, watch->fd, status < 0 ? CURL_CSELECT_ERR : flags);
}

static void on_timer(uv_timer_t *handle)
{
	act(handle->data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_curl_timer(CURLM *multi, long milliseconds, void *user)
{
	struct http_client *client = user;
	(void)multi;
	if (milliseconds < 0)
		uv_timer_stop(&client->timer);
	else
		uv_timer_start(&client->timer, on_timer, (uint64_t)milliseconds, 0);
	return 0;
}

/* curl calls with REMOVE before it closes the descriptor, so the poll is stopped in time (libuv aborts otherwise). */
static int on_curl_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_data)
{
	struct http_client *client = user;
	struct watch *watch = socket_data;
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch != NULL) {
			uv_poll_stop(&watch->poll);
			uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
			curl_multi_assign(client->multi, fd, NULL);
		}
		return 0;
	}
	if (watch == NULL) {
		watch = xcalloc(1, sizeof *watch);
		watch->client = client;
		watch->fd = fd;
		if (uv_poll_init_socket(loop_uv(client->net->loop), &watch->poll, fd) != 0) {
			free(watch);
			return -1;
		}
		watch->poll.data = watch;
		curl_multi_assign(client->multi, fd, watch);
	}
	int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
	return uv_poll_start(&watch->poll, events, on_poll);
}

struct http_client *http_client_new(struct net *net)
{
	struct http_client *client = xcalloc(1, sizeof *client);
	client->net = net;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	client->multi = curl_multi_init();
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
	uv_timer_init(loop_uv(net->loop), &client->timer);
	client->timer.data = client;
	return client;
}

void http_client_close(struct http_client *client)
{
	if (client == NULL || client->multi == NULL)
		return;
	ready_cancel(&client->finished);
	curl_multi_cleanup(client->multi); /* closes idle connections through on_curl_socket */
	client->multi = NULL;
	uv_close((uv_handle_t *)&client->timer, NULL);
}

void http_client_free(struct http_client *client)
{
	free(client);
}

void curl_transfer_add(struct net *net, struct curl_transfer *transfer)
{
	if (net->http == NULL)
		net->http = http_client_new(net);
	curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
	curl_multi_add_handle(net->http->multi, transfer->easy);
}

void curl_transfer_remove(struct net *net, struct curl_transfer *transfer)
{
	curl_multi_remove_handle(net->http->multi, transfer->easy);
}
