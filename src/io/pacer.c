#include "io/pacer.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "io/deadline.h"
#include "io/loop.h"

/* A ticket first gets its host's place, then a token. */
enum ticket_state { WAITS_FOR_PLACE, WAITS_FOR_TOKEN, GRANTED };

struct queue {
	struct pace_ticket *first, *last;
};

/* An address with connections under way; freed with its last ticket. */
struct host {
	struct host *next;
	struct endpoint address; /* port 0 */
	int places_taken;
	struct queue waiting;
};

struct pace_ticket {
	struct pace_ticket *next, *previous; /* in the queue that its state says */
	struct pacer *pacer;
	struct host *host; /* NULL: only the rate counts */
	enum ticket_state state;
	struct ready ready;
	void (*granted)(void *user);
	void *user;
};

struct pacer {
	struct loop *loop;
	struct deadline *refill; /* armed while a ticket waits for a token */
	struct queue waiting;
	struct host *hosts;
	int64_t rate, per_host;
	int64_t millitokens, ceiling; /* thousandths of a token: rate a second adds `rate` of them a millisecond */
	int64_t filled_ms;
};

static void queue_append(struct queue *queue, struct pace_ticket *ticket)
{
	ticket->next = NULL;
	ticket->previous = queue->last;
	if (queue->last != NULL)
		queue->last->next = ticket;
	else
		queue->first = ticket;
	queue->last = ticket;
}

static void queue_remove(struct queue *queue, struct pace_ticket *ticket)
{
	if (ticket->previous != NULL)
		ticket->previous->next = ticket->next;
	else
		queue->first = ticket->next;
	if (ticket->next != NULL)
		ticket->next->previous = ticket->previous;
	else
		queue->last = ticket->previous;
}

static void on_refill(void *user);

static void grant(struct pacer *pacer)
{
	int64_t now = clock_monotonic_ms();
	int64_t missing = pacer->ceiling - pacer->millitokens;
	int64_t passed = now - pacer->filled_ms;
	pacer->millitokens += passed > missing / pacer->rate ? missing : passed * pacer->rate;
	pacer->filled_ms = now;
	while (pacer->waiting.first != NULL && pacer->millitokens >= 1000) {
		struct pace_ticket *ticket = pacer->waiting.first;
		queue_remove(&pacer->waiting, ticket);
		pacer->millitokens -= 1000;
		ticket->state = GRANTED;
		ready_queue(&ticket->ready, pacer->loop, ticket->granted, ticket->user);
	}
	if (pacer->waiting.first == NULL)
		return;
	int64_t wait_ms = (1000 - pacer->millitokens + pacer->rate - 1) / pacer->rate;
	if (pacer->refill == NULL)
		pacer->refill = deadline_new(pacer->loop, wait_ms, on_refill, pacer);
	else
		deadline_again(pacer->refill, wait_ms);
}

static void on_refill(void *user)
{
	grant(user);
}

struct pacer *pacer_new(struct loop *loop, int rate, int per_host)
{
	assert(rate > 0 && per_host > 0);
	struct pacer *pacer = xcalloc(1, sizeof *pacer);
	pacer->loop = loop;
	pacer->rate = rate;
	pacer->per_host = per_host;
	pacer->ceiling = rate < 10 ? 1000 : rate * INT64_C(100);
	pacer->millitokens = pacer->ceiling;
	pacer->filled_ms = clock_monotonic_ms();
	return pacer;
}

void pacer_free(struct pacer *pacer)
{
	if (pacer == NULL)
		return;
	assert(pacer->waiting.first == NULL && pacer->hosts == NULL);
	deadline_free(pacer->refill);
	free(pacer);
}

static struct host *host_find(struct pacer *pacer, const struct endpoint *endpoint)
{
	struct endpoint address = *endpoint;
	endpoint_set_port(&address, 0);
	for (struct host *host = pacer->hosts; host != NULL; host = host->next)
		if (endpoint_equal(&host->address, &address))
			return host;
	struct host *host = xcalloc(1, sizeof *host);
	host->address = address;
	host->next = pacer->hosts;
	pacer->hosts = host;
	return host;
}

static void host_drop(struct pacer *pacer, struct host *host)
{
	struct host **place = &pacer->hosts;
	while (*place != host)
		place = &(*place)->next;
	*place = host->next;
	free(host);
}

/* Hands free places to those who wait for them; forgets a host that nobody uses. */
static void host_settle(struct pacer *pacer, struct host *host)
{
	while (host->waiting.first != NULL && host->places_taken < pacer->per_host) {
		struct pace_ticket *ticket = host->waiting.first;
		queue_remove(&host->waiting, ticket);
		host->places_taken++;
		ticket->state = WAITS_FOR_TOKEN;
		queue_append(&pacer->waiting, ticket);
	}
	if (host->places_taken == 0)
		host_drop(pacer, host);
}

struct pace_ticket *pace_ask(struct pacer *pacer, const struct endpoint *host, void (*granted)(void *user), void *user)
{
	struct pace_ticket *ticket = xcalloc(1, sizeof *ticket);
	ticket->pacer = pacer;
	ticket->granted = granted;
	ticket->user = user;
	if (host != NULL) {
		ticket->host = host_find(pacer, host);
		ticket->state = WAITS_FOR_PLACE;
		queue_append(&ticket->host->waiting, ticket);
		host_settle(pacer, ticket->host);
	} else {
		ticket->state = WAITS_FOR_TOKEN;
		queue_append(&pacer->waiting, ticket);
	}
	grant(pacer);
	return ticket;
}

void pace_release(struct pace_ticket *ticket)
{
	if (ticket == NULL)
		return;
	struct pacer *pacer = ticket->pacer;
	ready_cancel(&ticket->ready);
	if (ticket->state == WAITS_FOR_TOKEN)
		queue_remove(&pacer->waiting, ticket);
	if (ticket->host != NULL) {
		if (ticket->state == WAITS_FOR_PLACE)
			queue_remove(&ticket->host->waiting, ticket);
		else
			ticket->host->places_taken--;
		host_settle(pacer, ticket->host);
	}
	free(ticket);
	grant(pacer);
}
