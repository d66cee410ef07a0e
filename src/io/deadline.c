#include "io/deadline.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "io/loop.h"

struct deadline {
	uv_timer_t timer;
	void (*expired)(void *user);
	void *user;
	bool has_waited; /* only a last look at the sockets is left */
};

/*
 * libuv runs timers before it looks at sockets. A program that was held up (a busy machine, a lid that was closed) would take for
 * late what came in time and lies there: one more turn shows it.
 */
static void on_timer(uv_timer_t *timer)
{
	struct deadline *deadline = timer->data;
	if (deadline->has_waited) {
		deadline->expired(deadline->user);
	} else {
		deadline->has_waited = true;
		uv_timer_start(timer, on_timer, 1, 0);
	}
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

struct deadline *deadline_new(struct loop *loop, int64_t milliseconds, void (*expired)(void *user), void *user)
{
	struct deadline *deadline = xcalloc(1, sizeof *deadline);
	deadline->expired = expired;
	deadline->user = user;
	deadline->timer.data = deadline;
	uv_timer_init(loop_uv(loop), &deadline->timer);
	deadline_again(deadline, milliseconds);
	return deadline;
}

void deadline_again(struct deadline *deadline, int64_t milliseconds)
{
	/*
	 * The loop's time is as old as this turn: work done meanwhile must not shorten the wait. And a timer of 0 ms that
	 * is started inside a timer's callback would run on the same turn, for ever.
	 */
	deadline->has_waited = false;
	uv_update_time(deadline->timer.loop);
	uv_timer_start(&deadline->timer, on_timer, milliseconds < 1 ? 1 : (uint64_t)milliseconds, 0);
}

void deadline_free(struct deadline *deadline)
{
	if (deadline == NULL)
		return;
	uv_timer_stop(&deadline->timer);
	uv_close((uv_handle_t *)&deadline->timer, on_closed);
}
