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
	char *name, *type; /* "hash:ip,port" */
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

static void read_line(struct ipsets *sets, struct ruleset *ruleset, const char *line, const char *end, unsigned number)
{
	char *verb = take_word(&line, end), *name = take_word(&line, end), *third = take_word(&line, end), *word = NULL;
	struct ipset *set = name != NULL ? find(sets, name) : NULL;
	if (verb == NULL || verb[0] == '#')
		goto out;
	if (str_equal(verb, "create") && third != NULL && set == NULL) {
		sets->items = xgrow(sets->items, sets->count, &sets->room, sizeof *sets->items);
		sets->items[sets->count++] = (struct ipset){.name = xstrdup(name), .type = xstrdup(third)};
	} else if (str_equal(verb, "add") && third != NULL && set != NULL) {
		set->elements = xgrow(set->elements, set->count, &set->room, sizeof *set->elements);
		struct ipset_element *element = &set->elements[set->count++];
		*element = (struct ipset_element){.value = xstrdup(third)};
		for (; (word = take_word(&line, end)) != NULL; free(word))
			element->is_nomatch = element->is_nomatch || str_equal(word, "nomatch");
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

/* All addresses of a set with one dimension, the common case, as one match. */
static bool add_addresses(const struct ipset *set, const char *directions, struct rule_matches *matches, bool is_negated)
{
	bool is_source = str_equal(directions, "src");
	if (strchr(set->type, ',') != NULL || strstr(set->type, "port") != NULL || strstr(set->type, "list") != NULL || !is_source)
		return false;
	struct rule_match *match = matches_add(matches, MATCH_SOURCE);
	struct prefix_set exceptions;
	prefix_set_init(&exceptions);
	for (size_t i = 0; i < set->count; i++) {
		struct selector source = {SELECTOR_SOURCE, 0};
		struct rule_match out = {.kind = MATCH_SOURCE};
		selector_add(&source, set->elements[i].is_nomatch ? &out : match, set->elements[i].value);
		prefix_set_settle(&out.addresses);
		prefix_set_merge(&exceptions, &out.addresses);
		prefix_set_clear(&out.addresses);
	}
	prefix_set_settle(&match->addresses);
	prefix_set_drop(&match->addresses, &exceptions);
	prefix_set_clear(&exceptions);
	match->is_negated = is_negated;
	return true;
}

void ipsets_match(const struct ipsets *sets, const char *name, const char *directions, struct rule_matches *matches, bool is_negated)
{
	const struct ipset *set = find(sets, name);
	if (set == NULL) {
		char *why = xasprintf("the set '%.60s' is not in the files: add what ipset save prints", name);
		matches_add_fixed(matches, UNCERTAIN, why);
		free(why);
		return;
	}
	if (add_addresses(set, directions, matches, is_negated))
		return;
	struct rule_match *any = matches_add(matches, MATCH_ANY);
	any->is_negated = is_negated;
	for (size_t i = 0; i < set->count; i++) {
		if (set->elements[i].is_nomatch)
			any->is_incomplete = true; /* exceptions with several dimensions */
		else
			add_element(any, set->type, directions, set->elements[i].value);
	}
}
