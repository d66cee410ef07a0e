#include "base/clock.h"

#include "../check_main.h"

static const struct {
	const char *text;
	bool is_good;
	int64_t seconds;
} times[] = {
    {"1970-01-01T00:00:00Z", true, 0},
    {"2026-11-21T23:06:59Z", true, 1795302419},
    {"2026-11-22t00:06:59+01:00", true, 1795302419},
    {"2026-11-21 18:06:59.123456-05:00", true, 1795302419},
    {"2026-11-21", true, 1795219200},
    {"2040-02-29T00:00:00Z", true, 2214086400},
    {"2026-02-30T00:00:00Z", false, 0},
    {"2026-11-21T24:00:00Z", false, 0},
    {"2026-11-21T23:06Z", false, 0},
    {"2026-11-21T23:06:59", false, 0},
    {"2026-11-21T23:06:59+25:00", false, 0},
    {"tomorrow", false, 0},
    {"", false, 0},
};

START_TEST(times_are_read_as_rfc_3339_has_them)
{
	int64_t seconds = -1;
	ck_assert_msg(clock_parse(times[_i].text, &seconds) == times[_i].is_good, "%s", times[_i].text);
	if (times[_i].is_good)
		ck_assert_msg(seconds == times[_i].seconds, "%s: %lld", times[_i].text, (long long)seconds);
}
END_TEST

static const struct {
	const char *text;
	int64_t milliseconds;
} fractions[] = {
    {"1970-01-01T00:00:01Z", 1000},   {"1970-01-01T00:00:01.5Z", 1500},         {"1970-01-01T00:00:01.05Z", 1050},
    {"1970-01-01T00:00:01.1239Z", 1123}, {"1970-01-01T01:00:01.007+01:00", 1007}, {"1969-12-31T23:59:59.999Z", -1},
};

START_TEST(fractions_are_read_to_the_millisecond)
{
	int64_t milliseconds = 0;
	ck_assert(clock_parse_ms(fractions[_i].text, &milliseconds));
	ck_assert_int_eq(milliseconds, fractions[_i].milliseconds);
	ck_assert(!clock_parse_ms("soon", &milliseconds));
}
END_TEST

static const struct {
	const char *text;
	int64_t milliseconds; /* 0: refused */
} durations[] = {
    {"5", 5000}, {"5s", 5000}, {"400ms", 400}, {"2m", 120000}, {"4h", 14400000}, {"3d", 259200000},
    {"0", 0}, {"-1", 0}, {"", 0}, {"5x", 0}, {"1.5s", 0}, {"367d", 0}, {"9999999999999", 0}, {"s", 0},
};

START_TEST(durations_have_a_number_and_a_unit)
{
	int64_t milliseconds = 0;
	bool is_good = clock_parse_duration(durations[_i].text, &milliseconds);
	ck_assert_msg(is_good == (durations[_i].milliseconds != 0), "%s", durations[_i].text);
	ck_assert_msg(milliseconds == durations[_i].milliseconds, "%s", durations[_i].text);
}
END_TEST

static const struct {
	int64_t seconds;
	const char *text;
} spans[] = {
    {0, "0 s"}, {42, "42 s"}, {60, "1 min"}, {250, "4 min 10 s"}, {3600, "1 h"}, {11520, "3 h 12 min"},
    {86400, "1 d"}, {100800, "1 d 4 h"}, {259200, "3 d"}, {-5, "0 s"},
};

START_TEST(spans_name_two_units_at_most)
{
	char text[CLOCK_TEXT_BYTES];
	ck_assert_str_eq(clock_format_span(spans[_i].seconds, text), spans[_i].text);
}
END_TEST

START_TEST(what_was_read_is_written_again)
{
	char text[CLOCK_TEXT_BYTES];
	ck_assert_str_eq(clock_format(1795302419, text), "2026-11-21T23:06:59Z");
	ck_assert_str_eq(clock_format_ms(1795302419123, text), "2026-11-21T23:06:59.123Z");
	ck_assert_str_eq(clock_format_ms(-1, text), "1969-12-31T23:59:59.999Z");
	ck_assert_str_eq(clock_format(INT64_MAX, text), "9999-12-31T23:59:59Z");
	ck_assert_str_eq(clock_format(-37769045581, text), "0773-02-23T06:26:59Z");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("clock");
	tcase_add_loop_test(tcase, times_are_read_as_rfc_3339_has_them, 0, sizeof times / sizeof times[0]);
	tcase_add_loop_test(tcase, fractions_are_read_to_the_millisecond, 0, sizeof fractions / sizeof fractions[0]);
	tcase_add_loop_test(tcase, durations_have_a_number_and_a_unit, 0, sizeof durations / sizeof durations[0]);
	tcase_add_loop_test(tcase, spans_name_two_units_at_most, 0, sizeof spans / sizeof spans[0]);
	tcase_add_test(tcase, what_was_read_is_written_again);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("base/clock", fill)
