#include "proto/imap_mailbox.h"

#include <string.h>

#include "base/str.h"
#include "cutover/limits.h"

/* Nesting that is followed; no reply that is read here needs more than three. */
enum { DEPTH = 8, NUMBER_DIGITS = 19 };

static void advance(struct slice *rest, size_t length)
{
	rest->bytes += length;
	rest->length -= length;
}

static bool take_char(struct slice *rest, char c)
{
	if (rest->length == 0 || rest->bytes[0] != c)
		return false;
	advance(rest, 1);
	return true;
}

static void skip_spaces(struct slice *rest)
{
	while (take_char(rest, ' '))
		;
}

/* An atom or number: up to a space, a parenthesis or a quote. */
static struct slice take_atom(struct slice *rest)
{
	struct slice atom = {rest->bytes, 0};
	while (atom.length < rest->length && strchr(" ()\"", rest->bytes[atom.length]) == NULL)
		atom.length++;
	advance(rest, atom.length);
	return atom;
}

static bool atom_is(struct slice atom, const char *word)
{
	return atom.length == strlen(word) && strncasecmp(atom.bytes, word, atom.length) == 0;
}

static bool to_number(struct slice atom, int64_t *number)
{
	char digits[NUMBER_DIGITS + 1];
	if (atom.length == 0 || atom.length > NUMBER_DIGITS)
		return false;
	memcpy(digits, atom.bytes, atom.length);
	digits[atom.length] = '\0';
	return str_to_int(digits, 0, INT64_MAX, number);
}

static bool take_quoted(struct slice *rest, struct buf *text)
{
	while (rest->length > 0) {
		char c = rest->bytes[0];
		advance(rest, 1);
		if (c == '"')
			return true;
		if (c == '\\' && rest->length > 0) {
			c = rest->bytes[0];
			advance(rest, 1);
		}
		buf_putc(text, c);
	}
	return false;
}

/* "{n}\r\n" and n bytes, which line_reader has put in place. */
static bool take_literal(struct slice *rest, struct buf *text)
{
	const char *end = memchr(rest->bytes, '}', rest->length);
	int64_t length;
	if (end == NULL || !to_number((struct slice){rest->bytes, (size_t)(end - rest->bytes)}, &length))
		return false;
	advance(rest, (size_t)(end + 1 - rest->bytes));
	if (!take_char(rest, '\r') || !take_char(rest, '\n') || (uint64_t)length > rest->length)
		return false;
	buf_add(text, rest->bytes, (size_t)length);
	advance(rest, (size_t)length);
	return true;
}

/* A string or an atom ("astring"), which may hold brackets. */
static bool take_string(struct slice *rest, struct buf *text)
{
	if (take_char(rest, '"'))
		return take_quoted(rest, text);
	if (take_char(rest, '{'))
		return take_literal(rest, text);
	struct slice atom = take_atom(rest);
	buf_add(text, atom.bytes, atom.length);
	return atom.length > 0;
}

/* Cuts the first word off and tells whether it is the one. */
static bool begins_with(struct slice *rest, const char *word)
{
	bool is_it = atom_is(take_atom(rest), word);
	skip_spaces(rest);
	return is_it;
}

bool imap_list_is(struct slice data)
{
	return begins_with(&data, "LIST");
}

bool imap_list_parse(struct slice data, struct imap_folder *folder)
{
	struct slice rest = data;
	struct buf delimiter;
	*folder = (struct imap_folder){.is_selectable = true};
	buf_init(&folder->name, LIMIT_REPLY_BYTES);
	if (!begins_with(&rest, "LIST") || !take_char(&rest, '('))
		return false;
	while (rest.length > 0 && rest.bytes[0] != ')') {
		struct slice flag = take_atom(&rest);
		if (atom_is(flag, "\\Noselect") || atom_is(flag, "\\NonExistent"))
			folder->is_selectable = false;
		if (flag.length == 0 && !take_char(&rest, ' '))
			return false;
	}
	if (!take_char(&rest, ')'))
		return false;
	skip_spaces(&rest);
	buf_init(&delimiter, 8);
	bool is_quoted = rest.length > 0 && rest.bytes[0] == '"';
	bool is_good = take_string(&rest, &delimiter);
	folder->delimiter = is_quoted && delimiter.length == 1 ? delimiter.bytes[0] : '\0';
	buf_clear(&delimiter);
	skip_spaces(&rest);
	is_good = is_good && take_string(&rest, &folder->name) && !folder->name.is_full;
	bool is_extended = rest.length >= 2 && memcmp(rest.bytes, " (", 2) == 0; /* RFC 5258 4 */
	return is_good && (rest.length == 0 || is_extended);
}

void imap_folder_clear(struct imap_folder *folder)
{
	buf_clear(&folder->name);
}

bool imap_status_parse(struct slice data, struct imap_folder_status *status)
{
	struct slice rest = data;
	struct buf name;
	*status = (struct imap_folder_status){-1, -1};
	if (!begins_with(&rest, "STATUS"))
		return false;
	buf_init(&name, LIMIT_REPLY_BYTES);
	bool is_good = take_string(&rest, &name);
	buf_clear(&name);
	skip_spaces(&rest);
	if (!is_good || !take_char(&rest, '('))
		return false;
	while (rest.length > 0 && rest.bytes[0] != ')') {
		struct slice item = take_atom(&rest);
		skip_spaces(&rest);
		int64_t number;
		if (item.length == 0 || !to_number(take_atom(&rest), &number))
			return false;
		skip_spaces(&rest);
		if (atom_is(item, "MESSAGES"))
			status->messages = number;
		else if (atom_is(item, "SIZE"))
			status->bytes = number;
	}
	return take_char(&rest, ')');
}

bool imap_exists_parse(struct slice data, int64_t *count)
{
	struct slice rest = data;
	struct slice number = take_atom(&rest);
	skip_spaces(&rest);
	return to_number(number, count) && atom_is(take_atom(&rest), "EXISTS");
}

/* One value of FETCH: an atom, a string, or a list of them. */
static bool skip_value(struct slice *rest, int depth)
{
	struct buf ignored;
	if (depth > DEPTH)
		return false;
	if (take_char(rest, '(')) {
		while (rest->length > 0 && rest->bytes[0] != ')') {
			if (!skip_value(rest, depth + 1))
				return false;
			skip_spaces(rest);
		}
		return take_char(rest, ')');
	}
	buf_init(&ignored, 1);
	bool is_good = take_string(rest, &ignored);
	buf_clear(&ignored);
	return is_good;
}

bool imap_fetch_parse(struct slice data, struct imap_fetched *fetched)
{
	struct slice rest = data;
	int64_t sequence;
	*fetched = (struct imap_fetched){-1, -1};
	struct slice number = take_atom(&rest);
	skip_spaces(&rest);
	if (!to_number(number, &sequence) || !begins_with(&rest, "FETCH") || !take_char(&rest, '('))
		return false;
	while (rest.length > 0 && rest.bytes[0] != ')') {
		struct slice item = take_atom(&rest);
		skip_spaces(&rest);
		bool is_uid = atom_is(item, "UID");
		if (is_uid || atom_is(item, "RFC822.SIZE")) {
			if (!to_number(take_atom(&rest), is_uid ? &fetched->uid : &fetched->bytes))
				return false;
		} else if (item.length == 0 || !skip_value(&rest, 0)) {
			return false;
		}
		skip_spaces(&rest);
	}
	return take_char(&rest, ')');
}

/* One of the three parts: NIL, or (("prefix" "/" ...) ...). */
static bool take_namespace(struct slice *rest, imap_prefix *each, void *user)
{
	if (!take_char(rest, '('))
		return atom_is(take_atom(rest), "NIL");
	while (take_char(rest, '(')) {
		struct buf prefix;
		buf_init(&prefix, LIMIT_LINE_BYTES);
		bool is_good = take_string(rest, &prefix);
		if (is_good && each != NULL)
			each(user, prefix.bytes, prefix.length);
		buf_clear(&prefix);
		while (is_good && rest->length > 0 && rest->bytes[0] != ')') {
			skip_spaces(rest);
			is_good = skip_value(rest, 0);
			skip_spaces(rest);
		}
		if (!is_good || !take_char(rest, ')'))
			return false;
		skip_spaces(rest);
	}
	return take_char(rest, ')');
}

bool imap_namespace_parse(struct slice data, imap_prefix *each, void *user)
{
	struct slice rest = data;
	if (!begins_with(&rest, "NAMESPACE") || !take_namespace(&rest, NULL, NULL))
		return false;
	skip_spaces(&rest);
	bool is_good = take_namespace(&rest, each, user);
	skip_spaces(&rest);
	return is_good && take_namespace(&rest, each, user);
}
