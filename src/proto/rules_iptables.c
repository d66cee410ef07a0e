#include "proto/rules_iptables.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "proto/rules_iptables_parts.h"

struct dump {
	struct ruleset *ruleset;
	const struct ipsets *sets;
	unsigned family;
	char *table; /* "ip filter" */
	char *place; /* of the line under way */
};

static const struct {
	const char *table, *chain;
	enum rule_hook hook;
	int priority;
} hooks[] = {
    {"raw", "PREROUTING", HOOK_PREROUTING, -300},
    {"mangle", "PREROUTING", HOOK_PREROUTING, -150},
    {"nat", "PREROUTING", HOOK_PREROUTING, -100},
    {"mangle", "INPUT", HOOK_INPUT, -150},
    {"filter", "INPUT", HOOK_INPUT, 0},
    {"security", "INPUT", HOOK_INPUT, 50},
    {"nat", "INPUT", HOOK_INPUT, 100},
    {"mangle", "FORWARD", HOOK_FORWARD, -150},
    {"filter", "FORWARD", HOOK_FORWARD, 0},
    {"security", "FORWARD", HOOK_FORWARD, 50},
    {"raw", "OUTPUT", HOOK_OUTPUT, -300},
    {"mangle", "OUTPUT", HOOK_OUTPUT, -150},
    {"filter", "OUTPUT", HOOK_OUTPUT, 0},
    {"security", "OUTPUT", HOOK_OUTPUT, 50},
    {"mangle", "POSTROUTING", HOOK_POSTROUTING, -150},
};

static void enter_table(struct dump *dump, const char *name)
{
	free(dump->table);
	dump->ruleset->has_nat = dump->ruleset->has_nat || str_equal(name, "nat");
	dump->table = xasprintf("%s %s", dump->family == FAMILY_V6 ? "ip6" : "ip", name);
}

/* The chain; one of the kernel's own gets its hook. */
static struct rule_chain *chain_of(struct dump *dump, const char *name)
{
	struct rule_chain *chain = ruleset_add_chain(dump->ruleset, dump->table, name);
	const char *table = strchr(dump->table, ' ') + 1;
	chain->families = dump->family;
	for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++) {
		if (!str_equal(hooks[i].table, table) || !str_equal(hooks[i].chain, name))
			continue;
		chain->hook = hooks[i].hook;
		chain->priority = hooks[i].priority;
	}
	return chain;
}

static void set_policy(struct dump *dump, const char *name, const char *policy)
{
	struct rule_chain *chain = chain_of(dump, name);
	chain->drops = str_equal(policy, "DROP");
	free(chain->place);
	chain->place = xstrdup(dump->place);
}

/* Words of a line; double quotes and backslashes as iptables-save writes them. Returns how many, owned by the caller. */
static size_t split(const char *line, size_t length, char *words[IPTABLES_ARGUMENTS])
{
	const char *end = line + length;
	size_t count = 0;
	while (count < IPTABLES_ARGUMENTS) {
		while (line < end && (*line == ' ' || *line == '\t' || *line == '\r'))
			line++;
		if (line == end)
			break;
		char *word = xmalloc((size_t)(end - line) + 1);
		size_t n = 0;
		bool is_quoted = false;
		for (; line < end && (is_quoted || (*line != ' ' && *line != '\t' && *line != '\r')); line++) {
			if (*line == '"') {
				is_quoted = !is_quoted;
			} else {
				line += *line == '\\' && line + 1 < end;
				word[n++] = *line;
			}
		}
		word[n] = '\0';
		words[count++] = word;
	}
	return count;
}

static void read_rule(struct dump *dump, char **words, size_t count)
{
	struct iptables_rule line = {.ruleset = dump->ruleset, .sets = dump->sets, .table = dump->table, .family = dump->family,
	                             .place = dump->place, .count = count, .at = 2};
	for (size_t i = 0; i < count; i++)
		line.arguments[i] = words[i];
	line.rule = chain_add_rule(chain_of(dump, words[1]), dump->place);
	iptables_read_rule(&line);
}

static void read_words(struct dump *dump, char **words, size_t count)
{
	size_t first = 0;
	if (count > 0 && words[0][0] == '[') /* "[3:180] -A INPUT ..." of iptables-save -c */
		first = 1;
	const char *verb = count > first ? words[first] : "#";
	if (verb[0] == '#' || str_equal(verb, "COMMIT"))
		return;
	if (verb[0] == '*' && verb[1] != '\0')
		enter_table(dump, verb + 1);
	else if (verb[0] == ':' && verb[1] != '\0' && count > first + 1)
		set_policy(dump, verb + 1, words[first + 1]);
	else if (str_equal(verb, "-P") && count > first + 2)
		set_policy(dump, words[first + 1], words[first + 2]);
	else if (str_equal(verb, "-N") && count > first + 1)
		chain_of(dump, words[first + 1]);
	else if (str_equal(verb, "-A") && count > first + 1)
		read_rule(dump, words + first, count - first);
	else {
		ruleset_note(dump->ruleset, dump->place, "'%.60s' was not understood", verb);
		dump->ruleset->has_lost = true;
	}
}

/* Whether the remark of one of these programs is in it: each is called by three names. */
static bool is_written_by(const char *text, size_t length, const char *program)
{
	static const char *const kinds[] = {"", "-nft", "-legacy"};
	bool is_it = false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		char *name = xasprintf("%s%s-save", program, kinds[i]);
		is_it = is_it || memmem(text, length, name, strlen(name)) != NULL;
		free(name);
	}
	return is_it;
}

unsigned rules_iptables_remark(const char *text, size_t length)
{
	if (is_written_by(text, length, "ip6tables"))
		return FAMILY_V6;
	return is_written_by(text, length, "iptables") ? FAMILY_V4 : 0;
}

/* Words that rules of one family alone have. */
static const struct {
	const char *word;
	unsigned family;
} tells[] = {
    {" -p icmpv6", FAMILY_V6},          {" -p ipv6-icmp", FAMILY_V6}, {"--icmpv6-type ", FAMILY_V6}, {"--reject-with icmp6-", FAMILY_V6},
    {" -m ipv6header", FAMILY_V6},      {" -m hl ", FAMILY_V6},       {" -m frag ", FAMILY_V6},      {" ufw6-", FAMILY_V6},
    {"--reject-with icmp-", FAMILY_V4}, {" -p icmp ", FAMILY_V4},     {"--icmp-type ", FAMILY_V4},   {" -m ttl ", FAMILY_V4},
};

/* Of one line of a rule: by its addresses, else by its words; 0 when it may be of either. */
static unsigned family_of_rule(const char *line)
{
	static const char *const addresses[] = {" -s ", " -d ", "-range ", "--to-destination "};
	for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
		const char *at = strstr(line, addresses[i]);
		at = at != NULL ? at + strlen(addresses[i]) : "";
		at += strcspn(at, ".: ");
		if (*at == '.' || *at == ':')
			return *at == ':' ? FAMILY_V6 : FAMILY_V4;
	}
	for (size_t i = 0; i < sizeof tells / sizeof tells[0]; i++)
		if (strstr(line, tells[i].word) != NULL)
			return tells[i].family;
	return 0;
}

/* The remark of the program that wrote it, else the first rule that tells, else what the caller knows. */
static unsigned family_of(const struct ruleset *ruleset, const char *text, size_t length)
{
	const char *end = text + length;
	unsigned family = rules_iptables_remark(text, length);
	while (family == 0 && text < end) {
		const char *line_end = memchr(text, '\n', (size_t)(end - text));
		line_end = line_end != NULL ? line_end : end;
		char *line = xstrndup(text, (size_t)(line_end - text));
		char *comment = strstr(line, "--comment "); /* free text: the rest of the line is not looked at */
		if (comment != NULL)
			*comment = '\0';
		family = strstr(line, "-A ") != NULL ? family_of_rule(line) : 0;
		free(line);
		text = line_end + 1;
	}
	return family != 0 ? family : ruleset->hint;
}

/* A line that opens a table or names a chain. */
static bool declares(const char *word)
{
	return word[0] == '*' || word[0] == ':' || str_equal(word, "-N") || str_equal(word, "-P");
}

void rules_iptables_read(struct ruleset *ruleset, const struct ipsets *sets, const char *text, size_t length)
{
	struct dump dump = {.ruleset = ruleset, .sets = sets, .family = family_of(ruleset, text, length)};
	const char *end = text + length;
	ruleset->families |= dump.family;
	ruleset->has_no_family = ruleset->has_no_family || dump.family == 0;
	enter_table(&dump, "filter"); /* `iptables -S` names none */
	/* Twice: rules may jump to chains that `iptables -S` declares further down. */
	for (int pass = 0; pass < 2; pass++) {
		const char *line = text;
		for (unsigned number = 1; line < end; number++) {
			const char *line_end = memchr(line, '\n', (size_t)(end - line));
			line_end = line_end != NULL ? line_end : end;
			char *words[IPTABLES_ARGUMENTS];
			size_t count = split(line, (size_t)(line_end - line), words);
			dump.place = ruleset_place(ruleset, number);
			if (count > 0 && (pass == 1 || declares(words[0])))
				read_words(&dump, words, count);
			for (size_t i = 0; i < count; i++)
				free(words[i]);
			free(dump.place);
			line = line_end + (line_end < end);
		}
	}
	free(dump.table);
}
