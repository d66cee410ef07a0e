#include "proto/rules_read.h"

#include <string.h>

#include "base/str.h"
#include "proto/rules_list.h"
#include "proto/rules_nft.h"

static const char *const names[] = {
    [RULES_NFT] = "nft list ruleset",
    [RULES_NFT_JSON] = "nft -j list ruleset",
    [RULES_IPTABLES] = "iptables-save",
    [RULES_IPSET] = "ipset save",
    [RULES_LIST] = "a list of prefixes",
    [RULES_LIST_JSON] = "a list of prefixes (JSON)",
    [RULES_EMPTY] = "nothing",
    [RULES_BINARY] = "no text",
};

const char *rules_format_name(enum rules_format format)
{
	return names[format];
}

/* The first line that says something; remarks of '#' and blanks are passed over. */
static const char *first_line(const char *text, const char *end)
{
	while (text < end) {
		if (*text == '#')
			while (text < end && *text != '\n')
				text++;
		else if (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')
			text++;
		else
			break;
	}
	return text;
}

static bool begins(const char *text, const char *end, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(words[i]);
		if ((size_t)(end - text) >= length && memcmp(text, words[i], length) == 0)
			return true;
	}
	return false;
}

/* "[3:180] -A INPUT ..." of iptables-save -c, and no JSON array */
static bool is_counter(const char *at, const char *end)
{
	const char *start = ++at;
	while (at < end && ((*at >= '0' && *at <= '9') || *at == ':'))
		at++;
	return at > start && end - at > 3 && memcmp(at, "] -", 3) == 0;
}

enum rules_format rules_format(const char *text, size_t length)
{
	static const char *const nft[] = {"table ",    "define ",  "flush ", "include ", "add table",
	                                  "add chain", "add rule", "chain ", "destroy "};
	static const char *const iptables[] = {"*filter", "*nat", "*mangle", "*raw", "*security", "-A ", "-P ", "-N ", ":INPUT", ":FORWARD"};
	static const char *const ipset[] = {"create ", "add "};
	const char *end = text + length, *at = first_line(text, end);
	if (memchr(text, '\0', length) != NULL)
		return RULES_BINARY;
	if (at == end)
		return rules_iptables_remark(text, length) != 0 ? RULES_IPTABLES : RULES_EMPTY;
	if (*at == '[' && is_counter(at, end))
		return RULES_IPTABLES;
	if (*at == '{' || *at == '[')
		return memmem(at, (size_t)(end - at), "\"nftables\"", 10) != NULL ? RULES_NFT_JSON : RULES_LIST_JSON;
	if (begins(at, end, nft, sizeof nft / sizeof nft[0]))
		return RULES_NFT;
	if (begins(at, end, iptables, sizeof iptables / sizeof iptables[0]))
		return RULES_IPTABLES;
	return begins(at, end, ipset, 2) ? RULES_IPSET : RULES_LIST;
}

int rules_read(struct ruleset *ruleset, struct ipsets *sets, const char *text, size_t length, struct error *error)
{
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		length -= 3;
	}
	switch (rules_format(text, length)) {
	case RULES_NFT:
		rules_nft_read(ruleset, text, length, false);
		return 0;
	case RULES_NFT_JSON:
		return rules_nft_json_read(ruleset, text, length, error);
	case RULES_IPTABLES:
		rules_iptables_read(ruleset, sets, text, length);
		return 0;
	case RULES_IPSET:
		ipsets_read(sets, ruleset, text, length);
		return 0;
	case RULES_LIST:
		rules_list_read(ruleset, text, length);
		return 0;
	case RULES_LIST_JSON:
		return rules_list_json_read(ruleset, text, length, error);
	case RULES_EMPTY:
		return error_set(error, "is empty; if nft list ruleset printed nothing, nothing is filtered there");
	case RULES_BINARY:
	case RULES_FORMAT_COUNT:
		break;
	}
	return error_set(error, "is no text: give what nft list ruleset or iptables-save prints, or a list of prefixes");
}
