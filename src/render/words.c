#include "render/words.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

const char *words_state(enum severity severity)
{
	static const char *const states[] = {"PASS", "INFO", "SKIP", "????", "WARN", "FAIL"};
	return states[severity];
}

const char *words_actor(enum actor actor)
{
	static const char *const actors[] = {"", "firewall", "mail host", "DNS", "web host", "tenant", "you", "wait"};
	return actors[actor];
}

/* "2 fail, 1 warn, 1 unknown", the levels that decide; worst first. */
static void put_counts(struct buf *out, const struct verdict *verdict)
{
	const char *comma = "";
	for (int severity = SEVERITY_FAIL; severity >= SEVERITY_UNKNOWN; severity--) {
		if (verdict->counts[severity] == 0)
			continue;
		buf_printf(out, "%s%zu %s", comma, verdict->counts[severity], severity_name((enum severity)severity));
		comma = ", ";
	}
	if (verdict->is_interrupted)
		buf_printf(out, "%sinterrupted", comma);
}

/* A message asks for its cause, not whether all is ready. */
static void put_answer(struct buf *out, const struct verdict *verdict)
{
	if (verdict->status == SEVERITY_UNKNOWN)
		buf_puts(out, "COULD NOT DECIDE: the cause was not found");
	else
		buf_puts(out, verdict->answer == ANSWER_FOUND ? "CAUSE FOUND" : "CAUSE NOT FOUND");
	if (verdict->counts[SEVERITY_WARN] + verdict->counts[SEVERITY_UNKNOWN] > 0) {
		buf_puts(out, ", with ");
		put_counts(out, verdict);
	}
}

void words_headline(struct buf *out, const struct verdict *verdict)
{
	if (verdict->status == SEVERITY_FAIL) {
		buf_puts(out, "NOT READY: ");
		put_counts(out, verdict);
	} else if (verdict->answer != ANSWER_NOT_ASKED && !verdict->is_interrupted) {
		put_answer(out, verdict);
	} else if (verdict->findings == 0 && !verdict->is_interrupted) {
		buf_puts(out, "COULD NOT DECIDE: nothing was judged");
	} else if (verdict->status == SEVERITY_UNKNOWN || verdict->is_interrupted) {
		/* What was not tried any more may be what fails: an interrupted run is never ready. */
		buf_puts(out, "COULD NOT DECIDE: ");
		put_counts(out, verdict);
	} else if (verdict->status == SEVERITY_WARN) {
		/* The exit status says only "warnings"; what could not be tested must not read as ready. */
		buf_puts(out, verdict->counts[SEVERITY_UNKNOWN] > 0 ? "READY AS FAR AS TESTED, with " : "READY, with ");
		put_counts(out, verdict);
	} else {
		buf_puts(out, "READY");
	}
}

void words_time(struct buf *out, int64_t seconds)
{
	char text[CLOCK_TEXT_BYTES];
	if (seconds == TIME_UNKNOWN) {
		buf_puts(out, "unknown");
		return;
	}
	clock_format(seconds, text); /* 2026-11-21T23:06:59Z */
	buf_printf(out, "%.10s %.5s UTC", text, text + strlen(text) - 9);
}

void words_distance(struct buf *out, int64_t seconds, int64_t now)
{
	char span[CLOCK_TEXT_BYTES];
	if (seconds == now)
		buf_puts(out, "now");
	else if (seconds > now)
		buf_printf(out, "in %s", clock_format_span(seconds - now, span));
	else
		buf_printf(out, "%s ago", clock_format_span(now - seconds, span));
}

void words_duration(struct buf *out, int64_t milliseconds)
{
	if (milliseconds >= 1000)
		buf_printf(out, "%lld.%lld s", (long long)(milliseconds / 1000), (long long)(milliseconds % 1000 / 100));
	else
		buf_printf(out, "%lld ms", (long long)milliseconds);
}

const char *words_title(const struct report *report)
{
	if (report->policy->domain != NULL)
		return report->policy->domain;
	if (report->policy->imap_host != NULL)
		return report->policy->imap_host;
	if (report->findings->count > 0 && report->diagnosis == NULL)
		return report->findings->items[0]->subject;
	return report->evidence->count > 0 ? report->evidence->observations[0]->target : "the run";
}

void words_places(struct buf *out, const struct report *report)
{
	enum { SHOWN = 6 };
	struct names places = {0};
	if (report->run->vantage != NULL)
		names_add(&places, report->run->vantage);
	for (size_t i = 0; i < report->evidence->count && places.count <= SHOWN; i++) {
		const char *vantage = report->evidence->observations[i]->vantage;
		if (vantage != NULL && !names_has(&places, vantage))
			names_add(&places, vantage);
	}
	for (size_t i = 0; i < places.count && i < SHOWN; i++)
		buf_printf(out, "%s%s", i == 0 ? ", seen from " : ", ", places.items[i]);
	if (places.count > SHOWN)
		buf_puts(out, " and more places");
	names_clear(&places);
}

void words_clock(const struct verdict *verdict, struct words_clock lines[WORDS_CLOCK_LINES])
{
	lines[0] = (struct words_clock){"earliest safe cutover", verdict->earliest_cutover};
	lines[1] = (struct words_clock){"last old answer gone", verdict->old_gone_by};
	lines[2] = (struct words_clock){"keep synchronising until", verdict->sync_until};
}
