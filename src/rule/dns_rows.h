#ifndef RULE_DNS_ROWS_H
#define RULE_DNS_ROWS_H
/*
 * A small table of an observation (its MX records, its addresses), read in one pass: a server may send a thousand.
 *
 *   static const enum fact_key keys[] = {FACT_DNS_NS_HOST, FACT_DNS_NS_OWNER};
 *   struct dns_rows rows;
 *   dns_rows_read(&rows, o, keys, 2);
 *   for (size_t i = 0; i < rows.count; i++)
 *           use(dns_rows_text(&rows, i, 0));
 *   dns_rows_clear(&rows);
 */
#include <stddef.h>
#include <stdint.h>

#include "cutover/observation.h"

enum { DNS_ROWS_WIDTH = 4, DNS_ROWS = 1000 };

struct dns_rows {
	const struct fact **cells; /* width cells a row; NULL where the fact is absent */
	size_t count, width;
};

/* The rows that have keys[0]; others, and those beyond DNS_ROWS, are left out. Borrows from the observation. */
void dns_rows_read(struct dns_rows *rows, const struct observation *o, const enum fact_key *keys, size_t width);
void dns_rows_clear(struct dns_rows *rows);

const char *dns_rows_text(const struct dns_rows *rows, size_t row, size_t column); /* "" when absent */
int64_t dns_rows_int(const struct dns_rows *rows, size_t row, size_t column);      /* 0 when absent */

#endif
