/*
 * OpenMetrics text for Prometheus' textfile collector. Families stand together whatever the number of migrations, each
 * set of labels once. Source: OpenMetrics 1.0, "Text format". No timestamps: the collector's time is the time.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/renderer.h"
#include "cutover/sink.h"
#include "render/measures.h"
#include "render/seen_dns.h"
#include "render/words.h"

/* FAMILY(symbol, name, unit or "", help); all are gauges. */
#define FAMILIES(FAMILY) \
	FAMILY(EXIT_CODE, "cutover_exit_code", "", "Exit status: 0 ready, 1 warnings, 2 not ready, 3 undecided, 4 late, 130 interrupted.") \
	FAMILY(FINDINGS, "cutover_findings", "", "Findings by severity.") \
	FAMILY(FINDING, "cutover_finding", "", "One for each kind of finding on a subject: how many there are.") \
	FAMILY(PORT_OPEN, "cutover_port_open", "", "Whether a TCP connection to the address was made.") \
	FAMILY(CONNECT, "cutover_port_connect_seconds", "seconds", "Time until the TCP connection stood.") \
	FAMILY(CERTIFICATE, "cutover_certificate_not_after_seconds", "seconds", "End of the leaf certificate's validity.") \
	FAMILY(TTL, "cutover_mx_ttl_seconds", "seconds", "Longest TTL of the MX set as the server gave it.") \
	FAMILY(TTL_LIMIT, "cutover_mx_ttl_limit_seconds", "seconds", "TTL that no MX record should exceed.") \
	FAMILY(EARLIEST, "cutover_earliest_cutover_seconds", "seconds", "Earliest safe cutover.") \
	FAMILY(OLD_GONE, "cutover_old_gone_by_seconds", "seconds", "Last moment at which a cache may be old.") \
	FAMILY(SYNC, "cutover_sync_until_seconds", "seconds", "Earliest end of synchronisation.") \
	FAMILY(STARTED, "cutover_run_started_seconds", "seconds", "Start of the run.") \
	FAMILY(DURATION, "cutover_run_duration_seconds", "seconds", "Time that the run took.")

#define FAMILY_ENUM(symbol, name, unit, help) FAMILY_##symbol,
enum family { FAMILIES(FAMILY_ENUM) FAMILY_COUNT };
#undef FAMILY_ENUM

#define FAMILY_ROW(symbol, name, unit, help) {name, unit, help},
static const struct {
	const char *name, *unit, *help;
} families[] = {FAMILIES(FAMILY_ROW)};
#undef FAMILY_ROW

struct state {
	struct sink *samples[FAMILY_COUNT];
	json_t *domains; /* how often each was reported; jansson's objects are our hash tables */
	json_t *seen;    /* names with labels that stand in `samples` already */
};

struct label {
	const char *name, *value;
};

/* Ends a list of labels. */
#define LABELS(...) ((const struct label[]){__VA_ARGS__, {NULL, NULL}})

static void begin(struct render *render)
{
	struct state *state = xcalloc(1, sizeof *state);
	for (int i = 0; i < FAMILY_COUNT; i++)
		state->samples[i] = sink_new_memory();
	state->domains = json_object();
	state->seen = json_object();
	render->state = state;
}

/* "cutover_findings{domain="contoso.com",severity="fail"}" */
static void put_name(struct buf *out, enum family family, const struct label *labels)
{
	buf_puts(out, families[family].name);
	for (size_t i = 0; labels[i].name != NULL; i++) {
		struct buf clean;
		buf_init(&clean, LIMIT_FACT_BYTES * 4);
		escape_terminal(&clean, labels[i].value != NULL ? labels[i].value : "");
		buf_printf(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
		escape_openmetrics(out, clean.bytes);
		buf_puts(out, "\"");
		buf_clear(&clean);
	}
	buf_puts(out, "}");
}

/* One more under that name; the number that there are now. */
static json_int_t count_up(json_t *counts, const char *name)
{
	json_int_t count = json_integer_value(json_object_get(counts, name)) + 1;
	json_object_set_new(counts, name, json_integer(count));
	return count;
}

/* One sample; a set of labels that is there already is left as it is. Milliseconds are written as seconds. */
static void add(struct state *state, enum family family, const struct label *labels, int64_t value, bool is_ms)
{
	struct buf name;
	buf_init(&name, LIMIT_FACT_BYTES);
	put_name(&name, family, labels);
	if (count_up(state->seen, name.bytes) == 1) {
		sink_write(state->samples[family], name.bytes, name.length);
		if (is_ms)
			sink_printf(state->samples[family], " %lld.%03lld\n", (long long)(value / 1000), (long long)(value % 1000));
		else
			sink_printf(state->samples[family], " %lld\n", (long long)value);
	}
	buf_clear(&name);
}

static void add_time(struct state *state, enum family family, const char *domain, int64_t seconds)
{
	if (seconds != TIME_UNKNOWN)
		add(state, family, LABELS({"domain", domain}), seconds, false);
}

/* Findings of one kind on one subject are one sample: their number. */
static void add_kinds(struct state *state, const char *domain, const struct findings *findings)
{
	json_t *counts = json_object(), *count;
	const char *key;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->items[i];
		const char *id = catalogue_get(finding->id)->id, *severity = severity_name(finding->severity);
		struct buf name;
		buf_init(&name, LIMIT_FACT_BYTES);
		put_name(&name, FAMILY_FINDING,
		         LABELS({"domain", domain}, {"id", id}, {"severity", severity}, {"subject", finding->subject}));
		count_up(counts, name.bytes);
		buf_clear(&name);
	}
	json_object_foreach(counts, key, count) {
		sink_puts(state->samples[FAMILY_FINDING], key);
		sink_printf(state->samples[FAMILY_FINDING], " %lld\n", (long long)json_integer_value(count));
	}
	json_decref(counts);
}

static void add_findings(struct state *state, const char *domain, const struct report *report)
{
	struct verdict verdict = report_verdict(report, 1);
	add(state, FAMILY_EXIT_CODE, LABELS({"domain", domain}), verdict.exit_code, false);
	for (int i = 0; i < SEVERITY_COUNT; i++) {
		const char *severity = severity_name((enum severity)i);
		const struct label *labels = LABELS({"domain", domain}, {"severity", severity});
		add(state, FAMILY_FINDINGS, labels, (int64_t)verdict.counts[i], false);
	}
	add_kinds(state, domain, report->findings);
	add_time(state, FAMILY_EARLIEST, domain, verdict.earliest_cutover);
	add_time(state, FAMILY_OLD_GONE, domain, verdict.old_gone_by);
	add_time(state, FAMILY_SYNC, domain, verdict.sync_until);
}

static void add_observation(struct state *state, const char *domain, const struct report *report,
                            const struct observation *o)
{
	const char *vantage = o->vantage != NULL ? o->vantage : report->run->vantage;
	const struct label *labels =
	    LABELS({"domain", domain}, {"target", o->target}, {"address", o->address}, {"vantage", vantage});
	int64_t end = measures_leaf_end(o), connect_ms = 0;
	if (str_equal(o->probe, "port") && o->outcome != OUTCOME_SKIPPED && o->outcome != OUTCOME_CANCELLED)
		add(state, FAMILY_PORT_OPEN, labels, o->outcome == OUTCOME_OK, false);
	if (observation_int(o, FACT_PORT_CONNECT_MS, 0, &connect_ms))
		add(state, FAMILY_CONNECT, labels, connect_ms, true);
	if (end != TIME_UNKNOWN)
		add(state, FAMILY_CERTIFICATE, labels, end, false);
}

static void add_ttls(struct state *state, const char *domain, const struct report *report)
{
	size_t count;
	struct seen_ttl *ttls = seen_ttls(report, &count);
	for (size_t i = 0; i < count; i++)
		add(state, FAMILY_TTL,
		    LABELS({"domain", domain}, {"server", ttls[i].server}, {"address", ttls[i].address},
		           {"role", ttls[i].is_cache ? "cache" : "authoritative"},
		           {"vantage", ttls[i].vantage != NULL ? ttls[i].vantage : report->run->vantage}),
		    ttls[i].ttl_s, false);
	if (count > 0)
		add(state, FAMILY_TTL_LIMIT, LABELS({"domain", domain}), report->policy->ttl_limit_s, false);
	free(ttls);
}

/* The value of the label "domain"; a second report about one domain gets "#2", so that no sample stands twice. */
static char *domain_label(struct state *state, const struct report *report)
{
	const char *title = words_title(report);
	json_int_t count = count_up(state->domains, title);
	return count == 1 ? xstrdup(title) : xasprintf("%s#%lld", title, (long long)count);
}

static void report_openmetrics(struct render *render, const struct report *report)
{
	struct state *state = render->state;
	char *domain = domain_label(state, report);
	add_findings(state, domain, report);
	for (size_t i = 0; i < report->evidence->count; i++)
		add_observation(state, domain, report, report->evidence->observations[i]);
	add_ttls(state, domain, report);
	add(state, FAMILY_STARTED, LABELS({"domain", domain}), report->run->started_ms, true);
	add(state, FAMILY_DURATION, LABELS({"domain", domain}), report->run->finished_ms - report->run->started_ms, true);
	free(domain);
}

static void put_family(struct sink *sink, int family, struct sink *samples)
{
	size_t length;
	const char *lines = sink_memory(samples, &length);
	if (length == 0)
		return;
	sink_printf(sink, "# TYPE %s gauge\n", families[family].name);
	if (*families[family].unit != '\0')
		sink_printf(sink, "# UNIT %s %s\n", families[family].name, families[family].unit);
	sink_printf(sink, "# HELP %s %s\n", families[family].name, families[family].help);
	sink_write(sink, lines, length);
}

static void end(struct render *render)
{
	struct state *state = render->state;
	for (int i = 0; i < FAMILY_COUNT; i++) {
		put_family(render->sink, i, state->samples[i]);
		sink_abandon(state->samples[i]);
	}
	sink_puts(render->sink, "# EOF\n");
	json_decref(state->domains);
	json_decref(state->seen);
	free(state);
	render->state = NULL;
}

const struct renderer openmetrics_renderer = {"openmetrics", "metrics for Prometheus", begin, report_openmetrics, end};
