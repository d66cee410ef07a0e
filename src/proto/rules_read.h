#ifndef PROTO_RULES_READ_H
#define PROTO_RULES_READ_H
/* Which kind of rules a file holds, and reading it. */
#include "cutover/error.h"
#include "proto/rules_iptables.h"
#include "proto/ruleset.h"

enum rules_format {
	RULES_NFT,
	RULES_NFT_JSON,
	RULES_IPTABLES,
	RULES_IPSET, /* to be read before the rules that name its sets */
	RULES_LIST,
	RULES_LIST_JSON,
	RULES_EMPTY, /* nothing but blanks and remarks */
	RULES_BINARY,
	RULES_FORMAT_COUNT
};

enum rules_format rules_format(const char *text, size_t length);
const char *rules_format_name(enum rules_format format); /* "nft list ruleset", "iptables-save", ... */

/* Reads a file of the format that it has. -1 with the reason, without the file's name. */
int rules_read(struct ruleset *ruleset, struct ipsets *sets, const char *text, size_t length, struct error *error);

#endif
