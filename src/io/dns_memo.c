#include "io/dns_memo.h"

#include "base/str.h"
#include "cutover/limits.h"

static size_t bucket_of(const char *name, ldns_rr_type type)
{
	uint32_t hash = 2166136261u ^ (uint32_t)type; /* FNV-1a */
	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619u;
	return hash % DNS_MEMO_BUCKETS;
}

struct dns_exchange *dns_memo_find(const struct dns_memo *memo, const struct dns_question *question)
{
	struct dns_exchange *exchange = memo->buckets[bucket_of(question->name, question->type)];
	for (; exchange != NULL; exchange = exchange->bucket_next)
		if (exchange->type == question->type && exchange->flags == question->flags &&
		    endpoint_equal(&exchange->reply.server, question->server) && str_equal(exchange->name, question->name))
			return exchange;
	return NULL;
}

void dns_memo_drop(struct dns_memo *memo, struct dns_exchange *exchange)
{
	if (!exchange->is_kept)
		return;
	struct dns_exchange **link = &memo->buckets[bucket_of(exchange->name, exchange->type)];
	while (*link != exchange)
		link = &(*link)->bucket_next;
	*link = exchange->bucket_next;
	*(exchange->older != NULL ? &exchange->older->newer : &memo->oldest) = exchange->newer;
	*(exchange->newer != NULL ? &exchange->newer->older : &memo->newest) = exchange->older;
	exchange->is_kept = false;
	memo->count--;
}

static void shrink(struct dns_memo *memo)
{
	struct dns_exchange *next = NULL;
	for (struct dns_exchange *exchange = memo->oldest; exchange != NULL && memo->count > LIMIT_DNS_MEMO; exchange = next) {
		next = exchange->newer;
		if (!exchange->is_done || exchange->queries != NULL || exchange == memo->newest)
			continue; /* asked or about to be asked for */
		dns_memo_drop(memo, exchange);
		dns_exchange_free(exchange);
	}
}

void dns_memo_keep(struct dns_memo *memo, struct dns_exchange *exchange)
{
	struct dns_exchange **bucket = &memo->buckets[bucket_of(exchange->name, exchange->type)];
	exchange->bucket_next = *bucket;
	*bucket = exchange;
	exchange->older = memo->newest;
	exchange->newer = NULL;
	*(memo->newest != NULL ? &memo->newest->newer : &memo->oldest) = exchange;
	memo->newest = exchange;
	exchange->is_kept = true;
	memo->count++;
	shrink(memo);
}
