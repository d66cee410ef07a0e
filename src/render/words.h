#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H
/*
 * What every format says alike: the state words, the verdict's headline, names of actors, times for people.
 * Texts that came from a report are not escaped here: that is the format's business.
 */
#include <stdint.h>

#include "cutover/report.h"

struct buf;

const char *words_state(enum severity severity); /* "PASS" "INFO" "SKIP" "????" "WARN" "FAIL" */
const char *words_actor(enum actor actor);       /* "firewall", "mail host", "DNS", ...; "" for nobody */

/*
 * "NOT READY: 2 fail, 1 warn", "READY", "READY, with 1 warn", "READY AS FAR AS TESTED, with 1 warn, 1 unknown",
 * "COULD NOT DECIDE: 1 unknown".
 */
void words_headline(struct buf *out, const struct verdict *verdict);

/* "2026-11-21 23:06 UTC" for seconds since 1970; "unknown" for TIME_UNKNOWN. */
void words_time(struct buf *out, int64_t seconds);

/* "in 1 h 3 min", "2 d ago", "now", seen from `now`. */
void words_distance(struct buf *out, int64_t seconds, int64_t now);

/* "15.0 s" from a second on, "42 ms" below. */
void words_duration(struct buf *out, int64_t milliseconds);

/* The domain or host that the report is about; "the run" when it names none. Borrowed. */
const char *words_title(const struct report *report);

/* ", seen from site-a, site-b": the run's place and those of its observations; nothing when none is named. */
void words_places(struct buf *out, const struct report *report);

/* The times of the clock, in the order in which they are shown. */
enum { WORDS_CLOCK_LINES = 3 };
struct words_clock {
	const char *label;
	int64_t seconds; /* or TIME_UNKNOWN */
};
void words_clock(const struct verdict *verdict, struct words_clock lines[WORDS_CLOCK_LINES]);

#endif
