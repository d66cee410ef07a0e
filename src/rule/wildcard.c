/* Names that are there though they should not be: whatever a wildcard answers, and msoid. */
#include "rule/wildcard.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/microsoft.h"
#include "rule/dns_rows.h"
#include "rule/rules.h"

static bool is_wildcard(const struct dns_entry *entry)
{
	return entry->role == DNS_ROLE_AUTHORITATIVE && entry->is_trusted && entry->o->outcome == OUTCOME_OK &&
	       str_equal(entry->purpose, "wildcard");
}

/* The key that tells answers of that type apart. */
static enum fact_key data_key(const char *type)
{
	if (str_equal(type, "MX"))
		return FACT_DNS_MX_HOST;
	if (str_equal(type, "TXT"))
		return FACT_DNS_TXT;
	if (str_equal(type, "SRV"))
		return FACT_DNS_SRV_TARGET;
	return FACT_DNS_ADDRESS;
}

static bool has_text(const struct dns_rows *rows, const char *text)
{
	for (size_t i = 0; i < rows->count; i++)
		if (str_equal(dns_rows_text(rows, i, 0), text))
			return true;
	return false;
}

/* Same data in any order: servers turn their sets round. */
static bool is_same_data(const struct dns_entry *a, const struct dns_entry *b)
{
	const enum fact_key key = data_key(a->type);
	struct dns_rows left, right;
	dns_rows_read(&left, a->o, &key, 1);
	dns_rows_read(&right, b->o, &key, 1);
	bool is_same = left.count > 0 && left.count == right.count;
	for (size_t i = 0; is_same && i < left.count; i++)
		is_same = has_text(&right, dns_rows_text(&left, i, 0));
	dns_rows_clear(&left);
	dns_rows_clear(&right);
	return is_same;
}

bool wildcard_explains(const struct dns_view *view, const struct dns_entry *entry)
{
	if (entry == NULL || entry->o->outcome != OUTCOME_OK)
		return false;
	const char *alias = observation_text(entry->o, FACT_DNS_CNAME, 0);
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *made_up = &view->entries[i];
		if (!is_wildcard(made_up))
			continue;
		/* An alias answers for every type, records only for their own. */
		const char *target = observation_text(made_up->o, FACT_DNS_CNAME, 0);
		if (target != NULL ? str_equal_nocase(target, alias)
		                   : alias == NULL && str_equal(made_up->type, entry->type) && is_same_data(made_up, entry))
			return true;
	}
	return false;
}

/* "A 192.0.2.80", "CNAME www.contoso.com"; allocated. */
static char *data_of(const struct dns_entry *entry)
{
	const char *alias = observation_text(entry->o, FACT_DNS_CNAME, 0);
	const char *data = observation_text(entry->o, data_key(entry->type), 0);
	if (alias != NULL)
		return xasprintf("CNAME %s", alias);
	return xasprintf("%s %s", entry->type, data != NULL ? data : "records");
}

static void judge_wildcard(const struct dns_view *view)
{
	struct buf words;
	const struct dns_entry *first = NULL;
	buf_init(&words, 1024);
	for (size_t i = 0; i < view->count; i++) {
		if (!is_wildcard(&view->entries[i]))
			continue;
		char *data = data_of(&view->entries[i]);
		if (strstr(words.bytes, data) == NULL)
			buf_printf(&words, "%s%s", words.length > 0 ? ", " : "", data);
		first = first != NULL ? first : &view->entries[i];
		free(data);
	}
	if (first != NULL) {
		struct finding *f = dns_view_add(view, FINDING_WILDCARD_RECORD, NULL, "any name below it gets %s", words.bytes);
		finding_arg(f, "value", words.bytes);
		finding_arg(f, "name", first->question);
		for (size_t i = 0; i < view->count; i++)
			if (is_wildcard(&view->entries[i]))
				finding_because(f, view->entries[i].index);
	}
	buf_clear(&words);
}

static void judge_msoid(const struct dns_view *view)
{
	const struct dns_entry *entry = dns_view_best_below(view, "msoid.", "CNAME");
	const char *target = entry != NULL ? observation_text(entry->o, FACT_DNS_CNAME, 0) : NULL;
	if (view->policy->cloud == CLOUD_CHINA || target == NULL || wildcard_explains(view, entry))
		return;
	char *source = dns_entry_source(entry);
	struct finding *f =
	    dns_view_add(view, FINDING_MSOID_PRESENT, NULL, "%s is an alias of %s%s", entry->question, target, source);
	finding_arg(f, "name", entry->question);
	finding_arg(f, "value", target);
	finding_because(f, entry->index);
	free(source);
}

void rule_wildcard(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	judge_wildcard(&view);
	judge_msoid(&view);
	dns_view_clear(&view);
}
