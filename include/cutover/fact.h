#ifndef CUTOVER_FACT_H
#define CUTOVER_FACT_H
/*
 * One thing that a probe saw: a key of facts.def, a row number, a typed value.
 *
 * Flat rows, not trees. A scalar fact (FACT in facts.def) has row 0 only. A row fact (ROW) is a cell of a
 * small table: all cells of one table with the same row number belong together, as an MX record's
 * dns.mx.preference and dns.mx.host do. An absent fact is absent: there is no "null" fact.
 *
 * Text is UTF-8. Bytes of a stranger that are not printable UTF-8 were escaped as \DDD (decimal, as in DNS
 * master files) when they were added, a backslash itself as \\, so every text can go into JSON unchanged.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fact_type {
	FACT_TYPE_TEXT,
	FACT_TYPE_INT,  /* the unit is the end of the key's name: _ms, _s, _bytes, _bits; else a plain number */
	FACT_TYPE_BOOL,
	FACT_TYPE_TIME, /* seconds since 1970 UTC; RFC 3339 in JSON */
};

#define FACT(symbol, name, type, about) FACT_##symbol,
#define ROW(symbol, table, column, type, about) FACT_##symbol,
enum fact_key {
#include "cutover/facts.def"
	FACT_COUNT
};
#undef FACT
#undef ROW

/* The declaration of a key, from facts.def. */
struct fact_info {
	const char *name;   /* "dns.mx.host" */
	const char *table;  /* "dns.mx", or NULL for a scalar */
	const char *column; /* "host", or NULL for a scalar */
	enum fact_type type;
	const char *about;
};

struct fact {
	enum fact_key key;
	uint32_t row;
	union {
		char *text;
		int64_t number; /* INT and TIME */
		bool flag;
	} value;
};

const struct fact_info *fact_info(enum fact_key key);

/* The key of that name ("dns.mx.host"), or FACT_COUNT for none. */
enum fact_key fact_key_from_name(const char *name);

#endif
