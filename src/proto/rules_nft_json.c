/*
 * nft's JSON (libnftables-json(5)) is translated into nft's language and read as such, so that rules are understood in
 * one place. What has no translation becomes a word that the reader does not know, and the rule uncertain.
 */
#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "cutover/error.h"
#include "cutover/limits.h"
#include "proto/rules_nft.h"

enum { TEXT_BYTES = 2 * LIMIT_RULES_BYTES, DEPTH = 12 };

static void put_value(struct buf *out, const json_t *value, unsigned depth);

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL ? text : "";
}

/* As a word when it is one, else as a string; what could end a string or a line is left out. */
static void put_text(struct buf *out, const char *text)
{
	size_t plain = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-*@/");
	if (*text != '\0' && text[plain] == '\0') {
		buf_puts(out, text);
		return;
	}
	buf_putc(out, '"');
	for (; *text != '\0'; text++)
		buf_putc(out, *text == '"' || *text == '\n' ? '?' : *text);
	buf_putc(out, '"');
}

/* A member that nft's language has as a bare word. */
static void put_member(struct buf *out, const json_t *object, const char *key)
{
	put_text(out, text_of(object, key));
	buf_putc(out, ' ');
}

static void put_list(struct buf *out, const json_t *list, const char *between, unsigned depth)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (i > 0)
			buf_puts(out, between);
		put_value(out, json_array_get(list, i), depth);
	}
}

static void put_verdict(struct buf *out, const char *name, const json_t *value)
{
	buf_puts(out, name);
	if (str_equal(name, "jump") || str_equal(name, "goto")) {
		buf_putc(out, ' ');
		put_text(out, text_of(value, "target"));
	}
}

static bool is_in(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(name, names[i]))
			return true;
	return false;
}

static bool is_verdict(const char *name)
{
	static const char *const verdicts[] = {"accept", "drop", "continue", "return", "jump", "goto", "queue"};
	return is_in(name, verdicts, sizeof verdicts / sizeof verdicts[0]);
}

/* {"&": [LEFT, MASK]}: the mask in parentheses. */
static void put_masked(struct buf *out, const json_t *value, unsigned depth)
{
	put_value(out, json_array_get(value, 0), depth);
	buf_puts(out, " & (");
	const json_t *mask = json_array_get(value, 1);
	if (json_is_array(mask))
		put_list(out, mask, " | ", depth);
	else
		put_value(out, mask, depth);
	buf_putc(out, ')');
}

static void put_fib(struct buf *out, const json_t *value, unsigned depth)
{
	const json_t *flags = json_object_get(value, "flags");
	buf_puts(out, "fib ");
	if (json_is_array(flags))
		put_list(out, flags, " . ", depth);
	else
		put_value(out, flags, depth);
	buf_putc(out, ' ');
	put_member(out, value, "result");
}

static void put_prefix(struct buf *out, const json_t *value, unsigned depth)
{
	(void)depth;
	put_text(out, text_of(value, "addr"));
	buf_printf(out, "/%lld", (long long)json_integer_value(json_object_get(value, "len")));
}

static void put_range(struct buf *out, const json_t *value, unsigned depth)
{
	put_list(out, value, "-", depth);
}

static void put_concatenation(struct buf *out, const json_t *value, unsigned depth)
{
	put_list(out, value, " . ", depth);
}

static void put_flags(struct buf *out, const json_t *value, unsigned depth)
{
	put_list(out, value, " | ", depth);
}

static void put_element(struct buf *out, const json_t *value, unsigned depth)
{
	put_value(out, json_object_get(value, "val"), depth);
}

static void put_set(struct buf *out, const json_t *value, unsigned depth)
{
	buf_puts(out, "{ ");
	put_list(out, value, ", ", depth);
	buf_puts(out, " }");
}

static void put_payload(struct buf *out, const json_t *value, unsigned depth)
{
	(void)depth;
	put_member(out, value, "protocol");
	put_member(out, value, "field");
}

static void put_meta(struct buf *out, const json_t *value, unsigned depth)
{
	const char *key = text_of(value, "key");
	(void)depth;
	buf_puts(out, str_starts(key, "iif") || str_starts(key, "oif") ? "" : "meta "); /* as in a listing */
	put_member(out, value, "key");
}

static void put_ct(struct buf *out, const json_t *value, unsigned depth)
{
	(void)depth;
	buf_puts(out, "ct ");
	if (json_object_get(value, "dir") != NULL)
		put_member(out, value, "dir");
	put_member(out, value, "key");
}

/* An expression of one member: its name tells what it is. */
static void put_expression(struct buf *out, const char *name, const json_t *value, unsigned depth)
{
	static const struct {
		const char *name;
		void (*put)(struct buf *out, const json_t *value, unsigned depth);
	} expressions[] = {
	    {"prefix", put_prefix}, {"range", put_range},     {"concat", put_concatenation}, {"|", put_flags}, {"elem", put_element},
	    {"set", put_set},       {"&", put_masked},        {"payload", put_payload},      {"meta", put_meta}, {"ct", put_ct},
	    {"fib", put_fib},
	};
	for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
		if (str_equal(expressions[i].name, name)) {
			expressions[i].put(out, value, depth);
			return;
		}
	}
	if (is_verdict(name))
		put_verdict(out, name, value);
	else
		buf_puts(out, "strange-expression");
}

static void put_value(struct buf *out, const json_t *value, unsigned depth)
{
	if (depth >= DEPTH)
		buf_puts(out, "strange-depth");
	else if (json_is_string(value))
		put_text(out, json_string_value(value));
	else if (json_is_integer(value))
		buf_printf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_boolean(value))
		buf_puts(out, json_is_true(value) ? "true" : "false");
	else if (json_is_array(value) && json_array_size(value) == 2 && json_is_object(json_array_get(value, 1))) {
		put_value(out, json_array_get(value, 0), depth + 1); /* an element of a map: [KEY, VERDICT] */
		buf_puts(out, " : ");
		put_value(out, json_array_get(value, 1), depth + 1);
	} else if (json_is_array(value))
		put_list(out, value, ",", depth + 1);
	else if (json_object_size(value) == 1) {
		void *member = json_object_iter((json_t *)(uintptr_t)value);
		put_expression(out, json_object_iter_key(member), json_object_iter_value(member), depth + 1);
	} else
		buf_puts(out, "strange-value");
}

static void put_match(struct buf *out, const json_t *match)
{
	static const char *const operators[] = {"==", "!=", "!", "<=", ">=", "<", ">"};
	const char *op = text_of(match, "op");
	put_value(out, json_object_get(match, "left"), 0);
	/* "in" is "any of these", which nft's language says without an operator. */
	buf_printf(out, " %s ", is_in(op, operators, sizeof operators / sizeof operators[0]) ? op : "");
	put_value(out, json_object_get(match, "right"), 0);
}

static void put_map(struct buf *out, const json_t *map)
{
	put_value(out, json_object_get(map, "key"), 0);
	buf_puts(out, " vmap ");
	put_value(out, json_object_get(map, "data"), 0);
}

static void put_nat(struct buf *out, const char *name, const json_t *nat)
{
	const json_t *address = json_object_get(nat, "addr"), *port = json_object_get(nat, "port");
	buf_printf(out, "%s to ", name);
	bool has_brackets = json_is_string(address) && strchr(json_string_value(address), ':') != NULL;
	buf_puts(out, has_brackets ? "[" : "");
	if (json_is_string(address))
		put_text(out, json_string_value(address));
	buf_puts(out, has_brackets ? "]" : "");
	if (json_is_integer(port))
		buf_printf(out, ":%lld", (long long)json_integer_value(port));
}

static bool is_inverted(const json_t *limit)
{
	return json_is_true(json_object_get(limit, "inv"));
}

/* add @set { ip saddr limit rate over 3/minute }: only whether it is a limit, and which way, matters. */
static void put_dynamic(struct buf *out, const json_t *value)
{
	const json_t *statements = json_object_get(value, "stmt");
	bool is_over = false;
	for (size_t i = 0; i < json_array_size(statements); i++) {
		const json_t *statement = json_array_get(statements, i);
		is_over = is_over || is_inverted(json_object_get(statement, "limit")) || is_inverted(json_object_get(statement, "ct count"));
	}
	buf_puts(out, is_over ? "add @x { limit rate over 1/second }" : "add @x { x }");
}

static void put_statement(struct buf *out, const char *name, const json_t *value)
{
	static const char *const harmless[] = {"counter", "log",  "mangle",  "comment",   "flow",
	                                       "dup",     "last", "secmark", "ct helper", "ct timeout"};
	static const char *const bare[] = {"reject", "snat", "masquerade", "quota", "notrack", "tproxy", "synproxy", "fwd"};
	if (is_in(name, harmless, sizeof harmless / sizeof harmless[0]))
		return;
	if (str_equal(name, "match"))
		put_match(out, value);
	else if (str_equal(name, "vmap"))
		put_map(out, value);
	else if (is_verdict(name))
		put_verdict(out, name, value);
	else if (str_equal(name, "limit") || str_equal(name, "ct count"))
		buf_puts(out, is_inverted(value) ? "limit rate over 1/second" : "limit rate 1/second");
	else if (str_equal(name, "set") || str_equal(name, "meter"))
		put_dynamic(out, value);
	else if (str_equal(name, "dnat") || str_equal(name, "redirect"))
		put_nat(out, name, value);
	else if (is_in(name, bare, sizeof bare / sizeof bare[0]))
		buf_puts(out, name);
	else if (str_equal(name, "xt")) {
		buf_puts(out, "xt ");
		put_member(out, value, "type");
		put_member(out, value, "name");
	}
	else {
		buf_puts(out, "strange-statement-");
		put_text(out, name);
	}
	buf_putc(out, ' ');
}

static void put_rule(struct buf *out, const json_t *rule)
{
	const json_t *statements = json_object_get(rule, "expr");
	for (size_t i = 0; i < json_array_size(statements); i++) {
		const json_t *statement = json_array_get(statements, i);
		void *member = json_object_iter((json_t *)(uintptr_t)statement);
		if (member != NULL)
			put_statement(out, json_object_iter_key(member), json_object_iter_value(member));
		else if (json_is_string(statement)) /* nft has no JSON for it, and says it in its language: "jump { ... }" */
			buf_printf(out, "%s ", json_string_value(statement));
		else
			buf_puts(out, "strange-statement ");
	}
	buf_printf(out, "# handle %lld\n", (long long)json_integer_value(json_object_get(rule, "handle")));
}

static void put_hook(struct buf *out, const json_t *chain)
{
	const json_t *device = json_object_get(chain, "dev");
	if (json_object_get(chain, "hook") == NULL)
		return;
	buf_puts(out, "type ");
	put_member(out, chain, "type");
	buf_puts(out, "hook ");
	put_member(out, chain, "hook");
	if (json_is_string(device)) {
		buf_puts(out, "device ");
		put_text(out, json_string_value(device));
		buf_putc(out, ' ');
	}
	buf_printf(out, "priority %lld # handle %lld\n", (long long)json_integer_value(json_object_get(chain, "prio")),
	           (long long)json_integer_value(json_object_get(chain, "handle")));
	buf_puts(out, "policy ");
	put_member(out, chain, "policy");
	buf_printf(out, "# handle %lld\n", (long long)json_integer_value(json_object_get(chain, "handle")));
}

/* Of a table only its flags matter: a text, or a list of texts. */
static void put_table(struct buf *out, const json_t *table)
{
	const json_t *flags = json_object_get(table, "flags");
	if (flags == NULL)
		return;
	buf_puts(out, "table ");
	put_member(out, table, "family");
	put_member(out, table, "name");
	buf_puts(out, "{\nflags ");
	put_value(out, flags, 0);
	buf_puts(out, "\n}\n");
}

static void put_object(struct buf *out, const char *kind, const json_t *object)
{
	bool is_set = str_equal(kind, "set") || str_equal(kind, "map"), is_rule = str_equal(kind, "rule");
	if (str_equal(kind, "table"))
		put_table(out, object);
	if (!is_set && !is_rule && !str_equal(kind, "chain"))
		return;
	buf_puts(out, "table ");
	put_member(out, object, "family");
	put_member(out, object, "table");
	buf_printf(out, "{\n%s ", is_set ? "set" : "chain");
	put_text(out, text_of(object, is_rule ? "chain" : "name"));
	buf_puts(out, " {\n");
	if (is_rule) {
		put_rule(out, object);
	} else if (is_set) {
		buf_puts(out, "elements = { ");
		put_list(out, json_object_get(object, "elem"), ", ", 0);
		buf_puts(out, " }\n");
	} else {
		put_hook(out, object);
	}
	buf_puts(out, "}\n}\n");
}

int rules_nft_json_read(struct ruleset *ruleset, const char *text, size_t length, struct error *error)
{
	json_error_t fault;
	struct buf out;
	json_t *root = json_loadb(text, length, 0, &fault);
	if (root == NULL)
		return error_set(error, "line %d: no JSON: %s", fault.line, fault.text);
	const json_t *list = json_object_get(root, "nftables");
	int result = json_is_array(list) ? 0 : error_set(error, "JSON, but not of nft: no member \"nftables\"");
	buf_init(&out, TEXT_BYTES);
	for (size_t i = 0; i < json_array_size(list); i++) {
		void *member = json_object_iter(json_array_get(list, i));
		if (member != NULL)
			put_object(&out, json_object_iter_key(member), json_object_iter_value(member));
	}
	if (result == 0 && out.is_full)
		result = error_set(error, "too large");
	if (result == 0)
		rules_nft_read(ruleset, out.bytes, out.length, true);
	buf_clear(&out);
	json_decref(root);
	return result;
}
