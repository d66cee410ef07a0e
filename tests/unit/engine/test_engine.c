#include "engine/engine.h"

#include <signal.h>
#include <string.h>

#include "../check_main.h"
#include "base/xalloc.h"
#include "io/deadline.h"
#include "io/net.h"

enum { MOST = 16, PATIENCE_MS = 20 };

/* What was seen of the jobs and migrations, in order. */
static char *events[MOST * 4];
static size_t event_count;
static int running, most_running;
static struct net_config config;
static struct net *net;
static struct endpoint resolver;

static void note(const char *what, const char *who)
{
	ck_assert_uint_lt(event_count, sizeof events / sizeof events[0]);
	events[event_count++] = xasprintf("%s %s", what, who);
}

static void finish(struct job *job, enum outcome outcome)
{
	struct observation *o = observation_new("fake", job->target->host, NULL, 0);
	o->outcome = outcome;
	job_observe(job, o);
	deadline_free(job->state);
	job->state = NULL;
	running--;
	job_end(job);
}

static void on_time(void *user)
{
	finish(user, OUTCOME_OK);
}

static void fake_start(struct job *job)
{
	note("start", job->target->host);
	running++;
	if (running > most_running)
		most_running = running;
	/* "slow" waits to be interrupted; "now" ends inside its own start. */
	if (strcmp(job->target->host, "now") == 0)
		finish(job, OUTCOME_OK);
	else
		job->state = deadline_new(job->net->loop, strcmp(job->target->host, "slow") == 0 ? 60000 : PATIENCE_MS, on_time, job);
	if (strcmp(job->target->host, "slow") == 0)
		raise(SIGINT);
}

static void fake_stop(struct job *job)
{
	note("stop", job->target->host);
	finish(job, OUTCOME_CANCELLED);
}

static const struct probe fake = {.name = "fake", .about = "for tests", .start = fake_start, .stop = fake_stop};

static void on_done(void *user, struct migration *migration)
{
	(void)user;
	note("done", migration->policy.domain);
	for (size_t i = 0; i < migration->evidence.count; i++)
		note(outcome_name(migration->evidence.observations[i]->outcome), migration->evidence.observations[i]->target);
	migration_free(migration);
}

static struct migration *make(const char *domain, const char *const *hosts)
{
	struct policy policy;
	policy_init(&policy);
	policy.domain = xstrdup(domain);
	struct migration *migration = migration_new(&policy);
	for (; *hosts != NULL; hosts++) {
		struct target target = {.label = xstrdup(*hosts), .host = xstrdup(*hosts)};
		migration_plan(migration, &fake, &target);
	}
	return migration;
}

static bool run(struct migration **migrations, int jobs)
{
	static const struct engine_listener listener = {.migration_done = on_done};
	struct engine *engine = engine_new(net, jobs, &listener);
	for (; *migrations != NULL; migrations++)
		engine_take(engine, *migrations);
	bool is_interrupted = engine_run(engine);
	engine_free(engine);
	return is_interrupted;
}

static bool happened(const char *event)
{
	for (size_t i = 0; i < event_count; i++)
		if (strcmp(events[i], event) == 0)
			return true;
	return false;
}

static void setup(void)
{
	struct error error = {{0}};
	ck_assert(endpoint_from_text(&resolver, "127.0.0.1", 1));
	config = (struct net_config){.resolvers = &resolver, .resolver_count = 1, .rate = 100, .per_host = 4, .dns_tries = 1};
	net = net_new(&config, &error);
	ck_assert_msg(net != NULL, "%s", error.text);
	running = most_running = 0;
}

static void teardown(void)
{
	net_free(net);
	while (event_count > 0)
		free(events[--event_count]);
}

START_TEST(migrations_are_handed_back_one_by_one_within_the_limit)
{
	struct migration *migrations[] = {make("one", (const char *const[]){"a", "b", "c", NULL}), make("two", (const char *const[]){"d", NULL}), NULL};
	ck_assert(!run(migrations, 2));
	ck_assert_int_eq(most_running, 2);
	ck_assert_str_eq(events[0], "start a");
	ck_assert_str_eq(events[1], "start b");
	ck_assert(happened("done one") && happened("done two") && happened("ok c") && happened("ok d"));
}
END_TEST

static void on_signal(int number)
{
	(void)number;
}

START_TEST(signals_are_given_back_to_who_had_them)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
	struct sigaction ours = {.sa_handler = on_signal}, old, after;
	struct migration *migrations[] = {make("one", (const char *const[]){"a", NULL}), NULL};
	sigaction(signals[_i], &ours, &old);
	ck_assert(!run(migrations, 2));
	sigaction(signals[_i], &old, &after);
	ck_assert(after.sa_handler == on_signal);
}
END_TEST

START_TEST(a_probe_may_end_inside_its_start)
{
	struct migration *migrations[] = {make("one", (const char *const[]){"now", NULL}), NULL};
	ck_assert(!run(migrations, 1));
	ck_assert_uint_eq(event_count, 3);
	ck_assert_str_eq(events[1], "done one");
	ck_assert_str_eq(events[2], "ok now");
}
END_TEST

START_TEST(a_migration_without_a_plan_is_handed_back)
{
	struct migration *migrations[] = {make("empty", (const char *const[]){NULL}), NULL};
	ck_assert(!run(migrations, 4));
	ck_assert_uint_eq(event_count, 1);
	ck_assert_str_eq(events[0], "done empty");
}
END_TEST

START_TEST(an_interrupt_stops_what_runs_and_says_what_was_not_tried)
{
	struct migration *migrations[] = {make("one", (const char *const[]){"slow", "later", NULL}), make("two", (const char *const[]){"never", NULL}),
	                                  NULL};
	ck_assert(run(migrations, 1));
	ck_assert(happened("stop slow"));
	ck_assert(!happened("start later") && !happened("start never"));
	ck_assert(happened("cancelled slow") && happened("cancelled later") && happened("cancelled never"));
	ck_assert(happened("done one") && happened("done two"));
}
END_TEST

START_TEST(what_never_ran_goes_with_the_engine)
{
	static const struct engine_listener listener = {.migration_done = on_done};
	struct engine *engine = engine_new(net, 1, &listener);
	engine_take(engine, make("one", (const char *const[]){"a", NULL}));
	engine_take(engine, make("two", (const char *const[]){"b", NULL}));
	engine_free(engine);
	ck_assert_uint_eq(event_count, 0);
}
END_TEST

START_TEST(a_target_is_planned_once)
{
	struct migration *migration = make("one", (const char *const[]){"a", "a", "b", NULL});
	ck_assert_uint_eq(migration->plan_count, 2);
	migration_free(migration);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("engine");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, migrations_are_handed_back_one_by_one_within_the_limit);
	tcase_add_loop_test(tcase, signals_are_given_back_to_who_had_them, 0, 4);
	tcase_add_test(tcase, a_probe_may_end_inside_its_start);
	tcase_add_test(tcase, a_migration_without_a_plan_is_handed_back);
	tcase_add_test(tcase, an_interrupt_stops_what_runs_and_says_what_was_not_tried);
	tcase_add_test(tcase, what_never_ran_goes_with_the_engine);
	tcase_add_test(tcase, a_target_is_planned_once);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("engine/engine", fill)
