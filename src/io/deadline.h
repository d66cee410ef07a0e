#ifndef IO_DEADLINE_H
#define IO_DEADLINE_H
/* One wait's end. Allocated, since libuv frees timers a turn later than we forget them. */
#include <stdint.h>

struct loop;
struct deadline;

/* Calls expired(user) once, `milliseconds` (>= 0) from now, on a later turn; what sockets hold by then comes before it. */
struct deadline *deadline_new(struct loop *loop, int64_t milliseconds, void (*expired)(void *user), void *user);
void deadline_again(struct deadline *deadline, int64_t milliseconds); /* (re)starts it, expired or not */
void deadline_free(struct deadline *deadline); /* NULL is fine; never called back afterwards */

#endif
