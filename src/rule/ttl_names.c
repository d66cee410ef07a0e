/* TTLs of what hangs on the MX set, and of names that are still to be published. */
#include "rule/ttl_names.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "model/microsoft.h"
#include "rule/dns_rows.h"

enum { WORDS_BYTES = 2048 };

/* Names with a TTL over the limit, gathered into one finding. */
struct gathered {
	struct buf words;
	const struct dns_entry *reasons[2 * LIMIT_MX_HOSTS];
	size_t count;
	int64_t longest_s;
};

static void gather(struct gathered *gathered, const struct dns_entry *entry, const char *what, int64_t ttl_s)
{
	if (entry == NULL || gathered->count >= sizeof gathered->reasons / sizeof *gathered->reasons)
		return;
	buf_printf(&gathered->words, "%s%s %s %" PRId64 " s", gathered->count > 0 ? ", " : "", entry->question, what,
	           ttl_s);
	gathered->reasons[gathered->count++] = entry;
	gathered->longest_s = ttl_s > gathered->longest_s ? ttl_s : gathered->longest_s;
}

static void finish(struct gathered *gathered, struct finding *f, int64_t limit_s)
{
	finding_arg(f, "name", gathered->reasons[0]->question);
	finding_arg(f, "value", gathered->words.bytes);
	finding_arg_int(f, "ttl", gathered->longest_s);
	finding_arg_int(f, "limit", limit_s);
	for (size_t i = 0; i < gathered->count; i++)
		finding_because(f, gathered->reasons[i]->index);
}

/* The zone's word on a question, or NULL when only a cache answered. */
static const struct dns_entry *zone_answer(const struct dns_view *view, const char *name, const char *type)
{
	const struct dns_entry *entry = dns_view_best_ttl(view, name, type);
	return entry != NULL && entry->role == DNS_ROLE_AUTHORITATIVE ? entry : NULL;
}

/* RFC 2308 5: how long that absence is kept; -1 when the answer does not tell. */
static int64_t negative_ttl(const struct dns_entry *entry)
{
	int64_t ttl_s = observation_int_or(entry->o, FACT_DNS_SOA_TTL, 0, -1);
	int64_t minimum_s = observation_int_or(entry->o, FACT_DNS_SOA_MINIMUM, 0, -1);
	return observation_int_or(entry->o, FACT_DNS_NEGATIVE_TTL_S, 0, ttl_s < minimum_s ? ttl_s : minimum_s);
}

/* Names that the migration will publish. The ones with an alias to come are absent only without addresses, too. */
static const struct {
	const char *prefix, *type, *beside;
} to_publish[] = {
    {"", "MX", NULL},
    {"", "TXT", NULL},
    {"autodiscover.", "CNAME", "A"},
    {"selector1._domainkey.", "CNAME", NULL},
    {"selector2._domainkey.", "CNAME", NULL},
};

static void judge_negative(const struct dns_view *view)
{
	struct gathered gathered = {0};
	int64_t limit_s = view->policy->ttl_limit_s;
	buf_init(&gathered.words, WORDS_BYTES);
	for (size_t i = 0; i < sizeof to_publish / sizeof *to_publish; i++) {
		char *name = xasprintf("%s%s", to_publish[i].prefix, view->domain);
		const struct dns_entry *entry = zone_answer(view, name, to_publish[i].type);
		const struct dns_entry *beside =
		    to_publish[i].beside != NULL ? dns_view_best_ttl(view, name, to_publish[i].beside) : NULL;
		if (dns_entry_is_negative(entry) && (beside == NULL || dns_entry_is_negative(beside)) &&
		    negative_ttl(entry) > limit_s)
			gather(&gathered, entry, to_publish[i].type, negative_ttl(entry));
		free(name);
	}
	if (gathered.count > 0) {
		char span[CLOCK_TEXT_BYTES];
		struct finding *f =
		    dns_view_add(view, FINDING_TTL_NEGATIVE_LONG, NULL,
		                 "not there yet, and whoever asks too early keeps that up to %s (the zone's negative TTL, "
		                 "limit %" PRId64 " s): %s",
		                 clock_format_span(gathered.longest_s, span), limit_s, gathered.words.bytes);
		finish(&gathered, f, limit_s);
	}
	buf_clear(&gathered.words);
}

/* How the records of one type are read. */
struct kind {
	const char *type, *what;   /* what: in the finding */
	enum fact_key data, ttl;
	const char *prefix; /* of the data that count; "": all */
};

static const struct kind a_kind = {"A", "A", FACT_DNS_ADDRESS, FACT_DNS_ADDRESS_TTL, ""};
static const struct kind aaaa_kind = {"AAAA", "AAAA", FACT_DNS_ADDRESS, FACT_DNS_ADDRESS_TTL, ""};
static const struct kind cname_kind = {"CNAME", "CNAME", FACT_DNS_CNAME, FACT_DNS_CNAME_TTL, ""};
static const struct kind spf_kind = {"TXT", "SPF", FACT_DNS_TXT, FACT_DNS_TXT_TTL, "v=spf1"};

/* The longest TTL of the answer's rows of that kind; -1 for none. */
static int64_t rows_ttl(const struct dns_entry *entry, const struct kind *kind)
{
	const enum fact_key keys[] = {kind->data, kind->ttl};
	struct dns_rows rows;
	int64_t longest_s = -1;
	dns_rows_read(&rows, entry->o, keys, 2);
	for (size_t i = 0; i < rows.count; i++)
		if (str_starts_nocase(dns_rows_text(&rows, i, 0), kind->prefix) && dns_rows_int(&rows, i, 1) > longest_s)
			longest_s = dns_rows_int(&rows, i, 1);
	dns_rows_clear(&rows);
	return longest_s;
}

/* Of all the zone's servers: the one that gives it longest counts. False when none has such a record. */
static bool look_at(struct gathered *gathered, const struct dns_view *view, const char *name, const struct kind *kind)
{
	const struct dns_entry *longest = NULL;
	int64_t longest_s = -1;
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (entry->role != DNS_ROLE_AUTHORITATIVE || !entry->is_trusted || !str_equal_nocase(entry->question, name) ||
		    !str_equal(entry->type, kind->type) || rows_ttl(entry, kind) <= longest_s)
			continue;
		longest = entry;
		longest_s = rows_ttl(entry, kind);
	}
	if (longest_s > view->policy->ttl_limit_s)
		gather(gathered, longest, kind->what, longest_s);
	return longest != NULL;
}

static void look_at_addresses(struct gathered *gathered, const struct dns_view *view, const char *name)
{
	look_at(gathered, view, name, &a_kind);
	look_at(gathered, view, name, &aaaa_kind);
}

static void look_at_mx_hosts(struct gathered *gathered, const struct dns_view *view)
{
	static const enum fact_key keys[] = {FACT_DNS_MX_HOST};
	const struct dns_entry *mx = dns_view_best(view, view->domain, "MX");
	struct dns_rows rows;
	if (mx == NULL)
		return;
	dns_rows_read(&rows, mx->o, keys, 1);
	for (size_t i = 0; i < rows.count && i < LIMIT_MX_HOSTS; i++)
		look_at_addresses(gathered, view, dns_rows_text(&rows, i, 0));
	dns_rows_clear(&rows);
}

static void look_at_autodiscover(struct gathered *gathered, const struct dns_view *view)
{
	char *name = xasprintf("autodiscover.%s", view->domain);
	if (!look_at(gathered, view, name, &cname_kind))
		look_at_addresses(gathered, view, name);
	free(name);
}

static void judge_targets(const struct dns_view *view)
{
	struct gathered gathered = {0};
	int64_t limit_s = view->policy->ttl_limit_s;
	buf_init(&gathered.words, WORDS_BYTES);
	look_at_mx_hosts(&gathered, view);
	look_at_autodiscover(&gathered, view);
	look_at(&gathered, view, view->domain, &spf_kind);
	if (gathered.count > 0) {
		struct finding *f = dns_view_add(view, FINDING_TTL_TARGET_LONG, NULL,
		                                 "the zone's TTL over %" PRId64 " s: %s", limit_s, gathered.words.bytes);
		finish(&gathered, f, limit_s);
	}
	buf_clear(&gathered.words);
}

void ttl_names_judge(const struct dns_view *view)
{
	judge_negative(view);
	judge_targets(view);
}
