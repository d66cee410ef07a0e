#include "proto/rules_list.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

enum { WORD_BYTES = 128, JSON_DEPTH = 32 };

/* "40.96.0.0/13", "40.96.0.1", "40.96.0.0-40.103.255.255" */
static bool add(struct ruleset *ruleset, const char *word)
{
	struct prefix prefix;
	struct address first, last;
	char copy[WORD_BYTES];
	if (prefix_parse(word, &prefix)) {
		prefix_set_add(&ruleset->allowed, &prefix);
		return true;
	}
	size_t length = strcspn(word, "-");
	if (word[length] == '\0' || length >= sizeof copy)
		return false;
	memcpy(copy, word, length);
	copy[length] = '\0';
	if (!address_parse(copy, &first) || !address_parse(word + length + 1, &last) || first.family != last.family ||
	    address_compare(&first, &last) > 0)
		return false;
	prefix_set_add_range(&ruleset->allowed, &first, &last);
	return true;
}

static bool denies(const char *word)
{
	static const char *const words[] = {"deny", "denied", "drop", "block", "blocked", "reject", "refuse"};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_equal_nocase(words[i], word))
			return true;
	return word[0] == '!' || (word[0] == '-' && word[1] != '\0');
}

struct line {
	size_t prefixes;
	bool has_words, has_digit, denies;
};

static void read_line(struct ruleset *ruleset, const char *text, const char *end, struct line *line)
{
	static const char between[] = " \t\r,;\"'|";
	*line = (struct line){0};
	/* Denying words first: a prefix that is denied must not get in. */
	for (int pass = 0; pass < 2; pass++) {
		for (const char *at = text; at < end;) {
			char word[WORD_BYTES];
			size_t length = 0;
			while (at + length < end && memchr(between, at[length], sizeof between - 1) == NULL)
				length++;
			size_t kept = length < WORD_BYTES ? length : WORD_BYTES - 1;
			memcpy(word, at, kept);
			word[kept] = '\0';
			if (pass == 0) {
				line->has_words = line->has_words || length > 0;
				line->has_digit = line->has_digit || strpbrk(word, "0123456789") != NULL;
				line->denies = line->denies || denies(word);
			} else if (length > 0 && !line->denies) {
				line->prefixes += add(ruleset, word);
			}
			at += length + 1;
		}
	}
}

/* Where a remark begins, or the end. */
static const char *without_remark(const char *text, const char *end)
{
	const char *start = text;
	while (start < end && (*start == ' ' || *start == '\t'))
		start++;
	if (start < end && *start == ';')
		return start;
	for (const char *at = text; at < end; at++)
		if (*at == '#' || (*at == '/' && at + 1 < end && at[1] == '/'))
			return at;
	return end;
}

void rules_list_read(struct ruleset *ruleset, const char *text, size_t length)
{
	const char *end = text + length;
	bool is_first = true;
	ruleset->is_list = true;
	ruleset->families |= FAMILY_BOTH;
	for (unsigned number = 1; text < end; number++) {
		struct line line;
		const char *line_end = memchr(text, '\n', (size_t)(end - text));
		line_end = line_end != NULL ? line_end : end;
		read_line(ruleset, text, without_remark(text, line_end), &line);
		bool is_heading = is_first && !line.has_digit && !line.denies;
		if (line.has_words && line.prefixes == 0 && !is_heading) {
			char *place = ruleset_place(ruleset, number);
			ruleset_note(ruleset, place, line.denies ? "a line that denies: give the allowed prefixes" : "no prefix on this line");
			ruleset->has_lost = true;
			free(place);
		}
		is_first = is_first && !line.has_words;
		text = line_end + (line_end < end);
	}
	prefix_set_settle(&ruleset->allowed);
}

/* A text of an array is meant to be a prefix; a member of an object may be anything. */
static void read_json(struct ruleset *ruleset, const json_t *value, unsigned depth, bool is_member)
{
	const char *text = json_string_value(value);
	size_t index;
	json_t *item;
	if (text != NULL && !add(ruleset, text) && !is_member) {
		ruleset_note(ruleset, ruleset->prefix, "'%.60s' is no prefix", text);
		ruleset->has_lost = true;
	}
	if (depth >= JSON_DEPTH)
		return;
	json_array_foreach(value, index, item)
		read_json(ruleset, item, depth + 1, is_member);
	for (void *at = json_object_iter((json_t *)(uintptr_t)value); at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)value, at))
		read_json(ruleset, json_object_iter_value(at), depth + 1, true);
}

int rules_list_json_read(struct ruleset *ruleset, const char *text, size_t length, struct error *error)
{
	json_error_t fault;
	json_t *root = json_loadb(text, length, 0, &fault);
	if (root == NULL)
		return error_set(error, "line %d: no JSON: %s", fault.line, fault.text);
	ruleset->is_list = true;
	ruleset->families |= FAMILY_BOTH;
	read_json(ruleset, root, 0, false);
	prefix_set_settle(&ruleset->allowed);
	json_decref(root);
	return 0;
}
