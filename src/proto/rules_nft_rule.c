/* The statements of a rule of nft's language. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/rules_iptables_parts.h"
#include "proto/rules_nft_parts.h"

static bool is_listed(const struct nft *nft, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (nft_is(nft, words[i]))
			return true;
	return false;
}

void nft_skip_statement(struct nft *nft)
{
	static const char *const beginnings[] = {
	    "accept", "drop",  "reject", "return", "continue", "jump",     "goto", "queue", "counter", "log",  "limit",  "comment",
	    "dnat",   "snat",  "masquerade", "redirect", "notrack", "ip",  "ip6",  "tcp",   "th",      "meta", "ct",     "iif",
	    "iifname", "oif",  "oifname", "udp",   "icmp",     "icmpv6",
	};
	if (!nft_is_stop(nft))
		nft->at++;
	while (!nft_is_stop(nft) && !is_listed(nft, beginnings, sizeof beginnings / sizeof beginnings[0])) {
		if (nft_is(nft, "{"))
			nft_skip_block(nft);
		else
			nft->at++;
	}
}

static void skip_rest(struct nft *nft)
{
	while (!nft_is_stop(nft)) {
		if (nft_is(nft, "{"))
			nft_skip_block(nft);
		else
			nft->at++;
	}
}

static void take_word(struct nft *nft)
{
	nft->at += !nft_is_stop(nft);
}

/* "counter packets 3 bytes 240", "counter name x", "counter x" */
static void read_counter(struct nft *nft, struct filter_rule *rule)
{
	(void)rule;
	take_word(nft);
	if (nft_take(nft, "packets")) {
		take_word(nft);
		if (nft_take(nft, "bytes"))
			take_word(nft);
	} else if (nft_take(nft, "name") || nft_peek(nft)->kind == TOKEN_STRING) {
		take_word(nft);
	}
}

static void read_log(struct nft *nft, struct filter_rule *rule)
{
	static const char *const with_value[] = {"prefix", "level", "group", "snaplen", "queue-threshold"};
	(void)rule;
	take_word(nft);
	for (;;) {
		if (nft_take(nft, "flags")) {
			do { /* "all", "skuid", "tcp sequence,options", "ip options" */
				bool has_more = nft_is(nft, "tcp") || nft_is(nft, "ip");
				take_word(nft);
				if (has_more)
					take_word(nft);
			} while (nft_take(nft, ","));
		} else if (is_listed(nft, with_value, sizeof with_value / sizeof with_value[0])) {
			take_word(nft);
			take_word(nft);
		} else {
			return;
		}
	}
}

/* Whether one of the tokens up to `end` is "over"; "until" is the other way of a limit. */
static bool has_over(const struct nft *nft, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		if (nft->tokens.items[i].kind == TOKEN_WORD && str_equal(nft->tokens.items[i].text, "over"))
			return true;
	return false;
}

/* "limit rate [over] 10/second [burst 5 packets]": one connection is within it. */
static void read_limit(struct nft *nft, struct filter_rule *rule)
{
	size_t start = nft->at;
	nft_skip_statement(nft);
	if (has_over(nft, start, nft->at))
		matches_add_fixed(&rule->matches, CERTAINLY_NOT, NULL);
}

/* "add @set { ip saddr limit rate over 3/minute }", "meter m { ... }": a limit for each address. */
static void read_dynamic(struct nft *nft, struct filter_rule *rule)
{
	size_t start = nft->at;
	while (!nft_is_stop(nft) && !nft_is(nft, "{"))
		nft->at++;
	if (nft_is(nft, "{"))
		nft_skip_block(nft);
	if (has_over(nft, start, nft->at))
		matches_add_fixed(&rule->matches, CERTAINLY_NOT, NULL);
}

static void read_quota(struct nft *nft, struct filter_rule *rule)
{
	nft_skip_statement(nft);
	matches_add_fixed(&rule->matches, UNCERTAIN, "it depends on a quota");
}

static void read_comment(struct nft *nft, struct filter_rule *rule)
{
	(void)rule;
	take_word(nft);
	take_word(nft);
}

static void read_last(struct nft *nft, struct filter_rule *rule)
{
	(void)rule;
	take_word(nft);
	if (nft_take(nft, "used"))
		take_word(nft);
}

/* "jump { ... }": a chain without a name; no other chain's name begins with a brace. */
static void read_nameless(struct nft *nft, struct rule_case *c)
{
	char *name = xasprintf("{%zu", nft->at);
	struct rule_chain *chain = ruleset_add_chain(nft->ruleset, nft->table, name);
	free(c->target);
	c->target = name;
	chain->families = nft->families;
	nft->depth++;
	if (nft->depth > NFT_DEPTH) {
		c->verdict = VERDICT_UNKNOWN;
		nft_skip_block(nft);
	} else {
		nft_read_block(nft, chain);
	}
	nft->depth--;
}

static void read_verdict(struct nft *nft, struct filter_rule *rule)
{
	bool has_target = nft_is(nft, "jump") || nft_is(nft, "goto");
	nft_set_verdict(nft, nft->at, rule_add_case(rule, VERDICT_UNKNOWN));
	if (nft_is(nft, "reject") || nft_is(nft, "queue")) {
		skip_rest(nft);
		return;
	}
	take_word(nft);
	if (has_target && nft_is(nft, "{"))
		read_nameless(nft, &rule->cases[rule->case_count - 1]);
	else if (has_target)
		take_word(nft);
}

/* "10.0.0.5:1993", "[2001:db8::5]:993", ":1143", "10.0.0.5": what is not that stays unknown. */
static void read_destination(const char *text, struct rule_case *c)
{
	char host[ADDRESS_TEXT_BYTES + 2];
	const char *colon = strrchr(text, ':');
	bool has_port = colon != NULL && (text[0] == ':' || text[0] == '[' || strchr(text, ':') == colon);
	size_t length = has_port ? (size_t)(colon - text) : strlen(text);
	if (has_port)
		selector_port(colon + 1, &c->port);
	if (length == 0 || length >= sizeof host)
		return;
	snprintf(host, sizeof host, "%.*s", (int)length, text);
	bool has_brackets = host[0] == '[' && host[length - 1] == ']';
	if (has_brackets)
		host[length - 1] = '\0';
	c->has_address = address_parse(host + has_brackets, &c->address);
}

/* "dnat ip to 10.0.0.5:1993", "redirect to :1143", "dnat to tcp dport map { ... }" */
static void read_nat(struct nft *nft, struct filter_rule *rule)
{
	struct rule_case *c = rule_add_case(rule, VERDICT_NAT);
	c->is_local = nft_is(nft, "redirect");
	while (!nft_is_stop(nft) && !nft_is(nft, "to"))
		nft->at++;
	if (nft_take(nft, "to") && nft_peek(nft)->kind == TOKEN_WORD)
		read_destination(nft_peek(nft)->text, c);
	skip_rest(nft);
}

static void read_other_nat(struct nft *nft, struct filter_rule *rule)
{
	rule_add_case(rule, VERDICT_ACCEPT);
	skip_rest(nft);
}

/* What takes the packet out of the filter's hands, or changes what later rules see. */
static void read_unknown(struct nft *nft, struct filter_rule *rule)
{
	rule_add_case(rule, VERDICT_UNKNOWN);
	skip_rest(nft);
}

static void read_harmless(struct nft *nft, struct filter_rule *rule)
{
	(void)rule;
	nft_skip_statement(nft);
}

/* xt match "connlimit", xt target "LOG": of iptables-nft, and all that nft can say of it. */
static void read_xt(struct nft *nft, struct filter_rule *rule)
{
	take_word(nft);
	bool is_target = nft_is(nft, "target");
	take_word(nft);
	const char *name = nft_peek(nft)->text;
	if (is_target) {
		enum rule_verdict verdict = iptables_verdict(name);
		rule_add_case(rule, verdict == VERDICT_NAT ? VERDICT_UNKNOWN : verdict); /* nobody knows where to */
	} else if (!str_equal(name, "comment")) {
		char *why = xasprintf("the xtables match '%.60s' is not shown here: give iptables-save", name);
		matches_add_fixed(&rule->matches, UNCERTAIN, why);
		free(why);
	}
	take_word(nft);
}

static const struct {
	const char *word, *second; /* second: the word behind it, or NULL */
	void (*read)(struct nft *nft, struct filter_rule *rule);
} statements[] = {
    {"accept", NULL, read_verdict},
    {"drop", NULL, read_verdict},
    {"reject", NULL, read_verdict},
    {"return", NULL, read_verdict},
    {"continue", NULL, read_verdict},
    {"jump", NULL, read_verdict},
    {"goto", NULL, read_verdict},
    {"queue", NULL, read_verdict},
    {"counter", NULL, read_counter},
    {"log", NULL, read_log},
    {"limit", NULL, read_limit},
    {"ct", "count", read_limit},
    {"quota", NULL, read_quota},
    {"add", NULL, read_dynamic},
    {"update", NULL, read_dynamic},
    {"delete", NULL, read_dynamic},
    {"meter", NULL, read_dynamic},
    {"comment", NULL, read_comment},
    {"last", NULL, read_last},
    {"dnat", NULL, read_nat},
    {"redirect", NULL, read_nat},
    {"snat", NULL, read_other_nat},
    {"masquerade", NULL, read_other_nat},
    {"notrack", NULL, read_unknown},
    {"tproxy", NULL, read_unknown},
    {"synproxy", NULL, read_unknown},
    {"fwd", NULL, read_unknown},
    {"dup", NULL, read_harmless},
    {"flow", NULL, read_harmless},
    {"nftrace", NULL, read_harmless},
    {"xt", NULL, read_xt},
};

static bool read_statement(struct nft *nft, struct filter_rule *rule)
{
	const struct rules_token *following = nft_peek(nft) + (nft_peek(nft)->kind != TOKEN_END);
	for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
		if (!nft_is(nft, statements[i].word))
			continue;
		if (statements[i].second != NULL && !str_equal(following->text, statements[i].second))
			continue;
		statements[i].read(nft, rule);
		return true;
	}
	return false;
}

/* Leaves out what is not understood, up to where something begins again, and makes the rule uncertain. */
static void read_strange(struct nft *nft, struct filter_rule *rule)
{
	char *why = xasprintf("'%.60s' was not understood", nft_peek(nft)->text);
	matches_add_fixed(&rule->matches, UNCERTAIN, why);
	ruleset_note(nft->ruleset, rule->place, "%s", why);
	free(why);
	nft_skip_statement(nft);
}

void nft_read_rule(struct nft *nft, struct rule_chain *chain)
{
	char *place = nft_place(nft, nft->at);
	struct filter_rule *rule = chain_add_rule(chain, place);
	free(place);
	while (!nft_is_stop(nft)) {
		size_t before = nft->at;
		if (!read_statement(nft, rule) && !nft_read_match(nft, rule))
			read_strange(nft, rule);
		if (nft->at == before)
			nft->at++; /* every round takes something */
	}
	if (rule->case_count == 0)
		rule_add_case(rule, VERDICT_NONE);
}
