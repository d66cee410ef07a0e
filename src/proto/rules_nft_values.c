/* The cursor, names and operands of the nft reader. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/rules_nft_parts.h"

const struct rules_token *nft_peek(const struct nft *nft)
{
	return &nft->tokens.items[nft->at];
}

static bool is_token(const struct rules_token *token, const char *text)
{
	return token->kind != TOKEN_STRING && token->kind != TOKEN_STOP && str_equal(token->text, text);
}

bool nft_is(const struct nft *nft, const char *text)
{
	return is_token(nft_peek(nft), text);
}

bool nft_take(struct nft *nft, const char *text)
{
	bool is_it = nft_is(nft, text);
	nft->at += is_it && nft_peek(nft)->kind != TOKEN_END;
	return is_it;
}

bool nft_is_stop(const struct nft *nft)
{
	enum rules_token_kind kind = nft_peek(nft)->kind;
	return kind == TOKEN_STOP || kind == TOKEN_END || nft_is(nft, "}");
}

/* The token behind the "}" that closes the "{" at `at`. */
static size_t behind_block(const struct nft *nft, size_t at)
{
	size_t depth = 0;
	for (; nft->tokens.items[at].kind != TOKEN_END; at++) {
		if (is_token(&nft->tokens.items[at], "{"))
			depth++;
		else if (is_token(&nft->tokens.items[at], "}") && --depth == 0)
			return at + 1;
	}
	return at;
}

void nft_skip_block(struct nft *nft)
{
	nft->at = behind_block(nft, nft->at);
}

char *nft_place(const struct nft *nft, size_t token)
{
	const struct rules_token *items = nft->tokens.items;
	size_t end = token;
	while (items[end].kind != TOKEN_STOP && items[end].kind != TOKEN_END)
		end++;
	const char *handle = items[end].kind == TOKEN_STOP ? items[end].text : "";
	const char *prefix = nft->ruleset->prefix;
	if (*handle != '\0')
		return nft->shows_handles ? xasprintf("%shandle %.20s", prefix, handle)
		                          : xasprintf("%sline %u (handle %.20s)", prefix, items[token].line, handle);
	return ruleset_place(nft->ruleset, items[token].line);
}

const struct nft_named *nft_find(const struct nft *nft, const char *table, const char *name)
{
	for (size_t i = 0; i < nft->named_count; i++)
		if (str_equal(nft->named[i].name, name) && str_equal(nft->named[i].table, table))
			return &nft->named[i];
	return NULL;
}

/* Values joined by commas or '|': "established,related", "fin|syn". */
static void take_list(struct nft *nft, struct nft_operand *operand)
{
	operand->first = nft->at;
	for (;;) {
		if (!nft_is_stop(nft))
			nft->at++;
		if (!nft_is(nft, ",") && !nft_is(nft, "|"))
			break;
		nft->at++;
	}
	operand->end = nft->at;
}

static void take_named(struct nft *nft, struct nft_operand *operand, const char *table)
{
	const struct nft_named *named = nft_find(nft, table, nft_peek(nft)->text + 1);
	operand->is_missing = named == NULL;
	if (named != NULL) {
		operand->first = named->first;
		operand->end = named->end;
	}
	nft->at++;
}

struct nft_operand nft_take_operand(struct nft *nft)
{
	struct nft_operand operand = {0};
	if (nft_is(nft, "{")) {
		operand.is_set = true;
		operand.first = nft->at + 1;
		nft_skip_block(nft);
		operand.end = nft->at > operand.first ? nft->at - 1 : nft->at;
	} else if (nft_peek(nft)->kind == TOKEN_WORD && nft_peek(nft)->text[0] == '@') {
		operand.is_set = true;
		take_named(nft, &operand, nft->table);
	} else {
		take_list(nft, &operand);
	}
	return operand;
}

struct elements {
	const struct nft *nft;
	void (*each)(const struct nft_element *element, void *user);
	void *user;
	bool is_set;
	unsigned depth;
};

static void each_in(const struct elements *elements, size_t first, size_t end);

/* One element up to its comma: parts parted by ".", then options (timeout, counter, comment), then ": verdict". */
static void tell_element(const struct elements *elements, size_t first, size_t end)
{
	const struct rules_token *items = elements->nft->tokens.items;
	struct nft_element element = {.part_count = 0};
	bool wants_part = true;
	for (size_t i = first; i < end; i++) {
		if (items[i].kind == TOKEN_STOP)
			continue;
		if (is_token(&items[i], ":")) {
			while (++i < end && items[i].kind == TOKEN_STOP)
				; /* a line may end behind the colon */
			element.verdict = i < end ? i : 0;
			break;
		}
		if (is_token(&items[i], "|") && element.part_count > 0)
			element.parts[element.part_count - 1] = ""; /* "syn | ack": several flags are not SYN alone */
		if (is_token(&items[i], "."))
			wants_part = true;
		else if (wants_part && element.part_count < NFT_PARTS) {
			element.parts[element.part_count++] = items[i].text;
			wants_part = false;
		}
	}
	if (element.part_count == 0)
		return;
	const struct nft_named *define = element.parts[0][0] == '$' ? nft_find(elements->nft, NULL, element.parts[0] + 1) : NULL;
	if (define != NULL && element.part_count == 1 && elements->depth < NFT_DEPTH) {
		struct elements inner = *elements;
		inner.depth++;
		each_in(&inner, define->first, define->end);
		return;
	}
	elements->each(&element, elements->user);
}

static void each_in(const struct elements *elements, size_t first, size_t end)
{
	const struct rules_token *items = elements->nft->tokens.items;
	size_t start = first, depth = 0;
	for (size_t i = first; i < end; i++) {
		depth += is_token(&items[i], "{") || is_token(&items[i], "(");
		depth -= depth > 0 && (is_token(&items[i], "}") || is_token(&items[i], ")"));
		bool is_comma = is_token(&items[i], ",") || (is_token(&items[i], "|") && !elements->is_set);
		if (depth > 0 || !is_comma)
			continue;
		tell_element(elements, start, i);
		start = i + 1;
	}
	tell_element(elements, start, end);
}

void nft_each_element(const struct nft *nft, const struct nft_operand *operand, void (*each)(const struct nft_element *element, void *user),
                      void *user)
{
	struct elements elements = {.nft = nft, .each = each, .user = user, .is_set = operand->is_set};
	each_in(&elements, operand->first, operand->end);
}

bool nft_set_verdict(const struct nft *nft, size_t token, struct rule_case *c)
{
	static const struct {
		const char *word;
		enum rule_verdict verdict;
	} verdicts[] = {
	    {"accept", VERDICT_ACCEPT}, {"drop", VERDICT_DROP}, {"reject", VERDICT_DROP},   {"return", VERDICT_RETURN},
	    {"jump", VERDICT_JUMP},     {"goto", VERDICT_GOTO}, {"continue", VERDICT_NONE}, {"queue", VERDICT_UNKNOWN},
	};
	const struct rules_token *items = nft->tokens.items;
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		if (!is_token(&items[token], verdicts[i].word))
			continue;
		c->verdict = verdicts[i].verdict;
		if (c->verdict == VERDICT_JUMP || c->verdict == VERDICT_GOTO) {
			bool has_name = items[token + 1].kind == TOKEN_WORD || items[token + 1].kind == TOKEN_STRING;
			c->target = xstrdup(has_name ? items[token + 1].text : "");
		}
		return true;
	}
	return false;
}
