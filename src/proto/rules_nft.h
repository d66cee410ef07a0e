#ifndef PROTO_RULES_NFT_H
#define PROTO_RULES_NFT_H
/*
 * nft's language, as `nft list ruleset` prints it and as files for `nft -f` hold it (table, chain, set, map, define).
 * What is not understood inside a rule makes that rule uncertain; what is not understood around rules becomes a note.
 */
#include "proto/ruleset.h"

/* Adds what the text declares. `shows_handles`: places are "handle 7" (a translation of JSON has no lines of its own). */
void rules_nft_read(struct ruleset *ruleset, const char *text, size_t length, bool shows_handles);

/*
 * `nft -j list ruleset`, translated into the language above and read. -1 with the reason when it is no JSON or another
 * kind of JSON.
 */
struct error;
int rules_nft_json_read(struct ruleset *ruleset, const char *text, size_t length, struct error *error);

#endif
