#include "render/seen_dns.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "render/seen_parts.h"

enum { SHOWN_RECORDS = 6 };

/* How the records of one type are read: the texts and numbers of a row, and where its TTL stands. */
struct record {
	const char *type;
	enum fact_key number, text, ttl; /* number: before the text; FACT_COUNT for none */
};

static const struct record records[] = {
    {"MX", FACT_DNS_MX_PREFERENCE, FACT_DNS_MX_HOST, FACT_DNS_MX_TTL},
    {"address", FACT_COUNT, FACT_DNS_ADDRESS, FACT_DNS_ADDRESS_TTL},
    {"CNAME", FACT_COUNT, FACT_DNS_CNAME, FACT_DNS_CNAME_TTL},
    {"NS", FACT_COUNT, FACT_DNS_NS_HOST, FACT_DNS_NS_TTL},
    {"TXT", FACT_COUNT, FACT_DNS_TXT, FACT_DNS_TXT_TTL},
    {"SRV", FACT_DNS_SRV_PORT, FACT_DNS_SRV_TARGET, FACT_DNS_SRV_TTL},
    {"record", FACT_COUNT, FACT_DNS_OTHER_DATA, FACT_DNS_OTHER_TTL},
};

static bool put_records(struct buf *out, const struct observation *o, const struct record *record, bool is_first)
{
	uint32_t rows = observation_rows(o, record->text);
	if (rows == 0)
		return false;
	buf_printf(out, "%s%s", is_first ? "" : "; ", record->type);
	for (uint32_t row = 0; row < rows && row < SHOWN_RECORDS; row++) {
		int64_t number = 0;
		buf_puts(out, row == 0 ? " " : ", ");
		if (record->number != FACT_COUNT && observation_int(o, record->number, row, &number))
			buf_printf(out, "%lld ", (long long)number);
		seen_put_text(out, observation_text(o, record->text, row));
		if (observation_int(o, record->ttl, row, &number))
			buf_printf(out, " (%lld s)", (long long)number);
	}
	if (rows > SHOWN_RECORDS)
		buf_printf(out, " and %u more", rows - SHOWN_RECORDS);
	return true;
}

/* ", asked for contoso.com MX: udp, tcp". */
static void put_question(struct buf *out, const struct observation *o)
{
	const char *question = observation_text(o, FACT_DNS_QUESTION, 0), *type = observation_text(o, FACT_DNS_TYPE, 0);
	int64_t negative = 0;
	if (question != NULL)
		buf_printf(out, ", asked for %s %s", question, type != NULL ? type : "");
	uint32_t steps = observation_rows(o, FACT_DNS_STEP);
	for (uint32_t row = 0; steps > 1 && row < steps; row++) {
		const char *step = observation_text(o, FACT_DNS_STEP, row);
		const char *transport = observation_text(o, FACT_DNS_STEP_TRANSPORT, row);
		buf_printf(out, "%s%s", row == 0 ? ": " : ", ", step != NULL ? step : "-");
		if (transport != NULL)
			buf_printf(out, " %s", transport);
	}
	if (observation_int(o, FACT_DNS_NEGATIVE_TTL_S, 0, &negative))
		buf_printf(out, ", absence is cached for %lld s", (long long)negative);
}

void seen_dns(struct buf *out, const struct observation *o)
{
	bool is_first = true;
	if (o->outcome != OUTCOME_OK) {
		seen_outcome(out, o);
		put_question(out, o);
		return;
	}
	for (size_t i = 0; i < sizeof records / sizeof records[0]; i++)
		if (put_records(out, o, &records[i], is_first))
			is_first = false;
	const char *primary = observation_text(o, FACT_DNS_SOA_PRIMARY, 0);
	int64_t serial = 0;
	if (observation_int(o, FACT_DNS_SOA_SERIAL, 0, &serial)) {
		buf_printf(out, "%sSOA serial %lld", is_first ? "" : "; ", (long long)serial);
		if (primary != NULL)
			buf_printf(out, " of %s", primary);
		is_first = false;
	}
	if (is_first) {
		const char *rcode = observation_text(o, FACT_DNS_RCODE, 0);
		buf_printf(out, "answered %s", rcode != NULL ? rcode : "without records");
		put_question(out, o);
	}
}

/* The longest TTL of the domain's MX set in the answer, or -1 when it is no such answer. */
static int64_t mx_ttl(const struct observation *o, const char *domain)
{
	int64_t longest = -1, ttl = 0;
	const char *type = observation_text(o, FACT_DNS_TYPE, 0), *question = observation_text(o, FACT_DNS_QUESTION, 0);
	if (o->outcome != OUTCOME_OK || !str_equal(type, "MX") || (domain != NULL && !str_equal_nocase(question, domain)))
		return -1;
	uint32_t rows = observation_rows(o, FACT_DNS_MX_TTL);
	for (uint32_t row = 0; row < rows; row++)
		if (observation_int(o, FACT_DNS_MX_TTL, row, &ttl) && ttl > longest)
			longest = ttl;
	return longest;
}

/* Adds it, or lengthens the one that is there for the same server. */
static void take_ttl(struct seen_ttl *list, size_t *count, struct seen_ttl one)
{
	for (size_t i = 0; i < *count; i++) {
		if (list[i].is_cache != one.is_cache || !str_equal(list[i].address, one.address) ||
		    !str_equal(list[i].server, one.server) || !str_equal(list[i].vantage, one.vantage))
			continue;
		if (one.ttl_s > list[i].ttl_s)
			list[i].ttl_s = one.ttl_s;
		return;
	}
	list[(*count)++] = one;
}

/* The answer of a cache that lasts longest: what is left of it at the report's time. */
static bool read_cache(const struct report *report, const struct observation *o, struct seen_ttl *ttl)
{
	int64_t now = report->policy->now, left = 0;
	uint32_t rows = observation_rows(o, FACT_CACHE_MX);
	*ttl = (struct seen_ttl){.server = observation_text(o, FACT_CACHE_NAME, 0), .address = o->address, .is_cache = true, .ttl_s = -1};
	for (uint32_t row = 0; row < rows; row++) {
		if (observation_text(o, FACT_CACHE_MX, row) == NULL || !observation_int(o, FACT_CACHE_TTL, row, &left))
			continue;
		left -= now != TIME_UNKNOWN && now > o->started_ms / 1000 ? now - o->started_ms / 1000 : 0;
		left = left > 0 ? left : 0;
		if (left > ttl->ttl_s) {
			ttl->ttl_s = left;
			ttl->set = observation_text(o, FACT_CACHE_MX, row);
		}
	}
	ttl->vantage = str_equal(o->vantage, report->run->vantage) ? NULL : o->vantage;
	return ttl->ttl_s >= 0;
}

/* What the observation says of the MX set's TTL, when it was asked of a server of that role. */
static bool read_ttl(const struct report *report, const struct observation *o, bool is_cache, struct seen_ttl *ttl)
{
	if (is_cache && str_equal(o->probe, "cache"))
		return read_cache(report, o, ttl);
	if (!str_equal(observation_text(o, FACT_DNS_ROLE, 0), is_cache ? "resolver" : "authoritative"))
		return false;
	*ttl = (struct seen_ttl){
	    .server = observation_text(o, FACT_DNS_SERVER, 0),
	    .address = o->address,
	    .vantage = str_equal(o->vantage, report->run->vantage) ? NULL : o->vantage,
	    .is_cache = is_cache,
	    .ttl_s = mx_ttl(o, report->policy->domain),
	};
	return ttl->ttl_s >= 0;
}

static int compare_texts(const char *a, const char *b)
{
	return strverscmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* Answers come in any order; what is shown must not. Numbers in names count as numbers: 192.0.2.9 before 192.0.2.10. */
static int compare_ttls(const void *left, const void *right)
{
	const struct seen_ttl *a = left, *b = right;
	int order = a->is_cache - b->is_cache;
	order = order != 0 || a->is_cache ? order : compare_texts(a->server, b->server);
	order = order != 0 ? order : compare_texts(a->address, b->address);
	return order != 0 ? order : compare_texts(a->vantage, b->vantage);
}

struct seen_ttl *seen_ttls(const struct report *report, size_t *count)
{
	const struct evidence *evidence = report->evidence;
	struct seen_ttl *list = xcalloc(evidence->count + 1, sizeof *list), one;
	*count = 0;
	for (int is_cache = 0; is_cache <= 1; is_cache++)
		for (size_t i = 0; i < evidence->count; i++)
			if (!read_ttl(report, evidence->observations[i], is_cache != 0, &one))
				continue;
			else if (one.set != NULL) /* one observation a resolver, and tens of thousands of them */
				list[(*count)++] = one;
			else
				take_ttl(list, count, one);
	qsort(list, *count, sizeof *list, compare_ttls);
	return list;
}
