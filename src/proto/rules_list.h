#ifndef PROTO_RULES_LIST_H
#define PROTO_RULES_LIST_H
/*
 * Plain lists of allowed prefixes, as other firewalls export them: one or more a line, parted by blanks, commas or
 * semicolons (a CSV column), "a-b" for a range, remarks behind '#', "//" or ';' at the start of a line; or JSON: every
 * text that is a prefix, wherever it stands.
 *
 * A line without a prefix becomes a note, but for a heading; so does one that denies.
 */
#include "cutover/error.h"
#include "proto/ruleset.h"

void rules_list_read(struct ruleset *ruleset, const char *text, size_t length);

/* -1 with the reason when it is no JSON. */
int rules_list_json_read(struct ruleset *ruleset, const char *text, size_t length, struct error *error);

#endif
