/*
 * The words of a Nagios plug-in: "CRITICAL - text | performance data", then one line a finding. The exit status is the
 * same whatever the format. Source: Monitoring Plugins Development Guidelines, "Plugin Output for Nagios".
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/renderer.h"
#include "cutover/sink.h"
#include "render/measures.h"
#include "render/walk.h"
#include "render/words.h"

enum { FIRST_LINE_IDS = 6, DAY_S = 86400 };

/* The first line speaks of all migrations, so all but the verdict is kept until the end. */
struct state {
	struct verdict all;
	struct measures worst;
	int64_t cert_days, cert_limit; /* left of the certificate that ends first; its limit, or -1 */
	struct buf ids;                /* "port-timeout imap.contoso.com:993; ..." of the first few that decide */
	size_t decided;
	struct sink *details;
	size_t reports;
	char *title;
};

static void begin(struct render *render)
{
	struct state *state = xcalloc(1, sizeof *state);
	verdict_init(&state->all);
	state->worst.mx_ttl_s = -1;
	state->cert_limit = -1;
	buf_init(&state->ids, LIMIT_LINE_BYTES);
	state->details = sink_new_memory();
	render->state = state;
}

static void clean(struct buf *out, const char *text)
{
	struct buf printable;
	buf_init(&printable, LIMIT_FACT_BYTES * 4);
	escape_terminal(&printable, text);
	escape_nagios(out, printable.bytes);
	buf_clear(&printable);
}

static void put(struct sink *sink, const char *text)
{
	struct buf out;
	buf_init(&out, LIMIT_FACT_BYTES * 4);
	clean(&out, text);
	sink_write(sink, out.bytes, out.length);
	buf_clear(&out);
}

static void take_measures(struct state *state, const struct report *report)
{
	struct measures m = measures_of(report);
	if (m.mx_ttl_s > state->worst.mx_ttl_s) {
		state->worst.mx_ttl_s = m.mx_ttl_s;
		state->worst.ttl_limit_s = m.ttl_limit_s;
	}
	if (m.elapsed_ms > state->worst.elapsed_ms)
		state->worst.elapsed_ms = m.elapsed_ms;
	if (m.cert_not_after == TIME_UNKNOWN || report->policy->now == TIME_UNKNOWN)
		return;
	int64_t days = (m.cert_not_after - report->policy->now) / DAY_S;
	if (state->cert_limit >= 0 && state->cert_days <= days)
		return;
	state->cert_days = days;
	state->cert_limit = report->policy->cert_days;
}

static void put_walk_line(void *user, const char *line)
{
	put(user, line);
	sink_puts(user, "\n");
}

static void report_nagios(struct render *render, const struct report *report)
{
	struct state *state = render->state;
	verdict_add(&state->all, report);
	take_measures(state, report);
	if (state->reports++ == 0)
		state->title = xstrdup(words_title(report));
	if (report->diagnosis != NULL)
		walk_lines(report->diagnosis, put_walk_line, state->details);
	for (size_t i = 0; i < report->findings->count; i++) {
		const struct finding *finding = report->findings->items[i];
		const char *id = catalogue_get(finding->id)->id;
		if (finding->severity == SEVERITY_PASS && render->options->verbosity < 1)
			continue;
		sink_printf(state->details, "%s %s ", words_state(finding->severity), id);
		put(state->details, finding->subject);
		sink_puts(state->details, ": ");
		put(state->details, finding->summary);
		sink_puts(state->details, "\n");
		if (finding->severity < SEVERITY_UNKNOWN || state->decided++ >= FIRST_LINE_IDS)
			continue;
		buf_printf(&state->ids, "%s%s ", state->ids.length > 0 ? "; " : "", id);
		clean(&state->ids, finding->subject);
	}
}

static void put_first_line(struct sink *sink, const struct state *state)
{
	static const char *const words[] = {"OK", "OK", "OK", "UNKNOWN", "WARNING", "CRITICAL"}; /* by severity */
	struct buf headline;
	buf_init(&headline, LIMIT_LINE_BYTES);
	words_headline(&headline, &state->all);
	bool is_undecided = state->all.is_interrupted && state->all.status < SEVERITY_FAIL;
	sink_printf(sink, "%s - ", words[is_undecided ? SEVERITY_UNKNOWN : state->all.status]);
	if (state->reports == 1) {
		put(sink, state->title);
		sink_puts(sink, " ");
	} else {
		sink_printf(sink, "%zu migrations ", state->reports);
	}
	put(sink, headline.bytes);
	if (state->decided > 0)
		sink_printf(sink, " (%s", state->ids.bytes);
	if (state->decided > FIRST_LINE_IDS)
		sink_printf(sink, " and %zu more", state->decided - FIRST_LINE_IDS);
	sink_puts(sink, state->decided > 0 ? ")" : "");
	buf_clear(&headline);
}

/* 'label'=value[unit];[warn];[crit];[min];[max] */
static void put_performance(struct sink *sink, const struct state *state)
{
	const struct measures *worst = &state->worst;
	sink_puts(sink, " |");
	for (int severity = SEVERITY_FAIL; severity >= SEVERITY_PASS; severity--)
		sink_printf(sink, " %s=%zu;;;0", severity_name((enum severity)severity), state->all.counts[severity]);
	sink_printf(sink, " ignored=%zu;;;0", state->all.ignored);
	if (worst->mx_ttl_s >= 0)
		sink_printf(sink, " mx_ttl=%llds;%lld;;0", (long long)worst->mx_ttl_s, (long long)worst->ttl_limit_s);
	if (state->cert_limit >= 0)
		sink_printf(sink, " cert_days=%lld;%lld:;0:", (long long)state->cert_days, (long long)state->cert_limit);
	long long elapsed_ms = worst->elapsed_ms;
	sink_printf(sink, " time=%lld.%03llds;;;0\n", elapsed_ms / 1000, elapsed_ms % 1000);
}

static void end(struct render *render)
{
	struct state *state = render->state;
	size_t length;
	put_first_line(render->sink, state);
	put_performance(render->sink, state);
	const char *details = sink_memory(state->details, &length);
	if (render->options->verbosity >= 0)
		sink_write(render->sink, details, length);
	sink_abandon(state->details);
	buf_clear(&state->ids);
	free(state->title);
	free(state);
	render->state = NULL;
}

const struct renderer nagios_renderer = {"nagios", "the words of a Nagios plug-in", begin, report_nagios, end};
