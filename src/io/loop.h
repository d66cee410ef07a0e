#ifndef IO_LOOP_H
#define IO_LOOP_H
/*
 * The one event loop (libuv) that carries c-ares, our streams and libcurl, and its ready list.
 *
 * Finishing something puts it on the ready list; the list is drained once a turn. So no callback ever runs inside the
 * call that caused it, and a callback may cancel anything, itself included.
 */
#include <uv.h>

struct loop;

struct loop *loop_new(void);
void loop_free(struct loop *loop); /* after loop_run has returned */
uv_loop_t *loop_uv(struct loop *loop);

/* Runs until no handle is active. Bounded by the deadlines of those who hold handles. */
void loop_run(struct loop *loop);

/* A place in the ready list, embedded in its owner and zeroed at first. */
struct ready {
	struct ready *next, *previous;
	struct loop *loop; /* NULL: not queued */
	void (*run)(void *user);
	void *user;
};

/* Calls run(user) on the next turn; a second call before that changes nothing. */
void ready_queue(struct ready *ready, struct loop *loop, void (*run)(void *user), void *user);
void ready_cancel(struct ready *ready); /* safe at any moment */

#endif
