/*
 * selector1 and selector2 below _domainkey: aliases of Microsoft's names for the domain,
 *   selector1-LABEL._domainkey.TENANT.onmicrosoft.com, and since 2025-05
 *   selector1-LABEL._domainkey.TENANT.PART.dkim.mail.microsoft
 */
#include "rule/dkim.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/label.h"
#include "model/microsoft.h"
#include "rule/rules.h"
#include "rule/wildcard.h"

enum { SELECTORS = 2, SAID_BYTES = 1200 };

struct selector {
	char *name;                    /* "selector1._domainkey.contoso.com" */
	const char *word;              /* "selector1" */
	const struct dns_entry *entry; /* the answer that decides, or NULL: nothing is known */
	bool is_missing, is_good;
	char *fault;                   /* what is wrong with it, or NULL */
};

/* What is wrong with a target below Microsoft's suffix, or NULL; allocated. */
static char *target_fault(const struct dns_view *view, const struct selector *selector, const char *target)
{
	const char *tenant = view->policy->tenant;
	char *label = domain_label(view->domain), *fault = NULL;
	size_t word = strlen(selector->word);
	bool is_own = str_starts_nocase(target, selector->word) && target[word] == '-';
	const char *named = target + word + 1, *key = is_own ? strchr(named, '.') : NULL;
	if (!is_own)
		fault = xasprintf("is not the key of %s", selector->word);
	else if (key == NULL || !str_starts_nocase(key, "._domainkey."))
		fault = xstrdup("is no name of a key");
	else if (label != NULL && (strlen(label) != (size_t)(key - named) || !str_starts_nocase(named, label)))
		fault = xasprintf("has the label %.*s where %s is expected", (int)(key - named), named, label);
	else if (tenant != NULL) {
		const char *held = key + strlen("._domainkey.");
		size_t length = strcspn(held, "."), wanted = strcspn(tenant, ".");
		if (length != wanted || strncasecmp(held, tenant, wanted) != 0)
			fault = xasprintf("belongs to the tenant %.*s, not %.*s", (int)length, held, (int)wanted, tenant);
	}
	free(label);
	return fault;
}

static char *alias_fault(const struct dns_view *view, const struct selector *selector, const char *target)
{
	char *bare = NULL, *what = NULL, *fault = NULL;
	struct microsoft_name found;
	if (microsoft_is(MICROSOFT_DKIM, target, &found)) {
		bool is_ours = (found.clouds & 1U << view->policy->cloud) != 0;
		what = is_ours ? target_fault(view, selector, target) : xstrdup("is of another Microsoft cloud");
	} else if (str_in_domain(target, view->domain) && strlen(target) > strlen(view->domain)) {
		bare = xstrndup(target, strlen(target) - strlen(view->domain) - 1);
		what = xstrdup(microsoft_is(MICROSOFT_DKIM, bare, NULL) ? "has the zone's name behind it: the last dot was forgotten"
		                                                         : "is not Microsoft's");
	} else {
		what = xstrdup("is not Microsoft's");
	}
	if (what != NULL)
		fault = xasprintf("%s is an alias of %s, which %s", selector->name, target, what);
	free(bare);
	free(what);
	return fault;
}

static bool has_wildcard(const struct dns_view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->entries[i].is_trusted && view->entries[i].o->outcome == OUTCOME_OK && str_equal(view->entries[i].purpose, "wildcard"))
			return true;
	return false;
}

static void selector_read(struct selector *selector, const struct dns_view *view, const char *word)
{
	*selector = (struct selector){.word = word, .name = xasprintf("%s._domainkey.%s", word, view->domain)};
	const struct dns_entry *alias = dns_view_best(view, selector->name, "CNAME"), *text = dns_view_best(view, selector->name, "TXT");
	selector->entry = alias;
	if (alias == NULL || published_nowhere(view))
		return;
	const char *target = observation_text(alias->o, FACT_DNS_CNAME, 0);
	if (target != NULL && !wildcard_explains(view, alias)) {
		selector->fault = alias_fault(view, selector, target);
		selector->is_good = selector->fault == NULL;
	} else if (text != NULL && text->o->outcome == OUTCOME_OK && observation_has(text->o, FACT_DNS_TXT, 0) && !has_wildcard(view)) {
		selector->entry = text;
		selector->fault = xasprintf("%s holds a key of its own, not an alias of Microsoft's", selector->name);
	} else if (alias->o->outcome == OUTCOME_NODATA && !has_wildcard(view)) {
		selector->fault = xasprintf("%s is there, but not as an alias (a web proxy in front of it?)", selector->name);
	} else {
		selector->is_missing = true;
	}
}

static void read_all(struct selector selectors[SELECTORS], const struct dns_view *view)
{
	selector_read(&selectors[0], view, "selector1");
	selector_read(&selectors[1], view, "selector2");
}

static void clear_all(struct selector selectors[SELECTORS])
{
	for (size_t i = 0; i < SELECTORS; i++) {
		free(selectors[i].name);
		free(selectors[i].fault);
	}
}

enum standing dkim_standing(const struct dns_view *view)
{
	struct selector selectors[SELECTORS];
	read_all(selectors, view);
	bool is_good = selectors[0].is_good || selectors[1].is_good;
	bool is_known = selectors[0].entry != NULL && selectors[1].entry != NULL;
	clear_all(selectors);
	return is_good ? STANDING_IN_PLACE : is_known ? STANDING_ABSENT : STANDING_UNKNOWN;
}

/* One finding of that id for all selectors that have a text for it. */
static void raise_all(const struct dns_view *view, const struct selector selectors[SELECTORS], enum finding_id id)
{
	struct buf says;
	struct finding *f = NULL;
	buf_init(&says, SAID_BYTES);
	for (size_t i = 0; i < SELECTORS; i++) {
		const struct selector *selector = &selectors[i];
		if (id == FINDING_DKIM_MISSING && selector->is_missing)
			buf_printf(&says, "%s%s is not there", says.length > 0 ? "; " : "", selector->name);
		else if (id == FINDING_DKIM_WRONG_TARGET && selector->fault != NULL)
			buf_printf(&says, "%s%s", says.length > 0 ? "; " : "", selector->fault);
	}
	for (size_t i = 0; i < SELECTORS && says.length > 0; i++) {
		bool is_it = id == FINDING_DKIM_MISSING ? selectors[i].is_missing : selectors[i].fault != NULL;
		if (is_it && f == NULL)
			f = published_add(view, selectors[i].entry, id, says.bytes);
		else if (is_it)
			finding_because(f, selectors[i].entry->index);
	}
	buf_clear(&says);
}

void rule_dkim(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct selector selectors[SELECTORS];
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	read_all(selectors, &view);
	raise_all(&view, selectors, FINDING_DKIM_MISSING);
	raise_all(&view, selectors, FINDING_DKIM_WRONG_TARGET);
	if (selectors[0].is_good && selectors[1].is_good)
		finding_because(published_add(&view, selectors[0].entry, FINDING_DKIM_OK, "both selectors are aliases of Microsoft's key names"),
		                selectors[1].entry->index);
	clear_all(selectors);
	dns_view_clear(&view);
}
