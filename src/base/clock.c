#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/str.h"

static int64_t read_clock(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static const int64_t FIRST_SECOND = -62167219200; /* 0000-01-01T00:00:00Z */
static const int64_t LAST_SECOND = 253402300799;  /* 9999-12-31T23:59:59Z */

char *clock_format(int64_t seconds, char text[CLOCK_TEXT_BYTES])
{
	seconds = seconds < FIRST_SECOND ? FIRST_SECOND : seconds > LAST_SECOND ? LAST_SECOND : seconds;
	time_t when = (time_t)seconds;
	struct tm utc;
	gmtime_r(&when, &utc);
	/* strftime's %Y does not fill up to four digits. */
	snprintf(text, CLOCK_TEXT_BYTES, "%04u", (unsigned)(utc.tm_year + 1900) % 10000u);
	strftime(text + 4, CLOCK_TEXT_BYTES - 4, "-%m-%dT%H:%M:%SZ", &utc);
	return text;
}

char *clock_format_ms(int64_t milliseconds, char text[CLOCK_TEXT_BYTES])
{
	int64_t seconds = milliseconds / 1000 - (milliseconds % 1000 < 0);
	clock_format(seconds, text);
	size_t end = strlen(text) - 1;
	snprintf(text + end, CLOCK_TEXT_BYTES - end, ".%03dZ", (int)(milliseconds - seconds * 1000));
	return text;
}

/* Reads "+01:00", "-05:30" or "Z"; the whole rest of the text. */
static bool parse_offset(const char *text, int64_t *seconds)
{
	int hours, minutes, used = 0;
	if (str_equal_nocase(text, "Z")) {
		*seconds = 0;
		return true;
	}
	if ((text[0] != '+' && text[0] != '-') || sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &used) != 2 || used != 5 ||
	    text[6] != '\0' || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*seconds = (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

bool clock_parse(const char *text, int64_t *seconds)
{
	struct tm utc = {0};
	int used = 0;
	int64_t offset = 0;
	if (strlen(text) < 10 || sscanf(text, "%4d-%2d-%2d%n", &utc.tm_year, &utc.tm_mon, &utc.tm_mday, &used) != 3 || used != 10)
		return false;
	const char *rest = text + used;
	if (*rest != '\0') {
		if ((*rest != 'T' && *rest != 't' && *rest != ' ') ||
		    sscanf(rest + 1, "%2d:%2d:%2d%n", &utc.tm_hour, &utc.tm_min, &utc.tm_sec, &used) != 3 || used != 8)
			return false;
		rest += 9;
		if (*rest == '.')
			rest += 1 + strspn(rest + 1, "0123456789");
		if (!parse_offset(rest, &offset))
			return false;
	}
	struct tm asked = utc;
	utc.tm_year -= 1900;
	utc.tm_mon -= 1;
	time_t when = timegm(&utc);
	/* timegm mends 31 February into March; a date that had to be mended was no date (a leap second may move on). */
	if (utc.tm_mon + 1 != asked.tm_mon || utc.tm_mday != asked.tm_mday || utc.tm_hour != asked.tm_hour)
		return false;
	*seconds = (int64_t)when - offset;
	return true;
}

bool clock_parse_ms(const char *text, int64_t *milliseconds)
{
	int64_t seconds;
	if (!clock_parse(text, &seconds))
		return false;
	const char *point = strchr(text, '.');
	int fraction = 0;
	for (int digit = 1; digit <= 3; digit++) {
		bool has_digit = point != NULL && point[digit] >= '0' && point[digit] <= '9';
		if (!has_digit)
			point = NULL; /* zeros stand for the digits that are not there */
		fraction = fraction * 10 + (has_digit ? point[digit] - '0' : 0);
	}
	*milliseconds = seconds * 1000 + fraction;
	return true;
}

bool clock_parse_duration(const char *text, int64_t *milliseconds)
{
	static const struct {
		const char *unit;
		int64_t milliseconds;
	} units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}};
	size_t digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 12)
		return false;
	int64_t number = strtoll(text, NULL, 10);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (!str_equal(text + digits, units[i].unit))
			continue;
		const int64_t ceiling = 366LL * 86400000;
		if (number == 0 || number > ceiling / units[i].milliseconds)
			return false;
		*milliseconds = number * units[i].milliseconds;
		return true;
	}
	return false;
}

char *clock_format_span(int64_t seconds, char text[CLOCK_TEXT_BYTES])
{
	static const struct {
		const char *unit;
		int64_t seconds;
	} units[] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
	const int64_t ceiling = 99999LL * 86400;
	seconds = seconds < 0 ? 0 : seconds > ceiling ? ceiling : seconds;
	size_t i = 0;
	while (i < 3 && seconds < units[i].seconds)
		i++;
	int first = (int)(seconds / units[i].seconds);
	int second = i < 3 ? (int)(seconds % units[i].seconds / units[i + 1].seconds) : 0;
	if (second > 0)
		snprintf(text, CLOCK_TEXT_BYTES, "%d %s %d %s", first, units[i].unit, second, units[i + 1].unit);
	else
		snprintf(text, CLOCK_TEXT_BYTES, "%d %s", first, units[i].unit);
	return text;
}
