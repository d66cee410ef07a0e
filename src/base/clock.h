#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
/* The only file that asks the system for the time, and the forms in which times are read and written. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t clock_now_ms(void);       /* wall clock, milliseconds since 1970 UTC */
int64_t clock_monotonic_ms(void); /* never goes back; for elapsed times */

enum { CLOCK_TEXT_BYTES = 32 };

/* "2026-11-21T23:06:59Z" for seconds since 1970 UTC (years 0 to 9999, clamped). Returns `text`. */
char *clock_format(int64_t seconds, char text[CLOCK_TEXT_BYTES]);
/* "2026-11-21T23:06:59.123Z" for milliseconds. */
char *clock_format_ms(int64_t milliseconds, char text[CLOCK_TEXT_BYTES]);

/* RFC 3339 date-time with Z or an offset, fraction dropped; also a date alone (midnight UTC). */
bool clock_parse(const char *text, int64_t *seconds);
/* The same with the fraction kept to the millisecond. */
bool clock_parse_ms(const char *text, int64_t *milliseconds);

/* A wait: "5", "5s", "400ms", "2m", "4h", "3d"; milliseconds, 1 ms to 366 days. */
bool clock_parse_duration(const char *text, int64_t *milliseconds);

/* "1 d 4 h", "3 h 12 min", "59 min", "4 min 10 s", "42 s": two units at most. Returns `text`. */
char *clock_format_span(int64_t seconds, char text[CLOCK_TEXT_BYTES]);

#endif
