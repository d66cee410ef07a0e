#include "render/seen_firewall.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"

static const char *text_or(const struct observation *o, enum fact_key key, uint32_t row, const char *fallback)
{
	const char *text = observation_text(o, key, row);
	return text != NULL ? text : fallback;
}

/* Two ranges that met the same: one line for both. */
static bool is_alike(const struct observation *o, uint32_t a, uint32_t b)
{
	static const enum fact_key keys[] = {FACT_FIREWALL_VERDICT, FACT_FIREWALL_PLACE, FACT_FIREWALL_WHY};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (!str_equal(observation_text(o, keys[i], a), observation_text(o, keys[i], b)))
			return false;
	return true;
}

/* "refused by line 3 (policy): 40.104.0.0/15, 52.96.0.0/14" */
static void put_alike(struct buf *out, const struct observation *o, uint32_t first)
{
	const char *verdict = text_or(o, FACT_FIREWALL_VERDICT, first, ""), *why = observation_text(o, FACT_FIREWALL_WHY, first);
	buf_puts(out, str_equal(verdict, "no")       ? "\nrefused"
	              : str_equal(verdict, "partly") ? "\nrefused in part"
	                                             : "\nnot decided");
	if (observation_has(o, FACT_FIREWALL_PLACE, first))
		buf_printf(out, " by %s", text_or(o, FACT_FIREWALL_PLACE, first, ""));
	if (why != NULL)
		buf_printf(out, " (%s)", why);
	buf_puts(out, ": ");
	for (uint32_t i = first; i < observation_rows(o, FACT_FIREWALL_RANGE); i++)
		if (is_alike(o, first, i))
			buf_printf(out, "%s%s", i > first ? ", " : "", text_or(o, FACT_FIREWALL_RANGE, i, "-"));
}

static void put_ranges(struct buf *out, const struct observation *o)
{
	for (uint32_t i = 0; i < observation_rows(o, FACT_FIREWALL_RANGE); i++) {
		bool is_told = str_equal(observation_text(o, FACT_FIREWALL_VERDICT, i), "yes");
		for (uint32_t before = 0; before < i && !is_told; before++)
			is_told = is_alike(o, before, i);
		if (!is_told)
			put_alike(out, o, i);
	}
}

/* The elements of one family; an nft set has one. */
static void put_to_paste(struct buf *out, const struct observation *o, bool is_v6)
{
	bool has_any = false;
	for (uint32_t i = 0; i < observation_rows(o, FACT_FIREWALL_MISSING); i++) {
		const char *prefix = text_or(o, FACT_FIREWALL_MISSING, i, "");
		if ((strchr(prefix, ':') != NULL) != is_v6)
			continue;
		if (!has_any)
			buf_printf(out, "\nto paste, nft type %s: { ", is_v6 ? "ipv6_addr" : "ipv4_addr");
		buf_printf(out, "%s%s", has_any ? ", " : "", prefix);
		has_any = true;
	}
	if (has_any)
		buf_puts(out, " }");
}

void seen_firewall(struct buf *out, const struct observation *o)
{
	const char *interface = observation_text(o, FACT_FIREWALL_INTERFACE, 0);
	buf_printf(out, "port %lld (%s%s%s): ", (long long)observation_int_or(o, FACT_FIREWALL_PORT, 0, 0),
	           text_or(o, FACT_FIREWALL_HOOK, 0, "?"), interface != NULL ? " from " : "", interface != NULL ? interface : "");
	buf_printf(out, "%lld of %u ranges let in, by %s", (long long)observation_int_or(o, FACT_FIREWALL_LET_IN, 0, 0),
	           observation_rows(o, FACT_FIREWALL_RANGE), text_or(o, FACT_FIREWALL_LIST, 0, "a list"));
	put_ranges(out, o);
	put_to_paste(out, o, false);
	put_to_paste(out, o, true);
}
