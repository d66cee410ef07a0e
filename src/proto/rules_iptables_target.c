/* Targets of iptables rules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/rule_selector.h"
#include "proto/rules_iptables_parts.h"

static const struct {
	const char *name;
	enum rule_verdict verdict;
} targets[] = {
    {"ACCEPT", VERDICT_ACCEPT},     {"DROP", VERDICT_DROP},         {"REJECT", VERDICT_DROP},      {"RETURN", VERDICT_RETURN},
    {"DNAT", VERDICT_NAT},          {"REDIRECT", VERDICT_NAT},      {"NETMAP", VERDICT_NAT},       {"SNAT", VERDICT_ACCEPT},
    {"MASQUERADE", VERDICT_ACCEPT}, {"LOG", VERDICT_NONE},          {"NFLOG", VERDICT_NONE},       {"ULOG", VERDICT_NONE},
    {"AUDIT", VERDICT_NONE},        {"TRACE", VERDICT_NONE},        {"MARK", VERDICT_NONE},        {"CONNMARK", VERDICT_NONE},
    {"SECMARK", VERDICT_NONE},      {"CONNSECMARK", VERDICT_NONE},  {"TCPMSS", VERDICT_NONE},      {"TCPOPTSTRIP", VERDICT_NONE},
    {"TOS", VERDICT_NONE},          {"DSCP", VERDICT_NONE},         {"TTL", VERDICT_NONE},         {"HL", VERDICT_NONE},
    {"ECN", VERDICT_NONE},          {"CHECKSUM", VERDICT_NONE},     {"CLASSIFY", VERDICT_NONE},    {"SET", VERDICT_NONE},
    {"RATEEST", VERDICT_NONE},      {"LED", VERDICT_NONE},          {"IDLETIMER", VERDICT_NONE},   {"TEE", VERDICT_NONE},
    {"NOTRACK", VERDICT_UNKNOWN},   {"CT", VERDICT_NONE},           {"QUEUE", VERDICT_UNKNOWN},    {"NFQUEUE", VERDICT_UNKNOWN},
    {"TPROXY", VERDICT_UNKNOWN},    {"SYNPROXY", VERDICT_UNKNOWN},
};

/* "10.0.0.5:1993-1999", "10.0.0.5-10.0.0.9", "[2001:db8::5]:993", "1143": what is several stays unknown. */
static void read_destination(const char *text, struct rule_case *c)
{
	char host[64];
	const char *colon = strrchr(text, ':');
	bool has_brackets = text[0] == '[', has_port = colon != NULL && (has_brackets ? colon[-1] == ']' : strchr(text, ':') == colon);
	size_t length = has_port ? (size_t)(colon - text) : strlen(text);
	if (has_port && strchr(colon, '-') == NULL)
		selector_port(colon + 1, &c->port);
	length -= has_brackets && length >= 2 ? 2 : 0;
	if (length >= sizeof host)
		return;
	snprintf(host, sizeof host, "%.*s", (int)length, text + has_brackets);
	c->has_address = address_parse(host, &c->address);
}

static void read_nat_options(struct iptables_rule *line, struct rule_case *c)
{
	for (; line->at + 1 < line->count; line->at++) {
		const char *option = line->arguments[line->at], *value = line->arguments[line->at + 1];
		if (str_equal(option, "--to-destination"))
			read_destination(value, c);
		else if (str_equal(option, "--to-ports") && strchr(value, '-') == NULL)
			selector_port(value, &c->port);
	}
}

static bool has_option(const struct iptables_rule *line, const char *name)
{
	for (size_t i = line->at; i < line->count; i++)
		if (str_equal(line->arguments[i], name))
			return true;
	return false;
}

/* Its place in the table, or the table's size. */
static size_t find_target(const char *name)
{
	size_t i = 0;
	while (i < sizeof targets / sizeof targets[0] && !str_equal(targets[i].name, name))
		i++;
	return i;
}

static bool is_known(const char *name)
{
	return find_target(name) < sizeof targets / sizeof targets[0];
}

enum rule_verdict iptables_verdict(const char *target)
{
	return is_known(target) ? targets[find_target(target)].verdict : VERDICT_UNKNOWN;
}

void iptables_read_target(struct iptables_rule *line, bool is_goto)
{
	const char *name = line->at < line->count ? line->arguments[line->at++] : "";
	struct rule_case *c = rule_add_case(line->rule, iptables_verdict(name));
	if (c->verdict == VERDICT_NAT) {
		c->is_local = str_equal(name, "REDIRECT");
		read_nat_options(line, c);
	} else if (str_equal(name, "CT") && has_option(line, "--notrack")) {
		c->verdict = VERDICT_UNKNOWN;
	} else if (!is_known(name) && ruleset_find(line->ruleset, line->table, name) != NULL) {
		c->verdict = is_goto ? VERDICT_GOTO : VERDICT_JUMP;
		c->target = xstrdup(name);
	} else if (!is_known(name)) {
		ruleset_note(line->ruleset, line->place, "the target '%.60s' is not known", name);
	}
}
