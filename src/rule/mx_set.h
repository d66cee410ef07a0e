#ifndef RULE_MX_SET_H
#define RULE_MX_SET_H
/* The MX records of one answer, sorted by preference and host, so that two sets compare and print alike. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "cutover/observation.h"

struct mx_record {
	int64_t preference, ttl_s;
	const char *host; /* borrowed from the observation; "." for the null MX */
};

struct mx_set {
	struct mx_record *items;
	size_t count;
};

void mx_set_read(struct mx_set *set, const struct observation *o);

/* From the text of a cache's answer ("10 mail.contoso.com, 20 mx2.contoso.com"), which is cut up and borrowed from. No TTLs. */
void mx_set_parse(struct mx_set *set, char *text);
void mx_set_clear(struct mx_set *set);

/* Same preferences and hosts, case folded; TTLs do not count. */
bool mx_set_equal(const struct mx_set *a, const struct mx_set *b);

/* The longest TTL; -1 for an empty set. */
int64_t mx_set_ttl(const struct mx_set *set);

/* "10 mail.contoso.com, 20 backup.contoso.com", "no MX"; long sets are cut with a count. */
void mx_set_say(struct buf *out, const struct mx_set *set);

#endif
