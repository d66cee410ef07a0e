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

static bool is_seen(const struct evidence *evidence, const char *probe, const char *target,
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
	if (is_seen(evidence, "imap", target, is_whole_dialogue))
		hint =
			xasprintf("; port %d with %s works, the endpoint could use it", other, other == 143 ? "STARTTLS" : "TLS");
	else if (is_seen(evidence, "port", target, is_ok))
		hint = xasprintf("; port %d answers", other);
	free(target);
	return hint;
}

bool port_is_dead(const struct evidence *evidence, const char *target, const char *address)
{
	bool is_dead = false;
	for (size_t i = evidence_next(evidence, 0, "port"); i < evidence->count;
	     i = evidence_next(evidence, i + 1, "port")) {
		const struct observation *o = evidence->observations[i];
		if (!str_equal(o->target, target) || !str_equal(o->address, address))
			continue;
		if (o->outcome == OUTCOME_OK || o->outcome == OUTCOME_CLOSED)
			return false;
		is_dead = true;
	}
	return is_dead;
}
