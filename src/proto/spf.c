#include "proto/spf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "model/spf_macro.h"
#include "model/spf_record.h"
#include "proto/dns_name.h"
#include "proto/spf_run.h"

struct level {
	struct spf_run *run;
	const char *domain;
	int depth;
};

static enum spf_result check_host(struct level *level);

const char *spf_result_name(enum spf_result result)
{
	static const char *const names[] = {"none", "neutral", "pass", "fail", "softfail", "temperror", "permerror", "wait"};
	return names[result];
}

/* The term's target name. TERM_NO: in a walk without an address the name cannot be known; the term still counts. */
static enum term_result target(const struct level *level, const char *spec, struct buf *name)
{
	struct spf_run *run = level->run;
	if (spec == NULL) {
		buf_puts(name, level->domain);
		return TERM_MATCH;
	}
	if (run->query->family == 0 && spf_uses_macro(spec, "ipv"))
		return TERM_NO;
	if (spf_uses_macro(spec, "p") && spf_run_find_validated(run, level->domain) == TERM_WAIT)
		return TERM_WAIT;
	char *postmaster = xasprintf("postmaster@%s", run->query->domain);
	const char *sender = run->query->sender != NULL ? run->query->sender : postmaster;
	struct spf_macro_values values = {
	    .sender = sender,
	    .domain = level->domain,
	    .helo = run->query->helo != NULL ? run->query->helo : run->query->domain,
	    .validated = run->validated,
	    .family = run->query->family,
	    .address = run->query->address,
	};
	bool is_good = spf_expand(spec, &values, name);
	free(postmaster);
	return is_good ? TERM_MATCH : spf_run_problem(run, TERM_PERMERROR, spec);
}

static enum term_result match_include(const struct level *level, const char *name)
{
	struct level inner = {.run = level->run, .domain = name, .depth = level->depth + 1};
	switch (check_host(&inner)) {
	case SPF_PASS: return TERM_MATCH;
	case SPF_TEMPERROR: return TERM_TEMPERROR;
	case SPF_PERMERROR: return TERM_PERMERROR;
	case SPF_NONE: return spf_run_problem(level->run, TERM_PERMERROR, name);
	case SPF_WAIT: return TERM_WAIT;
	case SPF_NEUTRAL:
	case SPF_FAIL:
	case SPF_SOFTFAIL: return TERM_NO;
	}
	return TERM_NO;
}

static struct spf_row *add_row(const struct level *level, const char *text, bool costs)
{
	struct spf_report *report = level->run->report;
	report->lookups += costs;
	if (report->row_count >= SPF_ROWS)
		return NULL;
	struct spf_row *row = &report->rows[report->row_count++];
	*row = (struct spf_row){.depth = level->depth, .lookups = report->lookups, .costs = costs};
	snprintf(row->domain, sizeof row->domain, "%s", level->domain);
	snprintf(row->term, sizeof row->term, "%s", text);
	return row;
}

static bool is_over(const struct spf_run *run)
{
	return run->report->lookups > (run->query->is_walk ? SPF_WALK_LOOKUPS : SPF_LOOKUPS);
}

static enum term_result match_term(const struct level *level, const struct spf_term *term)
{
	struct spf_run *run = level->run;
	bool costs = term->mechanism != SPF_ALL && term->mechanism != SPF_IP4 && term->mechanism != SPF_IP6;
	struct spf_row *row = add_row(level, term->text, costs);
	if (!costs && term->mechanism == SPF_ALL)
		return TERM_MATCH;
	if (!costs)
		return spf_run_is_in(run, term) ? TERM_MATCH : TERM_NO;
	if (is_over(run))
		return spf_run_problem(run, TERM_PERMERROR, "more than 10 look-ups");
	struct buf name;
	buf_init(&name, SPF_NAME_OCTETS + 1);
	enum term_result result = target(level, term->domain, &name);
	if (result == TERM_MATCH && term->mechanism == SPF_INCLUDE)
		result = match_include(level, name.bytes);
	else if (result == TERM_MATCH && term->mechanism == SPF_MX)
		result = spf_run_match_mx(run, name.bytes, term, row);
	else if (result == TERM_MATCH && term->mechanism == SPF_PTR)
		result = spf_run_match_ptr(run, name.bytes, row);
	else if (result == TERM_MATCH)
		result = spf_run_match_a(run, name.bytes, term, row);
	buf_clear(&name);
	return result;
}

static enum spf_result by_qualifier(char qualifier)
{
	return qualifier == '+' ? SPF_PASS : qualifier == '-' ? SPF_FAIL : qualifier == '~' ? SPF_SOFTFAIL : SPF_NEUTRAL;
}

/* redirect= is followed when nothing matched (6.1); "none" there is a permerror. */
static enum spf_result follow_redirect(const struct level *level, const char *spec)
{
	struct buf name;
	enum spf_result result = SPF_PERMERROR;
	char *text = xasprintf("redirect=%s", spec);
	add_row(level, text, true);
	free(text);
	if (is_over(level->run)) {
		spf_run_problem(level->run, TERM_PERMERROR, "more than 10 look-ups");
		return SPF_PERMERROR;
	}
	buf_init(&name, SPF_NAME_OCTETS + 1);
	enum term_result found = target(level, spec, &name);
	if (found == TERM_WAIT || found == TERM_NO) {
		result = found == TERM_WAIT ? SPF_WAIT : SPF_NEUTRAL;
	} else if (found == TERM_MATCH) {
		struct level inner = {.run = level->run, .domain = name.bytes, .depth = level->depth + 1};
		result = check_host(&inner);
	}
	if (result == SPF_NONE) {
		spf_run_problem(level->run, TERM_PERMERROR, name.bytes);
		result = SPF_PERMERROR;
	}
	buf_clear(&name);
	return result;
}

static enum spf_result evaluate_record(const struct level *level, const struct spf_record *record)
{
	struct spf_run *run = level->run;
	enum spf_result decided = SPF_NEUTRAL;
	bool is_decided = false, is_waiting = false;
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		enum term_result result = match_term(level, term);
		if (result == TERM_PERMERROR || result == TERM_TEMPERROR)
			return result == TERM_PERMERROR ? SPF_PERMERROR : SPF_TEMPERROR;
		if (result == TERM_WAIT && !run->query->is_walk)
			return SPF_WAIT;
		is_waiting = is_waiting || result == TERM_WAIT;
		if (result == TERM_MATCH && !is_decided) {
			is_decided = true;
			decided = by_qualifier(term->qualifier);
			if (level->depth == 0)
				snprintf(run->report->match, sizeof run->report->match, "%s", term->text);
		}
		/* Nothing behind "all" is ever reached (5.1), not even in the worst case. */
		if (term->mechanism == SPF_ALL || (is_decided && !run->query->is_walk))
			return is_waiting ? SPF_WAIT : decided;
	}
	if (record->redirect != NULL && (!is_decided || run->query->is_walk))
		decided = follow_redirect(level, record->redirect);
	return is_waiting ? SPF_WAIT : decided;
}

/* The one record of the domain (4.4, 4.5). */
static enum spf_result find_record(const struct level *level, const char **record)
{
	struct spf_answer answer;
	enum term_result result = spf_run_ask(level->run, level->domain, SPF_TYPE_TXT, &answer);
	if (result != TERM_MATCH)
		return result == TERM_WAIT ? SPF_WAIT : SPF_TEMPERROR;
	/* 4.6.4 counts voids of every look-up but the first, the domain's own record. */
	if (level->depth > 0 && spf_run_count_void(level->run, &answer, NULL) != TERM_MATCH)
		return SPF_PERMERROR;
	*record = NULL;
	for (size_t i = 0; i < answer.count; i++) {
		if (!spf_is_record(answer.items[i]))
			continue;
		if (*record != NULL) {
			spf_run_problem(level->run, TERM_PERMERROR, "several SPF records");
			return SPF_PERMERROR;
		}
		*record = answer.items[i];
	}
	return *record == NULL ? SPF_NONE : SPF_PASS;
}

/* 4.3: a malformed name, or a single label, has no policy. */
static bool is_usable(const char *domain)
{
	ldns_rdf *name = dns_name_parse(domain);
	bool has_labels = name != NULL && ldns_dname_label_count(name) > 1;
	ldns_rdf_deep_free(name);
	return has_labels;
}

static enum spf_result check_host(struct level *level)
{
	const char *text = NULL;
	struct spf_record record;
	struct error error = {{0}};
	if (!is_usable(level->domain))
		return SPF_NONE;
	if (level->depth > SPF_DEPTH) {
		spf_run_problem(level->run, TERM_PERMERROR, "includes nested too deep");
		return SPF_PERMERROR;
	}
	enum spf_result result = find_record(level, &text);
	if (result != SPF_PASS)
		return result;
	if (spf_record_parse(text, &record, &error) != 0) {
		spf_run_problem(level->run, TERM_PERMERROR, error.text);
		return SPF_PERMERROR;
	}
	result = evaluate_record(level, &record);
	spf_record_clear(&record);
	return result;
}

/* An IPv4 address inside an IPv6 one is an IPv4 address (5). */
static struct spf_query unmapped(const struct spf_query *query)
{
	static const unsigned char prefix[12] = {[10] = 0xff, [11] = 0xff};
	struct spf_query plain = *query;
	if (query->family != 6 || memcmp(query->address, prefix, sizeof prefix) != 0)
		return plain;
	plain.family = 4;
	memcpy(plain.address, query->address + sizeof prefix, 4);
	return plain;
}

enum spf_result spf_evaluate(const struct spf_query *given, struct spf_report *report)
{
	const struct spf_query plain = unmapped(given), *query = &plain;
	struct spf_run run = {.query = query, .report = report};
	struct level top = {.run = &run, .domain = query->domain};
	report->lookups = report->voids = report->row_count = 0; /* the rows are many, and written before they are read */
	report->problem[0] = report->match[0] = '\0';
	report->result = check_host(&top);
	if (run.is_waiting && report->result != SPF_PERMERROR)
		report->result = SPF_WAIT;
	return report->result;
}
