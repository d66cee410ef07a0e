#ifndef REPLAY_BUILDER_H
#define REPLAY_BUILDER_H
/*
 * Evidence written in code, as the probes would have written it:
 *
 *   observe(world, "port", "imap.contoso.com:993", "192.0.2.1", ENDED(TIMEOUT), INT(PORT_FAMILY, 4));
 *   observe(world, "dns", "contoso.com", "198.51.100.53", ENDED(OK), TEXT(DNS_TYPE, "MX"),
 *           ROW_TEXT(DNS_MX_HOST, 0, "mail.contoso.com"), ROW_INT(DNS_MX_TTL, 0, 3600));
 *
 * Keys are written without FACT_, outcomes without OUTCOME_. A scalar is row 0.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/evidence.h"
#include "cutover/policy.h"

/* The fixed time of every case: 2026-06-01T12:00:00Z. */
#define REPLAY_NOW INT64_C(1780315200)
#define REPLAY_DAY INT64_C(86400)

struct world {
	struct evidence evidence;
	struct policy policy; /* defaults, domain contoso.com, now = REPLAY_NOW; a case may change it */
};

/* One fact, the outcome, or the end of the list. */
struct given {
	enum { GIVEN_END, GIVEN_OUTCOME, GIVEN_FACT } kind;
	enum outcome outcome;
	enum fact_key key;
	enum fact_type type;
	uint32_t row;
	const char *text;
	int64_t number; /* INT and TIME */
	bool flag;
};

#define GIVEN(symbol, type_, row_, ...) \
	(struct given){.kind = GIVEN_FACT, .key = FACT_##symbol, .type = FACT_TYPE_##type_, .row = (row_), __VA_ARGS__}
#define ENDED(symbol) (struct given){.kind = GIVEN_OUTCOME, .outcome = OUTCOME_##symbol}
#define ROW_TEXT(symbol, row, value) GIVEN(symbol, TEXT, row, .text = (value))
#define ROW_INT(symbol, row, value) GIVEN(symbol, INT, row, .number = (value))
#define ROW_TIME(symbol, row, value) GIVEN(symbol, TIME, row, .number = (value))
#define ROW_BOOL(symbol, row, value) GIVEN(symbol, BOOL, row, .flag = (value))
#define TEXT(symbol, value) ROW_TEXT(symbol, 0, value)
#define INT(symbol, value) ROW_INT(symbol, 0, value)
#define TIME(symbol, value) ROW_TIME(symbol, 0, value)
#define BOOL(symbol, value) ROW_BOOL(symbol, 0, value)

/* Adds an observation to the world's evidence and returns it, borrowed, for more facts; `address` may be NULL. */
#define observe(world, probe, target, address, ...) \
	world_observe(world, probe, target, address, (const struct given[]){__VA_ARGS__, {.kind = GIVEN_END}})

struct observation *world_observe(struct world *world, const char *probe, const char *target, const char *address,
                                  const struct given *given);

/* Adds facts to an observation that is already there: give(o, INT(...), ROW_TEXT(...)). */
#define give(observation, ...) observation_give(observation, (const struct given[]){__VA_ARGS__, {.kind = GIVEN_END}})
void observation_give(struct observation *observation, const struct given *given);

void world_init(struct world *world);
void world_clear(struct world *world);

#endif
