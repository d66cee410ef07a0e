/* Matches of the nft reader: SELECTOR [. SELECTOR]... [& MASK] [OP] OPERAND, and verdict maps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/rules_nft_parts.h"

/* A match as it is read. */
struct reading {
	struct nft *nft;
	char words[NFT_PARTS][NFT_WORDS_BYTES];
	struct selector selectors[NFT_PARTS];
	size_t count;
	char mask[NFT_WORDS_BYTES]; /* "fin|syn|rst|ack"; "" without one */
	struct rule_match *match;   /* that elements are added to */
	struct filter_rule *rule;          /* a verdict map's */
	bool is_exact;              /* compared as a whole: "==", or elements of a set */
};

static const char *const single_words[] = {
    "iif", "iifname", "oif", "oifname", "pkttype", "mark", "iifgroup", "oifgroup", "iiftype", "oiftype", "skuid", "skgid", "nfproto",
    "l4proto", "protocol", "priority", "rtclassid", "cpu", "cgroup", "day", "hour", "time", "ibrname", "obrname", "random",
};

static const char *const headers[] = {
    "ip", "ip6", "tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "igmp", "th", "ether", "vlan", "arp", "esp", "ah",
    "comp", "gre", "meta", "ct", "exthdr", "frag", "hbh", "dst", "rt", "mh", "srh", "socket", "osf", "ipsec", "tunnel",
};

static bool is_one_of(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(list[i], text))
			return true;
	return false;
}

static void add_word(struct nft *nft, char words[NFT_WORDS_BYTES])
{
	size_t length = strlen(words);
	if (!nft_is_stop(nft)) {
		snprintf(words + length, NFT_WORDS_BYTES - length, "%s%s", length > 0 ? " " : "", nft_peek(nft)->text);
		nft->at++;
	}
}

/* "fib saddr . iif oif": the flags without their dots, then the result. */
static void take_fib(struct nft *nft, char words[NFT_WORDS_BYTES])
{
	for (size_t i = 0; i < NFT_PARTS && !nft_is_stop(nft); i++) {
		bool is_dot = nft_take(nft, ".");
		bool is_result = i > 0 && !is_dot && (nft_is(nft, "type") || nft_is(nft, "oif") || nft_is(nft, "oifname"));
		if (!is_dot)
			add_word(nft, words);
		if (is_result)
			return;
	}
}

/* One selector's words; false, and nothing taken, when none stands here. */
static bool take_selector(struct nft *nft, char words[NFT_WORDS_BYTES])
{
	const char *first = nft_peek(nft)->text;
	words[0] = '\0';
	if (nft_peek(nft)->kind != TOKEN_WORD)
		return false;
	if (is_one_of(first, single_words, sizeof single_words / sizeof single_words[0])) {
		add_word(nft, words);
		return true;
	}
	if (str_equal(first, "fib")) {
		add_word(nft, words);
		take_fib(nft, words);
		return true;
	}
	if (!is_one_of(first, headers, sizeof headers / sizeof headers[0]))
		return false;
	add_word(nft, words);
	bool is_option = nft_is(nft, "option");
	bool has_way = str_equal(first, "ct") && (nft_is(nft, "original") || nft_is(nft, "reply"));
	add_word(nft, words);
	if (is_option || has_way)
		add_word(nft, words);
	if (is_option || (has_way && (nft_is(nft, "saddr") || nft_is(nft, "daddr"))))
		add_word(nft, words);
	return true;
}

static bool take_selectors(struct nft *nft, struct reading *reading)
{
	do {
		if (reading->count == NFT_PARTS || !take_selector(nft, reading->words[reading->count]))
			return reading->count > 0;
		reading->selectors[reading->count] = selector_find(reading->words[reading->count]);
		reading->count++;
	} while (nft_take(nft, "."));
	return true;
}

/* "& (fin|syn)" or "and 0xff". */
static void take_mask(struct nft *nft, struct reading *reading)
{
	if (!nft_take(nft, "&") && !nft_take(nft, "and"))
		return;
	bool has_parentheses = nft_take(nft, "(");
	while (!nft_is_stop(nft) && !nft_is(nft, ")")) {
		size_t length = strlen(reading->mask);
		snprintf(reading->mask + length, sizeof reading->mask - length, "%s%s", length > 0 ? "|" : "", nft_peek(nft)->text);
		nft->at++;
		if (!nft_take(nft, "|"))
			break;
	}
	if (has_parentheses)
		nft_take(nft, ")");
}

/* One part of an element: "tcp flags" compare as a whole in sets, as "any of these" elsewhere. */
static void add_value(const struct reading *reading, size_t part, struct rule_match *match, const char *value)
{
	const struct selector *selector = &reading->selectors[part];
	if (selector->kind != SELECTOR_FLAGS || !reading->is_exact) {
		selector_add(selector, match, value);
		return;
	}
	selector_offer_flags(match, "0xff", value);
}

static void describe(const struct reading *reading, size_t part, const char *value, char out[NFT_WORDS_BYTES * 2])
{
	snprintf(out, NFT_WORDS_BYTES * 2, "%s%s%s", reading->words[part], value != NULL ? " " : "", value != NULL ? value : "");
}

static void add_concatenation(const struct reading *reading, struct rule_matches *matches, const struct nft_element *element)
{
	char words[NFT_WORDS_BYTES * 2];
	for (size_t i = 0; i < reading->count; i++) {
		struct rule_match *match = selector_begin(&reading->selectors[i], matches);
		if (i < element->part_count)
			add_value(reading, i, match, element->parts[i]);
		else
			match->is_incomplete = true;
		describe(reading, i, i < element->part_count ? element->parts[i] : NULL, words);
		selector_end(&reading->selectors[i], match, words);
	}
}

static void on_element(const struct nft_element *element, void *user)
{
	struct reading *reading = user;
	if (reading->match->kind == MATCH_ANY)
		add_concatenation(reading, match_add_alternative(reading->match), element);
	else
		add_value(reading, 0, reading->match, element->parts[0]);
}

/* What stands in the maps' elements before "*", the element for all others. */
static void on_other_element(const struct nft_element *element, void *user)
{
	struct reading *reading = user;
	if (!str_equal(element->parts[0], "*"))
		add_concatenation(reading, match_add_alternative(reading->match), element);
}

static void on_case(const struct nft_element *element, void *user)
{
	struct reading *reading = user;
	struct rule_case *c = rule_add_case(reading->rule, VERDICT_UNKNOWN);
	if (element->verdict != 0)
		nft_set_verdict(reading->nft, element->verdict, c);
	if (!str_equal(element->parts[0], "*"))
		add_concatenation(reading, &c->matches, element);
}

static void add_missing(struct nft *nft, struct rule_matches *matches, const char *name)
{
	char *why = xasprintf("'%.60s' is not in the rules", name);
	matches_add_fixed(matches, UNCERTAIN, why);
	ruleset_note(nft->ruleset, nft->table, "%s", why);
	free(why);
}

/* "ip saddr" asks IPv4 packets only, also where a set does not hold or a map's "*" takes the rest. */
static void add_implied(const struct reading *reading, struct rule_matches *matches)
{
	for (size_t i = 0; i < reading->count; i++) {
		if (reading->selectors[i].families != 0)
			matches_add(matches, MATCH_FAMILY)->families = reading->selectors[i].families;
		if (reading->selectors[i].kind == SELECTOR_NEVER)
			matches_add_fixed(matches, CERTAINLY_NOT, NULL);
	}
}

static void read_map(struct nft *nft, struct reading *reading, struct filter_rule *rule)
{
	size_t name = nft->at;
	struct nft_operand operand = nft_take_operand(nft);
	reading->rule = rule;
	reading->is_exact = true;
	add_implied(reading, &rule->matches);
	if (operand.is_missing) {
		add_missing(nft, &rule->matches, nft->tokens.items[name].text);
		rule_add_case(rule, VERDICT_UNKNOWN);
		return;
	}
	nft_each_element(nft, &operand, on_case, reading);
	for (size_t i = 0; i < rule->case_count; i++) {
		if (rule->cases[i].matches.count > 0)
			continue;
		reading->match = matches_add(&rule->cases[i].matches, MATCH_ANY);
		reading->match->is_negated = true;
		nft_each_element(nft, &operand, on_other_element, reading);
	}
}

/* Of a masked value only flags and the offset of fragments are understood. */
static void read_masked(struct reading *reading, struct rule_matches *matches, const struct nft_operand *operand, bool is_negated)
{
	struct nft *nft = reading->nft;
	const struct selector *selector = &reading->selectors[0];
	char wanted[NFT_WORDS_BYTES] = "", words[NFT_WORDS_BYTES * 2];
	struct rule_match *match = selector_begin(selector, matches);
	for (size_t i = operand->first; i < operand->end && i < operand->first + NFT_PARTS * 2; i++) {
		size_t length = strlen(wanted);
		if (nft->tokens.items[i].kind != TOKEN_STOP)
			snprintf(wanted + length, sizeof wanted - length, "%s", nft->tokens.items[i].text);
	}
	bool is_zero = str_equal(wanted, "0") || str_equal(wanted, "0x0") || str_equal(wanted, "0x00") || str_equal(wanted, "0x0000");
	bool is_offset = str_equal(reading->mask, "0x1fff") || str_equal(reading->mask, "8191") || str_equal(reading->mask, "0x3fff");
	if (selector->kind == SELECTOR_FLAGS)
		selector_offer_flags(match, reading->mask, is_zero ? "" : wanted);
	else if (selector->kind != SELECTOR_FRAGMENT || !is_offset)
		match_offer(match, UNCERTAIN, UNCERTAIN);
	else if (is_zero)
		match_offer(match, CERTAINLY, CERTAINLY);
	match->is_negated = is_negated;
	describe(reading, 0, "with a mask", words);
	if (match->kind != MATCH_FIXED)
		match->is_incomplete = true;
	selector_end(selector, match, words);
}

static void read_single(struct reading *reading, struct rule_matches *matches, const struct nft_operand *operand, bool is_negated)
{
	char words[NFT_WORDS_BYTES * 2];
	const char *value = operand->end == operand->first + 1 ? reading->nft->tokens.items[operand->first].text : NULL;
	reading->match = selector_begin(&reading->selectors[0], matches);
	reading->match->is_negated = is_negated;
	nft_each_element(reading->nft, operand, on_element, reading);
	describe(reading, 0, value, words);
	selector_end(&reading->selectors[0], reading->match, words);
}

/* "tcp dport >= 1024" as the range "1024-65535". */
static bool read_compared(struct reading *reading, struct rule_matches *matches, const char *op)
{
	char range[sizeof "65535-65535"], words[NFT_WORDS_BYTES * 2];
	uint16_t port = 0;
	struct nft *nft = reading->nft;
	const struct selector *selector = &reading->selectors[0];
	bool is_port = reading->count == 1 && (selector->kind == SELECTOR_PORT || selector->kind == SELECTOR_SOURCE_PORT) &&
	               selector_port(nft_peek(nft)->text, &port);
	nft->at += !nft_is_stop(nft);
	if (!is_port)
		return false;
	struct rule_match *match = selector_begin(selector, matches);
	bool is_low = op[0] == '<', is_open = op[1] == '\0';
	bool is_empty = is_open && port == (is_low ? 0 : 65535);
	snprintf(range, sizeof range, "%d-%d", is_low ? 0 : port + is_open, is_low ? port - is_open : 65535);
	if (!is_empty)
		selector_add(selector, match, range);
	describe(reading, 0, range, words);
	selector_end(selector, match, words);
	return true;
}

static const char *take_operator(struct nft *nft)
{
	static const char *const operators[] = {"==", "!=", "<=", ">=", "<", ">", "eq", "ne", "lt", "gt", "le", "ge"};
	static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">", "==", "!=", "<", ">", "<=", ">="};
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
		if (nft_take(nft, operators[i]))
			return signs[i];
	return nft_take(nft, "!") ? "!" : ""; /* none of these, "!=" is not exactly these */
}

static void read_compare(struct nft *nft, struct reading *reading, struct rule_matches *matches)
{
	const char *op = take_operator(nft);
	if (op[0] == '<' || op[0] == '>') {
		if (!read_compared(reading, matches, op))
			matches_add_fixed(matches, UNCERTAIN, "a comparison was not understood");
		return;
	}
	size_t name = nft->at;
	struct nft_operand operand = nft_take_operand(nft);
	bool is_negated = op[0] == '!';
	reading->is_exact = operand.is_set || op[0] == '=';
	if (nft_is(nft, "/")) { /* "tcp flags syn / fin,syn,rst,ack" is "& (fin|syn|rst|ack) == syn" */
		nft->at++;
		struct nft_operand mask = nft_take_operand(nft);
		for (size_t i = mask.first; i < mask.end; i++) {
			size_t length = strlen(reading->mask);
			snprintf(reading->mask + length, sizeof reading->mask - length, "%s", nft->tokens.items[i].text);
		}
	}
	if (reading->selectors[0].kind == SELECTOR_FLAGS && op[0] != '\0' && op[1] == '=' && !operand.is_set && reading->mask[0] == '\0')
		snprintf(reading->mask, sizeof reading->mask, "0xff");
	if (operand.is_missing) {
		add_missing(nft, matches, nft->tokens.items[name].text);
	} else if (reading->mask[0] != '\0') {
		read_masked(reading, matches, &operand, is_negated);
	} else if (reading->count == 1) {
		read_single(reading, matches, &operand, is_negated);
	} else {
		add_implied(reading, matches);
		reading->match = matches_add(matches, MATCH_ANY);
		reading->match->is_negated = is_negated;
		nft_each_element(nft, &operand, on_element, reading);
	}
}

bool nft_read_match(struct nft *nft, struct filter_rule *rule)
{
	struct reading reading = {.nft = nft};
	size_t start = nft->at;
	if (!take_selectors(nft, &reading)) {
		nft->at = start;
		return false;
	}
	if (nft_is(nft, "set")) { /* "meta mark set 1" changes, and does not ask */
		nft_skip_statement(nft);
		return true;
	}
	if (nft_take(nft, "vmap"))
		read_map(nft, &reading, rule);
	else {
		take_mask(nft, &reading);
		read_compare(nft, &reading, &rule->matches);
	}
	return true;
}
