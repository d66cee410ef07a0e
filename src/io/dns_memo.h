#ifndef IO_DNS_MEMO_H
#define IO_DNS_MEMO_H
/* All exchanges of this run by their question, so that the same question is asked once. Bounded: the oldest go first. */
#include "io/dns_exchange.h"

enum { DNS_MEMO_BUCKETS = 1024 };

struct dns_memo {
	struct dns_exchange *buckets[DNS_MEMO_BUCKETS];
	struct dns_exchange *oldest, *newest;
	size_t count;
};

/* The exchange of that question (name in lower case), or NULL. */
struct dns_exchange *dns_memo_find(const struct dns_memo *memo, const struct dns_question *question);

/* Keeps it; exchanges over LIMIT_DNS_MEMO that are done and have no caller left are freed. */
void dns_memo_keep(struct dns_memo *memo, struct dns_exchange *exchange);
void dns_memo_drop(struct dns_memo *memo, struct dns_exchange *exchange); /* does not free it */

#endif
