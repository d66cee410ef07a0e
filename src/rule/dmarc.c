/* DMARC: one record, readable, and not stricter than what Microsoft 365 can pass yet. */
#include "model/dmarc.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/dkim.h"
#include "rule/rules.h"
#include "rule/spf.h"

/*
 * The record that counts: of the domain itself, else of the zone above it that holds it (RFC 7489 6.6.3, RFC 9989 4.10: the
 * policy of the organizational domain covers names below it). False when nobody could say.
 */
static bool find(const struct dns_view *view, struct published *dmarc, bool *is_inherited)
{
	char *name = xasprintf("_dmarc.%s", view->domain);
	bool is_known = published_find(view, name, dmarc_is_record, dmarc);
	*is_inherited = false;
	for (size_t i = 0; is_known && dmarc->count == 0 && !*is_inherited && i < view->count; i++) {
		const char *question = view->entries[i].question;
		struct published above;
		if (!str_starts_nocase(question, "_dmarc.") || !str_in_domain(view->domain, question + 7) ||
		    !published_find(view, question, dmarc_is_record, &above) || above.count == 0)
			continue;
		*dmarc = above;
		*is_inherited = true;
	}
	free(name);
	return is_known;
}

/* Receivers would throw away what Microsoft 365 sends: neither of the two ways to pass is there. */
static bool is_too_early(const struct dns_view *view, const struct dmarc_record *record, bool is_inherited)
{
	enum dmarc_policy policy = is_inherited ? record->subdomain_policy : record->policy;
	return policy != DMARC_NONE && record->percent > 0 && spf_standing(view) == STANDING_ABSENT &&
	       dkim_standing(view) == STANDING_ABSENT;
}

static void judge_record(const struct dns_view *view, const struct published *dmarc, bool is_inherited)
{
	struct dmarc_record record;
	char *says = NULL;
	enum finding_id id = FINDING_DMARC_OK;
	dmarc_parse(dmarc->first, &record);
	if (record.fault[0] != '\0') {
		id = FINDING_DMARC_INVALID;
		says = xasprintf("%s: %s", dmarc->first, record.fault);
	} else if (is_too_early(view, &record, is_inherited)) {
		id = FINDING_DMARC_STRICT_TOO_EARLY;
		says = xasprintf("%s, while neither SPF nor DKIM lets Microsoft 365 pass", dmarc->first);
	} else {
		says = is_inherited ? xasprintf("%s, at %s", dmarc->first, dmarc->entry->question) : xstrdup(dmarc->first);
	}
	finding_arg(published_add(view, dmarc->entry, id, says), "value", dmarc->first);
	free(says);
}

void rule_dmarc(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct published dmarc;
	bool is_inherited;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	if (find(&view, &dmarc, &is_inherited)) {
		char *says = xasprintf("%zu records begin with v=DMARC1", dmarc.count);
		if (dmarc.count == 0)
			published_add(&view, dmarc.entry, FINDING_DMARC_MISSING, "no TXT record begins with v=DMARC1");
		else if (dmarc.count > 1)
			published_add(&view, dmarc.entry, FINDING_DMARC_INVALID, says);
		else
			judge_record(&view, &dmarc, is_inherited);
		free(says);
	}
	dns_view_clear(&view);
}
