#ifndef PROTO_RULES_NFT_PARTS_H
#define PROTO_RULES_NFT_PARTS_H
/* What the files of the nft reader share: the cursor, named sets, operands and their elements. */
#include "proto/rule_selector.h"
#include "proto/rules_token.h"
#include "proto/ruleset.h"

enum { NFT_PARTS = 8, NFT_WORDS_BYTES = 64, NFT_DEPTH = 8 };

/* A set, a map or a define: where its elements stand among the tokens. */
struct nft_named {
	char *table; /* NULL: a define */
	char *name;
	size_t first, end;
};

struct nft {
	struct ruleset *ruleset;
	struct rules_tokens tokens;
	size_t at;
	char *table;       /* "inet filter" of the block under way */
	unsigned families; /* of that table */
	struct nft_named *named;
	size_t named_count, named_room;
	unsigned depth;     /* of chains within rules */
	bool reads_sets;    /* the first pass: sets and defines; the second: chains */
	bool shows_handles;
};

/* The right side of a match. */
struct nft_operand {
	size_t first, end; /* tokens of the elements, without braces */
	bool is_set;       /* in braces or by name: elements compare exactly */
	bool is_missing;   /* a name that nothing declares */
};

struct nft_element {
	const char *parts[NFT_PARTS]; /* of a concatenation; one otherwise */
	size_t part_count;
	size_t verdict; /* the token of its verdict, in a map; 0: none */
};

const struct rules_token *nft_peek(const struct nft *nft);
bool nft_is(const struct nft *nft, const char *text); /* the next token, no string, is that */
bool nft_take(struct nft *nft, const char *text);     /* ...then goes on */
bool nft_is_stop(const struct nft *nft);              /* end of a statement, of a block or of the text */
void nft_skip_block(struct nft *nft);                 /* from a "{" to behind its "}" */

/* "line 12", "line 12 (handle 7)" or "handle 7" of the statement at the token; owned by the caller. */
char *nft_place(const struct nft *nft, size_t token);

const struct nft_named *nft_find(const struct nft *nft, const char *table, const char *name);
struct nft_operand nft_take_operand(struct nft *nft);

/* Calls each(element, user) for every element of the operand, defines unfolded. */
void nft_each_element(const struct nft *nft, const struct nft_operand *operand, void (*each)(const struct nft_element *element, void *user),
                      void *user);

/* The block of a chain from its "{" to behind its "}". */
void nft_read_block(struct nft *nft, struct rule_chain *chain);

/* The statements of one rule, up to its end. */
void nft_read_rule(struct nft *nft, struct rule_chain *chain);

/* A match that begins here, into the rule; false when no selector stands here. */
bool nft_read_match(struct nft *nft, struct filter_rule *rule);

/* Goes to where the next statement may begin, or to the end of the rule. */
void nft_skip_statement(struct nft *nft);

/* The verdict at the token, into the case; false when there is none. */
bool nft_set_verdict(const struct nft *nft, size_t token, struct rule_case *c);

#endif
