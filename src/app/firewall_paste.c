#include "app/firewall_paste.h"

#include "base/str.h"

static const char *const names[] = {"plain", "csv", "nft", "ipset"};

enum paste_form paste_form_from_name(const char *name)
{
	int form = 0;
	while (form < PASTE_COUNT && !str_equal(names[form], name))
		form++;
	return (enum paste_form)form;
}

static size_t count_family(const struct prefix *prefixes, size_t count, int family)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += prefixes[i].address.family == family;
	return n;
}

static void paste_lines(struct sink *sink, const struct prefix *prefixes, size_t count, bool has_family)
{
	char text[PREFIX_TEXT_BYTES];
	for (size_t i = 0; i < count; i++) {
		sink_puts(sink, prefix_format(&prefixes[i], text));
		if (has_family)
			sink_puts(sink, prefixes[i].address.family == 4 ? ",ipv4" : ",ipv6");
		sink_puts(sink, "\n");
	}
}

static void paste_nft(struct sink *sink, const struct prefix *prefixes, size_t count, int family)
{
	char text[PREFIX_TEXT_BYTES];
	const char *set = family == 4 ? "exchange_online" : "exchange_online6";
	bool is_first = true;
	if (count_family(prefixes, count, family) == 0)
		return;
	sink_printf(sink, "add set inet filter %s { type %s; flags interval; }\n", set, family == 4 ? "ipv4_addr" : "ipv6_addr");
	sink_printf(sink, "add element inet filter %s {", set);
	for (size_t i = 0; i < count; i++) {
		if (prefixes[i].address.family != family)
			continue;
		sink_printf(sink, "%s %s", is_first ? "" : ",", prefix_format(&prefixes[i], text));
		is_first = false;
	}
	sink_puts(sink, " }\n");
}

static void paste_ipset(struct sink *sink, const struct prefix *prefixes, size_t count, int family)
{
	char text[PREFIX_TEXT_BYTES];
	const char *set = family == 4 ? "exchange_online" : "exchange_online6";
	if (count_family(prefixes, count, family) == 0)
		return;
	sink_printf(sink, "create %s hash:net family %s -exist\n", set, family == 4 ? "inet" : "inet6");
	for (size_t i = 0; i < count; i++)
		if (prefixes[i].address.family == family)
			sink_printf(sink, "add %s %s -exist\n", set, prefix_format(&prefixes[i], text));
}

void paste(struct sink *sink, enum paste_form form, const struct prefix *prefixes, size_t count)
{
	switch (form) {
	case PASTE_CSV:
		sink_puts(sink, "prefix,family\n");
		paste_lines(sink, prefixes, count, true);
		break;
	case PASTE_NFT:
		paste_nft(sink, prefixes, count, 4);
		paste_nft(sink, prefixes, count, 6);
		break;
	case PASTE_IPSET:
		paste_ipset(sink, prefixes, count, 4);
		paste_ipset(sink, prefixes, count, 6);
		break;
	case PASTE_PLAIN:
	case PASTE_COUNT:
		paste_lines(sink, prefixes, count, false);
		break;
	}
}
