#include "io/loop.h"

#include <unistd.h>

#include "../check_main.h"
#include "io/deadline.h"

static struct loop *loop;
static char trace[64];
static size_t traced;

static void note(char letter)
{
	if (traced < sizeof trace - 1)
		trace[traced++] = letter;
	trace[traced] = '\0';
}

static void setup(void)
{
	loop = loop_new();
	traced = 0;
	trace[0] = '\0';
}

static void teardown(void)
{
	loop_free(loop);
}

static char a[] = "a", b[] = "b", s[] = "s", two[] = "2", three[] = "3";
static struct ready first, second, third;

static void on_letter(void *user)
{
	note(*(const char *)user);
}

static void on_first(void *user)
{
	note('1');
	ready_cancel(&second);
	ready_queue(&third, loop, on_letter, user);
	note('|');
}

START_TEST(nothing_runs_inside_the_call_that_queues_it)
{
	ready_queue(&first, loop, on_letter, a);
	ready_queue(&first, loop, on_letter, b);
	ck_assert_str_eq(trace, "");
	loop_run(loop);
	ck_assert_str_eq(trace, "a");
}
END_TEST

START_TEST(a_callback_may_cancel_its_neighbour_and_queue_another)
{
	ready_queue(&first, loop, on_first, three);
	ready_queue(&second, loop, on_letter, two);
	loop_run(loop);
	ck_assert_str_eq(trace, "1|3");
}
END_TEST

static int again;

static void on_again(void *user)
{
	(void)user;
	note('r');
	if (++again < 3)
		ready_queue(&first, loop, on_again, NULL);
}

START_TEST(what_queues_itself_runs_once_a_turn)
{
	again = 0;
	ready_queue(&first, loop, on_again, NULL);
	ready_queue(&second, loop, on_letter, s);
	loop_run(loop);
	ck_assert_str_eq(trace, "rsrr");
}
END_TEST

static struct deadline *one, *other;

static void on_one(void *user)
{
	(void)user;
	note('d');
	deadline_free(one);
	deadline_free(other);
}

static void on_never(void *user)
{
	(void)user;
	note('!');
}

START_TEST(a_deadline_may_free_itself_and_another_that_is_due)
{
	one = deadline_new(loop, 1, on_one, NULL);
	other = deadline_new(loop, 1, on_never, NULL);
	loop_run(loop);
	ck_assert_str_eq(trace, "d");
}
END_TEST

static void on_repeat(void *user)
{
	(void)user;
	note('x');
	size_t before = traced;
	if (traced < 3)
		deadline_again(one, 0);
	else
		deadline_free(one);
	ck_assert_uint_eq(traced, before); /* never inside the call */
}

START_TEST(a_deadline_of_zero_expires_on_a_later_turn_each_time)
{
	one = deadline_new(loop, 0, on_repeat, NULL);
	ck_assert_str_eq(trace, "");
	loop_run(loop);
	ck_assert_str_eq(trace, "xxx");
}
END_TEST

static uv_poll_t poll_handle;

static void on_readable(uv_poll_t *handle, int status, int events)
{
	note(status == 0 && (events & UV_READABLE) != 0 ? 'p' : '?');
	uv_close((uv_handle_t *)handle, NULL);
	deadline_free(one);
}

/* As on a busy machine: the time is over before the loop has its first look at a socket, and in it lies what came in time. */
START_TEST(what_came_before_the_deadline_is_seen_before_it)
{
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(uv_poll_init(loop_uv(loop), &poll_handle, ends[0]), 0);
	uv_poll_start(&poll_handle, UV_READABLE, on_readable);
	one = deadline_new(loop, 5, on_never, NULL);
	ck_assert_int_eq(write(ends[1], "x", 1), 1);
	usleep(20000);
	loop_run(loop);
	ck_assert_str_eq(trace, "p");
	close(ends[0]);
	close(ends[1]);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("loop");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, nothing_runs_inside_the_call_that_queues_it);
	tcase_add_test(tcase, a_callback_may_cancel_its_neighbour_and_queue_another);
	tcase_add_test(tcase, what_queues_itself_runs_once_a_turn);
	tcase_add_test(tcase, a_deadline_may_free_itself_and_another_that_is_due);
	tcase_add_test(tcase, a_deadline_of_zero_expires_on_a_later_turn_each_time);
	tcase_add_test(tcase, what_came_before_the_deadline_is_seen_before_it);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("io/loop", fill)
