/* What the ports of one host say about each other, and what a connect says about what was to follow on it. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/target.h"
#include "rule/subject.h"

/* An IMAP dialogue that came to its end inside TLS. */
static bool is_whole_dialogue(const struct observation *o)
{
	return o->outcome == OUTCOME_OK && observation_flag(o, FACT_IMAP_IN_TLS, 0);
}

static bool is_seen_at(const struct evidence *evidence, const char *probe, const char *target,
                       bool (*test)(const struct observation *o))
{
	for (size_t i = evidence_next(evidence, 0, probe); i < evidence->count; i = evidence_next(evidence, i + 1, probe))
		if (str_equal(evidence->observations[i]->target, target) && test(evidence->observations[i]))
			return true;
	return false;
}

static bool is_ok(const struct observation *o)
{
	return o->outcome == OUTCOME_OK;
}

char *port_sibling_hint(const struct notes *notes)
{
	const struct subject *subject = notes->subject;
	const struct evidence *evidence = notes->judging->evidence;
	if (subject->port != 993 && subject->port != 143)
		return NULL;
	uint16_t other = subject->port == 993 ? 143 : 993;
	char *target = target_host_port(subject->host, other), *hint = NULL;
	if (is_seen_at(evidence, "imap", target, is_whole_dialogue))
		hint =
			xasprintf("; port %d with %s works, the endpoint could use it", other, other == 143 ? "STARTTLS" : "TLS");
	else if (is_seen_at(evidence, "port", target, is_ok))
		hint = xasprintf("; port %d answers", other);
	free(target);
	return hint;
}

static bool is_same_way(const struct observation *a, const struct observation *b)
{
	return str_equal(a->target, b->target) && str_equal(a->address, b->address) && str_equal(a->vantage, b->vantage);
}

/* Some observation of the probe over the same way that passes the test. */
static bool is_seen_along(const struct evidence *evidence, const char *probe, const struct observation *o,
                          bool (*test)(const struct observation *o))
{
	for (size_t i = evidence_next(evidence, 0, probe); i < evidence->count; i = evidence_next(evidence, i + 1, probe))
		if (is_same_way(evidence->observations[i], o) && test(evidence->observations[i]))
			return true;
	return false;
}

static bool stands(const struct observation *o)
{
	return o->outcome == OUTCOME_OK || o->outcome == OUTCOME_CLOSED;
}

static bool stands_not(const struct observation *o)
{
	return !stands(o);
}

bool port_is_dead(const struct evidence *evidence, const struct observation *o)
{
	return is_seen_along(evidence, "port", o, stands_not) && !is_seen_along(evidence, "port", o, stands);
}

/* The dialogue waited for a greeting, and got a reset. */
static bool is_reset_unheard(const struct observation *o)
{
	const char *imap = observation_text(o, FACT_IMAP_STAGE, 0), *starttls = observation_text(o, FACT_STARTTLS_STAGE, 0);
	return o->outcome == OUTCOME_RESET && str_equal(imap != NULL ? imap : starttls, "greeting") &&
	       !observation_has(o, FACT_IMAP_GREETING_KIND, 0);
}

bool port_is_reset(const struct evidence *evidence, const struct observation *o)
{
	bool is_reset =
		is_seen_along(evidence, "imap", o, is_reset_unheard) || is_seen_along(evidence, "tls", o, is_reset_unheard);
	/* Behind a handshake bytes have come, so it is not the way's doing. */
	return is_reset && !is_seen_along(evidence, "tls", o, is_ok);
}
