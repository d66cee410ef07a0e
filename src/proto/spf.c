#include "proto/spf.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "model/spf_macro.h"
#include "model/spf_record.h"

enum { NAME_OCTETS = 253 };

/* One check_host() under way; `run` is shared by all levels. */
struct run {
	const struct spf_query *query;
	struct spf_report *report;
	bool is_waiting; /* some look-up is not known yet */
	char validated[SPF_ROW_BYTES]; /* of macro p, "" until asked */
};

struct level {
	struct run *run;
	const char *domain;
	int depth;
};

/* How a term came out. */
enum term_result { TERM_NO, TERM_MATCH, TERM_TEMPERROR, TERM_PERMERROR, TERM_WAIT };

static enum spf_result check_host(struct level *level);

const char *spf_result_name(enum spf_result result)
{
	static const char *const names[] = {"none", "neutral", "pass", "fail", "softfail", "temperror", "permerror", "wait"};
	return names[result];
}

static enum term_result problem(struct run *run, enum term_result result, const char *what)
{
	if (run->report->problem[0] == '\0')
		snprintf(run->report->problem, sizeof run->report->problem, "%.*s", (int)sizeof run->report->problem - 1, what);
	return result;
}

/* Asks; a void answer counts when `counts_void`. */
static enum term_result ask(struct run *run, const char *name, enum spf_type type, struct spf_answer *answer)
{
	*answer = (struct spf_answer){.outcome = OUTCOME_NXDOMAIN};
	if (!run->query->lookup(run->query->user, name, type, answer)) {
		run->is_waiting = true;
		return TERM_WAIT;
	}
	if (answer->outcome != OUTCOME_OK && answer->outcome != OUTCOME_NODATA && answer->outcome != OUTCOME_NXDOMAIN)
		return problem(run, TERM_TEMPERROR, name);
	return TERM_MATCH;
}

static enum term_result count_void(struct run *run, const struct spf_answer *answer, struct spf_row *row)
{
	if (answer->outcome == OUTCOME_OK && answer->count > 0)
		return TERM_MATCH;
	if (row != NULL)
		row->is_void = true;
	run->report->voids++;
	if (run->report->voids > SPF_VOIDS && !run->query->is_walk)
		return problem(run, TERM_PERMERROR, "more than 2 look-ups without an answer");
	return TERM_MATCH;
}

static bool has_prefix(const unsigned char *a, const unsigned char *b, int bits)
{
	if (memcmp(a, b, (size_t)bits / 8) != 0)
		return false;
	return bits % 8 == 0 || ((a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8)) == 0;
}

static bool address_matches(const struct run *run, const char *text, const struct spf_term *term)
{
	unsigned char address[16];
	int family = run->query->family;
	return inet_pton(family == 4 ? AF_INET : AF_INET6, text, address) == 1 &&
	       has_prefix(address, run->query->address, family == 4 ? term->cidr4 : term->cidr6);
}

static bool any_address_matches(const struct run *run, const struct spf_answer *answer, const struct spf_term *term)
{
	for (size_t i = 0; run->query->family != 0 && i < answer->count; i++)
		if (address_matches(run, answer->items[i], term))
			return true;
	return false;
}

static enum spf_type address_type(const struct run *run)
{
	return run->query->family == 6 ? SPF_TYPE_AAAA : SPF_TYPE_A;
}

/* The names of the address whose own addresses lead back to it (5.5), the current domain's first. */
static enum term_result validate(struct run *run, const char *domain, bool *is_below)
{
	static const struct spf_term exact = {.cidr4 = 32, .cidr6 = 128};
	struct buf reverse;
	struct spf_answer names, addresses;
	struct spf_macro_values values = {.sender = "", .family = run->query->family, .address = run->query->address};
	buf_init(&reverse, NAME_OCTETS);
	spf_expand("%{ir}.%{v}.arpa", &values, &reverse);
	enum term_result result = ask(run, reverse.bytes, SPF_TYPE_PTR, &names);
	buf_clear(&reverse);
	*is_below = false;
	snprintf(run->validated, sizeof run->validated, "unknown");
	if (result != TERM_MATCH)
		return result == TERM_TEMPERROR ? TERM_NO : result; /* 5.5: an error here is no match */
	for (size_t i = 0; i < names.count && i < SPF_NAMES; i++) {
		result = ask(run, names.items[i], address_type(run), &addresses);
		if (result == TERM_WAIT)
			return result;
		if (result != TERM_MATCH || !any_address_matches(run, &addresses, &exact))
			continue;
		if (str_in_domain(names.items[i], domain) || str_equal(run->validated, "unknown"))
			snprintf(run->validated, sizeof run->validated, "%s", names.items[i]);
		*is_below = *is_below || str_in_domain(names.items[i], domain);
	}
	return TERM_MATCH;
}

/* The term's target name. TERM_NO: in a walk without an address the name cannot be known; the term still counts. */
static enum term_result target(const struct level *level, const char *spec, struct buf *name)
{
	struct run *run = level->run;
	bool is_below;
	if (spec == NULL) {
		buf_puts(name, level->domain);
		return TERM_MATCH;
	}
	if (run->query->family == 0 && spf_uses_macro(spec, "ipv"))
		return TERM_NO;
	if (spf_uses_macro(spec, "p") && validate(run, level->domain, &is_below) == TERM_WAIT)
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
	return is_good ? TERM_MATCH : problem(run, TERM_PERMERROR, spec);
}

static enum term_result match_mx(struct run *run, const char *name, const struct spf_term *term, struct spf_row *row)
{
	struct spf_answer hosts, addresses;
	enum term_result result = ask(run, name, SPF_TYPE_MX, &hosts);
	if (result != TERM_MATCH || (result = count_void(run, &hosts, row)) != TERM_MATCH)
		return result;
	if (hosts.count > SPF_NAMES)
		return problem(run, TERM_PERMERROR, "more than 10 hosts of one \"mx\"");
	bool is_match = false, is_waiting = false;
	for (size_t i = 0; i < hosts.count; i++) {
		result = ask(run, hosts.items[i], address_type(run), &addresses);
		is_waiting = is_waiting || result == TERM_WAIT;
		if (result == TERM_TEMPERROR)
			return result;
		is_match = is_match || (result == TERM_MATCH && any_address_matches(run, &addresses, term));
	}
	return is_waiting ? TERM_WAIT : is_match ? TERM_MATCH : TERM_NO;
}

static enum term_result match_a(struct run *run, const char *name, const struct spf_term *term, struct spf_row *row)
{
	struct spf_answer answer;
	/* "exists" always asks for A, whatever the family of the connection (5.7). */
	enum spf_type type = term->mechanism == SPF_EXISTS ? SPF_TYPE_A : address_type(run);
	enum term_result result = ask(run, name, type, &answer);
	if (result != TERM_MATCH || (result = count_void(run, &answer, row)) != TERM_MATCH)
		return result;
	if (term->mechanism == SPF_EXISTS)
		return answer.count > 0 ? TERM_MATCH : TERM_NO;
	return any_address_matches(run, &answer, term) ? TERM_MATCH : TERM_NO;
}

static enum term_result match_include(const struct level *level, const char *name)
{
	struct level inner = {.run = level->run, .domain = name, .depth = level->depth + 1};
	switch (check_host(&inner)) {
	case SPF_PASS: return TERM_MATCH;
	case SPF_TEMPERROR: return TERM_TEMPERROR;
	case SPF_PERMERROR: return TERM_PERMERROR;
	case SPF_NONE: return problem(level->run, TERM_PERMERROR, name);
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

static bool is_over(const struct run *run)
{
	return run->report->lookups > (run->query->is_walk ? SPF_WALK_LOOKUPS : SPF_LOOKUPS);
}

static enum term_result match_term(const struct level *level, const struct spf_term *term)
{
	struct run *run = level->run;
	bool costs = term->mechanism != SPF_ALL && term->mechanism != SPF_IP4 && term->mechanism != SPF_IP6;
	struct spf_row *row = add_row(level, term->text, costs);
	if (!costs && term->mechanism == SPF_ALL)
		return TERM_MATCH;
	if (!costs)
		return run->query->family == (term->mechanism == SPF_IP4 ? 4 : 6) &&
		               has_prefix(term->address, run->query->address, term->mechanism == SPF_IP4 ? term->cidr4 : term->cidr6)
		           ? TERM_MATCH
		           : TERM_NO;
	if (is_over(run))
		return problem(run, TERM_PERMERROR, "more than 10 look-ups");
	struct buf name;
	bool is_below = false;
	buf_init(&name, NAME_OCTETS + 1);
	enum term_result result = target(level, term->domain, &name);
	if (result == TERM_MATCH && term->mechanism == SPF_INCLUDE)
		result = match_include(level, name.bytes);
	else if (result == TERM_MATCH && term->mechanism == SPF_MX)
		result = match_mx(run, name.bytes, term, row);
	else if (result == TERM_MATCH && term->mechanism == SPF_PTR && run->query->family == 0)
		result = TERM_NO;
	else if (result == TERM_MATCH && term->mechanism == SPF_PTR)
		result = (result = validate(run, name.bytes, &is_below)) != TERM_MATCH ? result : is_below ? TERM_MATCH : TERM_NO;
	else if (result == TERM_MATCH)
		result = match_a(run, name.bytes, term, row);
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
		problem(level->run, TERM_PERMERROR, "more than 10 look-ups");
		return SPF_PERMERROR;
	}
	buf_init(&name, NAME_OCTETS + 1);
	enum term_result found = target(level, spec, &name);
	if (found == TERM_WAIT || found == TERM_NO) {
		result = found == TERM_WAIT ? SPF_WAIT : SPF_NEUTRAL;
	} else if (found == TERM_MATCH) {
		struct level inner = {.run = level->run, .domain = name.bytes, .depth = level->depth + 1};
		result = check_host(&inner);
	}
	if (result == SPF_NONE) {
		problem(level->run, TERM_PERMERROR, name.bytes);
		result = SPF_PERMERROR;
	}
	buf_clear(&name);
	return result;
}

static enum spf_result evaluate_record(const struct level *level, const struct spf_record *record)
{
	struct run *run = level->run;
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
	enum term_result result = ask(level->run, level->domain, SPF_TYPE_TXT, &answer);
	if (result != TERM_MATCH)
		return result == TERM_WAIT ? SPF_WAIT : SPF_TEMPERROR;
	/* 4.6.4 counts voids of every look-up but the first, the domain's own record. */
	if (level->depth > 0 && count_void(level->run, &answer, NULL) != TERM_MATCH)
		return SPF_PERMERROR;
	*record = NULL;
	for (size_t i = 0; i < answer.count; i++) {
		if (!spf_is_record(answer.items[i]))
			continue;
		if (*record != NULL) {
			problem(level->run, TERM_PERMERROR, "several SPF records");
			return SPF_PERMERROR;
		}
		*record = answer.items[i];
	}
	return *record == NULL ? SPF_NONE : SPF_PASS;
}

/* 4.3: a malformed name, or a single label, has no policy. */
static bool is_usable(const char *domain)
{
	size_t length = strlen(domain);
	if (length == 0 || length > NAME_OCTETS || strchr(domain, '.') == NULL)
		return false;
	for (; *domain != '\0'; domain += *domain == '.') {
		size_t label = strcspn(domain, ".");
		if (label == 0 || label > 63)
			return false;
		domain += label;
	}
	return true;
}

static enum spf_result check_host(struct level *level)
{
	const char *text = NULL;
	struct spf_record record;
	struct error error = {{0}};
	if (!is_usable(level->domain))
		return SPF_NONE;
	if (level->depth > SPF_DEPTH) {
		problem(level->run, TERM_PERMERROR, "includes nested too deep");
		return SPF_PERMERROR;
	}
	enum spf_result result = find_record(level, &text);
	if (result != SPF_PASS)
		return result;
	if (spf_record_parse(text, &record, &error) != 0) {
		problem(level->run, TERM_PERMERROR, error.text);
		return SPF_PERMERROR;
	}
	result = evaluate_record(level, &record);
	spf_record_clear(&record);
	return result;
}

enum spf_result spf_evaluate(const struct spf_query *query, struct spf_report *report)
{
	struct run run = {.query = query, .report = report};
	struct level top = {.run = &run, .domain = query->domain};
	*report = (struct spf_report){0};
	report->result = check_host(&top);
	if (run.is_waiting && report->result != SPF_PERMERROR)
		report->result = SPF_WAIT;
	return report->result;
}
