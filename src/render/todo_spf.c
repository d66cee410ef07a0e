#include "render/todo_spf.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "model/microsoft.h"

enum { SPF_BYTES = 4096, LOOKUPS_MOST = 10 };

/* What the terms of the present record cost: the walk, or NULL where there was none of this record. */
struct composing {
	const struct report *report;
	const struct observation *walk;
	bool is_later;
	bool is_tight; /* leaves out what nothing answers */
	int lookups;
};

static const char *without_qualifier(const char *term)
{
	return term[0] != '\0' && strchr("+?~-", term[0]) != NULL ? term + 1 : term;
}

/* The address is one of an MX host that is not Microsoft's. */
static bool is_old_address(const struct report *report, const char *address)
{
	for (size_t i = 0; i < report->evidence->count; i++) {
		const struct observation *o = report->evidence->observations[i];
		const char *name = observation_text(o, FACT_DNS_QUESTION, 0);
		bool is_host = str_equal(o->probe, "dns") && str_equal(observation_text(o, FACT_DNS_PURPOSE, 0), "addresses") && name != NULL;
		if (!is_host || microsoft_mx(name, NULL) != MICROSOFT_NONE)
			continue;
		for (uint32_t row = 0; row < observation_rows(o, FACT_DNS_ADDRESS); row++)
			if (str_equal_nocase(observation_text(o, FACT_DNS_ADDRESS, row), address))
				return true;
	}
	return false;
}

/* Whether the term lets the old server send: by the MX set or the domain's address, by its name, or by its address alone. */
static bool is_old_sender(const struct report *report, const char *term)
{
	const char *bare = without_qualifier(term);
	if (str_equal_nocase(bare, "mx") || str_equal_nocase(bare, "a"))
		return true;
	if (str_starts_nocase(bare, "ip4:") || str_starts_nocase(bare, "ip6:"))
		return is_old_address(report, bare + strlen("ip4:"));
	for (size_t i = 0; str_starts_nocase(bare, "a:") && i < report->policy->old_mx.count; i++)
		if (str_equal_nocase(bare + 2, report->policy->old_mx.items[i]))
			return true;
	return false;
}

static const struct observation *find_walk(const struct report *report, const char *present)
{
	for (size_t i = 0; present != NULL && (i = evidence_next(report->evidence, i, "spf")) < report->evidence->count; i++) {
		const struct observation *o = report->evidence->observations[i];
		if (o->outcome == OUTCOME_OK && str_equal(observation_text(o, FACT_SPF_RECORD, 0), present))
			return o;
	}
	return NULL;
}

/* The look-ups of a term of the domain's own record, what it includes and all; is_void: of itself it had no answer. */
static int cost_of(const struct observation *walk, const char *term, bool *is_void)
{
	uint32_t rows = walk != NULL ? observation_rows(walk, FACT_SPF_ROW_TERM) : 0;
	int64_t before = 0;
	*is_void = false;
	for (uint32_t row = 0; row < rows; row++) {
		bool is_own = observation_int_or(walk, FACT_SPF_ROW_DEPTH, row, 0) == 0;
		if (is_own && str_equal(observation_text(walk, FACT_SPF_ROW_TERM, row), term)) {
			uint32_t last = row;
			while (last + 1 < rows && observation_int_or(walk, FACT_SPF_ROW_DEPTH, last + 1, 0) > 0)
				last++;
			*is_void = observation_flag(walk, FACT_SPF_ROW_VOID, row);
			return (int)(observation_int_or(walk, FACT_SPF_ROW_LOOKUPS, last, before) - before);
		}
		before = observation_int_or(walk, FACT_SPF_ROW_LOOKUPS, row, before);
	}
	return 0;
}

static void put_include(struct composing *composing, struct buf *out, const char *include)
{
	buf_printf(out, " include:%s", include);
	composing->lookups++;
}

static char *compose(struct composing *composing, const char *from)
{
	char *include = microsoft_wanted(MICROSOFT_SPF, composing->report->policy->cloud, NULL);
	char *copy = xstrdup(from), *save = NULL;
	bool has_include = false, is_void;
	struct buf out;
	buf_init(&out, SPF_BYTES);
	composing->lookups = 0;
	for (char *term = strtok_r(copy, " ", &save); term != NULL; term = strtok_r(NULL, " ", &save)) {
		const char *bare = without_qualifier(term);
		bool is_include = str_starts_nocase(bare, "include:") && str_equal_nocase(bare + strlen("include:"), include);
		bool is_end = str_equal_nocase(bare, "all") || str_starts_nocase(term, "redirect=");
		int cost = cost_of(composing->walk, term, &is_void);
		if ((composing->is_later && is_old_sender(composing->report, term)) || (composing->is_tight && is_void))
			continue;
		if (is_end && !has_include)
			put_include(composing, &out, include);
		has_include = has_include || is_include || is_end;
		buf_printf(&out, "%s%s", out.length > 0 ? " " : "", term);
		composing->lookups += cost;
	}
	if (!has_include)
		put_include(composing, &out, include);
	free(copy);
	free(include);
	return buf_steal(&out);
}

struct todo_spf todo_spf_compose(const struct report *report, const char *present, bool is_later)
{
	struct composing composing = {.report = report, .walk = find_walk(report, present), .is_later = is_later};
	const char *from = present != NULL ? present : is_later ? "v=spf1 -all" : "v=spf1 mx -all";
	struct todo_spf spf = {.text = compose(&composing, from)};
	if (composing.walk != NULL && composing.lookups > LOOKUPS_MOST) {
		composing.is_tight = true;
		free(spf.text);
		spf.text = compose(&composing, from);
	}
	spf.is_over = composing.walk != NULL && composing.lookups > LOOKUPS_MOST;
	return spf;
}
