#ifndef PROTO_MS_MESSAGE_H
#define PROTO_MS_MESSAGE_H
/*
 * Recognises the messages of data/messages.tsv in text as people have it: quoted, wrapped, with typographic quotes, with HTML
 * entities, inside a chain of exceptions or a status report of many users.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MS_CAPTURES = 4,
	MS_CAPTURE_BYTES = 256,
	MS_SENTENCE_BYTES = 512,
	MS_USERS = 3,        /* that are kept by name */
	MS_USER_BYTES = 128,
	MS_MATCHES = 2000,   /* distinct ones that are kept */
	MS_TEXT_BYTES = 64 * 1024 * 1024,
};

struct ms_capture {
	char name[16]; /* "host" */
	char value[MS_CAPTURE_BYTES];
};

struct ms_match {
	char name[32];   /* "timed-out" */
	char branch[32]; /* of the troubleshooter: "timed-out" */
	int rank;        /* row of the table */
	bool is_whole;   /* the whole sentence stood there, not only its telling part */
	size_t times;    /* how often it occurs with these captures */
	size_t leads;    /* for how many users it is the most telling message; text without users is one user's */
	size_t offset, length; /* of its first occurrence in the text as it was cleaned */
	char sentence[MS_SENTENCE_BYTES]; /* as people write it, what was taken out of it filled in */
	struct ms_capture captures[MS_CAPTURES];
	int capture_count;
	char users[MS_USERS][MS_USER_BYTES]; /* the mail addresses of the first users that it belongs to */
	size_t user_count;                   /* of all; one that comes back after another counts again */
};

struct ms_matches {
	struct ms_match *items; /* by rank, then as they stand in the text */
	size_t count, room;
	size_t dropped; /* occurrences beyond MS_MATCHES distinct ones */
	size_t steps;   /* places looked at for them: a few an occurrence, whatever the text */
};

/* Finds all; text over MS_TEXT_BYTES is cut, distinct matches over MS_MATCHES are dropped. */
void ms_recognise(const char *text, size_t length, struct ms_matches *matches);
void ms_matches_clear(struct ms_matches *matches);

/*
 * The match to begin with, or NULL: of the branch that leads for most users, the most telling one. In a chain of exceptions, which is
 * one user's, that is the inner cause; in a report it is what most users have.
 */
const struct ms_match *ms_lead(const struct ms_matches *matches);

/* The capture of that name, or NULL. */
const char *ms_capture(const struct ms_match *match, const char *name);

/*
 * For a text in which nothing was found: the rows that share most words with it, best first, as names and patterns. Returns how many
 * (0 to `room`) share at least half of their own words.
 */
struct ms_candidate {
	char name[32], pattern[256]; /* the pattern as people write it: its captures as "..." */
	int percent; /* of the pattern's words that occur in the text */
};
size_t ms_closest(const char *text, size_t length, struct ms_candidate *candidates, size_t room);

#endif
