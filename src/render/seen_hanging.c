#include "render/seen_hanging.h"

#include "base/str.h"
#include "base/xalloc.h"

/* How the records of one type are read: those whose text begins so count. */
static const struct kind {
	const char *type, *name;
	enum fact_key text, ttl;
	const char *prefix;
} kinds[] = {
    {"A", "A", FACT_DNS_ADDRESS, FACT_DNS_ADDRESS_TTL, ""},
    {"AAAA", "AAAA", FACT_DNS_ADDRESS, FACT_DNS_ADDRESS_TTL, ""},
    {"CNAME", "CNAME", FACT_DNS_CNAME, FACT_DNS_CNAME_TTL, ""},
    {"TXT", "SPF", FACT_DNS_TXT, FACT_DNS_TXT_TTL, "v=spf1"},
    {"NS", "NS", FACT_DNS_NS_HOST, FACT_DNS_NS_TTL, ""},
    {"DS", "DS", FACT_DNS_OTHER_DATA, FACT_DNS_OTHER_TTL, ""},
    {"SOA", "absence", FACT_COUNT, FACT_DNS_NEGATIVE_TTL_S, ""},
};

/* The longest TTL of that kind in the answer; -1 for none. */
static int64_t longest(const struct observation *o, const struct kind *kind)
{
	int64_t longest_s = -1, ttl_s = 0;
	uint32_t rows = observation_rows(o, kind->ttl);
	for (uint32_t row = 0; row < rows; row++) {
		const char *text = kind->text != FACT_COUNT ? observation_text(o, kind->text, row) : "";
		bool counts = text != NULL && str_starts_nocase(text, kind->prefix);
		if (counts && observation_int(o, kind->ttl, row, &ttl_s) && ttl_s > longest_s)
			longest_s = ttl_s;
	}
	return longest_s;
}

static const struct kind *kind_of(const struct observation *o)
{
	const char *type = observation_text(o, FACT_DNS_TYPE, 0);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (str_equal(kinds[i].type, type))
			return &kinds[i];
	return NULL;
}

static bool is_of_server(const struct observation *o, bool *is_parent)
{
	const char *role = observation_text(o, FACT_DNS_ROLE, 0), *purpose = observation_text(o, FACT_DNS_PURPOSE, 0);
	*is_parent = str_equal(role, "parent");
	return o->outcome == OUTCOME_OK && (*is_parent || (str_equal(role, "authoritative") && observation_flag(o, FACT_DNS_AA, 0))) &&
	       !str_equal(purpose, "wildcard") && !str_equal(purpose, "tcp-check");
}

static struct seen_hanging *place_for(struct seen_hanging *list, size_t *count, const struct seen_hanging *one)
{
	for (size_t i = 0; i < *count; i++)
		if (str_equal(list[i].name, one->name) && str_equal(list[i].kind, one->kind) && list[i].is_parent == one->is_parent)
			return &list[i];
	list[*count] = *one;
	return &list[(*count)++];
}

/* What one cache has left of it; no row of its own, where no server gave it. */
static void take_cache(struct seen_hanging *list, size_t count, const struct observation *o)
{
	uint32_t rows = observation_rows(o, FACT_CACHE_KEPT_NAME);
	for (uint32_t row = 0; row < rows; row++) {
		const char *name = observation_text(o, FACT_CACHE_KEPT_NAME, row), *type = observation_text(o, FACT_CACHE_KEPT_TYPE, row);
		int64_t left_s = observation_int_or(o, FACT_CACHE_KEPT_TTL, row, 0);
		for (size_t i = 0; i < count; i++) {
			const char *kind = str_equal(list[i].kind, "SPF") ? "TXT" : list[i].kind;
			if (list[i].is_parent || !str_equal(kind, type) || !str_equal_nocase(list[i].name, name))
				continue;
			list[i].left_s = left_s > list[i].left_s ? left_s : list[i].left_s;
			list[i].caches++;
		}
	}
}

struct seen_hanging *seen_hangings(const struct report *report, size_t *count)
{
	const struct evidence *evidence = report->evidence;
	struct seen_hanging *list = NULL;
	size_t room = 0;
	*count = 0;
	for (size_t i = 0; i < evidence->count; i++) {
		const struct observation *o = evidence->observations[i];
		struct seen_hanging one = {.name = observation_text(o, FACT_DNS_QUESTION, 0)};
		const struct kind *kind = kind_of(o);
		one.least_s = one.most_s = kind != NULL ? longest(o, kind) : -1;
		if (one.least_s < 0 || one.name == NULL || !is_of_server(o, &one.is_parent))
			continue;
		one.kind = kind->name;
		list = xgrow(list, *count, &room, sizeof *list);
		struct seen_hanging *place = place_for(list, count, &one);
		place->least_s = one.least_s < place->least_s ? one.least_s : place->least_s;
		place->most_s = one.most_s > place->most_s ? one.most_s : place->most_s;
		place->addresses++;
	}
	for (size_t i = 0; i < evidence->count; i++)
		take_cache(list, *count, evidence->observations[i]);
	return list;
}
