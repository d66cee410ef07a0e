/* Firewall rules: is every range of Exchange Online let in to the port? */
#include <stdio.h>

#include "base/buf.h"
#include "base/str.h"
#include "cutover/limits.h"
#include "model/firewall.h"
#include "rule/rules.h"

enum { LIST_DAYS = 60, DAY_S = 86400, NAMED = 6 };

struct firewall_case {
	const struct policy *policy;
	struct findings *findings;
	const struct observation *o;
	size_t index;
	long long port;
	unsigned families; /* that count at this port */
};

/* The first prefixes of a table as words, of the families that count: "40.96.0.0/13, 40.104.0.0/15 and 9 more". */
static void put_prefixes(struct buf *out, const struct firewall_case *c, enum fact_key key)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < observation_rows(c->o, key); i++) {
		const char *text = observation_text(c->o, key, i);
		if (text != NULL && firewall_is_of(text, c->families) && count++ < NAMED)
			buf_printf(out, "%s%s", count > 1 ? ", " : "", text);
	}
	if (count > NAMED)
		buf_printf(out, " and %u more", count - NAMED);
}

static bool has_prefixes(const struct firewall_case *c, enum fact_key key)
{
	for (uint32_t i = 0; i < observation_rows(c->o, key); i++) {
		const char *text = observation_text(c->o, key, i);
		if (text != NULL && firewall_is_of(text, c->families))
			return true;
	}
	return false;
}

static struct finding *raise_with(struct firewall_case *c, enum finding_id id, const char *words)
{
	struct finding *finding = findings_add(c->findings, c->policy, id, c->o->target, "%s", words);
	finding_because(finding, c->index);
	finding_arg(finding, "host", c->policy->imap_host != NULL ? c->policy->imap_host : "your IMAP server");
	finding_arg_int(finding, "port", c->port);
	return finding;
}

/* The words before and behind the rows of a table. */
static struct finding *raise_rows(struct firewall_case *c, enum finding_id id, enum fact_key key, const char *before, const char *behind)
{
	struct buf words;
	buf_init(&words, LIMIT_FACT_BYTES);
	buf_puts(&words, before);
	put_prefixes(&words, c, key);
	buf_puts(&words, behind);
	struct finding *finding = raise_with(c, id, words.bytes);
	buf_clear(&words);
	return finding;
}

/* The place and reason of the first range with that verdict: " (line 12: it depends on iifname eth0)". */
static void put_reason(struct buf *out, const struct observation *o, const char *verdict)
{
	for (uint32_t i = 0; i < observation_rows(o, FACT_FIREWALL_RANGE); i++) {
		const char *place = observation_text(o, FACT_FIREWALL_PLACE, i), *why = observation_text(o, FACT_FIREWALL_WHY, i);
		if (!str_equal(observation_text(o, FACT_FIREWALL_VERDICT, i), verdict) || (place == NULL && why == NULL))
			continue;
		buf_printf(out, " (%s%s%s)", place != NULL ? place : "", place != NULL && why != NULL ? ": " : "", why != NULL ? why : "");
		return;
	}
}

static void judge_missing(struct firewall_case *c)
{
	uint32_t ranges = observation_rows(c->o, FACT_FIREWALL_RANGE);
	int64_t let_in = observation_int_or(c->o, FACT_FIREWALL_LET_IN, 0, 0);
	struct buf before, behind;
	buf_init(&before, LIMIT_LINE_BYTES);
	buf_init(&behind, LIMIT_LINE_BYTES);
	buf_printf(&before, "port %lld: %lld of %u ranges let in; refused: ", c->port, (long long)let_in, ranges);
	put_reason(&behind, c->o, "no");
	raise_rows(c, FINDING_FIREWALL_MISSING_RANGE, FACT_FIREWALL_MISSING, before.bytes, behind.bytes);
	buf_clear(&before);
	buf_clear(&behind);
}

static void judge_uncertain(struct firewall_case *c)
{
	struct buf before, behind;
	buf_init(&before, LIMIT_LINE_BYTES);
	buf_init(&behind, LIMIT_LINE_BYTES);
	buf_printf(&before, "port %lld: the rules do not tell for ", c->port);
	put_reason(&behind, c->o, "uncertain");
	raise_rows(c, FINDING_FIREWALL_UNREADABLE, FACT_FIREWALL_UNCERTAIN, before.bytes, behind.bytes);
	buf_clear(&before);
	buf_clear(&behind);
}

/* "line 2: 'frobnicate' was not understood; ..." */
static void judge_lost(struct firewall_case *c)
{
	struct buf words;
	uint32_t count = observation_rows(c->o, FACT_FIREWALL_NOTE);
	buf_init(&words, LIMIT_FACT_BYTES);
	for (uint32_t i = 0; i < count && i < NAMED; i++) {
		const char *place = observation_text(c->o, FACT_FIREWALL_NOTE_PLACE, i), *text = observation_text(c->o, FACT_FIREWALL_NOTE, i);
		buf_printf(&words, "%s%s%s%s", i > 0 ? "; " : "", place != NULL ? place : "", place != NULL && *place != '\0' ? ": " : "",
		           text != NULL ? text : "");
	}
	if (count > NAMED)
		buf_printf(&words, " and %u more", count - NAMED);
	raise_with(c, FINDING_FIREWALL_UNREADABLE, words.bytes);
	buf_clear(&words);
}

/* `closed`: a port beside it that no range may use, or NULL. */
static void judge_port(struct firewall_case *c, const struct observation *closed)
{
	bool lacks = has_prefixes(c, FACT_FIREWALL_MISSING), is_unsure = has_prefixes(c, FACT_FIREWALL_UNCERTAIN);
	if (lacks)
		judge_missing(c);
	if (is_unsure)
		judge_uncertain(c);
	if (lacks || is_unsure)
		return;
	struct buf words;
	buf_init(&words, LIMIT_LINE_BYTES);
	int64_t let_in = observation_int_or(c->o, FACT_FIREWALL_LET_IN, 0, 0);
	bool is_one_family = let_in < observation_rows(c->o, FACT_FIREWALL_RANGE);
	buf_printf(&words, "port %lld: all %lld ranges%s are let in", c->port, (long long)let_in,
	           !is_one_family ? "" : c->families & 1u << 6 ? " of IPv6" : " of IPv4");
	if (closed != NULL)
		buf_printf(&words, "; %lld is closed to all of them", (long long)observation_int_or(closed, FACT_FIREWALL_PORT, 0, 0));
	raise_with(c, FINDING_FIREWALL_OK, words.bytes);
	buf_clear(&words);
}

/* Once for all ports: what is let in beside the ranges, what was lost, how old the list is. */
static void judge_rest(struct firewall_case *c)
{
	const char *list = observation_text(c->o, FACT_FIREWALL_LIST, 0);
	int64_t dated = TIME_UNKNOWN;
	char text[128];
	if (observation_rows(c->o, FACT_FIREWALL_EXTRA) > 0)
		raise_rows(c, FINDING_FIREWALL_EXTRA_RANGE, FACT_FIREWALL_EXTRA, "", "");
	if (observation_flag(c->o, FACT_FIREWALL_HAS_LOST, 0))
		judge_lost(c);
	if (observation_int(c->o, FACT_FIREWALL_LIST_DATE, 0, &dated) && c->policy->now != TIME_UNKNOWN &&
	    c->policy->now - dated > (int64_t)LIST_DAYS * DAY_S) {
		snprintf(text, sizeof text, "%lld days: %.80s", (long long)((c->policy->now - dated) / DAY_S),
		         list != NULL ? list : "a list");
		raise_with(c, FINDING_FIREWALL_LIST_OLD, text);
	}
}

static void judge_group(struct firewall_case *c, const struct evidence *evidence, size_t first, size_t end)
{
	const struct observation *closed = NULL;
	for (size_t i = first; i < end; i++)
		if (firewall_families(evidence, i) == 0)
			closed = evidence->observations[i];
	for (size_t i = first; i < end; i++) {
		c->families = firewall_families(evidence, i);
		if (c->families == 0)
			continue;
		c->o = evidence->observations[i];
		c->index = i;
		c->port = observation_int_or(c->o, FACT_FIREWALL_PORT, 0, 0);
		judge_port(c, closed);
	}
	c->o = evidence->observations[first];
	c->index = first;
	c->families = 1u << 4 | 1u << 6;
	judge_rest(c);
}

void rule_firewall(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	size_t first = evidence_next(evidence, 0, "firewall");
	while (first < evidence->count) {
		struct firewall_case c = {.policy = policy, .findings = findings};
		size_t end = firewall_group_end(evidence, first);
		judge_group(&c, evidence, first, end);
		first = evidence_next(evidence, end, "firewall");
	}
}
