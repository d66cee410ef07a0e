#ifndef CUTOVER_OBSERVATION_H
#define CUTOVER_OBSERVATION_H
/*
 * What one attempt of one probe saw: how it ended, when, and facts. Nothing here is judged.
 *
 * One observation is as small as one question: one TCP connect to one address, one TLS handshake, one IMAP
 * dialogue, one DNS question to one server.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/fact.h"
#include "cutover/outcome.h"

/* One row of a dialogue. Secrets never reach it: the sender writes a placeholder instead. */
struct transcript_line {
	int64_t at_ms;  /* since the observation's start */
	char direction; /* '>' sent, '<' received, '*' a remark of ours */
	char *text;     /* escaped as facts are */
};

struct observation {
	char *probe;     /* name in probes.def */
	char *target;    /* "imap.contoso.com:993", or the domain asked about */
	char *address;   /* the peer's address without port, or NULL when there was none */
	char *vantage;   /* the place it was seen from; NULL: the run's own */
	enum outcome outcome;
	int64_t started_ms; /* milliseconds since 1970 UTC */
	int64_t elapsed_ms; /* >= 0 */
	struct fact *facts;
	size_t fact_count, fact_room;
	struct transcript_line *lines;
	size_t line_count, line_room;
};

/* Copies the texts; `address` may be NULL. The outcome starts as OUTCOME_INTERNAL: whoever observes must say. */
struct observation *observation_new(const char *probe, const char *target, const char *address, int64_t started_ms);
void observation_free(struct observation *observation); /* NULL is fine */

/*
 * Adding facts: always copies. The type must be the key's (asserted). Text beyond LIMIT_FACT_BYTES is cut, facts
 * beyond LIMIT_FACTS are dropped and counted in the fact "truncated". `row` is 0 for scalars.
 */
void observation_add_text(struct observation *o, enum fact_key key, uint32_t row, const char *text);
void observation_add_bytes(struct observation *o, enum fact_key key, uint32_t row, const void *bytes, size_t length);
void observation_add_int(struct observation *o, enum fact_key key, uint32_t row, int64_t number);
void observation_add_time(struct observation *o, enum fact_key key, uint32_t row, int64_t seconds);
void observation_add_bool(struct observation *o, enum fact_key key, uint32_t row, bool flag);

/* Adds a dialogue row; bytes are escaped, cut at LIMIT_TRANSCRIPT_BYTES, rows beyond LIMIT_TRANSCRIPT_LINES dropped. */
void observation_say(struct observation *o, int64_t at_ms, char direction, const void *bytes, size_t length);

/* Reading: NULL, false or the fallback when the fact is absent. What is returned is borrowed. */
const char *observation_text(const struct observation *o, enum fact_key key, uint32_t row);
bool observation_int(const struct observation *o, enum fact_key key, uint32_t row, int64_t *number); /* INT and TIME */
int64_t observation_int_or(const struct observation *o, enum fact_key key, uint32_t row, int64_t fallback);
bool observation_flag(const struct observation *o, enum fact_key key, uint32_t row);
bool observation_has(const struct observation *o, enum fact_key key, uint32_t row);

/* Rows of the table that `key` belongs to that have this key: 1 + the highest row number, 0 for none. */
uint32_t observation_rows(const struct observation *o, enum fact_key key);

#endif
