#include "proto/ruleset.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

enum { NOTE_BYTES = 200 };

void ruleset_init(struct ruleset *ruleset)
{
	*ruleset = (struct ruleset){.prefix = ""};
}

char *ruleset_place(const struct ruleset *ruleset, unsigned line)
{
	return xasprintf("%sline %u", ruleset->prefix, line);
}

static void match_clear(struct rule_match *match)
{
	free(match->why);
	free(match->ports);
	for (size_t i = 0; i < match->interface_count; i++)
		free(match->interfaces[i]);
	free(match->interfaces);
	prefix_set_clear(&match->addresses);
	for (size_t i = 0; i < match->alternative_count; i++)
		matches_clear(&match->alternatives[i]);
	free(match->alternatives);
}

void matches_clear(struct rule_matches *matches)
{
	for (size_t i = 0; i < matches->count; i++)
		match_clear(&matches->items[i]);
	free(matches->items);
	*matches = (struct rule_matches){0};
}

static void rule_clear(struct filter_rule *rule)
{
	for (size_t i = 0; i < rule->case_count; i++) {
		matches_clear(&rule->cases[i].matches);
		free(rule->cases[i].target);
	}
	free(rule->cases);
	free(rule->place);
	matches_clear(&rule->matches);
}

static void chain_free(struct rule_chain *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		rule_clear(&chain->rules[i]);
	free(chain->rules);
	free(chain->table);
	free(chain->name);
	free(chain->place);
	free(chain->device);
	free(chain);
}

void ruleset_clear(struct ruleset *ruleset)
{
	for (size_t i = 0; i < ruleset->chain_count; i++)
		chain_free(ruleset->chains[i]);
	for (size_t i = 0; i < ruleset->note_count; i++) {
		free(ruleset->notes[i].place);
		free(ruleset->notes[i].text);
	}
	free(ruleset->chains);
	free(ruleset->notes);
	prefix_set_clear(&ruleset->allowed);
	ruleset_init(ruleset);
}

struct rule_chain *ruleset_find(const struct ruleset *ruleset, const char *table, const char *name)
{
	for (size_t i = 0; i < ruleset->chain_count; i++)
		if (str_equal(ruleset->chains[i]->name, name) && str_equal(ruleset->chains[i]->table, table))
			return ruleset->chains[i];
	return NULL;
}

struct rule_chain *ruleset_add_chain(struct ruleset *ruleset, const char *table, const char *name)
{
	struct rule_chain *chain = ruleset_find(ruleset, table, name);
	if (chain != NULL)
		return chain;
	chain = xcalloc(1, sizeof *chain);
	chain->table = xstrdup(table);
	chain->name = xstrdup(name);
	ruleset->chains = xgrow(ruleset->chains, ruleset->chain_count, &ruleset->chain_room, sizeof *ruleset->chains);
	ruleset->chains[ruleset->chain_count++] = chain;
	return chain;
}

struct filter_rule *chain_add_rule(struct rule_chain *chain, const char *place)
{
	chain->rules = xgrow(chain->rules, chain->count, &chain->room, sizeof *chain->rules);
	struct filter_rule *rule = &chain->rules[chain->count++];
	*rule = (struct filter_rule){.place = xstrdup(place)};
	return rule;
}

struct rule_case *rule_add_case(struct filter_rule *rule, enum rule_verdict verdict)
{
	rule->cases = xrealloc(rule->cases, rule->case_count + 1, sizeof *rule->cases);
	struct rule_case *made = &rule->cases[rule->case_count++];
	*made = (struct rule_case){.verdict = verdict};
	return made;
}

struct rule_match *matches_add(struct rule_matches *matches, enum match_kind kind)
{
	matches->items = xgrow(matches->items, matches->count, &matches->room, sizeof *matches->items);
	struct rule_match *match = &matches->items[matches->count++];
	*match = (struct rule_match){.kind = kind};
	return match;
}

void matches_add_fixed(struct rule_matches *matches, enum certainty fixed, const char *why)
{
	struct rule_match *match = matches_add(matches, MATCH_FIXED);
	match->fixed = match->reply = fixed;
	match->why = xstrdup(why);
}

static void offer(enum certainty *known, enum certainty answer)
{
	if (answer == CERTAINLY || (answer == UNCERTAIN && *known == CERTAINLY_NOT))
		*known = answer;
}

void match_offer(struct rule_match *match, enum certainty fixed, enum certainty reply)
{
	offer(&match->fixed, fixed);
	offer(&match->reply, reply);
}

void match_add_port(struct rule_match *match, uint16_t first, uint16_t last)
{
	match->ports = xrealloc(match->ports, match->port_count + 1, sizeof *match->ports);
	match->ports[match->port_count++] = (struct port_range){first, last};
}

void match_add_interface(struct rule_match *match, const char *name)
{
	match->interfaces = xrealloc(match->interfaces, match->interface_count + 1, sizeof *match->interfaces);
	match->interfaces[match->interface_count++] = xstrdup(name);
}

struct rule_matches *match_add_alternative(struct rule_match *match)
{
	match->alternatives = xrealloc(match->alternatives, match->alternative_count + 1, sizeof *match->alternatives);
	struct rule_matches *made = &match->alternatives[match->alternative_count++];
	*made = (struct rule_matches){0};
	return made;
}

void ruleset_note(struct ruleset *ruleset, const char *place, const char *format, ...)
{
	if (ruleset->note_count >= LIMIT_RULE_NOTES)
		return;
	struct buf raw, text;
	va_list arguments;
	buf_init(&raw, NOTE_BYTES);
	buf_init(&text, NOTE_BYTES * 4);
	va_start(arguments, format);
	buf_vprintf(&raw, format, arguments);
	va_end(arguments);
	escape_bytes(&text, raw.bytes, raw.length);
	buf_clear(&raw);
	ruleset->notes = xgrow(ruleset->notes, ruleset->note_count, &ruleset->note_room, sizeof *ruleset->notes);
	ruleset->notes[ruleset->note_count++] = (struct rule_note){.place = xstrdup(place), .text = buf_steal(&text)};
}
