/* `ipset save`: "create NAME hash:net family inet ...", "add NAME 40.96.0.0/13". */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/rule_selector.h"
#include "proto/rules_iptables.h"

enum { PARTS = 4, PART_BYTES = 64 };

struct ipset_element {
	char *value;     /* "40.96.0.0/13", "1.2.3.4,tcp:993" */
	bool is_nomatch; /* an exception: the address is not in the set */
};

struct ipset {
	char *name, *type;  /* "hash:ip,port" */
	int64_t netmask;    /* so many first bits of an address are compared; 0: all */
	bool has_bitmask;   /* ...or bits in other places */
	struct ipset_element *elements;
	size_t count, room;
};

void ipsets_init(struct ipsets *sets)
{
	*sets = (struct ipsets){0};
}

void ipsets_clear(struct ipsets *sets)
{
	for (size_t i = 0; i < sets->count; i++) {
		for (size_t e = 0; e < sets->items[i].count; e++)
			free(sets->items[i].elements[e].value);
		free(sets->items[i].elements);
		free(sets->items[i].name);
		free(sets->items[i].type);
	}
	free(sets->items);
	ipsets_init(sets);
}

static struct ipset *find(const struct ipsets *sets, const char *name)
{
	for (size_t i = 0; i < sets->count; i++)
		if (str_equal(sets->items[i].name, name))
			return &sets->items[i];
	return NULL;
}

/* The next word of the line, owned by the caller; NULL at its end. */
static char *take_word(const char **at, const char *end)
{
	while (*at < end && (**at == ' ' || **at == '\t' || **at == '\r'))
		(*at)++;
	const char *start = *at;
	while (*at < end && **at != ' ' && **at != '\t' && **at != '\r')
		(*at)++;
	return *at > start ? xstrndup(start, (size_t)(*at - start)) : NULL;
}

/* Behind "comment": its text in quotes. */
static void skip_text(const char **at, const char *end)
{
	const char *quote = memchr(*at, '"', (size_t)(end - *at));
	const char *second = quote != NULL ? memchr(quote + 1, '"', (size_t)(end - quote - 1)) : NULL;
	*at = second != NULL ? second + 1 : end;
}

static void read_options(struct ipset *set, struct ipset_element *element, const char *at, const char *end)
{
	char *word = NULL, *before = NULL;
	while ((word = take_word(&at, end)) != NULL) {
		if (element != NULL && str_equal(word, "comment"))
			skip_text(&at, end);
		else if (element != NULL)
			element->is_nomatch = element->is_nomatch || str_equal(word, "nomatch");
		else if (before != NULL && str_equal(before, "netmask"))
			str_to_int(word, 1, 128, &set->netmask);
		else
			set->has_bitmask = set->has_bitmask || str_equal(word, "bitmask");
		free(before);
		before = word;
	}
	free(before);
}

static void read_line(struct ipsets *sets, struct ruleset *ruleset, const char *line, const char *end, unsigned number)
{
	char *verb = take_word(&line, end), *name = take_word(&line, end), *third = take_word(&line, end);
	struct ipset *set = name != NULL ? find(sets, name) : NULL;
	if (verb == NULL || verb[0] == '#')
		goto out;
	if (str_equal(verb, "create") && third != NULL && set == NULL) {
		sets->items = xgrow(sets->items, sets->count, &sets->room, sizeof *sets->items);
		set = &sets->items[sets->count++];
		*set = (struct ipset){.name = xstrdup(name), .type = xstrdup(third)};
		read_options(set, NULL, line, end);
	} else if (str_equal(verb, "add") && third != NULL && set != NULL) {
		set->elements = xgrow(set->elements, set->count, &set->room, sizeof *set->elements);
		struct ipset_element *element = &set->elements[set->count++];
		*element = (struct ipset_element){.value = xstrdup(third)};
		read_options(set, element, line, end);
	} else {
		char *place = ruleset_place(ruleset, number);
		ruleset_note(ruleset, place, "no line of ipset save");
		ruleset->has_lost = true;
		free(place);
	}
out:
	free(verb);
	free(name);
	free(third);
}

void ipsets_read(struct ipsets *sets, struct ruleset *ruleset, const char *text, size_t length)
{
	const char *end = text + length;
	for (unsigned number = 1; text < end; number++) {
		const char *line_end = memchr(text, '\n', (size_t)(end - text));
		line_end = line_end != NULL ? line_end : end;
		read_line(sets, ruleset, text, line_end, number);
		text = line_end + (line_end < end);
	}
}

/* "a,b,c" as parts; returns how many, 0 when there are too many. */
static size_t split(const char *text, char parts[PARTS][PART_BYTES])
{
	size_t count = 0;
	for (;;) {
		size_t length = strcspn(text, ",");
		if (count == PARTS || length >= PART_BYTES)
			return 0;
		memcpy(parts[count], text, length);
		parts[count++][length] = '\0';
		if (text[length] == '\0')
			return count;
		text += length + 1;
	}
}

/* The selector for one dimension of a set in a direction: "ip" and "src" ask for the source. */
static struct selector selector_of(const char *dimension, const char *direction, const char *value)
{
	bool is_source = str_equal(direction, "src"), is_v6 = strchr(value, ':') != NULL && !str_equal(dimension, "port");
	if (str_equal(dimension, "ip") || str_equal(dimension, "net"))
		return selector_find(is_source ? (is_v6 ? "ip6 saddr" : "ip saddr") : (is_v6 ? "ip6 daddr" : "ip daddr"));
	if (str_equal(dimension, "port"))
		return selector_find(is_source ? "tcp sport" : "tcp dport");
	if (str_equal(dimension, "iface"))
		return selector_find("iifname");
	return selector_find("a dimension of an ipset");
}

/* One element as an alternative: "1.2.3.4,tcp:993" of "hash:ip,port". */
static void add_element(struct rule_match *any, const char *type, const char *directions, const char *element)
{
	char dimensions[PARTS][PART_BYTES], sides[PARTS][PART_BYTES], values[PARTS][PART_BYTES];
	const char *colon = strchr(type, ':');
	size_t count = split(colon != NULL ? colon + 1 : type, dimensions);
	struct rule_matches *matches = match_add_alternative(any);
	if (count == 0 || split(directions, sides) < count || split(element, values) != count) {
		matches_add_fixed(matches, UNCERTAIN, "an element of an ipset was not understood");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct selector selector = selector_of(dimensions[i], sides[i], values[i]);
		const char *value = values[i];
		if (selector.kind == SELECTOR_PORT && strchr(value, ':') != NULL) {
			if (!str_starts(value, "tcp:"))
				selector = selector_find("udp dport");
			value = strchr(value, ':') + 1;
		}
		struct rule_match *match = selector_begin(&selector, matches);
		selector_add(&selector, match, value);
		selector_end(&selector, match, "an ipset");
	}
}

/* Prefixes of a set by length: of those that hold an address the longest decides, be it an exception. */
struct ipset_net {
	struct prefix prefix;
	bool is_nomatch;
};

struct ipset_nets {
	struct ipset_net *items;
	size_t count, room;
	int64_t netmask;
	bool is_nomatch; /* of what is added */
};

static void add_net(const struct prefix *prefix, void *user)
{
	struct ipset_nets *nets = user;
	nets->items = xgrow(nets->items, nets->count, &nets->room, sizeof *nets->items);
	nets->items[nets->count] = (struct ipset_net){*prefix, nets->is_nomatch};
	if (nets->netmask != 0 && nets->netmask < prefix->length)
		prefix_shorten(&nets->items[nets->count].prefix, (unsigned)nets->netmask);
	nets->count++;
}

static int by_length(const void *a, const void *b)
{
	const struct ipset_net *left = a, *right = b;
	int lengths = (left->prefix.length > right->prefix.length) - (left->prefix.length < right->prefix.length);
	return lengths != 0 ? lengths : left->is_nomatch - right->is_nomatch;
}

/* Sorted by length: each run of equal ones is added, or taken away. */
static void settle_nets(const struct ipset_nets *nets, struct prefix_set *addresses)
{
	for (size_t i = 0; i < nets->count;) {
		const struct ipset_net *first = &nets->items[i];
		struct prefix_set run;
		prefix_set_init(&run);
		for (; i < nets->count && by_length(first, &nets->items[i]) == 0; i++)
			prefix_set_add(&run, &nets->items[i].prefix);
		prefix_set_settle(&run);
		if (first->is_nomatch)
			prefix_set_drop(addresses, &run);
		else
			prefix_set_merge(addresses, &run);
		prefix_set_clear(&run);
	}
}

/* All addresses of a set with one dimension, the common case, as one match. */
static void match_addresses(const struct ipset *set, struct rule_match *match)
{
	static const struct selector source = {SELECTOR_SOURCE, 0};
	struct ipset_nets nets = {.netmask = set->netmask};
	for (size_t i = 0; i < set->count; i++) {
		struct rule_match one = {.kind = MATCH_SOURCE};
		selector_add(&source, &one, set->elements[i].value);
		prefix_set_settle(&one.addresses);
		nets.is_nomatch = set->elements[i].is_nomatch;
		prefix_set_each(&one.addresses, add_net, &nets);
		match->is_incomplete = match->is_incomplete || one.is_incomplete;
		prefix_set_clear(&one.addresses);
	}
	if (nets.count > 0)
		qsort(nets.items, nets.count, sizeof *nets.items, by_length);
	settle_nets(&nets, &match->addresses);
	free(nets.items);
}

static bool is_list(const struct ipset *set)
{
	return str_equal(set->type, "list:set");
}

static void match_set(const struct ipsets *sets, const struct ipset *set, const char *directions, struct rule_matches *matches,
                      bool is_negated)
{
	const char *colon = strchr(set->type, ':');
	bool is_plain = colon != NULL && (str_equal(colon, ":ip") || str_equal(colon, ":net")) && str_equal(directions, "src");
	struct rule_match *match = matches_add(matches, is_plain ? MATCH_SOURCE : MATCH_ANY);
	match->is_negated = is_negated;
	match->is_incomplete = set->has_bitmask || (!is_plain && set->netmask != 0);
	if (is_plain)
		match_addresses(set, match);
	for (size_t i = 0; i < set->count && !is_plain; i++) {
		const struct ipset_element *element = &set->elements[i];
		const struct ipset *inner = is_list(set) ? find(sets, element->value) : NULL;
		if (inner != NULL && !is_list(inner))
			match_set(sets, inner, directions, match_add_alternative(match), false);
		else if (element->is_nomatch || is_list(set))
			match->is_incomplete = true; /* exceptions with several dimensions; a set that is not there */
		else
			add_element(match, set->type, directions, element->value);
	}
}

void ipsets_match(const struct ipsets *sets, const char *name, const char *directions, struct rule_matches *matches, bool is_negated)
{
	const struct ipset *set = find(sets, name);
	if (set != NULL) {
		match_set(sets, set, directions, matches, is_negated);
		return;
	}
	char *why = xasprintf("the set '%.60s' is not in the files: add what ipset save prints", name);
	matches_add_fixed(matches, UNCERTAIN, why);
	free(why);
}
