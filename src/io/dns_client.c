#include "io/dns_client.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/dns_client_internal.h"
#include "io/net.h"
#include "proto/dns_name.h"

static const uint64_t TICK_MS = 100;

struct dns_client *dns_client_new(struct net *net)
{
	struct dns_client *client = xcalloc(1, sizeof *client);
	client->net = net;
	uv_timer_init(loop_uv(net->loop), &client->tick);
	client->tick.data = client;
	uv_unref((uv_handle_t *)&client->tick); /* see poll_open in dns_channel.c */
	return client;
}

static void query_free(struct dns_query *query)
{
	ready_cancel(&query->ready);
	free(query);
}

void dns_client_close(struct dns_client *client)
{
	struct dns_memo *memo = &client->memo;
	while (memo->oldest != NULL) {
		struct dns_exchange *exchange = memo->oldest;
		dns_memo_drop(memo, exchange);
		while (exchange->queries != NULL) {
			struct dns_query *query = exchange->queries;
			exchange->queries = query->next;
			query_free(query);
		}
		dns_exchange_free(exchange);
	}
	for (size_t i = 0; i < client->channel_count; i++)
		dns_channel_free(client->channels[i]);
	client->channel_count = 0;
	uv_close((uv_handle_t *)&client->tick, NULL);
}

void dns_client_free(struct dns_client *client)
{
	if (client == NULL)
		return;
	free(client->channels);
	free(client);
}

static void on_tick(uv_timer_t *timer)
{
	struct dns_client *client = timer->data;
	size_t busy = 0;
	for (size_t i = 0; i < client->channel_count; i++) {
		if (dns_channel_busy(client->channels[i]) == 0)
			continue;
		dns_channel_tick(client->channels[i]);
		busy++;
	}
	if (busy == 0)
		uv_timer_stop(timer);
}

/* Frees the idle channel that was used longest ago; c-ares keeps 74 KB for each. */
static void make_room(struct dns_client *client)
{
	for (size_t i = 0; i < client->channel_count; i++) {
		if (dns_channel_busy(client->channels[i]) > 0)
			continue;
		dns_channel_free(client->channels[i]);
		client->channel_count--;
		memmove(&client->channels[i], &client->channels[i + 1], (client->channel_count - i) * sizeof client->channels[0]);
		return;
	}
}

struct dns_channel *dns_client_channel(struct dns_client *client, const struct endpoint *server, bool is_tcp)
{
	struct dns_channel *channel = NULL;
	size_t last = 0, i = 0;
	while (i < client->channel_count && !dns_channel_serves(client->channels[i], server, is_tcp))
		i++;
	if (i < client->channel_count) {
		last = client->channel_count - 1;
		channel = client->channels[i];
		memmove(&client->channels[i], &client->channels[i + 1], (last - i) * sizeof client->channels[0]);
		client->channels[last] = channel;
	} else {
		if (client->channel_count >= LIMIT_DNS_CHANNELS)
			make_room(client);
		/* Twice one wait: c-ares then has nothing to say that would end a try before we do. */
		channel = dns_channel_new(client->net->loop, server, is_tcp, client->net->config->dns_timeout_ms * 2);
		if (channel == NULL)
			return NULL;
		client->channels = xgrow(client->channels, client->channel_count, &client->channel_room, sizeof client->channels[0]);
		client->channels[client->channel_count++] = channel;
	}
	if (!uv_is_active((uv_handle_t *)&client->tick))
		uv_timer_start(&client->tick, on_tick, TICK_MS, TICK_MS);
	return channel;
}

/* Takes the query out of its exchange; the exchange goes with the last one, unless its answer is kept. */
static void leave(struct dns_query *query)
{
	struct dns_exchange *exchange = query->exchange;
	struct dns_query **link = &exchange->queries;
	while (*link != query)
		link = &(*link)->next;
	*link = query->next;
	query_free(query);
	bool is_private = (exchange->flags & DNS_NO_MEMO) != 0;
	if (exchange->queries != NULL || (exchange->is_done && !is_private))
		return;
	dns_memo_drop(&exchange->client->memo, exchange);
	dns_exchange_free(exchange);
}

static void deliver(void *user)
{
	struct dns_query *query = user;
	const struct dns_exchange *exchange = query->exchange;
	struct dns_reply reply = exchange->reply;
	struct dns_reading reading = {0};
	if (exchange->length > 0) {
		reading = dns_message_read(exchange->bytes, exchange->length, exchange->dname, exchange->type, exchange->flags);
		reply.packet = reading.packet;
		reply.extra_bytes = reading.extra_bytes;
	}
	query->is_delivering = true;
	query->done(query->user, &reply);
	ldns_pkt_free(reading.packet);
	leave(query);
}

void dns_client_settle(struct dns_exchange *exchange)
{
	for (struct dns_query *query = exchange->queries; query != NULL; query = query->next)
		ready_queue(&query->ready, exchange->client->net->loop, deliver, query);
}

static struct dns_exchange *join_or_start(struct dns_client *client, const struct dns_question *question)
{
	bool is_private = (question->flags & DNS_NO_MEMO) != 0;
	struct dns_exchange *exchange = is_private ? NULL : dns_memo_find(&client->memo, question);
	if (exchange != NULL)
		return exchange;
	exchange = dns_exchange_new(client, question);
	if (exchange != NULL)
		dns_memo_keep(&client->memo, exchange);
	return exchange;
}

struct dns_query *dns_ask(struct net *net, const struct dns_question *question, dns_done *done, void *user)
{
	char name[DNS_NAME_TEXT];
	ldns_rdf *dname = dns_name_parse(question->name);
	if (dname == NULL)
		return NULL;
	struct dns_question asked = *question;
	asked.name = dns_name_text(dname, name);
	ldns_rdf_deep_free(dname);
	struct dns_exchange *exchange = join_or_start(net->dns, &asked);
	if (exchange == NULL)
		return NULL;
	struct dns_query *query = xcalloc(1, sizeof *query);
	query->exchange = exchange;
	query->done = done;
	query->user = user;
	struct dns_query **last = &exchange->queries;
	while (*last != NULL)
		last = &(*last)->next;
	*last = query;
	if (exchange->is_done)
		ready_queue(&query->ready, net->loop, deliver, query);
	return query;
}

void dns_query_cancel(struct dns_query *query)
{
	if (query != NULL && !query->is_delivering)
		leave(query);
}
