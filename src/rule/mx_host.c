#include "rule/mx_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/address.h"
#include "rule/dns_rows.h"
#include "model/public_address.h"

/* The host without the domain behind it, allocated; NULL when the domain does not stand there. */
static char *without_domain(const char *host, const char *domain)
{
	if (!str_in_domain(host, domain) || strlen(host) == strlen(domain))
		return NULL;
	return xstrndup(host, strlen(host) - strlen(domain) - 1);
}

static bool is_address(const char *host)
{
	struct address address;
	char bare[ADDRESS_TEXT_BYTES];
	size_t length = strlen(host);
	if (host[0] == '[' && host[length - 1] == ']') {
		host++;
		length -= 2;
	}
	if (length >= sizeof bare)
		return false;
	memcpy(bare, host, length);
	bare[length] = '\0';
	return address_parse(bare, &address);
}

/* "ms12345678.msv1.invalid", in older form with ".outlook.com" behind it. */
static bool is_verification(const char *host)
{
	size_t digits = str_starts_nocase(host, "ms") ? strspn(host + 2, "0123456789") : 0;
	if (digits == 0)
		return false;
	return str_equal_nocase(host + 2 + digits, ".msv1.invalid") ||
	       str_equal_nocase(host + 2 + digits, ".msv1.invalid.outlook.com");
}

enum mx_kind mx_host_kind(const struct dns_view *view, const char *host, struct microsoft_name *found)
{
	if (host[0] == '\0' || str_equal(host, "."))
		return MX_KIND_NULL;
	if (is_verification(host))
		return MX_KIND_VERIFICATION;
	enum microsoft_kind kind = microsoft_mx(host, found);
	if (kind == MICROSOFT_MX)
		return (found->clouds & 1U << view->policy->cloud) != 0 ? MX_KIND_MICROSOFT : MX_KIND_OTHER_CLOUD;
	if (kind != MICROSOFT_NONE)
		return kind == MICROSOFT_MX_RETIRED ? MX_KIND_RETIRED : MX_KIND_SUBMISSION;
	char *bare = without_domain(host, view->domain);
	struct microsoft_name unused;
	bool is_literal = is_address(host) || (bare != NULL && is_address(bare));
	bool is_appended = bare != NULL && microsoft_mx(bare, &unused) != MICROSOFT_NONE;
	free(bare);
	return is_literal ? MX_KIND_ADDRESS : is_appended ? MX_KIND_ZONE_APPENDED : MX_KIND_OTHER;
}

bool mx_kind_is_usable(enum mx_kind kind)
{
	return kind == MX_KIND_OTHER || kind == MX_KIND_MICROSOFT || kind == MX_KIND_OTHER_CLOUD;
}

/* Counts the addresses of an answer, and those that nobody outside can reach. */
static void count_addresses(struct mx_addresses *addresses, const struct dns_view *view, const struct dns_entry *entry,
                            size_t counts[2])
{
	static const enum fact_key keys[] = {FACT_DNS_ADDRESS};
	struct special_range range;
	struct dns_rows rows;
	dns_rows_read(&rows, entry->o, keys, 1);
	for (size_t i = 0; i < rows.count; i++) {
		const char *text = dns_rows_text(&rows, i, 0);
		counts[0]++;
		if (address_is_public(view->policy, text, &range))
			continue;
		if (counts[1]++ == 0)
			snprintf(addresses->why, sizeof addresses->why, "%s, %s", text, range.name);
	}
	dns_rows_clear(&rows);
}

static const char *alias_of(const struct dns_entry *entry, const char *host)
{
	const char *owner = observation_text(entry->o, FACT_DNS_CNAME_OWNER, 0);
	return str_equal_nocase(owner, host) ? observation_text(entry->o, FACT_DNS_CNAME, 0) : NULL;
}

void mx_addresses_find(struct mx_addresses *addresses, const struct dns_view *view, const char *host)
{
	size_t counts[2] = {0, 0}; /* all, unreachable ones */
	*addresses = (struct mx_addresses){.v4 = dns_view_best(view, host, "A"), .v6 = dns_view_best(view, host, "AAAA")};
	const struct dns_entry *answers[] = {addresses->v4, addresses->v6};
	for (size_t i = 0; i < 2; i++) {
		if (answers[i] == NULL)
			continue;
		count_addresses(addresses, view, answers[i], counts);
		addresses->alias = addresses->alias != NULL ? addresses->alias : alias_of(answers[i], host);
	}
	/* AAAA that was not asked for is no gap in what is known; AAAA that nobody answered is. */
	bool is_known = addresses->v4 != NULL && (addresses->v6 != NULL || !dns_view_asked(view, host, "AAAA"));
	addresses->is_absent = is_known && counts[0] == 0;
	addresses->is_private = is_known && counts[0] > 0 && counts[0] == counts[1];
}
