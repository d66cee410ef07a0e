/* DMARC: one record, readable, and not stricter than what Microsoft 365 can pass yet. */
#include "model/dmarc.h"
#include "model/dmarc_tree.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/dkim.h"
#include "rule/rules.h"
#include "rule/spf.h"

/* What is published at the names of the tree walk. */
struct tree {
	const char *names[DMARC_WALK];
	struct published published[DMARC_WALK];
	size_t count;
	const char *organization; /* NULL: nobody could say */
	size_t source;            /* whose record the domain inherits; `count`: none */
};

static void climb(const struct dns_view *view, struct tree *tree)
{
	const char *records[DMARC_WALK] = {0};
	size_t count = dmarc_walk(view->domain, tree->names);
	bool is_known = true;
	for (size_t i = 0; i < count && (i == 0 || !dmarc_ends_walk(records[i - 1])); i++) {
		char *name = xasprintf("_dmarc.%s", tree->names[i]);
		struct published *published = &tree->published[i];
		is_known = published_find(view, name, dmarc_is_record, published) && is_known;
		/* Several records at one name are none (RFC 9989 4.10, RFC 7489 6.6.3). */
		records[i] = published->count == 1 ? published->first : NULL;
		tree->count = i + 1;
		free(name);
	}
	const char *organization = dmarc_organization(tree->names, records, tree->count, &tree->source);
	tree->organization = is_known ? organization : NULL;
}

/* "", or how receivers of the older rule see it otherwise. Allocated. */
static char *say_difference(const struct dns_view *view, const struct tree *tree)
{
	const char *older = dmarc_organization_by_suffix(view->domain);
	if (tree->organization == NULL || str_equal_nocase(tree->organization, older))
		return xstrdup("");
	return xasprintf("; receivers differ on the organizational domain: %s by the tree walk (RFC 9989), %s by public suffixes (RFC 7489)",
	                 tree->organization, older);
}

/* Receivers would throw away what Microsoft 365 sends: neither of the two ways to pass is there. */
static bool is_too_early(const struct dns_view *view, const struct dmarc_record *record, bool is_inherited)
{
	enum dmarc_policy policy = is_inherited ? record->subdomain_policy : record->policy;
	return policy != DMARC_NONE && record->percent > 0 && spf_standing(view) == STANDING_ABSENT &&
	       dkim_standing(view) == STANDING_ABSENT;
}

static void judge_record(const struct dns_view *view, const struct tree *tree, size_t at)
{
	const struct published *dmarc = &tree->published[at];
	struct dmarc_record record;
	char *says = NULL, *difference = say_difference(view, tree);
	enum finding_id id = FINDING_DMARC_OK;
	dmarc_parse(dmarc->first, &record);
	if (record.fault[0] != '\0') {
		id = FINDING_DMARC_INVALID;
		says = xasprintf("%s: %s", dmarc->first, record.fault);
	} else if (is_too_early(view, &record, at > 0)) {
		id = FINDING_DMARC_STRICT_TOO_EARLY;
		says = xasprintf("%s, while neither SPF nor DKIM lets Microsoft 365 pass%s", dmarc->first, difference);
	} else {
		const char *place = at > 0 ? dmarc->entry->question : "";
		says = xasprintf("%s%s%s%s", dmarc->first, at > 0 ? ", at " : "", place, difference);
	}
	finding_arg(published_add(view, dmarc->entry, id, says), "value", dmarc->first);
	free(difference);
	free(says);
}

void rule_dmarc(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct tree tree = {0};
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	climb(&view, &tree);
	const struct published *own = &tree.published[0];
	if (own->entry == NULL || published_nowhere(&view)) {
		dns_view_clear(&view);
		return;
	}
	char *says = xasprintf("%zu records begin with v=DMARC1", own->count);
	if (own->count > 1)
		published_add(&view, own->entry, FINDING_DMARC_INVALID, says);
	else if (own->count == 1)
		judge_record(&view, &tree, 0);
	else if (tree.source < tree.count)
		judge_record(&view, &tree, tree.source);
	else
		published_add(&view, own->entry, FINDING_DMARC_MISSING, "no TXT record begins with v=DMARC1");
	free(says);
	dns_view_clear(&view);
}
