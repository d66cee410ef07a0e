#include "rule/published.h"

#include <stdlib.h>
#include <string.h>

bool published_nowhere(const struct dns_view *view)
{
	const struct dns_entry *mx = dns_view_best(view, view->domain, "MX");
	return mx != NULL && mx->o->outcome == OUTCOME_NXDOMAIN;
}

bool published_find(const struct dns_view *view, const char *name, bool (*is_record)(const char *text), struct published *published)
{
	*published = (struct published){.entry = dns_view_best(view, name, "TXT")};
	if (published->entry == NULL || published_nowhere(view) ||
	    (published->entry->o->outcome == OUTCOME_NXDOMAIN && strcmp(name, view->domain) == 0))
		return false;
	const struct observation *o = published->entry->o;
	for (uint32_t row = 0; row < observation_rows(o, FACT_DNS_TXT); row++) {
		const char *text = observation_text(o, FACT_DNS_TXT, row);
		if (text == NULL || !is_record(text))
			continue;
		if (published->count++ == 0)
			published->first = text;
	}
	return true;
}

struct finding *published_add(const struct dns_view *view, const struct dns_entry *entry, enum finding_id id, const char *says)
{
	char *source = dns_entry_source(entry);
	struct finding *f = dns_view_add(view, id, NULL, "%s%s", says, source);
	finding_arg(f, "name", entry->question);
	finding_arg(f, "value", says);
	finding_because(f, entry->index);
	free(source);
	return f;
}
