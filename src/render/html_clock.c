/*
 * The clock: what is known of the times, drawn as a line of stations. Distances are written, not drawn: five minutes
 * and three days stand side by side here, and a scale would hide the one.
 */
#include <stdbool.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cutover/limits.h"
#include "render/html_parts.h"
#include "render/words.h"

enum { STATIONS = WORDS_CLOCK_LINES + 2, AXIS_Y = 26, ROW_HEIGHT = 44, FIRST_ROW_Y = 66, LEFT = 4, RIGHT = 96 };

struct station {
	const char *label, *class;
	int64_t seconds;
};

/* Inserts by time, the earlier added first among equals. */
static void insert(struct station *stations, size_t *count, struct station one)
{
	if (one.seconds == TIME_UNKNOWN)
		return;
	size_t at = (*count)++;
	for (; at > 0 && stations[at - 1].seconds > one.seconds; at--)
		stations[at] = stations[at - 1];
	stations[at] = one;
}

static size_t gather(const struct html *html, const struct verdict *verdict, struct station *stations)
{
	struct words_clock lines[WORDS_CLOCK_LINES];
	const struct policy *policy = html->report->policy;
	bool is_early = policy->cutover != TIME_UNKNOWN && policy->cutover < verdict->earliest_cutover;
	size_t count = 0;
	words_clock(verdict, lines);
	insert(stations, &count, (struct station){"judged as of", "now", policy->now});
	for (int i = 0; i < WORDS_CLOCK_LINES; i++)
		insert(stations, &count, (struct station){lines[i].label, "known", lines[i].seconds});
	if (is_early)
		insert(stations, &count, (struct station){"planned change: too early", "early", policy->cutover});
	else
		insert(stations, &count, (struct station){"planned change", "planned", policy->cutover});
	return count;
}

static int position(size_t index, size_t count)
{
	return count < 2 ? LEFT : LEFT + (int)((RIGHT - LEFT) * index / (count - 1));
}

/*
 * The row in which a station's words stand. Words left of the middle run to the right of their thread, the others to
 * the left, so the outer ones stand lower: the threads further in have ended there.
 */
static int row_of(size_t index, size_t count)
{
	size_t left = (count + 1) / 2;
	return (int)(index < left ? left - 1 - index : index - left + (left > 1));
}

static void put_when(struct buf *when, const struct html *html, int64_t seconds)
{
	int64_t now = html->report->policy->now;
	words_time(when, seconds);
	if (now != TIME_UNKNOWN && now != seconds) {
		buf_puts(when, ", ");
		words_distance(when, seconds, now);
	}
}

/* The dot, a thread down to its row, and two lines of words there. */
static void put_station(const struct html *html, const struct station *stations, size_t index, size_t count)
{
	const struct station *station = &stations[index];
	int x = position(index, count), y = FIRST_ROW_Y + row_of(index, count) * ROW_HEIGHT;
	const char *anchor = x > 50 ? "end" : "start", *dx = x > 50 ? "-8" : "8";
	struct buf when;
	buf_init(&when, LIMIT_LINE_BYTES);
	put_when(&when, html, station->seconds);
	sink_printf(html->sink, "<line class='thread' x1='%d%%' x2='%d%%' y1='%d' y2='%d'/>", x, x, AXIS_Y, y + 20);
	sink_printf(html->sink, "<circle class='%s' cx='%d%%' cy='%d' r='7'/>", station->class, x, AXIS_Y);
	sink_printf(html->sink, "<g class='%s' text-anchor='%s'>", station->class, anchor);
	sink_printf(html->sink, "<text x='%d%%' dx='%s' y='%d'>%s</text>", x, dx, y, station->label);
	sink_printf(html->sink, "<text class='when' x='%d%%' dx='%s' y='%d'>", x, dx, y + 18);
	html_element(html, "", when.bytes, "</text></g>\n");
	buf_clear(&when);
}

/* "2 d 23 h" between two stations. */
static void put_gap(const struct html *html, const struct station *stations, size_t index, size_t count)
{
	char span[CLOCK_TEXT_BYTES];
	int middle = (position(index, count) + position(index + 1, count)) / 2;
	int64_t seconds = stations[index + 1].seconds - stations[index].seconds;
	if (seconds > 0)
		sink_printf(html->sink, "<text class='gap' x='%d%%' y='%d' text-anchor='middle'>%s</text>\n", middle,
		            AXIS_Y - 12, clock_format_span(seconds, span));
}

static void put_drawing(const struct html *html, const struct station *stations, size_t count)
{
	int rows = row_of(0, count) > row_of(count - 1, count) ? row_of(0, count) : row_of(count - 1, count);
	int height = FIRST_ROW_Y + rows * ROW_HEIGHT + 24;
	sink_printf(html->sink, "<svg aria-hidden='true' width='100%%' height='%d'>\n", height);
	sink_printf(html->sink, "<line class='axis' x1='%d%%' x2='%d%%' y1='%d' y2='%d'/>\n", LEFT, RIGHT, AXIS_Y, AXIS_Y);
	for (size_t i = 0; i < count; i++)
		put_station(html, stations, i, count);
	for (size_t i = 0; i + 1 < count; i++)
		put_gap(html, stations, i, count);
	sink_puts(html->sink, "</svg>\n");
}

/* The same as a list, for phones, where the drawing has no room, and for those who do not see it. */
static void put_list(const struct html *html, const struct station *stations, size_t count)
{
	sink_puts(html->sink, "<ol class='stations'>\n");
	for (size_t i = 0; i < count; i++) {
		struct buf when;
		buf_init(&when, LIMIT_LINE_BYTES);
		put_when(&when, html, stations[i].seconds);
		sink_printf(html->sink, "<li class='%s'><b>", stations[i].class);
		html_element(html, "", stations[i].label, "</b>");
		html_element(html, "<span class='faint'>", when.bytes, "</span></li>\n");
		buf_clear(&when);
	}
	sink_puts(html->sink, "</ol>\n");
}

void html_clock(const struct html *html, const struct verdict *verdict)
{
	struct station stations[STATIONS];
	size_t count = gather(html, verdict, stations);
	if (count < 2) /* the moment of the run alone says nothing */
		return;
	sink_puts(html->sink, "<section class='clock'>\n<h2>The clock</h2>\n");
	put_drawing(html, stations, count);
	put_list(html, stations, count);
	sink_puts(html->sink, "</section>\n");
}
