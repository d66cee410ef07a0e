#include "proto/rules_nft.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/rules_nft_parts.h"

static void skip_stops(struct nft *nft)
{
	while (nft_peek(nft)->kind == TOKEN_STOP)
		nft->at++;
}

static void skip_statement(struct nft *nft)
{
	while (nft_peek(nft)->kind != TOKEN_END && nft_peek(nft)->kind != TOKEN_STOP && !nft_is(nft, "}")) {
		if (nft_is(nft, "{"))
			nft_skip_block(nft);
		else
			nft->at++;
	}
}

static void strange(struct nft *nft, const char *what)
{
	char *place = nft_place(nft, nft->at);
	if (!nft->reads_sets)
		ruleset_note(nft->ruleset, place, "'%.60s' %s", nft_peek(nft)->text, what);
	nft->ruleset->has_lost = true;
	free(place);
	skip_statement(nft);
}

static void add_named(struct nft *nft, const char *table, const char *name, size_t first, size_t end)
{
	if (!nft->reads_sets || nft_find(nft, table, name) != NULL)
		return;
	nft->named = xgrow(nft->named, nft->named_count, &nft->named_room, sizeof *nft->named);
	nft->named[nft->named_count++] =
	    (struct nft_named){.table = xstrdup(table), .name = xstrdup(name), .first = first, .end = end};
}

/* set or map NAME { type ...; flags ...; elements = { ... } } */
static void read_set(struct nft *nft)
{
	nft->at++;
	const char *name = nft_peek(nft)->text;
	size_t first = 0, end = 0;
	nft->at += !nft_is_stop(nft);
	if (!nft_take(nft, "{")) {
		strange(nft, "stands where a set should begin");
		return;
	}
	while (nft_peek(nft)->kind != TOKEN_END && !nft_is(nft, "}")) {
		skip_stops(nft);
		bool is_elements = nft_take(nft, "elements") && nft_take(nft, "=") && nft_is(nft, "{");
		if (is_elements) {
			first = nft->at + 1;
			nft_skip_block(nft);
			end = nft->at - 1;
		} else {
			skip_statement(nft);
		}
	}
	nft_take(nft, "}");
	add_named(nft, nft->table, name, first, end);
}

/* "filter", "dstnat + 10", "-150" */
static int read_priority(struct nft *nft)
{
	static const struct {
		const char *name;
		int priority;
	} names[] = {{"raw", -300}, {"mangle", -150}, {"dstnat", -100}, {"filter", 0}, {"security", 50}, {"srcnat", 100}, {"out", 100}};
	int64_t number = 0, sum = 0;
	int sign = 1;
	while (!nft_is_stop(nft)) {
		const char *text = nft_peek(nft)->text;
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
			if (str_equal(names[i].name, text))
				sum = names[i].priority;
		if (str_equal(text, "-"))
			sign = -1;
		else if (str_to_int(text[0] == '+' ? text + 1 : text, -1000000, 1000000, &number))
			sum += sign * number;
		nft->at++;
	}
	return (int)sum;
}

static enum rule_hook hook_of(const char *name)
{
	static const char *const names[] = {"", "ingress", "prerouting", "input", "forward", "output", "postrouting"};
	for (int i = HOOK_INGRESS; i <= HOOK_POSTROUTING; i++)
		if (str_equal(names[i], name))
			return (enum rule_hook)i;
	return HOOK_NONE;
}

/* Noted as if it were a set of that name: the chains of a table with this flag are not called. */
static const char dormant[] = "*dormant";

/* flags dormant,owner: of another word (nft 1.0.6 -j prints any) it is said that it may be more than "dormant". */
static void read_flags(struct nft *nft)
{
	nft->at++;
	while (!nft_is_stop(nft)) {
		bool is_known = nft_is(nft, "dormant") || nft_is(nft, "owner") || nft_is(nft, "persist") || nft_is(nft, ",");
		if (nft_is(nft, "dormant") || !is_known)
			add_named(nft, nft->table, dormant, 0, 0);
		if (is_known)
			nft->at++;
		else
			strange(nft, "is no flag of a table, taken as dormant: give the text listing, nft list ruleset");
	}
}

/* type filter hook input [device "eth0"] priority filter; */
static void read_hook(struct nft *nft, struct rule_chain *chain)
{
	free(chain->place);
	chain->place = nft_place(nft, nft->at);
	chain->families = nft->families;
	bool is_nat = false;
	while (!nft_is_stop(nft)) {
		is_nat = nft_take(nft, "nat") || is_nat;
		nft->ruleset->has_nat = nft->ruleset->has_nat || is_nat;
		if (nft_take(nft, "hook")) {
			chain->hook = nft_find(nft, nft->table, dormant) != NULL ? HOOK_NONE : hook_of(nft_peek(nft)->text);
			if (is_nat && chain->hook >= HOOK_OUTPUT)
				chain->hook = HOOK_NONE; /* answers of a known connection do not come by */
			nft->at += !nft_is_stop(nft);
		} else if (nft_take(nft, "device")) {
			free(chain->device);
			chain->device = xstrdup(nft_peek(nft)->text);
			nft->at += !nft_is_stop(nft);
		} else if (nft_take(nft, "priority")) {
			chain->priority = read_priority(nft);
		} else {
			nft->at++;
		}
	}
}

static void read_policy(struct nft *nft, struct rule_chain *chain)
{
	nft->at++;
	chain->drops = nft_is(nft, "drop");
	free(chain->place);
	chain->place = nft_place(nft, nft->at);
	skip_statement(nft);
}

void nft_read_block(struct nft *nft, struct rule_chain *chain)
{
	nft->at++;
	for (;;) {
		skip_stops(nft);
		if (nft_peek(nft)->kind == TOKEN_END || nft_take(nft, "}"))
			return;
		if (nft_is(nft, "type"))
			read_hook(nft, chain);
		else if (nft_is(nft, "policy"))
			read_policy(nft, chain);
		else if (nft_is(nft, "comment") || nft_is(nft, "flags") || nft_is(nft, "devices"))
			skip_statement(nft);
		else
			nft_read_rule(nft, chain);
	}
}

static void read_chain(struct nft *nft)
{
	nft->at++;
	struct rule_chain *chain = nft->reads_sets ? NULL : ruleset_add_chain(nft->ruleset, nft->table, nft_peek(nft)->text);
	nft->at += !nft_is_stop(nft);
	if (!nft_is(nft, "{")) {
		strange(nft, "stands where a chain should begin");
		return;
	}
	if (chain == NULL)
		nft_skip_block(nft);
	else
		nft_read_block(nft, chain);
}

static unsigned families_of(const char *family)
{
	if (str_equal(family, "ip"))
		return FAMILY_V4;
	return str_equal(family, "ip6") ? FAMILY_V6 : FAMILY_BOTH;
}

static bool is_family(const struct nft *nft)
{
	static const char *const families[] = {"ip", "ip6", "inet", "arp", "bridge", "netdev"};
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		if (nft_is(nft, families[i]))
			return true;
	return false;
}

static void read_table_body(struct nft *nft)
{
	for (;;) {
		skip_stops(nft);
		if (nft_peek(nft)->kind == TOKEN_END || nft_take(nft, "}"))
			return;
		size_t before = nft->at;
		if (nft_is(nft, "set") || nft_is(nft, "map"))
			read_set(nft);
		else if (nft_is(nft, "chain"))
			read_chain(nft);
		else if (nft_is(nft, "flags"))
			read_flags(nft);
		else
			skip_statement(nft); /* counter, quota, flowtable, ct helper, comment */
		nft->at += nft->at == before;
	}
}

static void read_table(struct nft *nft)
{
	nft->at++;
	const char *family = is_family(nft) ? nft_peek(nft)->text : "ip";
	nft->at += is_family(nft);
	const char *name = nft_peek(nft)->text;
	nft->at += !nft_is_stop(nft);
	if (!nft_is(nft, "{")) {
		if (!nft_is_stop(nft))
			strange(nft, "stands where a table should begin");
		return;
	}
	/* Frames between bridge ports and ARP are no connections to this host. */
	if (str_equal(family, "arp") || str_equal(family, "bridge")) {
		nft_skip_block(nft);
		return;
	}
	nft->at++;
	free(nft->table);
	nft->table = xasprintf("%s %s", family, name);
	nft->families = families_of(family);
	read_table_body(nft);
}

/* define NAME = VALUE or { ... } */
static void read_define(struct nft *nft)
{
	nft->at++;
	const char *name = nft_peek(nft)->text;
	nft->at += !nft_is_stop(nft);
	nft_take(nft, "=");
	bool has_braces = nft_is(nft, "{");
	size_t first = nft->at + has_braces;
	skip_statement(nft);
	add_named(nft, NULL, name, first, has_braces ? nft->at - 1 : nft->at);
}

static void read_all(struct nft *nft)
{
	nft->at = 0;
	while (nft_peek(nft)->kind != TOKEN_END) {
		skip_stops(nft);
		size_t before = nft->at;
		if (nft_is(nft, "table"))
			read_table(nft);
		else if (nft_is(nft, "define") || nft_is(nft, "redefine"))
			read_define(nft);
		else if (nft_is(nft, "flush"))
			skip_statement(nft);
		else if (nft_peek(nft)->kind != TOKEN_END)
			strange(nft, "is not read here: give the listing, nft list ruleset");
		nft->at += nft->at == before && nft_peek(nft)->kind != TOKEN_END;
	}
}

void rules_nft_read(struct ruleset *ruleset, const char *text, size_t length, bool shows_handles)
{
	struct nft nft = {.ruleset = ruleset, .shows_handles = shows_handles, .reads_sets = true};
	rules_tokens_init(&nft.tokens, text, length);
	ruleset->families |= FAMILY_BOTH; /* a listing without a table of a family says that nothing is filtered there */
	read_all(&nft);
	nft.reads_sets = false;
	read_all(&nft);
	for (size_t i = 0; i < nft.named_count; i++) {
		free(nft.named[i].table);
		free(nft.named[i].name);
	}
	free(nft.named);
	free(nft.table);
	rules_tokens_clear(&nft.tokens);
}
