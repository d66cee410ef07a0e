#include "app/watch_show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/str.h"

enum { LABEL_BYTES = 300, LINE_BYTES = 512, AGAIN_BYTES = 64 };
enum { STATE_COLUMN = 36, SET_COLUMN = 58, ROWS_DEFAULT = 24, COLUMNS_DEFAULT = 80, ROWS_KEPT = 4 };

/* A row is a line: what is longer than the terminal is wide does not wrap (DECAWM). */
static const char CUT_ROWS[] = "\033[?7l", WRAP_ROWS[] = "\033[?7h";

void watch_show_init(struct watch_show *show, const struct options *options, bool is_free)
{
	const char *term = getenv("TERM");
	*show = (struct watch_show){.is_on = is_free && !option_is_set(options, OPTION_QUIET)};
	show->is_table = show->is_on && isatty(STDOUT_FILENO) && term != NULL && !str_equal(term, "dumb");
}

/* "Google, anycast 8.8.8.8". Escaped. */
static char *label_of(const struct watched *item)
{
	char address[ENDPOINT_TEXT_BYTES];
	const struct listed_resolver *resolver = item->resolver;
	struct buf label;
	buf_init(&label, LABEL_BYTES);
	buf_puts(&label, endpoint_address(&resolver->address, address));
	if (resolver->name != NULL)
		buf_printf(&label, " %s", resolver->name);
	if (resolver->place != NULL)
		buf_printf(&label, ", %s", resolver->place);
	return buf_steal(&label);
}

static bool has_time(const struct watched *item)
{
	return item->expires != TIME_UNKNOWN && (item->state == CACHE_OLD_STATE || item->state == CACHE_MIXED_STATE ||
	                                         item->state == CACHE_NEGATIVE_STATE || item->state == CACHE_OTHER_STATE);
}

static int64_t left_s(const struct watched *item)
{
	int64_t left = item->expires - clock_now_ms() / 1000;
	return left > 0 ? left : 0;
}

static void say_change(const struct watched *item)
{
	char now[CLOCK_TEXT_BYTES], until[CLOCK_TEXT_BYTES];
	char *label = label_of(item);
	printf("%s %s: ", clock_format(clock_now_ms() / 1000, now), label);
	if (item->before != CACHE_STATE_COUNT)
		printf("%s -> ", cache_state_name(item->before));
	printf("%s", cache_state_name(item->state));
	if (item->set != NULL && item->state != CACHE_NEW_STATE)
		printf(" %.*s", LABEL_BYTES, item->set);
	if (has_time(item))
		printf(", %" PRId64 " s left, until %s", left_s(item), clock_format(item->expires, until));
	putchar('\n');
	free(label);
}

static void say_zone(struct watch_show *show, const struct watch *watch)
{
	char now[CLOCK_TEXT_BYTES];
	if (show->has_said && show->behind == watch->behind && show->servers == watch->servers)
		return;
	show->has_said = true;
	show->behind = watch->behind;
	show->servers = watch->servers;
	printf("%s %s: %zu of %zu addresses of the name servers have the new set\n", clock_format(clock_now_ms() / 1000, now),
	       watch->policy.domain, watch->servers - watch->behind, watch->servers);
}

static struct winsize terminal_size(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row <= ROWS_KEPT || size.ws_col <= SET_COLUMN)
		size = (struct winsize){.ws_row = ROWS_DEFAULT, .ws_col = COLUMNS_DEFAULT};
	return size;
}

static void take_away(struct watch_show *show)
{
	if (show->lines > 0)
		printf("\033[%zuA\033[J", show->lines);
	show->lines = 0;
}

/* The terminal finds the columns, whatever the label's letters take; what is too long of it goes. */
static void put_row(const struct watched *item, int columns)
{
	char *label = label_of(item);
	printf("%s\033[%dG\033[K %s", label, STATE_COLUMN, cache_state_name(item->state));
	if (has_time(item))
		printf("\033[%dG%8" PRId64 " s", SET_COLUMN - 11, left_s(item));
	if (item->set != NULL)
		printf("\033[%dG%.*s", SET_COLUMN + 1, columns - SET_COLUMN, item->set);
	putchar('\n');
	free(label);
}

static void put_zone(const struct watch *watch, int columns)
{
	char line[LINE_BYTES];
	snprintf(line, sizeof line, "%s: %zu of %zu addresses of the name servers have the new set", watch->policy.domain,
	         watch->servers - watch->behind, watch->servers);
	printf("%.*s\n", columns, line);
}

/* Next round 0: there is none. */
static void format_counts(const struct watch *watch, int64_t next_ms, char line[static LINE_BYTES])
{
	char again[AGAIN_BYTES] = "";
	int64_t wait_ms = next_ms - clock_now_ms();
	if (next_ms > 0)
		snprintf(again, sizeof again, "asked again in %" PRId64 " s; ", wait_ms > 0 ? (wait_ms + 999) / 1000 : 0);
	snprintf(line, LINE_BYTES, "%s%zu of %zu resolvers have the new set or nothing, %zu not tested", again,
	         watch_count(watch, CACHE_NEW_STATE) + watch_count(watch, CACHE_EMPTY_STATE), watch->caches.count,
	         watch_count(watch, CACHE_UNTESTED_STATE));
}

static void put_counts(const struct watch *watch, int64_t next_ms, int columns)
{
	char line[LINE_BYTES];
	format_counts(watch, next_ms, line);
	printf("%.*s\n", columns, line);
}

void watch_show_answer(const struct watch_show *show, const struct watch *watch, int64_t next_ms)
{
	char line[LINE_BYTES];
	if (show->is_table)
		return;
	format_counts(watch, next_ms, line);
	fprintf(stderr, "cutover: %s\n", line);
}

/* Those that wait first, as many as fit. */
static void put_table(struct watch_show *show, const struct watch *watch, int64_t next_ms)
{
	struct winsize size = terminal_size();
	size_t room = (size_t)size.ws_row - ROWS_KEPT, shown = 0;
	take_away(show);
	fputs(CUT_ROWS, stdout);
	put_zone(watch, size.ws_col);
	for (int is_rest = 0; is_rest <= 1; is_rest++)
		for (size_t i = 0; i < watch->caches.count && shown < room; i++)
			if (watch_is_waiting(&watch->items[i]) == (is_rest == 0)) {
				put_row(&watch->items[i], size.ws_col);
				shown++;
			}
	put_counts(watch, next_ms, size.ws_col);
	fputs(WRAP_ROWS, stdout);
	show->lines = shown + 2;
	fflush(stdout);
}

void watch_show_begin(struct watch_show *show, const struct watch *watch)
{
	if (!show->is_on || !show->is_table)
		return;
	printf("asking the name servers of %s and %zu resolvers\n", watch->policy.domain, watch->caches.count);
	show->lines = 1;
	fflush(stdout);
}

void watch_show_round(struct watch_show *show, const struct watch *watch)
{
	if (!show->is_on || show->is_table)
		return;
	say_zone(show, watch);
	for (size_t i = 0; i < watch->caches.count; i++)
		if (watch->items[i].state != watch->items[i].before)
			say_change(&watch->items[i]);
	fflush(stdout);
}

void watch_show_tick(struct watch_show *show, const struct watch *watch, int64_t next_ms)
{
	if (show->is_on && show->is_table)
		put_table(show, watch, next_ms);
}

void watch_show_end(struct watch_show *show, const struct watch *watch, const char *how)
{
	char now[CLOCK_TEXT_BYTES];
	size_t waiting = 0;
	if (!show->is_on)
		return;
	if (show->is_table && watch->was_asked)
		put_table(show, watch, 0);
	for (size_t i = 0; i < watch->caches.count; i++)
		waiting += watch_is_waiting(&watch->items[i]);
	printf("%s %s: %s", clock_format(clock_now_ms() / 1000, now), watch->policy.domain, how);
	if (!show->is_table)
		printf(": %zu of %zu resolvers without the new set, %zu not tested, %zu of %zu addresses of the name servers behind",
		       waiting, watch->caches.count, watch_count(watch, CACHE_UNTESTED_STATE), watch->behind, watch->servers);
	putchar('\n');
	fflush(stdout);
}
