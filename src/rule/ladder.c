/* What the rungs of a mail client's ladder answered over HTTP (probe autodiscover). Where DNS leads: autodiscover.c. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "rule/rules.h"
#include "rule/web_certificate.h"

enum { SAID_BYTES = 1600, RUNGS = 4, SHOWN_TEXT = 120 };

/* The rungs that are the domain's own; Microsoft's direct ones answer for everybody. */
static const char *const rungs[RUNGS] = {"root", "host", "redirect", "srv"};

struct ladder {
	const struct evidence *evidence;
	const struct policy *policy;
	struct findings *findings;
};

/* The hop of the domain's own rungs, from that index on; evidence->count behind the last. */
static size_t next_hop(const struct ladder *ladder, size_t from, const char *rung)
{
	for (size_t i = from; (i = evidence_next(ladder->evidence, i, "autodiscover")) < ladder->evidence->count; i++) {
		const struct observation *o = ladder->evidence->observations[i];
		const char *step = observation_text(o, FACT_AUTODISCOVER_STEP, 0);
		if (step == NULL || !str_equal_nocase(o->target, ladder->policy->domain))
			continue;
		for (size_t k = 0; k < RUNGS; k++)
			if (str_equal(step, rungs[k]) && (rung == NULL || str_equal(step, rung)))
				return i;
	}
	return ladder->evidence->count;
}

static const char *answer_of(const struct observation *o)
{
	const char *answer = observation_text(o, FACT_AUTODISCOVER_ANSWER, 0);
	return answer != NULL ? answer : "";
}

static const char *url_of(const struct observation *o)
{
	const char *url = observation_text(o, FACT_HTTP_URL, 0);
	return url != NULL ? url : observation_text(o, FACT_AUTODISCOVER_STEP, 0);
}

static struct finding *add(const struct ladder *ladder, enum finding_id id, size_t index, const char *says)
{
	const struct observation *o = ladder->evidence->observations[index];
	struct finding *f = findings_add(ladder->findings, ladder->policy, id, ladder->policy->domain, "%s", says);
	finding_arg(f, "domain", ladder->policy->domain);
	finding_arg(f, "name", url_of(o));
	finding_arg(f, "value", says);
	finding_because(f, index);
	return f;
}

static bool offers_old_protocol(const struct observation *o)
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_AUTODISCOVER_TYPE); row++) {
		const char *type = observation_text(o, FACT_AUTODISCOVER_TYPE, row);
		if (str_equal_nocase(type, "IMAP") || str_equal_nocase(type, "POP3") || str_equal_nocase(type, "POP"))
			return true;
	}
	return false;
}

/* What the bare domain's web server should not have answered; NULL: nothing. Allocated. */
static char *root_fault(const struct observation *o)
{
	const char *answer = answer_of(o), *location = observation_text(o, FACT_HTTP_LOCATION, 0);
	if (str_equal(answer, "page"))
		return xasprintf("%s answers 200 with a page", url_of(o));
	if (str_equal(answer, "settings") && offers_old_protocol(o))
		return xasprintf("%s answers with settings for IMAP or POP", url_of(o));
	if (str_equal(answer, "downgrade"))
		return xasprintf("%s redirects to %.*s", url_of(o), SHOWN_TEXT, location != NULL ? location : "clear text");
	return NULL;
}

static void judge_root(const struct ladder *ladder)
{
	for (size_t i = 0; (i = next_hop(ladder, i, "root")) < ladder->evidence->count; i++) {
		char *says = root_fault(ladder->evidence->observations[i]);
		if (says != NULL)
			add(ladder, FINDING_AUTODISCOVER_ROOT_ANSWERS, i, says);
		bool is_found = says != NULL;
		free(says);
		if (is_found)
			return;
	}
}

/* Microsoft's web servers show their own names under every customer's alias: clients go on to the next rung. */
static bool is_microsofts_own(const struct observation *o)
{
	return web_certificate_is_microsofts(o) && observation_rows(o, FACT_VERIFY_NAME) == 0;
}

static void judge_certificates(const struct ladder *ladder)
{
	struct finding *f = NULL;
	struct buf says;
	buf_init(&says, SAID_BYTES);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; (i = next_hop(ladder, i, NULL)) < ladder->evidence->count; i++) {
			const struct observation *o = ladder->evidence->observations[i];
			char *fault = is_microsofts_own(o) ? NULL : web_certificate_fault(o);
			if (fault != NULL && round == 0)
				buf_printf(&says, "%sthe certificate of %s %s", says.length > 0 ? "; " : "", url_of(o), fault);
			else if (fault != NULL && f == NULL)
				f = add(ladder, FINDING_AUTODISCOVER_CERTIFICATE, i, says.bytes);
			else if (fault != NULL)
				finding_because(f, i);
			free(fault);
		}
	}
	buf_clear(&says);
}

static void judge_loops(const struct ladder *ladder)
{
	for (size_t i = 0; (i = next_hop(ladder, i, NULL)) < ladder->evidence->count; i++) {
		const struct observation *o = ladder->evidence->observations[i];
		const char *location = observation_text(o, FACT_HTTP_LOCATION, 0), *answer = answer_of(o);
		bool is_loop = str_equal(answer, "loop");
		if (!is_loop && !str_equal(answer, "too-many"))
			continue;
		char *says = xasprintf("%s redirects to %.*s, %s", url_of(o), SHOWN_TEXT, location != NULL ? location : "another address",
		                       is_loop ? "which was asked before" : "after ten redirects");
		add(ladder, FINDING_AUTODISCOVER_LOOP, i, says);
		free(says);
		return;
	}
}

static bool was_tried(const struct observation *o)
{
	return o->outcome != OUTCOME_SKIPPED && o->outcome != OUTCOME_CANCELLED && o->outcome != OUTCOME_INTERNAL;
}

/* Each rung with its reason, once a rung. */
static void judge_silence(const struct ladder *ladder)
{
	struct buf says;
	size_t first = ladder->evidence->count;
	bool is_answered = false;
	buf_init(&says, SAID_BYTES);
	for (size_t k = 0; k < RUNGS; k++) {
		const struct observation *last = NULL;
		for (size_t i = 0; (i = next_hop(ladder, i, rungs[k])) < ladder->evidence->count; i++) {
			const struct observation *o = ladder->evidence->observations[i];
			is_answered = is_answered || observation_has(o, FACT_HTTP_STATUS, 0);
			if (!was_tried(o))
				continue;
			first = i < first ? i : first;
			last = o;
		}
		if (last != NULL)
			buf_printf(&says, "%s%s: %s", says.length > 0 ? ", " : "", rungs[k], outcome_name(last->outcome));
	}
	if (first < ladder->evidence->count && !is_answered) {
		struct finding *f = add(ladder, FINDING_AUTODISCOVER_UNREACHABLE, first, says.bytes);
		for (size_t i = 0; (i = next_hop(ladder, i, NULL)) < ladder->evidence->count; i++)
			finding_because(f, i);
	}
	buf_clear(&says);
}

void rule_ladder(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	const struct ladder ladder = {evidence, policy, findings};
	if (policy->domain == NULL)
		return;
	judge_root(&ladder);
	judge_certificates(&ladder);
	judge_loops(&ladder);
	judge_silence(&ladder);
}
