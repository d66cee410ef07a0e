#include "proto/rule_selector.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

static const struct {
	const char *words;
	enum selector_kind kind;
	unsigned families; /* 0: implies none */
} selectors[] = {
    {"ip saddr", SELECTOR_SOURCE, FAMILY_V4},
    {"ip6 saddr", SELECTOR_SOURCE, FAMILY_V6},
    {"ip daddr", SELECTOR_DESTINATION, FAMILY_V4},
    {"ip6 daddr", SELECTOR_DESTINATION, FAMILY_V6},
    {"tcp dport", SELECTOR_PORT, 0},
    {"th dport", SELECTOR_PORT, 0},
    {"tcp sport", SELECTOR_SOURCE_PORT, 0},
    {"th sport", SELECTOR_SOURCE_PORT, 0},
    {"tcp flags", SELECTOR_FLAGS, 0},
    {"meta l4proto", SELECTOR_PROTOCOL, 0},
    {"l4proto", SELECTOR_PROTOCOL, 0},
    {"ip protocol", SELECTOR_PROTOCOL, FAMILY_V4},
    {"ip6 nexthdr", SELECTOR_PROTOCOL, FAMILY_V6},
    {"ip frag-off", SELECTOR_FRAGMENT, FAMILY_V4},
    {"meta nfproto", SELECTOR_FAMILY, 0},
    {"nfproto", SELECTOR_FAMILY, 0},
    {"meta protocol", SELECTOR_FAMILY, 0},
    {"protocol", SELECTOR_FAMILY, 0},
    {"ether type", SELECTOR_FAMILY, 0},
    {"iif", SELECTOR_INTERFACE, 0},
    {"iifname", SELECTOR_INTERFACE, 0},
    {"meta iif", SELECTOR_INTERFACE, 0},
    {"meta iifname", SELECTOR_INTERFACE, 0},
    {"oif", SELECTOR_WAY_OUT, 0},
    {"oifname", SELECTOR_WAY_OUT, 0},
    {"meta oif", SELECTOR_WAY_OUT, 0},
    {"meta oifname", SELECTOR_WAY_OUT, 0},
    {"ct state", SELECTOR_STATE, 0},
    {"ct direction", SELECTOR_DIRECTION, 0},
    {"ct status", SELECTOR_STATUS, 0},
    {"meta pkttype", SELECTOR_PACKET_TYPE, 0},
    {"pkttype", SELECTOR_PACKET_TYPE, 0},
    {"fib daddr type", SELECTOR_LOCAL_TYPE, 0},
    {"fib daddr iif type", SELECTOR_LOCAL_TYPE, 0},
    {"fib saddr type", SELECTOR_SOURCE_TYPE, 0},
    {"fib saddr oif", SELECTOR_ROUTE_BACK, 0},
    {"fib saddr iif oif", SELECTOR_ROUTE_BACK, 0},
    {"fib saddr mark oif", SELECTOR_ROUTE_BACK, 0},
    {"fib saddr mark iif oif", SELECTOR_ROUTE_BACK, 0},
    {"fib iif saddr oif", SELECTOR_ROUTE_BACK, 0},
};

/* Headers that a TCP packet does not have. */
static const char *const others[] = {
    "udp ", "udplite ", "icmp ", "icmpv6 ", "igmp ", "sctp ", "dccp ", "esp ", "ah ", "comp ", "arp ", "gre ",
};

struct selector selector_find(const char *words)
{
	for (size_t i = 0; i < sizeof selectors / sizeof selectors[0]; i++)
		if (str_equal(selectors[i].words, words))
			return (struct selector){selectors[i].kind, selectors[i].families};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (str_starts(words, others[i]))
			return (struct selector){SELECTOR_NEVER, 0};
	return (struct selector){SELECTOR_UNKNOWN, str_starts(words, "ip ") ? FAMILY_V4 : str_starts(words, "ip6 ") ? FAMILY_V6 : 0};
}

struct rule_match *selector_begin(const struct selector *selector, struct rule_matches *matches)
{
	static const enum match_kind kinds[] = {
	    [SELECTOR_SOURCE] = MATCH_SOURCE,
	    [SELECTOR_DESTINATION] = MATCH_DESTINATION,
	    [SELECTOR_PORT] = MATCH_PORT,
	    [SELECTOR_SOURCE_PORT] = MATCH_SOURCE_PORT,
	    [SELECTOR_FAMILY] = MATCH_FAMILY,
	    [SELECTOR_INTERFACE] = MATCH_INTERFACE,
	    [SELECTOR_WAY_OUT] = MATCH_WAY_OUT,
	};
	if (selector->families != 0)
		matches_add(matches, MATCH_FAMILY)->families = selector->families;
	bool is_set = selector->kind <= SELECTOR_WAY_OUT;
	struct rule_match *match = matches_add(matches, is_set ? kinds[selector->kind] : MATCH_FIXED);
	match->fixed = match->reply = CERTAINLY_NOT; /* no value matches nothing */
	return match;
}

bool selector_port(const char *text, uint16_t *port)
{
	int64_t number;
	if (str_to_int(text, 0, 65535, &number)) {
		*port = (uint16_t)number;
		return true;
	}
	if (text[0] < 'a' || text[0] > 'z')
		return false;
	/* Names of other services are other ports. */
	*port = str_equal(text, "imaps") ? 993 : str_equal(text, "imap") || str_equal(text, "imap2") || str_equal(text, "imap4") ? 143 : 0;
	return true;
}

/* "a-b" in two, with `value` as one buffer; false without a dash. */
static bool split_range(char *value, char **last)
{
	char *dash = strchr(value, '-');
	if (dash == NULL)
		return false;
	*dash = '\0';
	*last = dash + 1;
	return true;
}

static bool add_port(struct rule_match *match, const char *value)
{
	char *copy = xstrdup(value), *last = NULL;
	uint16_t from = 0, to = 0;
	bool is_ok;
	if (split_range(copy, &last) && copy[0] >= '0' && copy[0] <= '9')
		is_ok = selector_port(copy, &from) && selector_port(last, &to) && from <= to;
	else
		is_ok = selector_port(value, &from) && selector_port(value, &to);
	if (is_ok)
		match_add_port(match, from, to);
	free(copy);
	return is_ok;
}

static bool add_addresses(struct rule_match *match, const char *value)
{
	struct prefix prefix;
	struct address from, to;
	if (prefix_parse(value, &prefix)) {
		prefix_set_add(&match->addresses, &prefix);
		return true;
	}
	char *copy = xstrdup(value), *last = NULL;
	bool is_ok = split_range(copy, &last) && address_parse(copy, &from) && address_parse(last, &to) && from.family == to.family &&
	             address_compare(&from, &to) <= 0;
	if (is_ok)
		prefix_set_add_range(&match->addresses, &from, &to);
	free(copy);
	return is_ok;
}

static bool add_family(struct rule_match *match, const char *value)
{
	if (str_equal(value, "ipv4") || str_equal(value, "ip") || str_equal(value, "2") || str_equal(value, "0x0800"))
		match->families |= FAMILY_V4;
	else if (str_equal(value, "ipv6") || str_equal(value, "ip6") || str_equal(value, "10") || str_equal(value, "0x86dd"))
		match->families |= FAMILY_V6;
	return true;
}

/* What values say of a new connection from outside, and of the server's answer to it; "" for all that are not named. */
static const struct {
	enum selector_kind kind;
	const char *value;
	enum certainty is_it, is_reply;
} answers[] = {
    {SELECTOR_STATE, "new", CERTAINLY, CERTAINLY_NOT},
    {SELECTOR_STATE, "established", CERTAINLY_NOT, CERTAINLY},
    {SELECTOR_STATE, "related", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_STATE, "invalid", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_STATE, "untracked", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_STATE, "snat", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_DIRECTION, "original", CERTAINLY, CERTAINLY_NOT},
    {SELECTOR_DIRECTION, "0", CERTAINLY, CERTAINLY_NOT},
    {SELECTOR_DIRECTION, "reply", CERTAINLY_NOT, CERTAINLY},
    {SELECTOR_DIRECTION, "1", CERTAINLY_NOT, CERTAINLY},
    {SELECTOR_STATUS, "seen-reply", CERTAINLY_NOT, CERTAINLY},
    {SELECTOR_STATUS, "assured", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_STATUS, "expected", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_STATUS, "dying", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_STATUS, "snat", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_PACKET_TYPE, "host", CERTAINLY, UNCERTAIN},
    {SELECTOR_PACKET_TYPE, "unicast", CERTAINLY, UNCERTAIN},
    {SELECTOR_PACKET_TYPE, "", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_LOCAL_TYPE, "local", CERTAINLY, CERTAINLY_NOT},
    {SELECTOR_LOCAL_TYPE, "unicast", UNCERTAIN, CERTAINLY}, /* on a router it is */
    {SELECTOR_LOCAL_TYPE, "", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_SOURCE_TYPE, "unicast", CERTAINLY, CERTAINLY_NOT},
    {SELECTOR_SOURCE_TYPE, "local", CERTAINLY_NOT, CERTAINLY},
    {SELECTOR_SOURCE_TYPE, "", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_ROUTE_BACK, "exists", CERTAINLY, UNCERTAIN},
    {SELECTOR_ROUTE_BACK, "true", CERTAINLY, UNCERTAIN},
    {SELECTOR_ROUTE_BACK, "1", CERTAINLY, UNCERTAIN},
    {SELECTOR_ROUTE_BACK, "missing", CERTAINLY_NOT, UNCERTAIN},
    {SELECTOR_ROUTE_BACK, "false", CERTAINLY_NOT, UNCERTAIN},
    {SELECTOR_ROUTE_BACK, "0", CERTAINLY_NOT, UNCERTAIN},
    {SELECTOR_FRAGMENT, "0", CERTAINLY, CERTAINLY},
    {SELECTOR_FRAGMENT, "0x0", CERTAINLY, CERTAINLY},
    {SELECTOR_FRAGMENT, "0x0000", CERTAINLY, CERTAINLY},
    {SELECTOR_FRAGMENT, "", CERTAINLY_NOT, CERTAINLY_NOT},
    {SELECTOR_NEVER, "", CERTAINLY_NOT, CERTAINLY_NOT},
};

static void offer_known(struct rule_match *match, enum selector_kind kind, const char *value)
{
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (answers[i].kind == kind && (answers[i].value[0] == '\0' || str_equal(answers[i].value, value))) {
			match_offer(match, answers[i].is_it, answers[i].is_reply);
			return;
		}
	match_offer(match, UNCERTAIN, UNCERTAIN);
}

static enum certainty is_protocol(const char *value)
{
	uint16_t first, last;
	if (str_equal(value, "tcp") || str_equal(value, "6") || str_equal(value, "all"))
		return CERTAINLY;
	char *copy = xstrdup(value), *end = NULL;
	bool is_range = split_range(copy, &end) && selector_port(copy, &first) && selector_port(end, &last) && copy[0] >= '0' && copy[0] <= '9';
	free(copy);
	return is_range && first <= 6 && 6 <= last ? CERTAINLY : CERTAINLY_NOT;
}

static void offer_value(struct rule_match *match, enum selector_kind kind, const char *value)
{
	if ((kind == SELECTOR_STATUS || kind == SELECTOR_STATE) && str_equal(value, "dnat"))
		match->asks_dnat = true;
	else if (kind == SELECTOR_PROTOCOL)
		match_offer(match, is_protocol(value), is_protocol(value));
	else if (kind == SELECTOR_FLAGS)
		selector_offer_flags(match, value, value);
	else
		offer_known(match, kind, value);
}

void selector_add(const struct selector *selector, struct rule_match *match, const char *value)
{
	switch (match->kind) {
	case MATCH_SOURCE:
	case MATCH_DESTINATION:
		match->is_incomplete = !add_addresses(match, value) || match->is_incomplete;
		break;
	case MATCH_PORT:
	case MATCH_SOURCE_PORT:
		match->is_incomplete = !add_port(match, value) || match->is_incomplete;
		break;
	case MATCH_FAMILY:
		add_family(match, value);
		break;
	case MATCH_INTERFACE:
	case MATCH_WAY_OUT:
		match_add_interface(match, value);
		break;
	case MATCH_FIXED:
		offer_value(match, selector->kind, value);
		break;
	case MATCH_ANY:
		break;
	}
}

void selector_end(const struct selector *selector, struct rule_match *match, const char *words)
{
	prefix_set_settle(&match->addresses);
	if (match->kind != MATCH_FIXED || match->fixed == UNCERTAIN || match->reply == UNCERTAIN || match->asks_dnat || match->is_incomplete) {
		free(match->why);
		match->why = xasprintf(match->is_incomplete ? "'%.100s' was not understood" : "it depends on %.100s", words);
	}
	if (selector->kind == SELECTOR_NEVER)
		match->is_negated = false; /* "udp dport != 53" is of UDP packets as well */
}

static unsigned flag_bits(const char *text)
{
	static const char *const names[] = {"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"};
	unsigned bits = 0;
	while (*text != '\0') {
		size_t length = strcspn(text, ",|");
		for (unsigned i = 0; i < 8; i++)
			if (strlen(names[i]) == length && str_starts_nocase(text, names[i]))
				bits |= 1u << i;
		if (length == 3 && str_starts_nocase(text, "ALL"))
			bits |= 0x3f;
		if (length > 2 && str_starts(text, "0x"))
			bits |= (unsigned)strtoul(text, NULL, 16) & 0xff;
		text += length + (text[length] != '\0');
	}
	return bits;
}

/* Of a packet that carries these. */
static enum certainty are_flags(unsigned carried, unsigned looked_at, unsigned set)
{
	enum { OF_ECN = 0xc0 }; /* a client may offer ECN: these two nobody knows */
	if ((carried & looked_at & ~OF_ECN) != (set & ~OF_ECN))
		return CERTAINLY_NOT;
	return (looked_at & OF_ECN) != 0 ? UNCERTAIN : CERTAINLY;
}

void selector_offer_flags(struct rule_match *match, const char *mask, const char *wanted)
{
	enum { SYN = 0x02, ACK = 0x10 };
	unsigned looked_at = flag_bits(mask), set = flag_bits(wanted);
	match_offer(match, are_flags(SYN, looked_at, set), are_flags(SYN | ACK, looked_at, set));
}
