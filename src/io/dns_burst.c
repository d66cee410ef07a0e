#include "io/dns_burst.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "io/dns_datagram.h"
#include "io/loop.h"
#include "io/net.h"
#include "proto/dns_name.h"

enum { IDS = 65536, SOCKETS = 4, ID_TRIES = 64 };
static const uint64_t TICK_MS = 10;
/* Packets sent again in one tick: what lost the first ones may be a full queue on the way, and all at once would fill it again. */
enum { AGAIN = 128 };

/* Shots in the order in which they were sent: the first is due first. */
struct line {
	struct dns_shot *first, *last;
};

/* A question that was asked before: only the id differs from server to server. */
struct form {
	struct form *next;
	struct dns_asking asking;
	ldns_rdf *name;
	size_t length;
	uint8_t wire[DNS_QUERY_BYTES];
};

struct dns_burst {
	struct net *net;
	struct form *forms;
	struct dns_datagrams *sockets[2][SOCKETS]; /* by family; opened when needed */
	unsigned turn;                             /* which of them is next */
	struct dns_shot *by_id[IDS];
	struct line fresh, repeated; /* waiting for an answer to the first, to the second packet */
	struct dns_shot *settled;    /* neither: delivered soon, or with the DNS client */
	uv_timer_t *tick;
	int64_t again_ms, end_ms; /* since a shot was sent */
};

struct dns_shot {
	struct dns_burst *burst;
	struct dns_shot *next, *previous;
	struct line *line; /* NULL: among the settled */
	const struct form *form;
	uint16_t id;
	int64_t sent_ms; /* monotonic */
	struct dns_reply reply;
	ldns_pkt *packet;
	struct dns_query *query; /* it goes on in the DNS client */
	struct ready ready;
	dns_done *done;
	void *user;
};

static struct line *line_of(struct dns_shot *shot, struct line *settled)
{
	return shot->line != NULL ? shot->line : settled;
}

static void unlink_shot(struct dns_shot *shot)
{
	struct line all = {.first = shot->burst->settled}, *line = line_of(shot, &all);
	if (shot->previous != NULL)
		shot->previous->next = shot->next;
	else
		line->first = shot->next;
	if (shot->next != NULL)
		shot->next->previous = shot->previous;
	else
		line->last = shot->previous;
	if (shot->line == NULL)
		shot->burst->settled = all.first;
	shot->next = shot->previous = NULL;
}

static void append(struct line *line, struct dns_shot *shot)
{
	shot->line = line;
	shot->previous = line->last;
	if (line->last != NULL)
		line->last->next = shot;
	else
		line->first = shot;
	line->last = shot;
}

/* Nothing more is expected from the sockets. */
static void settle(struct dns_shot *shot)
{
	struct dns_burst *burst = shot->burst;
	unlink_shot(shot);
	burst->by_id[shot->id] = NULL;
	shot->line = NULL;
	shot->next = burst->settled;
	if (shot->next != NULL)
		shot->next->previous = shot;
	burst->settled = shot;
}

static void shot_free(struct dns_shot *shot)
{
	if (shot->line != NULL)
		settle(shot);
	unlink_shot(shot);
	ready_cancel(&shot->ready);
	dns_query_cancel(shot->query);
	ldns_pkt_free(shot->packet);
	free(shot);
}

void dns_shot_cancel(struct dns_shot *shot)
{
	if (shot != NULL)
		shot_free(shot);
}

static void deliver(void *user)
{
	struct dns_shot *shot = user;
	struct dns_reply reply = shot->reply;
	dns_done *done = shot->done;
	void *whose = shot->user;
	ldns_pkt *packet = shot->packet;
	shot->packet = NULL;
	reply.packet = packet;
	shot_free(shot);
	done(whose, &reply);
	ldns_pkt_free(packet);
}

static void finish(struct dns_shot *shot, enum outcome outcome)
{
	settle(shot);
	shot->reply.outcome = outcome;
	shot->reply.elapsed_ms = clock_monotonic_ms() - shot->sent_ms;
	ready_queue(&shot->ready, shot->burst->net->loop, deliver, shot);
}

static void on_reply(void *user, const struct dns_reply *reply)
{
	struct dns_shot *shot = user;
	dns_done *done = shot->done;
	void *whose = shot->user;
	shot->query = NULL;
	shot_free(shot);
	done(whose, reply);
}

/* TCP after truncation, no EDNS after FORMERR: the DNS client knows how. */
static void go_on(struct dns_shot *shot, unsigned flags)
{
	const struct dns_asking *asking = &shot->form->asking;
	struct dns_question question = {asking->name, asking->type, &shot->reply.server, asking->flags | DNS_NO_MEMO | flags};
	settle(shot);
	shot->query = dns_ask(shot->burst->net, &question, on_reply, shot);
}

static void on_datagram(void *user, const struct endpoint *from, const uint8_t *bytes, size_t length)
{
	struct dns_burst *burst = user;
	struct dns_shot *shot = length >= DNS_HEADER_BYTES ? burst->by_id[bytes[0] << 8 | bytes[1]] : NULL;
	if (shot == NULL || !endpoint_equal(&shot->reply.server, from))
		return;
	const struct form *form = shot->form;
	struct dns_reading reading = dns_message_read(bytes, length, form->name, form->asking.type, form->asking.flags);
	if (reading.packet == NULL)
		return; /* bytes that answer no question of ours may be forged: the answer may still come */
	unsigned rcode = dns_message_rcode(reading.packet);
	bool may_go_on = (form->asking.flags & DNS_ONCE) == 0;
	shot->packet = reading.packet;
	shot->reply.is_edns = true;
	if (may_go_on && ldns_pkt_tc(reading.packet))
		go_on(shot, DNS_TCP);
	else if (may_go_on && (rcode == LDNS_RCODE_FORMERR || rcode == LDNS_RCODE_NOTIMPL))
		go_on(shot, DNS_NO_EDNS);
	else
		finish(shot, dns_message_outcome(reading.packet, form->name, form->asking.type));
}

/* The network says that this query, by its id, did not arrive. */
static void on_failure(void *user, const struct endpoint *to, uint16_t id, int error)
{
	struct dns_burst *burst = user;
	struct dns_shot *shot = burst->by_id[id];
	if (shot == NULL || !endpoint_equal(&shot->reply.server, to))
		return;
	shot->reply.error = error;
	shot->reply.is_icmp = true;
	finish(shot, error == ECONNREFUSED ? OUTCOME_REFUSED : OUTCOME_UNREACHABLE);
}

static struct dns_datagrams *socket_for(struct dns_burst *burst, int family)
{
	struct dns_datagrams **place = &burst->sockets[family == 6][burst->turn++ % SOCKETS];
	if (*place == NULL)
		*place = dns_datagrams_new(burst->net->loop, family, &(struct dns_datagram_listener){on_datagram, on_failure, burst});
	return *place;
}

/* Sends one packet; a way that this machine does not have ends the shot. */
static void send_packet(struct dns_shot *shot)
{
	uint8_t wire[DNS_QUERY_BYTES];
	size_t length = shot->form->length;
	memcpy(wire, shot->form->wire, length);
	wire[0] = (uint8_t)(shot->id >> 8);
	wire[1] = (uint8_t)shot->id;
	struct dns_datagrams *socket = socket_for(shot->burst, endpoint_family(&shot->reply.server));
	int error = socket == NULL ? EAFNOSUPPORT : dns_datagrams_send(socket, &shot->reply.server, wire, length);
	if (error == 0 || error == EAGAIN)
		return; /* a full queue is as a lost packet: it is sent again */
	shot->reply.error = error;
	shot->reply.skip_reason = error == EAFNOSUPPORT ? "no-family" : "no-route";
	finish(shot, OUTCOME_SKIPPED);
}

static bool is_due(const struct line *line, int64_t since_ms)
{
	return line->first != NULL && line->first->sent_ms <= since_ms;
}

/* What lies in the sockets came in time, however late this turn is. */
static void take_datagrams(struct dns_burst *burst)
{
	for (int i = 0; i < 2 * SOCKETS; i++)
		dns_datagrams_take(burst->sockets[i / SOCKETS][i % SOCKETS]);
}

/* Whoever is due is sent again or given up. */
static void on_tick(uv_timer_t *timer)
{
	struct dns_burst *burst = timer->data;
	int64_t now = clock_monotonic_ms();
	if (is_due(&burst->fresh, now - burst->again_ms) || is_due(&burst->repeated, now - burst->end_ms))
		take_datagrams(burst);
	for (int i = 0; i < AGAIN && is_due(&burst->fresh, now - burst->again_ms); i++) {
		struct dns_shot *shot = burst->fresh.first;
		if (shot->form->asking.flags & DNS_ONCE) {
			finish(shot, OUTCOME_TIMEOUT);
			continue;
		}
		unlink_shot(shot);
		append(&burst->repeated, shot);
		send_packet(shot);
	}
	while (is_due(&burst->repeated, now - burst->end_ms))
		finish(burst->repeated.first, OUTCOME_TIMEOUT);
	if (burst->fresh.first == NULL && burst->repeated.first == NULL)
		uv_timer_stop(timer);
}

struct dns_burst *dns_burst_new(struct net *net)
{
	struct dns_burst *burst = xcalloc(1, sizeof *burst);
	burst->net = net;
	burst->end_ms = net->config->dns_timeout_ms;
	burst->again_ms = burst->end_ms / 3;
	burst->tick = xcalloc(1, sizeof *burst->tick);
	uv_timer_init(loop_uv(net->loop), burst->tick);
	burst->tick->data = burst;
	return burst;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle);
}

void dns_burst_free(struct dns_burst *burst)
{
	if (burst == NULL)
		return;
	while (burst->fresh.first != NULL)
		shot_free(burst->fresh.first);
	while (burst->repeated.first != NULL)
		shot_free(burst->repeated.first);
	while (burst->settled != NULL)
		shot_free(burst->settled);
	while (burst->forms != NULL) {
		struct form *form = burst->forms;
		burst->forms = form->next;
		ldns_rdf_deep_free(form->name);
		free(form);
	}
	for (int i = 0; i < 2 * SOCKETS; i++)
		dns_datagrams_free(burst->sockets[i / SOCKETS][i % SOCKETS]);
	uv_close((uv_handle_t *)burst->tick, on_closed);
	free(burst);
}

/* An id that nobody waits on; false when none was found, which takes tens of thousands under way. */
static bool choose_id(const struct dns_burst *burst, uint16_t *id)
{
	for (int i = 0; i < ID_TRIES; i++) {
		*id = (uint16_t)arc4random();
		if (burst->by_id[*id] == NULL)
			return true;
	}
	return false;
}

static bool is_same(const struct dns_asking *a, const struct dns_asking *b)
{
	return a->type == b->type && a->flags == b->flags && a->subnet == b->subnet && str_equal(a->name, b->name);
}

/* NULL for a name that is no DNS name. */
static const struct form *form_of(struct dns_burst *burst, const struct dns_asking *asking)
{
	for (struct form *form = burst->forms; form != NULL; form = form->next)
		if (is_same(&form->asking, asking))
			return form;
	struct form *form = xcalloc(1, sizeof *form);
	form->asking = *asking;
	form->length = dns_message_ask(form->wire, asking, 0);
	if (form->length == 0) {
		free(form);
		return NULL;
	}
	form->name = dns_name_parse(asking->name);
	form->next = burst->forms;
	burst->forms = form;
	return form;
}

struct dns_shot *dns_burst_ask(struct dns_burst *burst, const struct endpoint *server, const struct dns_asking *asking,
                               dns_done *done, void *user)
{
	uint16_t id;
	const struct form *form = form_of(burst, asking);
	if (form == NULL || !choose_id(burst, &id))
		return NULL;
	struct dns_shot *shot = xcalloc(1, sizeof *shot);
	shot->burst = burst;
	shot->form = form;
	shot->id = id;
	shot->done = done;
	shot->user = user;
	shot->sent_ms = clock_monotonic_ms();
	shot->reply.server = *server;
	shot->reply.started_ms = clock_now_ms();
	burst->by_id[id] = shot;
	append(&burst->fresh, shot);
	if (!uv_is_active((uv_handle_t *)burst->tick))
		uv_timer_start(burst->tick, on_tick, TICK_MS, TICK_MS);
	send_packet(shot);
	return shot;
}
