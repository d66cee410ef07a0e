#include "io/dns_exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "io/deadline.h"
#include "io/dns_client_internal.h"
#include "io/net.h"
#include "io/pacer.h"
#include "proto/dns_name.h"

static void on_answered(void *user, const struct dns_answer *answer);
static void on_granted(void *user);
static void on_deadline(void *user);

static const struct net_config *config_of(const struct dns_exchange *exchange)
{
	return exchange->client->net->config;
}

/* Puts one packet on the plan; it goes out when the pacer lets it. */
static void plan(struct dns_exchange *exchange, const char *step, bool is_tcp, bool is_edns)
{
	struct dns_reply *reply = &exchange->reply;
	if (reply->step_count == DNS_STEPS)
		return;
	int i = reply->step_count++;
	reply->steps[i] = (struct dns_step){.step = step, .is_tcp = is_tcp, .outcome = OUTCOME_CANCELLED};
	exchange->slots[i] = (struct dns_slot){.exchange = exchange, .is_edns = is_edns};
	if (exchange->ticket == NULL)
		exchange->ticket = pace_ask(exchange->client->net->pacer, NULL, on_granted, exchange);
}

static void forget_tries(struct dns_exchange *exchange)
{
	for (int i = 0; i < exchange->reply.step_count; i++) {
		struct dns_slot *slot = &exchange->slots[i];
		dns_try_forget(slot->try);
		slot->try = NULL;
		slot->is_waited_for = false;
	}
}

static void finish(struct dns_exchange *exchange, enum outcome outcome)
{
	forget_tries(exchange);
	deadline_free(exchange->deadline);
	exchange->deadline = NULL;
	pace_release(exchange->ticket);
	exchange->ticket = NULL;
	exchange->is_done = true;
	exchange->reply.outcome = outcome;
	if (exchange->first_sent_ms > 0)
		exchange->reply.elapsed_ms = clock_monotonic_ms() - exchange->first_sent_ms;
	dns_client_settle(exchange);
}

/* With some jitter: questions that were asked together are not all asked again together. */
static int64_t wait_ms(const struct dns_exchange *exchange)
{
	int64_t timeout = config_of(exchange)->dns_timeout_ms;
	return timeout + (int64_t)arc4random_uniform((uint32_t)(timeout / 16 + 1));
}

static bool send_slot(struct dns_exchange *exchange, int i)
{
	struct dns_slot *slot = &exchange->slots[i];
	uint8_t wire[DNS_QUERY_BYTES];
	unsigned flags = exchange->flags | (slot->is_edns ? 0 : DNS_NO_EDNS);
	size_t length = dns_message_query(wire, exchange->name, exchange->type, flags, (uint16_t)arc4random());
	struct dns_channel *channel = dns_client_channel(exchange->client, &exchange->reply.server, exchange->reply.steps[i].is_tcp);
	slot->sent_ms = clock_monotonic_ms();
	if (channel == NULL || length == 0)
		return false;
	slot->is_waited_for = true;
	slot->try = dns_channel_send(channel, wire, length, on_answered, slot);
	return true;
}

static void on_granted(void *user)
{
	struct dns_exchange *exchange = user;
	pace_release(exchange->ticket);
	exchange->ticket = NULL;
	if (exchange->first_sent_ms == 0) {
		exchange->first_sent_ms = clock_monotonic_ms();
		exchange->reply.started_ms = clock_now_ms();
	}
	for (int i = 0; i < exchange->reply.step_count; i++) {
		if (exchange->slots[i].sent_ms == 0 && !send_slot(exchange, i)) {
			exchange->reply.steps[i].outcome = OUTCOME_INTERNAL;
			finish(exchange, OUTCOME_INTERNAL);
			return;
		}
	}
	if (exchange->deadline == NULL)
		exchange->deadline = deadline_new(exchange->client->net->loop, wait_ms(exchange), on_deadline, exchange);
	else
		deadline_again(exchange->deadline, wait_ms(exchange));
}

/* The answer calls for another way of asking: whatever else is under way does not matter any more. */
static void turn_to(struct dns_exchange *exchange, const char *step, bool is_tcp)
{
	forget_tries(exchange);
	exchange->is_last_chance = is_tcp;
	exchange->tries_left = config_of(exchange)->dns_tries - 1;
	plan(exchange, step, is_tcp, exchange->is_edns);
}

static bool is_once(const struct dns_exchange *exchange)
{
	return (exchange->flags & DNS_ONCE) != 0;
}

/* The server has spoken, and to the point. */
static void take_packet(struct dns_exchange *exchange, int i, const ldns_pkt *packet, const struct dns_answer *answer)
{
	struct dns_step *step = &exchange->reply.steps[i];
	unsigned rcode = dns_message_rcode(packet);
	bool is_edns = exchange->slots[i].is_edns;
	step->outcome = dns_message_outcome(packet, exchange->dname, exchange->type);
	if (is_edns && (rcode == LDNS_RCODE_FORMERR || rcode == LDNS_RCODE_NOTIMPL) && !is_once(exchange)) {
		exchange->is_edns = false;
		turn_to(exchange, "plain-after-formerr", step->is_tcp);
		return;
	}
	if (ldns_pkt_tc(packet) && !step->is_tcp) {
		exchange->reply.was_truncated = true;
		exchange->is_edns = is_edns;
		if (!is_once(exchange)) {
			turn_to(exchange, "tcp-after-truncation", true);
			return;
		}
	}
	exchange->reply.is_tcp = step->is_tcp;
	exchange->reply.is_edns = is_edns;
	exchange->length = answer->length;
	exchange->bytes = xmalloc(answer->length);
	memcpy(exchange->bytes, answer->bytes, answer->length);
	finish(exchange, step->outcome);
}

static bool is_waiting(const struct dns_exchange *exchange)
{
	for (int i = 0; i < exchange->reply.step_count; i++)
		if (exchange->slots[i].is_waited_for || exchange->slots[i].sent_ms == 0)
			return true;
	return false;
}

/* Whether the UDP side has been silent all along, so that this is what the exchange ends with. */
static bool was_silent(const struct dns_exchange *exchange)
{
	return exchange->is_last_chance && exchange->reply.steps[0].outcome == OUTCOME_TIMEOUT;
}

/* No answer to this packet, and the network says why. */
static void take_failure(struct dns_exchange *exchange, int i, const struct dns_answer *answer)
{
	struct dns_reply *reply = &exchange->reply;
	struct dns_step *step = &reply->steps[i];
	bool was_hung_up = answer->outcome == OUTCOME_CLOSED || answer->outcome == OUTCOME_RESET;
	step->outcome = answer->outcome;
	if (is_waiting(exchange))
		return;
	/* Servers close connections that have served enough, now and then in the middle of a question. */
	if (step->is_tcp && was_hung_up && strcmp(step->step, "retry") != 0 && !is_once(exchange)) {
		plan(exchange, "retry", true, exchange->slots[i].is_edns);
		return;
	}
	if (was_silent(exchange)) {
		finish(exchange, OUTCOME_TIMEOUT);
		return;
	}
	reply->error = answer->error;
	reply->skip_reason = answer->skip_reason;
	reply->is_icmp = answer->outcome == OUTCOME_REFUSED || answer->outcome == OUTCOME_UNREACHABLE;
	finish(exchange, answer->outcome);
}

static void on_answered(void *user, const struct dns_answer *answer)
{
	struct dns_slot *slot = user;
	struct dns_exchange *exchange = slot->exchange;
	int i = (int)(slot - exchange->slots);
	bool is_late = !slot->is_waited_for;
	slot->try = NULL;
	slot->is_waited_for = false;
	if (answer->length == 0 && is_late)
		return; /* its time was over anyway, and the next step is under way */
	exchange->reply.steps[i].elapsed_ms = clock_monotonic_ms() - slot->sent_ms;
	if (answer->length == 0) {
		take_failure(exchange, i, answer);
		return;
	}
	struct dns_reading reading = dns_message_read(answer->bytes, answer->length, exchange->dname, exchange->type, exchange->flags);
	if (reading.packet != NULL) {
		take_packet(exchange, i, reading.packet, answer);
		ldns_pkt_free(reading.packet);
		return;
	}
	exchange->reply.steps[i].outcome = OUTCOME_PROTOCOL;
	exchange->reply.fault = reading.fault;
	exchange->reply.is_tcp = exchange->reply.steps[i].is_tcp;
	finish(exchange, OUTCOME_PROTOCOL);
}

/* What was waited for has not come. Its tries go on listening: late is better than never. */
static void give_up_waiting(struct dns_exchange *exchange)
{
	for (int i = 0; i < exchange->reply.step_count; i++) {
		struct dns_slot *slot = &exchange->slots[i];
		if (!slot->is_waited_for)
			continue;
		slot->is_waited_for = false;
		exchange->reply.steps[i].outcome = OUTCOME_TIMEOUT;
		exchange->reply.steps[i].elapsed_ms = clock_monotonic_ms() - slot->sent_ms;
	}
}

static void on_deadline(void *user)
{
	struct dns_exchange *exchange = user;
	bool was_answered = exchange->reply.step_count > 0 && exchange->reply.steps[0].outcome != OUTCOME_CANCELLED &&
	                    exchange->reply.steps[0].outcome != OUTCOME_TIMEOUT;
	give_up_waiting(exchange);
	if (exchange->is_last_chance || is_once(exchange)) {
		finish(exchange, OUTCOME_TIMEOUT);
	} else if (exchange->tries_left > 0) {
		exchange->tries_left--;
		plan(exchange, "retry", false, exchange->is_edns);
	} else if (was_answered) {
		/* It answered the query with EDNS, so neither EDNS nor UDP is the matter. */
		finish(exchange, OUTCOME_TIMEOUT);
	} else {
		exchange->is_last_chance = true;
		if (exchange->is_edns)
			plan(exchange, "plain-after-silence", false, false);
		plan(exchange, "tcp-after-silence", true, exchange->is_edns);
	}
}

static void begin(struct dns_exchange *exchange)
{
	const struct net_config *config = config_of(exchange);
	int family = endpoint_family(&exchange->reply.server);
	exchange->reply.started_ms = clock_now_ms();
	/* -4 and -6 say what is probed; a resolver (RD) is a means, and there may be no other. */
	if (config->family != 0 && config->family != family && !(exchange->flags & DNS_RD)) {
		exchange->reply.skip_reason = "no-family";
		finish(exchange, OUTCOME_SKIPPED);
		return;
	}
	bool is_tcp = (exchange->flags & DNS_TCP) != 0;
	exchange->is_edns = (exchange->flags & DNS_NO_EDNS) == 0;
	exchange->is_last_chance = is_tcp;
	exchange->tries_left = config->dns_tries - 1;
	plan(exchange, "query", is_tcp, exchange->is_edns);
}

struct dns_exchange *dns_exchange_new(struct dns_client *client, const struct dns_question *question)
{
	char name[DNS_NAME_TEXT];
	ldns_rdf *dname = dns_name_parse(question->name);
	if (dname == NULL)
		return NULL;
	struct dns_exchange *exchange = xcalloc(1, sizeof *exchange);
	exchange->client = client;
	exchange->dname = dname;
	exchange->name = xstrdup(dns_name_text(dname, name));
	exchange->type = question->type;
	exchange->flags = question->flags;
	exchange->reply.server = *question->server;
	begin(exchange);
	return exchange;
}

void dns_exchange_free(struct dns_exchange *exchange)
{
	forget_tries(exchange);
	deadline_free(exchange->deadline);
	pace_release(exchange->ticket);
	ldns_rdf_deep_free(exchange->dname);
	free(exchange->name);
	free(exchange->bytes);
	free(exchange);
}
