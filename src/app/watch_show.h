#ifndef APP_WATCH_SHOW_H
#define APP_WATCH_SHOW_H
/* What `watch` shows meanwhile, on standard output: a table that is redrawn on a terminal, else one line a change. */
#include "app/watch_round.h"

struct watch_show {
	bool is_on;       /* not with -q, nor when a report goes to standard output */
	bool is_table;    /* a terminal that can move its cursor */
	size_t lines;     /* of the table that stand there now */
	size_t behind, servers; /* as last said */
	bool has_said;
};

void watch_show_init(struct watch_show *show, const struct options *options, bool is_free);

/* Before the first round, which may take as long as a DNS time-out. */
void watch_show_begin(struct watch_show *show, const struct watch *watch);

/* After a round: the changes, or the table. */
void watch_show_round(struct watch_show *show, const struct watch *watch);

/* Every second in between: the table with the seconds left. */
void watch_show_tick(struct watch_show *show, const struct watch *watch, int64_t next_ms);

/* One line on standard error: how far it is. A table that stands there says so already. */
void watch_show_answer(const struct watch_show *show, const struct watch *watch, int64_t next_ms);

/* The last line: `how` it ended, in words. */
void watch_show_end(struct watch_show *show, const struct watch *watch, const char *how);

#endif
