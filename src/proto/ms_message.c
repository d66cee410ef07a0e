#include "proto/ms_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "model/embedded.h"
#include "model/table.h"
#include "proto/ms_pattern.h"
#include "proto/ms_text.h"

enum { USERS_FIRST = 1024, USERS_MOST = 1 << 21, CLOSEST_BYTES = 64 * 1024, CLOSEST_PERCENT = 50 };

/* FNV-1a, 64 bits; a NUL parts what is hashed one after the other. */
static uint64_t hash_add(uint64_t hash, const char *bytes, size_t length)
{
	for (size_t i = 0; i <= length; i++)
		hash = (hash ^ (i < length ? (unsigned char)bytes[i] : 0u)) * UINT64_C(1099511628211);
	return hash;
}
static const uint64_t hash_start = UINT64_C(14695981039346656037);

/* The users for whom a message has been found: open addressing, 0 is an empty place. */
struct users {
	uint64_t *hashes;
	size_t count, room;
};

static bool place(uint64_t *hashes, size_t room, uint64_t hash)
{
	size_t at = (size_t)hash & (room - 1);
	while (hashes[at] != 0 && hashes[at] != hash)
		at = (at + 1) & (room - 1);
	bool is_new = hashes[at] == 0;
	hashes[at] = hash;
	return is_new;
}

/* Whether the user is a new one. Beyond USERS_MOST / 2 nobody is. */
static bool users_add(struct users *users, uint64_t hash)
{
	hash += hash == 0;
	if (users->count * 2 >= users->room) {
		size_t room = users->room == 0 ? USERS_FIRST : users->room * 2;
		if (room > USERS_MOST)
			return false;
		uint64_t *larger = xcalloc(room, sizeof *larger);
		for (size_t i = 0; i < users->room; i++)
			if (users->hashes[i] != 0)
				place(larger, room, users->hashes[i]);
		free(users->hashes);
		users->hashes = larger;
		users->room = room;
	}
	bool is_new = place(users->hashes, users->room, hash);
	users->count += is_new;
	return is_new;
}

enum { SLOTS = 4096 }; /* a power of two, twice MS_MATCHES: a few steps find a place */

/* What is found, and where: every occurrence is looked up by the hash of its name and captures. */
struct finder {
	struct ms_matches *matches;
	struct users users;
	uint64_t hashes[MS_MATCHES]; /* of each match */
	uint16_t slots[SLOTS];       /* its number from 1 on; 0 is an empty place */
};

/* The slot of that hash, or the empty one where it belongs. */
static size_t find_slot(struct finder *finder, uint64_t hash)
{
	size_t at = (size_t)hash % SLOTS;
	for (finder->matches->steps++; finder->slots[at] != 0 && finder->hashes[finder->slots[at] - 1] != hash; finder->matches->steps++)
		at = (at + 1) % SLOTS;
	return at;
}

/* The match of the same row with the same captures, else a new one; NULL when there is no room. */
static struct ms_match *merge(struct finder *finder, const struct ms_match *match, uint64_t hash)
{
	struct ms_matches *matches = finder->matches;
	size_t slot = find_slot(finder, hash);
	if (finder->slots[slot] != 0) {
		struct ms_match *known = &matches->items[finder->slots[slot] - 1];
		known->times++;
		known->is_whole = known->is_whole || match->is_whole;
		return known;
	}
	if (matches->count >= MS_MATCHES) {
		matches->dropped++;
		return NULL;
	}
	matches->items = xgrow(matches->items, matches->count, &matches->room, sizeof *match);
	finder->hashes[matches->count] = hash;
	matches->items[matches->count] = *match;
	finder->slots[slot] = (uint16_t)(matches->count + 1);
	return &matches->items[matches->count++];
}

static void add_user(struct ms_match *match, struct ms_slice user)
{
	size_t last = match->user_count < MS_USERS ? match->user_count : MS_USERS;
	if (user.length == 0)
		return;
	for (size_t i = 0; i < last; i++)
		if (strlen(match->users[i]) == user.length && memcmp(match->users[i], user.bytes, user.length) == 0)
			return;
	if (last < MS_USERS)
		snprintf(match->users[last], MS_USER_BYTES, "%.*s", (int)user.length, user.bytes);
	match->user_count++;
}

/* Whose message it is: the address that it names itself, else the one that the text gives it to. */
static struct ms_slice user_of(const struct ms_text *text, const struct ms_match *match)
{
	const char *address = ms_capture(match, "address");
	if (address != NULL)
		return (struct ms_slice){address, strlen(address)};
	return ms_text_user(text, match->offset, match->offset + match->length);
}

/* A pattern as people write it: the match's values for its captures, "..." where there is none. */
static void put_readable(char *out, size_t room, const char *pattern, const struct ms_match *match)
{
	struct buf words;
	buf_init(&words, TABLE_FIELD_BYTES + MS_CAPTURES * MS_CAPTURE_BYTES);
	while (*pattern != '\0') {
		char name[16];
		size_t length = strcspn(pattern, "{");
		buf_add(&words, pattern, length);
		pattern += length;
		if (*pattern == '\0')
			break;
		length = strcspn(pattern, "}");
		snprintf(name, sizeof name, "%.*s", (int)length - 1, pattern + 1);
		const char *value = match != NULL ? ms_capture(match, name) : NULL;
		buf_puts(&words, value != NULL ? value : "...");
		pattern += length + (pattern[length] == '}');
	}
	snprintf(out, room, "%s", words.bytes);
	buf_clear(&words);
}

/* The sentence as far as it stood there. */
static void put_sentence(struct ms_match *match, const struct table_row *row)
{
	const char *rest = match->is_whole ? row->fields[3] : "";
	put_readable(match->sentence, sizeof match->sentence, row->fields[2], match);
	size_t length = strlen(match->sentence);
	if (*rest != '\0')
		snprintf(match->sentence + length, sizeof match->sentence - length, "%s %s",
		         length > 0 && match->sentence[length - 1] == '.' ? "" : ".", rest);
}

static uint64_t hash_match(const struct ms_match *match)
{
	uint64_t hash = hash_add(hash_start, match->name, strlen(match->name));
	for (int i = 0; i < match->capture_count; i++)
		hash = hash_add(hash, match->captures[i].value, strlen(match->captures[i].value));
	return hash;
}

/* All of one row. The rows come by rank, so the first message of a user is the most telling one. */
static void find_all(const struct table_row *row, int rank, struct ms_text *text, struct finder *finder)
{
	struct ms_pattern pattern;
	struct ms_match match;
	ms_pattern_init(&pattern, row);
	for (size_t from = 0; ms_pattern_find(&pattern, text, &from, &match);) {
		match.rank = rank;
		snprintf(match.name, sizeof match.name, "%.31s", row->fields[0]);
		snprintf(match.branch, sizeof match.branch, "%.31s", row->fields[1]);
		struct ms_slice user = user_of(text, &match);
		bool leads = users_add(&finder->users, hash_add(hash_start, user.bytes, user.length));
		put_sentence(&match, row);
		struct ms_match *kept = merge(finder, &match, hash_match(&match));
		if (kept == NULL)
			continue;
		kept->leads += leads;
		add_user(kept, user);
	}
	ms_pattern_clear(&pattern);
}

void ms_recognise(const char *bytes, size_t length, struct ms_matches *matches)
{
	struct table_row row;
	struct ms_text text;
	struct finder *finder = xcalloc(1, sizeof *finder);
	*matches = (struct ms_matches){0};
	finder->matches = matches;
	ms_text_init(&text, bytes, length < MS_TEXT_BYTES ? length : MS_TEXT_BYTES);
	table_begin(&row, embedded_text("data/messages.tsv"));
	for (int rank = 0; table_next(&row); rank++)
		find_all(&row, rank, &text, finder);
	free(finder->users.hashes);
	free(finder);
	ms_text_clear(&text);
}

static size_t leads_of(const struct ms_matches *matches, const char *branch)
{
	size_t leads = 0;
	for (size_t i = 0; i < matches->count; i++)
		if (str_equal(matches->items[i].branch, branch))
			leads += matches->items[i].leads;
	return leads;
}

const struct ms_match *ms_lead(const struct ms_matches *matches)
{
	const struct ms_match *lead = NULL;
	size_t most = 0;
	for (size_t i = 0; i < matches->count; i++) {
		const struct ms_match *match = &matches->items[i];
		if (lead != NULL && str_equal(lead->branch, match->branch))
			continue;
		size_t leads = leads_of(matches, match->branch);
		if (lead != NULL && leads <= most)
			continue;
		lead = match;
		most = leads;
	}
	return lead;
}

void ms_matches_clear(struct ms_matches *matches)
{
	free(matches->items);
	*matches = (struct ms_matches){0};
}

const char *ms_capture(const struct ms_match *match, const char *name)
{
	for (int i = 0; i < match->capture_count; i++)
		if (str_equal(match->captures[i].name, name))
			return match->captures[i].value;
	return NULL;
}

/* Per cent of the pattern's words of four letters and more that occur in the text. */
static int shared_words(const char *pattern, const struct ms_text *text)
{
	int words = 0, found = 0;
	while (*pattern != '\0') {
		size_t length = strcspn(pattern, " ,.:");
		if (length >= 4 && *pattern != '{') {
			words++;
			found += memmem(text->lower.bytes, text->lower.length, pattern, length) != NULL;
		}
		pattern += length + (pattern[length] != '\0');
	}
	return words > 0 ? found * 100 / words : 0;
}

/* Best first; the table's order among equals; one of a name, the better one. Returns the new count. */
static size_t put_candidate(struct ms_candidate *candidates, size_t count, size_t room, const struct ms_candidate *candidate)
{
	size_t at = 0, known = 0;
	while (at < count && candidates[at].percent >= candidate->percent && !str_equal(candidates[at].name, candidate->name))
		at++;
	if (at < count && candidates[at].percent >= candidate->percent)
		return count;
	for (known = at; known < count && !str_equal(candidates[known].name, candidate->name);)
		known++;
	if (known == count && count < room)
		count++;
	if (known >= room)
		known = room - 1;
	if (at >= room)
		return count;
	memmove(&candidates[at + 1], &candidates[at], (known - at) * sizeof *candidates);
	candidates[at] = *candidate;
	return count;
}

size_t ms_closest(const char *bytes, size_t length, struct ms_candidate *candidates, size_t room)
{
	struct table_row row;
	struct ms_text text;
	size_t count = 0;
	ms_text_init(&text, bytes, length < CLOSEST_BYTES ? length : CLOSEST_BYTES);
	table_begin(&row, embedded_text("data/messages.tsv"));
	while (table_next(&row)) {
		struct ms_candidate candidate = {0};
		struct buf lower;
		buf_init(&lower, TABLE_FIELD_BYTES);
		ms_text_clean(row.fields[2], strlen(row.fields[2]), &lower);
		str_lower(lower.bytes);
		candidate.percent = shared_words(lower.bytes, &text);
		buf_clear(&lower);
		if (candidate.percent < CLOSEST_PERCENT)
			continue;
		snprintf(candidate.name, sizeof candidate.name, "%.31s", row.fields[0]);
		put_readable(candidate.pattern, sizeof candidate.pattern, row.fields[2], NULL);
		count = put_candidate(candidates, count, room, &candidate);
	}
	ms_text_clear(&text);
	return count;
}
