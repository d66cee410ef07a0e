#include "io/loop.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct loop {
	uv_loop_t uv;
	uv_idle_t turn;       /* active while something is ready: the loop then polls without waiting */
	struct ready waiting; /* heads of two rings; what is queued while `running` is drained waits a turn */
	struct ready running;
};

static void ring_init(struct ready *head)
{
	head->next = head->previous = head;
}

static bool ring_is_empty(const struct ready *head)
{
	return head->next == head;
}

static void ring_append(struct ready *head, struct ready *item)
{
	item->next = head;
	item->previous = head->previous;
	head->previous->next = item;
	head->previous = item;
}

static void ring_unlink(struct ready *item)
{
	item->previous->next = item->next;
	item->next->previous = item->previous;
	item->next = item->previous = NULL;
	item->loop = NULL;
}

static void on_turn(uv_idle_t *turn)
{
	struct loop *loop = turn->data;
	while (!ring_is_empty(&loop->waiting)) {
		struct ready *item = loop->waiting.next;
		ring_unlink(item);
		ring_append(&loop->running, item);
		item->loop = loop;
	}
	while (!ring_is_empty(&loop->running)) {
		struct ready *item = loop->running.next;
		ring_unlink(item); /* detached before it runs, so it may free or queue itself */
		item->run(item->user);
	}
	if (ring_is_empty(&loop->waiting))
		uv_idle_stop(turn);
}

struct loop *loop_new(void)
{
	struct loop *loop = xcalloc(1, sizeof *loop);
	int failed = uv_loop_init(&loop->uv);
	if (failed != 0) {
		/* Without descriptors for the loop itself nothing can be observed or reported. */
		fprintf(stderr, "cutover: no event loop: %s\n", uv_strerror(failed));
		abort();
	}
	uv_idle_init(&loop->uv, &loop->turn);
	loop->turn.data = loop;
	ring_init(&loop->waiting);
	ring_init(&loop->running);
	return loop;
}

void loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	uv_close((uv_handle_t *)&loop->turn, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT); /* close callbacks that are still due */
	int busy = uv_loop_close(&loop->uv);
	assert(busy == 0);
	(void)busy;
	free(loop);
}

uv_loop_t *loop_uv(struct loop *loop)
{
	return &loop->uv;
}

void loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void ready_queue(struct ready *ready, struct loop *loop, void (*run)(void *user), void *user)
{
	if (ready->loop != NULL)
		return;
	ready->loop = loop;
	ready->run = run;
	ready->user = user;
	ring_append(&loop->waiting, ready);
	uv_idle_start(&loop->turn, on_turn);
}

void ready_cancel(struct ready *ready)
{
	if (ready->loop != NULL)
		ring_unlink(ready);
}
