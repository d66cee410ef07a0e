#include "proto/rule_match.h"

#include <stdlib.h>
#include <string.h>

/* Destinations that no connection from outside has: loopback, multicast, broadcast, "this network". */
static struct prefix_set impossible_destinations(void)
{
	static const char *const texts[] = {"0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "ff00::/8"};
	struct prefix_set set;
	prefix_set_init(&set);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct prefix prefix;
		if (prefix_parse(texts[i], &prefix))
			prefix_set_add(&set, &prefix);
	}
	prefix_set_settle(&set);
	return set;
}

/* Whether the destination is one of the set, as far as it is known; `family` is that of the sources in question. */
static enum certainty is_destination(const struct rule_match *match, const struct packet *packet, int family)
{
	if (packet->has_destination && packet->destination.family == family)
		return prefix_set_has(&match->addresses, &packet->destination) ? CERTAINLY : CERTAINLY_NOT;
	struct prefix_set all, impossible = impossible_destinations();
	prefix_set_init(&all);
	prefix_set_add_family(&all, family);
	prefix_set_drop(&all, &impossible);
	enum certainty answer = UNCERTAIN;
	if (!prefix_set_meets(&match->addresses, &all))
		answer = CERTAINLY_NOT;
	else if (prefix_set_is_within(&all, &match->addresses))
		answer = CERTAINLY;
	prefix_set_clear(&all);
	prefix_set_clear(&impossible);
	return answer;
}

static struct prefix_set of_families(const struct prefix_set *sources, unsigned families)
{
	struct prefix_set wanted;
	prefix_set_init(&wanted);
	if (families & FAMILY_V4)
		prefix_set_add_family(&wanted, 4);
	if (families & FAMILY_V6)
		prefix_set_add_family(&wanted, 6);
	prefix_set_keep(&wanted, sources);
	return wanted;
}

static enum certainty is_server_port(const struct rule_match *match, uint16_t port)
{
	for (size_t i = 0; i < match->port_count; i++)
		if (match->ports[i].first <= port && port <= match->ports[i].last)
			return CERTAINLY;
	return CERTAINLY_NOT;
}

/* A client takes one of the ports that need no privilege. */
static enum certainty is_client_port(const struct rule_match *match)
{
	enum { FIRST = 1024, LAST = 65535 };
	enum certainty answer = CERTAINLY_NOT;
	for (size_t i = 0; i < match->port_count && answer != CERTAINLY; i++) {
		if (match->ports[i].first <= FIRST && match->ports[i].last == LAST)
			answer = CERTAINLY;
		else if (match->ports[i].last >= FIRST)
			answer = UNCERTAIN;
	}
	return answer;
}

/* "eth0", "eth*" of nft, "eth+" of iptables */
static bool is_named(const char *interface, const char *pattern)
{
	size_t length = strlen(pattern);
	bool is_open = length > 0 && (pattern[length - 1] == '*' || pattern[length - 1] == '+');
	return is_open ? strncmp(interface, pattern, length - 1) == 0 : strcmp(interface, pattern) == 0;
}

/* `interface`: the packet's, or NULL when it is not known. */
static enum certainty is_interface(const struct rule_match *match, const char *interface)
{
	enum certainty answer = CERTAINLY_NOT;
	for (size_t i = 0; i < match->interface_count; i++) {
		const char *name = match->interfaces[i];
		if (interface != NULL ? is_named(interface, name) : strcmp(name, "*") == 0 || strcmp(name, "+") == 0)
			return CERTAINLY;
		if (interface == NULL && strcmp(name, "lo") != 0)
			answer = UNCERTAIN;
	}
	return answer;
}

/* The way in and the way out are one interface; a packet that comes in has no way out yet, but may be forwarded. */
static enum certainty is_fixed(const struct rule_match *match, const struct packet *packet)
{
	switch (match->kind) {
	case MATCH_FIXED:
		if (match->asks_dnat && (packet->is_dnat || !packet->knows_nat))
			return packet->is_dnat ? CERTAINLY : UNCERTAIN;
		return packet->is_reply ? match->reply : match->fixed;
	case MATCH_PORT:
		return packet->is_reply ? is_client_port(match) : is_server_port(match, packet->port);
	case MATCH_SOURCE_PORT:
		return packet->is_reply ? is_server_port(match, packet->port) : is_client_port(match);
	case MATCH_INTERFACE:
		return packet->is_reply ? CERTAINLY_NOT : is_interface(match, packet->interface);
	case MATCH_WAY_OUT:
		return is_interface(match, packet->is_reply ? packet->interface : NULL);
	case MATCH_FAMILY:
	case MATCH_SOURCE:
	case MATCH_DESTINATION:
	case MATCH_ANY:
		break;
	}
	return UNCERTAIN;
}

static void settle_fixed(struct matched *out, enum certainty fixed, const struct prefix_set *sources)
{
	if (fixed == CERTAINLY)
		prefix_set_merge(&out->certain, sources);
	if (fixed != CERTAINLY_NOT)
		prefix_set_merge(&out->possible, sources);
}

static void find_destination(struct matched *out, const struct rule_match *match, const struct packet *packet,
                             const struct prefix_set *sources)
{
	for (int family = 4; family <= 6; family += 2) {
		struct prefix_set some = of_families(sources, family == 4 ? FAMILY_V4 : FAMILY_V6);
		enum certainty fixed = is_destination(match, packet, family);
		settle_fixed(out, fixed, &some);
		if (fixed == UNCERTAIN && some.count > 0)
			out->why = packet->is_reply ? "it depends on the server's address" : "it depends on the destination address";
		prefix_set_clear(&some);
	}
}

static void find_any(struct matched *out, const struct rule_match *match, const struct packet *packet, const struct prefix_set *sources)
{
	for (size_t i = 0; i < match->alternative_count; i++) {
		struct matched one = matches_find(&match->alternatives[i], packet, sources);
		prefix_set_merge(&out->certain, &one.certain);
		prefix_set_merge(&out->possible, &one.possible);
		out->why = out->why != NULL ? out->why : one.why;
		matched_clear(&one);
	}
}

static struct matched find_one(const struct rule_match *match, const struct packet *packet, const struct prefix_set *sources)
{
	struct matched out = {.why = NULL};
	enum certainty fixed = UNCERTAIN;
	switch (match->kind) {
	case MATCH_FAMILY:
		out.certain = of_families(sources, match->families);
		out.possible = prefix_set_copy(&out.certain);
		break;
	case MATCH_SOURCE:
	case MATCH_DESTINATION:
		if ((match->kind == MATCH_SOURCE) != packet->is_reply) {
			out.certain = prefix_set_and(sources, &match->addresses);
			out.possible = prefix_set_copy(&out.certain);
		} else {
			find_destination(&out, match, packet, sources);
		}
		break;
	case MATCH_ANY:
		find_any(&out, match, packet, sources);
		break;
	case MATCH_FIXED:
	case MATCH_PORT:
	case MATCH_SOURCE_PORT:
	case MATCH_INTERFACE:
	case MATCH_WAY_OUT:
		fixed = is_fixed(match, packet);
		settle_fixed(&out, fixed, sources);
		out.why = fixed == UNCERTAIN ? match->why : NULL;
		break;
	}
	if (match->is_incomplete) {
		prefix_set_merge(&out.possible, sources);
		out.why = match->why != NULL ? match->why : "a part of the match was not understood";
	}
	return out;
}

/* What is not certainly matched may be out, what is not even possibly matched is certainly out. */
static void negate(struct matched *matched, const struct prefix_set *sources)
{
	struct prefix_set certain = prefix_set_minus(sources, &matched->possible);
	struct prefix_set possible = prefix_set_minus(sources, &matched->certain);
	prefix_set_clear(&matched->certain);
	prefix_set_clear(&matched->possible);
	matched->certain = certain;
	matched->possible = possible;
}

struct matched matches_find(const struct rule_matches *matches, const struct packet *packet, const struct prefix_set *sources)
{
	struct matched all = {.certain = prefix_set_copy(sources), .possible = prefix_set_copy(sources)};
	for (size_t i = 0; i < matches->count && all.possible.count > 0; i++) {
		struct matched one = find_one(&matches->items[i], packet, &all.possible);
		if (matches->items[i].is_negated)
			negate(&one, &all.possible);
		prefix_set_keep(&all.certain, &one.certain);
		prefix_set_keep(&all.possible, &one.possible);
		all.why = all.why != NULL ? all.why : one.why;
		matched_clear(&one);
	}
	if (all.possible.count == 0)
		prefix_set_clear(&all.certain);
	return all;
}

void matched_clear(struct matched *matched)
{
	prefix_set_clear(&matched->certain);
	prefix_set_clear(&matched->possible);
}
