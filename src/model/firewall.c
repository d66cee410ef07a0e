#include "model/firewall.h"

#include <string.h>

#include "base/str.h"

static bool is_same_group(const struct observation *a, const struct observation *b)
{
	return str_equal(a->probe, b->probe) && str_equal(a->target, b->target) && str_equal(a->vantage, b->vantage);
}

size_t firewall_group_end(const struct evidence *evidence, size_t first)
{
	size_t end = first + 1;
	while (end < evidence->count && is_same_group(evidence->observations[first], evidence->observations[end]))
		end++;
	return end;
}

bool firewall_is_of(const char *prefix, unsigned families)
{
	return (families & 1u << (strchr(prefix, ':') != NULL ? 6 : 4)) != 0;
}

/* Whether some range of the families is listed, and may be let in. */
static bool is_open(const struct observation *o, unsigned families)
{
	for (uint32_t i = 0; i < observation_rows(o, FACT_FIREWALL_RANGE); i++) {
		const char *prefix = observation_text(o, FACT_FIREWALL_RANGE, i);
		if (prefix != NULL && firewall_is_of(prefix, families) && !str_equal(observation_text(o, FACT_FIREWALL_VERDICT, i), "no"))
			return true;
	}
	return false;
}

static bool is_open_somewhere(const struct evidence *evidence, size_t first, unsigned families)
{
	for (size_t i = first; i < firewall_group_end(evidence, first); i++)
		if (is_open(evidence->observations[i], families))
			return true;
	return false;
}

unsigned firewall_families(const struct evidence *evidence, size_t index)
{
	const unsigned both = 1u << 4 | 1u << 6;
	const struct observation *o = evidence->observations[index];
	unsigned families = 0;
	size_t first = index;
	while (first > 0 && is_same_group(evidence->observations[first - 1], o))
		first--;
	bool is_used = is_open(o, both) || !is_open_somewhere(evidence, first, both);
	for (unsigned family = 1u << 4; family <= 1u << 6; family <<= 2)
		if (is_open(o, family) || (is_used && !is_open_somewhere(evidence, first, family)))
			families |= family;
	return families;
}
