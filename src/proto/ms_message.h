#ifndef PROTO_MS_MESSAGE_H
#define PROTO_MS_MESSAGE_H
/*
 * Recognises the messages of data/messages.tsv in text as people have it: quoted, wrapped, with typographic quotes, with HTML
 * entities, inside a chain of exceptions or a status report of many users.
 */
#include <stdbool.h>
#include <stddef.h>

enum { MS_CAPTURES = 4, MS_CAPTURE_BYTES = 256, MS_MATCHES = 2000, MS_TEXT_BYTES = 64 * 1024 * 1024 };

struct ms_capture {
	char name[16]; /* "host" */
	char value[MS_CAPTURE_BYTES];
};

struct ms_match {
	char name[32];   /* "timed-out" */
	char branch[32]; /* of the troubleshooter: "timed-out" */
	int rank;        /* row of the table: the lowest of a chain leads */
	size_t times;    /* how often it occurs with these captures */
	size_t offset;   /* of its first occurrence in the text as it was cleaned */
	struct ms_capture captures[MS_CAPTURES];
	int capture_count;
};

struct ms_matches {
	struct ms_match *items; /* by rank, then as they stand in the text */
	size_t count;
};

/* Finds all; text over MS_TEXT_BYTES is cut, distinct matches over MS_MATCHES are dropped. */
void ms_recognise(const char *text, size_t length, struct ms_matches *matches);
void ms_matches_clear(struct ms_matches *matches);

/* The capture of that name, or NULL. */
const char *ms_capture(const struct ms_match *match, const char *name);

/*
 * For a text in which nothing was found: the rows that share most words with it, best first, as names and patterns. Returns how many
 * (0 to `room`) share at least half of their own words.
 */
struct ms_candidate {
	char name[32], pattern[256];
	int percent; /* of the pattern's words that occur in the text */
};
size_t ms_closest(const char *text, size_t length, struct ms_candidate *candidates, size_t room);

#endif
