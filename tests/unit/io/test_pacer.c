#include "io/pacer.h"

#include "../check_main.h"
#include "base/clock.h"
#include "io/loop.h"

enum { TICKETS = 8 };

static struct loop *loop;
static struct pacer *pacer;
static struct pace_ticket *tickets[TICKETS];
static int order[TICKETS], granted;
static struct endpoint here, there;

static void on_granted(void *user)
{
	order[granted++] = (int)(intptr_t)user;
}

static void ask(int i, const struct endpoint *host)
{
	tickets[i] = pace_ask(pacer, host, on_granted, (void *)(intptr_t)i);
}

static void release(int i)
{
	pace_release(tickets[i]);
	tickets[i] = NULL;
}

static void begin(int rate, int per_host)
{
	loop = loop_new();
	pacer = pacer_new(loop, rate, per_host);
	granted = 0;
	endpoint_from_text(&here, "192.0.2.1", 993);
	endpoint_from_text(&there, "192.0.2.2", 993);
}

static void teardown(void)
{
	for (int i = 0; i < TICKETS; i++)
		release(i);
	pacer_free(pacer);
	loop_free(loop);
}

START_TEST(a_full_host_waits_and_does_not_hold_up_others)
{
	struct endpoint other_port;
	begin(1000, 2);
	endpoint_from_text(&other_port, "192.0.2.1", 143);
	ask(0, &here);
	ask(1, &other_port);
	ask(2, &here);
	ask(3, &there);
	ck_assert_int_eq(granted, 0);
	loop_run(loop);
	ck_assert_int_eq(granted, 3);
	ck_assert_int_eq(order[2], 3);
	release(1);
	loop_run(loop);
	ck_assert_int_eq(granted, 4);
	ck_assert_int_eq(order[3], 2);
}
END_TEST

START_TEST(the_rate_holds_after_the_bucket_is_empty)
{
	int64_t start = clock_monotonic_ms();
	begin(20, 8); /* two at once, then one each 50 ms, however long the turn takes */
	for (int i = 0; i < 5; i++)
		ask(i, NULL);
	uv_run(loop_uv(loop), UV_RUN_NOWAIT);
	ck_assert_int_ge(granted, 2);
	ck_assert_int_le(granted, 2 + (clock_monotonic_ms() - start) / 50);
	loop_run(loop);
	ck_assert_int_eq(granted, 5);
	ck_assert_int_ge(clock_monotonic_ms() - start, 140);
}
END_TEST

START_TEST(a_ticket_is_cancelled_in_each_state)
{
	begin(1, 1); /* one token */
	ask(0, &here);  /* granted, callback due */
	ask(1, &here);  /* waits for its place */
	ask(2, &there); /* waits for a token */
	release(0);
	release(2);
	release(1);
	loop_run(loop);
	ck_assert_int_eq(granted, 0);
}
END_TEST

static void on_granted_release(void *user)
{
	on_granted(user);
	release((int)(intptr_t)user);
}

START_TEST(a_ticket_may_be_released_in_its_own_callback)
{
	begin(1000, 1);
	for (int i = 0; i < TICKETS; i++)
		tickets[i] = pace_ask(pacer, &here, on_granted_release, (void *)(intptr_t)i);
	loop_run(loop);
	ck_assert_int_eq(granted, TICKETS);
	for (int i = 0; i < TICKETS; i++)
		ck_assert_int_eq(order[i], i);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("pacer");
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, a_full_host_waits_and_does_not_hold_up_others);
	tcase_add_test(tcase, the_rate_holds_after_the_bucket_is_empty);
	tcase_add_test(tcase, a_ticket_is_cancelled_in_each_state);
	tcase_add_test(tcase, a_ticket_may_be_released_in_its_own_callback);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("io/pacer", fill)
