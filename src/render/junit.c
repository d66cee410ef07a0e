/*
 * JUnit XML for build servers: a suite a migration, a case a finding. A fail is a failure, an unknown an error, a skip
 * skipped; a warning passes with its text, as JUnit knows no warnings.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/renderer.h"
#include "cutover/sink.h"
#include "render/advice.h"
#include "render/walk.h"
#include "render/words.h"

struct state {
	struct verdict all;
	struct sink *suites;
};

static void begin(struct render *render)
{
	struct state *state = xcalloc(1, sizeof *state);
	verdict_init(&state->all);
	state->suites = sink_new_memory();
	render->state = state;
}

/* `open` and `close` are ours, the text between them is escaped: element content or a quoted attribute. */
static void put(struct sink *sink, const char *open, const char *text, const char *close)
{
	struct buf clean, out;
	buf_init(&clean, LIMIT_FACT_BYTES * 4);
	buf_init(&out, LIMIT_FACT_BYTES * 24);
	escape_terminal(&clean, text);
	escape_xml(&out, clean.bytes);
	sink_puts(sink, open);
	sink_write(sink, out.bytes, out.length);
	sink_puts(sink, close);
	buf_clear(&clean);
	buf_clear(&out);
}

static size_t total(const struct verdict *verdict)
{
	return verdict->findings - verdict->ignored;
}

static void put_counts(struct sink *sink, const struct verdict *verdict)
{
	sink_printf(sink, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", total(verdict),
	            verdict->counts[SEVERITY_FAIL], verdict->counts[SEVERITY_UNKNOWN], verdict->counts[SEVERITY_SKIP]);
}

static void put_advice(struct sink *sink, const struct finding *finding)
{
	struct advice advice;
	advice_init(&advice, finding);
	if (advice.message != NULL)
		put(sink, "Microsoft: ", advice.message, "\n");
	put(sink, "", advice.cause, "\n");
	for (size_t i = 0; i < advice.step_count; i++)
		put(sink, "- ", advice.steps[i].text, "\n");
	advice_clear(&advice);
}

static void put_case(struct sink *sink, const struct report *report, const struct finding *finding)
{
	static const char *const elements[] = {
	    [SEVERITY_PASS] = NULL,      [SEVERITY_INFO] = "system-out", [SEVERITY_SKIP] = "skipped",
	    [SEVERITY_UNKNOWN] = "error", [SEVERITY_WARN] = "system-out", [SEVERITY_FAIL] = "failure",
	};
	const char *element = elements[finding->severity];
	bool has_message = finding->severity != SEVERITY_INFO && finding->severity != SEVERITY_WARN;
	put(sink, "    <testcase classname=\"", words_title(report), "\"");
	sink_printf(sink, " name=\"%s ", catalogue_get(finding->id)->id);
	put(sink, "", finding->subject, "\"");
	if (element == NULL) {
		sink_puts(sink, "/>\n");
		return;
	}
	sink_printf(sink, ">\n      <%s", element);
	if (has_message)
		put(sink, " message=\"", finding->summary, "\">");
	else
		put(sink, ">", words_state(finding->severity), ": ");
	if (!has_message)
		put(sink, "", finding->summary, "\n");
	if (finding->severity >= SEVERITY_UNKNOWN)
		put_advice(sink, finding);
	sink_printf(sink, "</%s>\n    </testcase>\n", element);
}

static void put_walk_line(void *user, const char *line)
{
	put(user, "", line, "\n");
}

static void report_junit(struct render *render, const struct report *report)
{
	struct state *state = render->state;
	struct verdict verdict = report_verdict(report, 1);
	struct sink *sink = state->suites;
	char started[CLOCK_TEXT_BYTES];
	int64_t elapsed_ms = report->run->finished_ms - report->run->started_ms;
	verdict_add(&state->all, report);
	put(sink, "  <testsuite name=\"", words_title(report), "\"");
	put_counts(sink, &verdict);
	sink_printf(sink, " time=\"%lld.%03lld\"", (long long)(elapsed_ms / 1000), (long long)(elapsed_ms % 1000));
	sink_printf(sink, " timestamp=\"%s\">\n", clock_format(report->run->started_ms / 1000, started));
	for (size_t i = 0; i < report->findings->count; i++)
		put_case(sink, report, report->findings->items[i]);
	if (report->diagnosis != NULL) {
		sink_puts(sink, "    <system-out>");
		walk_lines(report->diagnosis, put_walk_line, sink);
		sink_puts(sink, "</system-out>\n");
	}
	sink_puts(sink, "  </testsuite>\n");
}

static void end(struct render *render)
{
	struct state *state = render->state;
	size_t length;
	sink_puts(render->sink, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cutover\"");
	put_counts(render->sink, &state->all);
	sink_puts(render->sink, ">\n");
	const char *suites = sink_memory(state->suites, &length);
	sink_write(render->sink, suites, length);
	sink_puts(render->sink, "</testsuites>\n");
	sink_abandon(state->suites);
	free(state);
	render->state = NULL;
}

const struct renderer junit_renderer = {"junit", "JUnit XML for build servers", begin, report_junit, end};
