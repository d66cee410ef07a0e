#include "app/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/options.h"
#include "base/clock.h"
#include "base/str.h"

enum { QUIET_MS = 1000 };

void progress_init(struct progress *progress, const struct options *options)
{
	const char *term = getenv("TERM");
	*progress = (struct progress){
	    .is_on = isatty(STDERR_FILENO) && term != NULL && !str_equal(term, "dumb") && !option_is_set(options, OPTION_QUIET) &&
	             !str_equal(option_text(options, OPTION_PROGRESS), "never"),
	    .began_ms = clock_monotonic_ms(),
	};
}

static void put_state(const struct progress *progress, const struct engine_state *state)
{
	int64_t elapsed = clock_monotonic_ms() - progress->began_ms;
	fprintf(stderr, "%zu of %zu checks done, %d s", state->jobs_done, state->jobs_total, (int)(elapsed / 1000));
	if (state->oldest != NULL)
		fprintf(stderr, ", waiting for %s %.60s", state->probe, state->oldest);
}

void progress_show(struct progress *progress, const struct engine_state *state)
{
	if (!progress->is_on || clock_monotonic_ms() - progress->began_ms < QUIET_MS)
		return;
	fputs("\r\033[K", stderr);
	put_state(progress, state);
	fflush(stderr);
	progress->is_shown = true;
}

void progress_say(struct progress *progress, const struct engine_state *state)
{
	progress_clear(progress);
	fputs("cutover: ", stderr);
	put_state(progress, state);
	fputc('\n', stderr);
}

void progress_clear(struct progress *progress)
{
	if (!progress->is_shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->is_shown = false;
}
