#ifndef RENDER_TODO_SPF_H
#define RENDER_TODO_SPF_H
/* The SPF record to publish, composed from the one that is served. Part of todo.h. */
#include <stdbool.h>

#include "cutover/report.h"

struct todo_spf {
	char *text;
	bool is_over; /* it takes more than ten look-ups all the same */
};

/*
 * Microsoft's include put in, once; at the end the old server's terms left out: "mx", "a", and those of the old MX hosts by name or
 * address. When that takes more than ten look-ups (RFC 7208 4.6.4), terms that nothing answers are left out, too: they let nobody send.
 * `present` NULL: there is none. The text is the caller's.
 */
struct todo_spf todo_spf_compose(const struct report *report, const char *present, bool is_later);

#endif
