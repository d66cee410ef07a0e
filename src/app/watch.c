/* `watch DOMAIN`: propagation, again at the times that matter, until all have the new set or the deadline passes. */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/command.h"
#include "app/options.h"
#include "app/output.h"
#include "app/vantage.h"
#include "app/watch_round.h"
#include "app/watch_show.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "engine/interrupt.h"

enum { DEADLINE_DEFAULT_MS = 24 * 3600 * 1000, TICK_MS = 1000 };
enum ending { GOES_ON, IS_DONE, IS_LATE, IS_INTERRUPTED };

static volatile sig_atomic_t is_interrupted, is_asked;

static void on_interrupt(int signal)
{
	(void)signal;
	is_interrupted = 1;
}

static void on_question(int signal)
{
	(void)signal;
	is_asked = 1;
}

/* The event loop takes the signals for itself during a round and gives them back. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_interrupt}, question = {.sa_handler = on_question};
	for (size_t i = 0; i < INTERRUPTS; i++)
		if (interrupt_signal(i) != 0)
			sigaction(interrupt_signal(i), &action, NULL);
	sigaction(SIGUSR1, &question, NULL);
}

static void sleep_ms(int64_t milliseconds)
{
	struct timespec span = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
	nanosleep(&span, NULL); /* a signal ends it */
}

static void sleep_until(struct watch_show *show, const struct watch *watch, int64_t until_ms)
{
	while (!is_interrupted) {
		if (is_asked)
			watch_show_answer(show, watch, until_ms);
		is_asked = 0;
		watch_show_tick(show, watch, until_ms);
		int64_t left_ms = until_ms - clock_now_ms();
		if (left_ms <= 0)
			return;
		sleep_ms(left_ms < TICK_MS ? left_ms : TICK_MS);
	}
}

static void report(struct output *output, const struct options *options, const struct watch *watch, enum ending ending)
{
	static const enum run_end ends[] = {[IS_DONE] = END_AWAITED, [IS_LATE] = END_LATE, [IS_INTERRUPTED] = END_BY_FINDINGS};
	struct run_info run = {
	    .command = "watch",
	    .vantage = vantage_name(options),
	    .started_ms = watch->started_ms,
	    .finished_ms = clock_now_ms(),
	    .is_interrupted = ending == IS_INTERRUPTED,
	    .end = ends[ending],
	};
	output_round(output, &run, &watch->policy, &watch->evidence, ending != GOES_ON);
}

static enum ending ending_of(const struct watch *watch, int64_t deadline_ms)
{
	if (is_interrupted)
		return IS_INTERRUPTED;
	if (watch_is_done(watch))
		return IS_DONE;
	return clock_now_ms() >= deadline_ms ? IS_LATE : GOES_ON;
}

/* To the end, which the output then knows; -1 with the error. */
static int watch_all(struct watch *watch, const struct options *options, struct output *output, struct error *error)
{
	static const char *const words[] = {[IS_DONE] = "done", [IS_LATE] = "the deadline has passed", [IS_INTERRUPTED] = "interrupted"};
	int64_t deadline_ms = watch->started_ms + option_number(options, OPTION_DEADLINE, DEADLINE_DEFAULT_MS);
	struct watch_show show;
	enum ending ending = GOES_ON;
	watch_show_init(&show, options, !output_has_stdout(output));
	watch_show_begin(&show, watch);
	while (ending == GOES_ON) {
		int result = watch_round(watch, error);
		if (result < 0)
			return -1;
		is_interrupted = is_interrupted || result > 0;
		ending = ending_of(watch, deadline_ms);
		watch_show_round(&show, watch);
		report(output, options, watch, ending);
		if (ending != GOES_ON)
			break;
		int64_t next_ms = watch_next(watch, clock_now_ms());
		sleep_until(&show, watch, next_ms < deadline_ms ? next_ms : deadline_ms);
		if (next_ms < deadline_ms && !is_interrupted)
			continue;
		ending = is_interrupted ? IS_INTERRUPTED : IS_LATE;
		report(output, options, watch, ending);
	}
	watch_show_end(&show, watch, words[ending]);
	return 0;
}

/* The user's own command, as he wrote it, with CUTOVER_STATUS in its environment. */
static void run_then(const char *command, int status)
{
	extern char **environ;
	char shell[] = "/bin/sh", flag[] = "-c", number[16];
	char *text = xstrdup(command);
	char *arguments[] = {shell, flag, text, NULL};
	pid_t child;
	snprintf(number, sizeof number, "%d", status);
	setenv("CUTOVER_STATUS", number, 1);
	sigset_t defaults;
	posix_spawnattr_t attributes;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE); /* which we ignore */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	int failed = posix_spawn(&child, shell, NULL, &attributes, arguments, environ);
	posix_spawnattr_destroy(&attributes);
	if (failed != 0)
		fprintf(stderr, "cutover: --then: %s\n", strerror(failed));
	while (failed == 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	free(text);
}

static int watch_run(const struct options *options, struct error *error)
{
	struct watch watch;
	struct output *output = NULL;
	int status = -1;
	if (watch_init(&watch, options, error) == 0 && (output = output_open(options, error)) != NULL) {
		catch_signals();
		if (watch_all(&watch, options, output, error) < 0)
			output_abandon(output);
		else
			status = output_close(output, error);
	}
	watch_clear(&watch);
	if (option_is_set(options, OPTION_THEN) && status >= 0 && !is_interrupted)
		run_then(option_text(options, OPTION_THEN), status);
	return status;
}

const struct command watch_command = {
    .name = "watch",
    .arguments = "DOMAIN",
    .about = "Look at the caches again whenever one expires, until all have the new MX set; a live table on a terminal",
    .examples = "cutover watch contoso.com --old-mx mail.contoso.com --deadline 4h\n"
                "cutover watch contoso.com --since before.jsonl --then 'mail -s \"MX: $CUTOVER_STATUS\" me </dev/null'",
    .least_arguments = 1,
    .most_arguments = 1,
    .asks_public = true,
    .takes_domain = true,
    .is_live = true,
    .phase = PHASE_AFTER,
    .probes = "ttl",
    .run = watch_run,
};
