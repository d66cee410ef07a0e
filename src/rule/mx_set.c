#include "rule/mx_set.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/dns_rows.h"

enum { SAID = 6 };

static int compare(const void *left, const void *right)
{
	const struct mx_record *a = left, *b = right;
	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	return strcasecmp(a->host, b->host);
}

void mx_set_read(struct mx_set *set, const struct observation *o)
{
	static const enum fact_key keys[] = {FACT_DNS_MX_HOST, FACT_DNS_MX_PREFERENCE, FACT_DNS_MX_TTL};
	struct dns_rows rows;
	dns_rows_read(&rows, o, keys, 3);
	*set = (struct mx_set){.items = xcalloc(rows.count > 0 ? rows.count : 1, sizeof *set->items), .count = rows.count};
	for (size_t i = 0; i < rows.count; i++)
		set->items[i] = (struct mx_record){.host = dns_rows_text(&rows, i, 0),
		                                   .preference = dns_rows_int(&rows, i, 1),
		                                   .ttl_s = dns_rows_int(&rows, i, 2)};
	if (set->count > 1)
		qsort(set->items, set->count, sizeof *set->items, compare);
	dns_rows_clear(&rows);
}

void mx_set_parse(struct mx_set *set, char *text)
{
	size_t room = 0;
	*set = (struct mx_set){0};
	for (char *next = text; next != NULL;) {
		char *record = next, *host = strchr(record, ' ');
		next = strstr(record, ", ");
		if (next != NULL) {
			*next = '\0';
			next += 2;
		}
		if (host == NULL || (next != NULL && host > next))
			continue;
		*host++ = '\0';
		host[strcspn(host, " ")] = '\0'; /* " and 3 more" */
		struct mx_record one = {.host = host, .ttl_s = -1};
		if (!str_to_int(record, 0, UINT16_MAX, &one.preference))
			continue;
		set->items = xgrow(set->items, set->count, &room, sizeof *set->items);
		set->items[set->count++] = one;
	}
	if (set->count > 1)
		qsort(set->items, set->count, sizeof *set->items, compare);
}

void mx_set_clear(struct mx_set *set)
{
	free(set->items);
	*set = (struct mx_set){0};
}

bool mx_set_equal(const struct mx_set *a, const struct mx_set *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (compare(&a->items[i], &b->items[i]) != 0)
			return false;
	return true;
}

int64_t mx_set_ttl(const struct mx_set *set)
{
	int64_t ttl_s = -1;
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].ttl_s > ttl_s)
			ttl_s = set->items[i].ttl_s;
	return ttl_s;
}

void mx_set_say(struct buf *out, const struct mx_set *set)
{
	if (set->count == 0)
		buf_puts(out, "no MX");
	for (size_t i = 0; i < set->count && i < SAID; i++)
		buf_printf(out, "%s%" PRId64 " %s", i > 0 ? ", " : "", set->items[i].preference, set->items[i].host);
	if (set->count > SAID)
		buf_printf(out, " and %zu more", set->count - SAID);
}
