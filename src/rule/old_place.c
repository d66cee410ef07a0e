#include "rule/old_place.h"

#include "base/str.h"
#include "cutover/limits.h"
#include "model/microsoft.h"
#include "rule/dns_rows.h"

static bool share_address(const struct observation *a, enum fact_key a_key, const struct observation *b)
{
	const enum fact_key b_key = FACT_DNS_ADDRESS;
	struct dns_rows left, right;
	bool is_shared = false;
	dns_rows_read(&left, a, &a_key, 1);
	dns_rows_read(&right, b, &b_key, 1);
	for (size_t i = 0; i < left.count && !is_shared; i++)
		for (size_t j = 0; j < right.count && !is_shared; j++)
			is_shared = str_equal(dns_rows_text(&left, i, 0), dns_rows_text(&right, j, 0));
	dns_rows_clear(&left);
	dns_rows_clear(&right);
	return is_shared;
}

static bool is_at(const struct dns_view *view, const char *host, const struct dns_entry *entry)
{
	const struct dns_entry *answer = dns_view_best(view, host, entry->type);
	return answer != NULL && share_address(answer->o, FACT_DNS_ADDRESS, entry->o);
}

static const char *mx_place(const struct dns_view *view, const struct dns_entry *entry)
{
	static const enum fact_key keys[] = {FACT_DNS_MX_HOST};
	const struct dns_entry *mx = dns_view_best(view, view->domain, "MX");
	const char *place = NULL;
	struct dns_rows rows;
	if (mx == NULL)
		return NULL;
	dns_rows_read(&rows, mx->o, keys, 1);
	for (size_t i = 0; i < rows.count && i < LIMIT_MX_HOSTS && place == NULL; i++)
		if (microsoft_mx(dns_rows_text(&rows, i, 0), NULL) == MICROSOFT_NONE &&
		    is_at(view, dns_rows_text(&rows, i, 0), entry))
			place = dns_rows_text(&rows, i, 0);
	dns_rows_clear(&rows);
	return place;
}

static const char *imap_place(const struct dns_view *view, const struct dns_entry *entry)
{
	for (size_t i = 0; i < view->evidence->count; i++) {
		const struct observation *o = view->evidence->observations[i];
		if (str_equal(o->probe, "host") &&
		    str_equal_nocase(observation_text(o, FACT_HOST_NAME, 0), view->policy->imap_host) &&
		    share_address(o, FACT_HOST_ADDRESS, entry->o))
			return view->policy->imap_host;
	}
	return NULL;
}

const char *old_place_of(const struct dns_view *view, const struct dns_entry *entry)
{
	const struct policy *policy = view->policy;
	const char *place = mx_place(view, entry);
	for (size_t i = 0; i < policy->old_mx.count && place == NULL; i++)
		if (is_at(view, policy->old_mx.items[i], entry))
			place = policy->old_mx.items[i];
	if (place == NULL && policy->imap_host != NULL)
		place = imap_place(view, entry);
	return place;
}
