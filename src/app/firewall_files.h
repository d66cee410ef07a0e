#ifndef APP_FIREWALL_FILES_H
#define APP_FIREWALL_FILES_H
/* The files of `firewall`: rules of several kinds, and the list of ranges. */
#include "cutover/error.h"
#include "cutover/policy.h"
#include "model/ranges.h"
#include "proto/rules_read.h"

/*
 * Reads all files into one ruleset; sets of ipset first, wherever they stand. `label` becomes what the report calls
 * them, owned by the caller. -1 with one line: unreadable, empty, binary, no JSON, or rules and lists mixed.
 */
struct firewall_files {
	struct ruleset ruleset;
	struct ipsets sets;
	char *label;
	char **texts, **prefixes; /* of each file */
	size_t *lengths;
	size_t count;
};

/* `hint`: as in struct ruleset, for files whose names do not tell it (rules.v6, ip6tables.rules). */
int firewall_files_read(struct firewall_files *files, const struct names *paths, unsigned hint, struct error *error);
void firewall_files_clear(struct firewall_files *files);

/* The list of a file (--ranges), dated by its last change. */
int firewall_ranges_read(struct ranges *ranges, const char *path, struct error *error);

#endif
