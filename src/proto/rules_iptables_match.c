/* The options of an iptables rule, asked in nft's words (rule_selector.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/rule_selector.h"
#include "proto/rules_iptables_parts.h"

enum { WORDS_BYTES = 128 };

enum option_kind {
	OPTION_SELECTOR, /* a list of values for a selector */
	OPTION_PORTS,    /* the same, with ranges as "a:b" */
	OPTION_NOT,      /* does not hold for one new TCP connection: over a limit, another protocol */
	OPTION_HOLDS,    /* holds */
	OPTION_UNSURE,
	OPTION_IGNORED,  /* says how, and asks nothing */
	OPTION_FLAGS,
	OPTION_SYN,
	OPTION_EITHER_PORT,
	OPTION_SET,
	OPTION_RECENT,
	OPTION_HITS,
};

static const struct {
	const char *name;
	enum option_kind kind;
	unsigned values;      /* words behind it */
	const char *selector; /* in nft's words; "ip" stands for ip6 as well */
} options[] = {
    {"-s", OPTION_SELECTOR, 1, "ip saddr"},
    {"--source", OPTION_SELECTOR, 1, "ip saddr"},
    {"-d", OPTION_SELECTOR, 1, "ip daddr"},
    {"--destination", OPTION_SELECTOR, 1, "ip daddr"},
    {"--src-range", OPTION_SELECTOR, 1, "ip saddr"},
    {"--dst-range", OPTION_SELECTOR, 1, "ip daddr"},
    {"-p", OPTION_SELECTOR, 1, "meta l4proto"},
    {"--protocol", OPTION_SELECTOR, 1, "meta l4proto"},
    {"--ctproto", OPTION_SELECTOR, 1, "meta l4proto"},
    {"-i", OPTION_SELECTOR, 1, "iifname"},
    {"--in-interface", OPTION_SELECTOR, 1, "iifname"},
    {"-o", OPTION_SELECTOR, 1, "oifname"},
    {"--out-interface", OPTION_SELECTOR, 1, "oifname"},
    {"--ctstate", OPTION_SELECTOR, 1, "ct state"},
    {"--state", OPTION_SELECTOR, 1, "ct state"},
    {"--ctdir", OPTION_SELECTOR, 1, "ct direction"},
    {"--ctstatus", OPTION_SELECTOR, 1, "ct status"},
    {"--pkt-type", OPTION_SELECTOR, 1, "pkttype"},
    {"--dst-type", OPTION_SELECTOR, 1, "fib daddr type"},
    {"--src-type", OPTION_SELECTOR, 1, "fib saddr type"},
    {"--dport", OPTION_PORTS, 1, "tcp dport"},
    {"--destination-port", OPTION_PORTS, 1, "tcp dport"},
    {"--dports", OPTION_PORTS, 1, "tcp dport"},
    {"--destination-ports", OPTION_PORTS, 1, "tcp dport"},
    {"--sport", OPTION_PORTS, 1, "tcp sport"},
    {"--source-port", OPTION_PORTS, 1, "tcp sport"},
    {"--sports", OPTION_PORTS, 1, "tcp sport"},
    {"--source-ports", OPTION_PORTS, 1, "tcp sport"},
    {"--ports", OPTION_EITHER_PORT, 1, "tcp dport"},
    {"--tcp-flags", OPTION_FLAGS, 2, NULL},
    {"--syn", OPTION_SYN, 0, NULL},
    {"--match-set", OPTION_SET, 2, NULL},
    {"--connlimit-above", OPTION_NOT, 1, NULL},
    {"--connlimit-upto", OPTION_HOLDS, 1, NULL},
    {"--hashlimit-above", OPTION_NOT, 1, NULL},
    {"--hashlimit-upto", OPTION_HOLDS, 1, NULL},
    {"--hashlimit", OPTION_HOLDS, 1, NULL},
    {"--limit", OPTION_HOLDS, 1, NULL},
    {"--icmp-type", OPTION_NOT, 1, NULL},
    {"--icmpv6-type", OPTION_NOT, 1, NULL},
    {"--chunk-types", OPTION_NOT, 2, NULL},
    {"-f", OPTION_NOT, 0, NULL},
    {"--fragment", OPTION_NOT, 0, NULL},
    {"--rcheck", OPTION_RECENT, 0, NULL},
    {"--update", OPTION_RECENT, 0, NULL},
    {"--hitcount", OPTION_HITS, 1, NULL},
    {"--set", OPTION_HOLDS, 0, NULL},
    {"-m", OPTION_IGNORED, 1, NULL},
    {"--match", OPTION_IGNORED, 1, NULL},
    {"-c", OPTION_IGNORED, 2, NULL},
    {"--comment", OPTION_IGNORED, 1, NULL},
    {"--limit-burst", OPTION_IGNORED, 1, NULL},
    {"--hashlimit-burst", OPTION_IGNORED, 1, NULL},
    {"--hashlimit-mode", OPTION_IGNORED, 1, NULL},
    {"--hashlimit-name", OPTION_IGNORED, 1, NULL},
    {"--hashlimit-srcmask", OPTION_IGNORED, 1, NULL},
    {"--hashlimit-dstmask", OPTION_IGNORED, 1, NULL},
    {"--hashlimit-htable-size", OPTION_IGNORED, 1, NULL},
    {"--hashlimit-htable-max", OPTION_IGNORED, 1, NULL},
    {"--hashlimit-htable-expire", OPTION_IGNORED, 1, NULL},
    {"--hashlimit-htable-gcinterval", OPTION_IGNORED, 1, NULL},
    {"--connlimit-mask", OPTION_IGNORED, 1, NULL},
    {"--connlimit-saddr", OPTION_IGNORED, 0, NULL},
    {"--connlimit-daddr", OPTION_IGNORED, 0, NULL},
    {"--seconds", OPTION_IGNORED, 1, NULL},
    {"--name", OPTION_IGNORED, 1, NULL},
    {"--mask", OPTION_IGNORED, 1, NULL},
    {"--rsource", OPTION_IGNORED, 0, NULL},
    {"--rdest", OPTION_IGNORED, 0, NULL},
    {"--rttl", OPTION_IGNORED, 0, NULL},
    {"--reap", OPTION_IGNORED, 0, NULL},
    {"--limit-iface-in", OPTION_IGNORED, 0, NULL},
    {"--return-nomatch", OPTION_UNSURE, 0, NULL},
    {"--update-counters", OPTION_IGNORED, 0, NULL},
    {"--mark", OPTION_UNSURE, 1, NULL},
    {"--mac-source", OPTION_UNSURE, 1, NULL},
    {"--probability", OPTION_UNSURE, 1, NULL},
    {"--mode", OPTION_IGNORED, 1, NULL},
};

static const char *value_at(const struct iptables_rule *line, size_t offset)
{
	return line->at + offset < line->count ? line->arguments[line->at + offset] : "";
}

/* Each value of a list parted by commas, in lower case; ranges of ports "a:b" as "a-b". */
static void add_values(const struct selector *selector, struct rule_match *match, const char *list, bool has_ports)
{
	char *copy = xstrdup(list);
	for (char *at = copy, *next = NULL; at != NULL; at = next) {
		next = strchr(at, ',');
		if (next != NULL)
			*next++ = '\0';
		if (selector->kind != SELECTOR_INTERFACE && selector->kind != SELECTOR_WAY_OUT)
			str_lower(at);
		char *colon = has_ports ? strchr(at, ':') : NULL;
		if (colon != NULL)
			*colon = '-';
		if (colon != NULL && (colon == at || colon[1] == '\0')) { /* ":1023", "1024:" */
			char *whole = xasprintf("%s%s%s", colon == at ? "0" : "", at, colon[1] == '\0' ? "65535" : "");
			selector_add(selector, match, whole);
			free(whole);
		} else {
			selector_add(selector, match, at);
		}
	}
	free(copy);
}

static void read_selector(struct iptables_rule *line, const char *words, bool has_ports, bool is_negated)
{
	char name[WORDS_BYTES], why[WORDS_BYTES];
	bool is_v6 = line->family == FAMILY_V6 && str_starts(words, "ip ");
	snprintf(name, sizeof name, "%s%s", is_v6 ? "ip6 " : "", is_v6 ? words + 3 : words);
	struct selector selector = selector_find(name);
	struct rule_match *match = selector_begin(&selector, &line->rule->matches);
	add_values(&selector, match, value_at(line, 1), has_ports);
	match->is_negated = is_negated;
	snprintf(why, sizeof why, "%s %s", line->arguments[line->at], value_at(line, 1));
	selector_end(&selector, match, why);
}

static void read_fixed(struct iptables_rule *line, enum certainty answer, bool is_negated)
{
	char *why = xasprintf("it depends on %.60s %.60s", line->arguments[line->at], value_at(line, 1));
	matches_add_fixed(&line->rule->matches, answer, why);
	line->rule->matches.items[line->rule->matches.count - 1].is_negated = is_negated;
	free(why);
}

static void read_flags(struct iptables_rule *line, const char *mask, const char *wanted, bool is_negated)
{
	read_fixed(line, CERTAINLY_NOT, is_negated);
	selector_offer_flags(&line->rule->matches.items[line->rule->matches.count - 1], mask, wanted);
}

static void read_either_port(struct iptables_rule *line, bool is_negated)
{
	read_selector(line, "tcp dport", true, is_negated);
	struct rule_match *match = &line->rule->matches.items[line->rule->matches.count - 1];
	match->is_incomplete = true; /* the client's port may be one of them */
	free(match->why);
	match->why = xstrdup("it depends on the client's port");
}

static void read_known(struct iptables_rule *line, size_t option, bool is_negated)
{
	switch (options[option].kind) {
	case OPTION_SELECTOR:
	case OPTION_PORTS:
		read_selector(line, options[option].selector, options[option].kind == OPTION_PORTS, is_negated);
		break;
	case OPTION_NOT:
		read_fixed(line, CERTAINLY_NOT, is_negated);
		break;
	case OPTION_HOLDS:
		read_fixed(line, CERTAINLY, is_negated);
		break;
	case OPTION_UNSURE:
		read_fixed(line, UNCERTAIN, is_negated);
		break;
	case OPTION_FLAGS:
		read_flags(line, value_at(line, 1), value_at(line, 2), is_negated);
		break;
	case OPTION_SYN:
		read_flags(line, "FIN,SYN,RST,ACK", "SYN", is_negated);
		break;
	case OPTION_EITHER_PORT:
		read_either_port(line, is_negated);
		break;
	case OPTION_SET:
		ipsets_match(line->sets, value_at(line, 1), value_at(line, 2), &line->rule->matches, is_negated);
		break;
	case OPTION_RECENT:
		line->checks_recent = true;
		line->is_not_recent = is_negated;
		break;
	case OPTION_HITS:
		line->counts_hits = true;
		break;
	case OPTION_IGNORED:
		break;
	}
	line->at += 1 + options[option].values;
}

/* Leaves out an option that is not known, with its values; the rule is uncertain. */
static void read_strange(struct iptables_rule *line)
{
	char *why = xasprintf("'%.60s' was not understood", line->arguments[line->at]);
	matches_add_fixed(&line->rule->matches, UNCERTAIN, why);
	ruleset_note(line->ruleset, line->place, "%s", why);
	free(why);
	do
		line->at++;
	while (line->at < line->count && line->arguments[line->at][0] != '-' && !str_equal(line->arguments[line->at], "!"));
}

static void read_option(struct iptables_rule *line)
{
	bool is_negated = str_equal(line->arguments[line->at], "!");
	line->at += is_negated;
	if (line->at >= line->count)
		return;
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (!str_equal(options[i].name, line->arguments[line->at]))
			continue;
		read_known(line, i, is_negated);
		return;
	}
	read_strange(line);
}

/* A look into the list of recent addresses: with a number of hits it is a limit, and not reached. */
static void finish_recent(struct iptables_rule *line)
{
	if (!line->checks_recent)
		return;
	matches_add_fixed(&line->rule->matches, line->counts_hits ? CERTAINLY_NOT : UNCERTAIN, "it depends on recent connections");
	line->rule->matches.items[line->rule->matches.count - 1].is_negated = line->is_not_recent;
}

void iptables_read_rule(struct iptables_rule *line)
{
	bool has_target = false;
	while (line->at < line->count && !has_target) {
		const char *name = line->arguments[line->at];
		has_target = str_equal(name, "-j") || str_equal(name, "-g") || str_equal(name, "--jump") || str_equal(name, "--goto");
		if (!has_target) {
			read_option(line);
			continue;
		}
		line->at++;
		iptables_read_target(line, str_equal(name, "-g") || str_equal(name, "--goto"));
	}
	finish_recent(line);
	if (!has_target)
		rule_add_case(line->rule, VERDICT_NONE);
}
