#include "proto/spf_run.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "model/spf_macro.h"

enum term_result spf_run_problem(struct spf_run *run, enum term_result result, const char *what)
{
	if (run->report->problem[0] == '\0')
		snprintf(run->report->problem, sizeof run->report->problem, "%.*s", (int)sizeof run->report->problem - 1, what);
	return result;
}

enum term_result spf_run_ask(struct spf_run *run, const char *name, enum spf_type type, struct spf_answer *answer)
{
	*answer = (struct spf_answer){.outcome = OUTCOME_NXDOMAIN};
	if (!run->query->lookup(run->query->user, name, type, answer)) {
		run->is_waiting = true;
		return TERM_WAIT;
	}
	if (answer->outcome != OUTCOME_OK && answer->outcome != OUTCOME_NODATA && answer->outcome != OUTCOME_NXDOMAIN)
		return spf_run_problem(run, TERM_TEMPERROR, name);
	return TERM_MATCH;
}

enum term_result spf_run_count_void(struct spf_run *run, const struct spf_answer *answer, struct spf_row *row)
{
	if (answer->outcome == OUTCOME_OK && answer->count > 0)
		return TERM_MATCH;
	if (row != NULL)
		row->is_void = true;
	run->report->voids++;
	if (run->report->voids > SPF_VOIDS && !run->query->is_walk)
		return spf_run_problem(run, TERM_PERMERROR, "more than 2 look-ups without an answer");
	return TERM_MATCH;
}

static bool has_prefix(const unsigned char *a, const unsigned char *b, int bits)
{
	if (memcmp(a, b, (size_t)bits / 8) != 0)
		return false;
	return bits % 8 == 0 || ((a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8)) == 0;
}

static bool address_matches(const struct spf_run *run, const char *text, const struct spf_term *term)
{
	unsigned char address[16];
	int family = run->query->family;
	return inet_pton(family == 4 ? AF_INET : AF_INET6, text, address) == 1 &&
	       has_prefix(address, run->query->address, family == 4 ? term->cidr4 : term->cidr6);
}

static bool any_address_matches(const struct spf_run *run, const struct spf_answer *answer, const struct spf_term *term)
{
	for (size_t i = 0; run->query->family != 0 && i < answer->count; i++)
		if (address_matches(run, answer->items[i], term))
			return true;
	return false;
}

static enum spf_type address_type(const struct spf_run *run)
{
	return run->query->family == 6 ? SPF_TYPE_AAAA : SPF_TYPE_A;
}

static enum term_result ask_names(struct spf_run *run, struct spf_answer *names)
{
	struct buf reverse;
	struct spf_macro_values values = {.sender = "", .family = run->query->family, .address = run->query->address};
	buf_init(&reverse, SPF_NAME_OCTETS);
	spf_expand("%{ir}.%{v}.arpa", &values, &reverse);
	enum term_result result = spf_run_ask(run, reverse.bytes, SPF_TYPE_PTR, names);
	buf_clear(&reverse);
	return result == TERM_TEMPERROR ? TERM_NO : result; /* 5.5: an error here is no match */
}

/*
 * Which of the address's names lead back to it (5.5), and whether one is the domain or below it. For macro p (7.3): the domain, else a
 * name below it, else any.
 */
static enum term_result validate(struct spf_run *run, const char *domain, const struct spf_answer *names, bool *is_below)
{
	static const struct spf_term exact = {.cidr4 = 32, .cidr6 = 128};
	struct spf_answer addresses;
	*is_below = false;
	snprintf(run->validated, sizeof run->validated, "unknown");
	for (size_t i = 0; i < names->count && i < SPF_NAMES; i++) {
		enum term_result result = spf_run_ask(run, names->items[i], address_type(run), &addresses);
		if (result == TERM_WAIT)
			return result;
		if (result != TERM_MATCH || !any_address_matches(run, &addresses, &exact))
			continue;
		bool is_own = str_in_domain(names->items[i], domain);
		if (str_equal_nocase(names->items[i], domain) || (is_own && !*is_below) || str_equal(run->validated, "unknown"))
			snprintf(run->validated, sizeof run->validated, "%s", names->items[i]);
		*is_below = *is_below || is_own;
	}
	return TERM_MATCH;
}

enum term_result spf_run_find_validated(struct spf_run *run, const char *domain)
{
	struct spf_answer names;
	bool is_below;
	enum term_result result = ask_names(run, &names);
	return result == TERM_WAIT ? result : validate(run, domain, &names, &is_below);
}

enum term_result spf_run_match_ptr(struct spf_run *run, const char *domain, struct spf_row *row)
{
	struct spf_answer names;
	bool is_below = false;
	if (run->query->family == 0)
		return TERM_NO;
	enum term_result result = ask_names(run, &names);
	if (result != TERM_MATCH || (result = spf_run_count_void(run, &names, row)) != TERM_MATCH)
		return result;
	result = validate(run, domain, &names, &is_below);
	return result == TERM_MATCH && !is_below ? TERM_NO : result;
}

enum term_result spf_run_match_mx(struct spf_run *run, const char *name, const struct spf_term *term, struct spf_row *row)
{
	struct spf_answer hosts, addresses;
	enum term_result result = spf_run_ask(run, name, SPF_TYPE_MX, &hosts);
	if (result != TERM_MATCH || (result = spf_run_count_void(run, &hosts, row)) != TERM_MATCH)
		return result;
	if (hosts.count > SPF_NAMES)
		return spf_run_problem(run, TERM_PERMERROR, "more than 10 hosts of one \"mx\"");
	bool is_match = false, is_waiting = false;
	for (size_t i = 0; i < hosts.count; i++) {
		result = spf_run_ask(run, hosts.items[i], address_type(run), &addresses);
		is_waiting = is_waiting || result == TERM_WAIT;
		if (result == TERM_TEMPERROR)
			return result;
		is_match = is_match || (result == TERM_MATCH && any_address_matches(run, &addresses, term));
	}
	return is_waiting ? TERM_WAIT : is_match ? TERM_MATCH : TERM_NO;
}

enum term_result spf_run_match_a(struct spf_run *run, const char *name, const struct spf_term *term, struct spf_row *row)
{
	struct spf_answer answer;
	/* "exists" always asks for A, whatever the family of the connection (5.7). */
	enum spf_type type = term->mechanism == SPF_EXISTS ? SPF_TYPE_A : address_type(run);
	enum term_result result = spf_run_ask(run, name, type, &answer);
	if (result != TERM_MATCH || (result = spf_run_count_void(run, &answer, row)) != TERM_MATCH)
		return result;
	if (term->mechanism == SPF_EXISTS)
		return answer.count > 0 ? TERM_MATCH : TERM_NO;
	return any_address_matches(run, &answer, term) ? TERM_MATCH : TERM_NO;
}

bool spf_run_is_in(const struct spf_run *run, const struct spf_term *term)
{
	bool is_ip4 = term->mechanism == SPF_IP4;
	return run->query->family == (is_ip4 ? 4 : 6) && has_prefix(term->address, run->query->address, is_ip4 ? term->cidr4 : term->cidr6);
}
