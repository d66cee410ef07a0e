#include "render/seen_cache.h"

#include "base/buf.h"
#include "base/str.h"
#include "render/seen_parts.h"

static enum outcome outcome_at(const struct observation *o, enum fact_key key, uint32_t row)
{
	const char *name = observation_text(o, key, row);
	enum outcome outcome = name != NULL ? outcome_from_name(name) : OUTCOME_COUNT;
	return outcome != OUTCOME_COUNT ? outcome : OUTCOME_INTERNAL;
}

static void put_answer(struct buf *out, const struct observation *o, uint32_t row)
{
	const char *set = observation_text(o, FACT_CACHE_MX, row);
	int64_t number = 0;
	if (set != NULL)
		seen_put_text(out, set);
	else
		buf_puts(out, seen_outcome_words(outcome_at(o, FACT_CACHE_OUTCOME, row)));
	if (observation_int(o, FACT_CACHE_TTL, row, &number))
		buf_printf(out, set != NULL ? " (%lld s left)" : " (kept for %lld s)", (long long)number);
	if (observation_int(o, FACT_CACHE_SEEN, row, &number) && number > 1)
		buf_printf(out, " in %lld answers", (long long)number);
	if (observation_flag(o, FACT_CACHE_RECURSIVE, row))
		buf_puts(out, ", asked with recursion");
}

void seen_cache(struct buf *out, const struct observation *o)
{
	uint32_t rows = observation_rows(o, FACT_CACHE_OUTCOME);
	enum outcome reach = outcome_at(o, FACT_CACHE_REACH, 0), control = outcome_at(o, FACT_CACHE_CONTROL, 0);
	if (rows == 0)
		seen_outcome(out, o);
	for (uint32_t row = 0; row < rows; row++) {
		buf_puts(out, row > 0 ? "; " : "");
		put_answer(out, o, row);
	}
	if (observation_has(o, FACT_CACHE_REACH, 0) && reach != OUTCOME_OK)
		buf_printf(out, "; asked for the root's servers: %s", seen_outcome_words(reach));
	if (observation_has(o, FACT_CACHE_CONTROL, 0) && control != OUTCOME_NXDOMAIN && control != OUTCOME_NODATA)
		buf_printf(out, "; asked for a made-up name: %s", seen_outcome_words(control));
	seen_also(out, o, FACT_SKIP_REASON, "; ");
}
