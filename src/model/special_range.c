#include "model/special_range.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/embedded.h"

/* One line of the table: prefix, reachable, name, reference. False for a comment. */
static bool parse_line(const char *line, struct special_range *range)
{
	char prefix[PREFIX_TEXT_BYTES], reachable[4];
	if (line[0] == '#' || sscanf(line, "%49[^\t\n]\t%3[^\t\n]\t%63[^\t\n]", prefix, reachable, range->name) != 3)
		return false;
	range->is_unreachable = str_equal(reachable, "no");
	return prefix_parse(prefix, &range->prefix);
}

bool special_range_find(const struct address *address, struct special_range *range)
{
	bool is_found = false;
	for (const char *line = embedded_text("data/special-purpose.tsv"); line != NULL && *line != '\0';) {
		struct special_range each;
		if (parse_line(line, &each) && prefix_has(&each.prefix, address) &&
		    (!is_found || each.prefix.length > range->prefix.length)) {
			*range = each;
			is_found = true;
		}
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	return is_found;
}
