#include "render/seen_host.h"

#include "base/buf.h"
#include "base/str.h"
#include "render/seen_parts.h"

static void put_addresses(struct buf *out, const struct observation *o)
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_HOST_ADDRESS); row++) {
		const char *address = observation_text(o, FACT_HOST_ADDRESS, row);
		int64_t ttl_s = 0;
		buf_printf(out, "%s%s", row > 0 ? ", " : "", address != NULL ? address : "-");
		if (observation_int(o, FACT_HOST_ADDRESS_TTL, row, &ttl_s))
			buf_printf(out, " (%lld s)", (long long)ttl_s);
	}
	for (uint32_t row = 0; row < observation_rows(o, FACT_HOST_ALIAS); row++) {
		buf_puts(out, row == 0 ? ", by way of " : ", ");
		seen_put_text(out, observation_text(o, FACT_HOST_ALIAS, row));
	}
}

/* "; A timeout", of a question without an answer that counts. */
static void put_question(struct buf *out, const struct observation *o, enum fact_key key, const char *type)
{
	const char *how = observation_text(o, key, 0);
	if (how != NULL && !str_equal(how, "ok"))
		buf_printf(out, "; %s %s", type, how);
}

void seen_host(struct buf *out, const struct observation *o)
{
	if (observation_flag(o, FACT_HOST_IS_ADDRESS, 0)) {
		buf_puts(out, "an address: nothing was looked up");
		return;
	}
	if (observation_rows(o, FACT_HOST_ADDRESS) > 0)
		put_addresses(out, o);
	else
		seen_outcome(out, o);
	if (observation_flag(o, FACT_HOST_OVERRIDDEN, 0))
		buf_puts(out, ", as --connect says");
	put_question(out, o, FACT_HOST_V4, "A");
	put_question(out, o, FACT_HOST_V6, "AAAA");
	if (observation_flag(o, FACT_HOST_CD_WORKS, 0))
		buf_puts(out, "; without DNSSEC's checks there is an answer");
}
