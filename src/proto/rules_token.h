#ifndef PROTO_RULES_TOKEN_H
#define PROTO_RULES_TOKEN_H
/*
 * nft's language as tokens. A word is a run of letters, digits and "_.:-*+%@$/\\[]", so that addresses, prefixes, ranges
 * and names are one token; "==", "!=", "<=", ">=" are one token, other punctuation a character each. A line end and ';'
 * end a statement; a backslash before a line end joins two lines. Remarks are dropped, but "# handle 7", which nft -a
 * prints behind a rule, is the text of that line's end.
 */
#include <stdbool.h>
#include <stddef.h>

enum rules_token_kind { TOKEN_WORD, TOKEN_STRING, TOKEN_MARK, TOKEN_STOP, TOKEN_END };

struct rules_token {
	enum rules_token_kind kind;
	const char *text; /* terminated; "" for STOP without a handle and for END */
	unsigned line;    /* 1.. */
};

struct rules_tokens {
	struct rules_token *items; /* the last one is TOKEN_END */
	size_t count, room;
	char *bytes; /* what the texts point into */
};

void rules_tokens_init(struct rules_tokens *tokens, const char *text, size_t length);
void rules_tokens_clear(struct rules_tokens *tokens);

#endif
