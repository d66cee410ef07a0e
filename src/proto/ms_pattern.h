#ifndef PROTO_MS_PATTERN_H
#define PROTO_MS_PATTERN_H
/* A row of data/messages.tsv, cut at its captures and cleaned as texts are, and where it fits a text. */
#include "model/table.h"
#include "proto/ms_message.h"
#include "proto/ms_text.h"

enum { MS_PARTS = 8 };

struct ms_pattern {
	struct buf literals[MS_PARTS]; /* literal, capture, literal, ...; the first is never empty */
	char captures[MS_PARTS][16];   /* "": whatever stands there is not kept */
	int count;                     /* literals; one capture less, or as many when the pattern ends in one */
	struct buf rest;               /* what makes the sentence whole; empty: the pattern is the sentence */
	bool is_phrase;                /* no sentence of Microsoft's: never whole */
};

void ms_pattern_init(struct ms_pattern *pattern, const struct table_row *row);
void ms_pattern_clear(struct ms_pattern *pattern);

/* The next place at or behind *from: fills in what the text says of a match. Moves *from behind it. False when there is none. */
bool ms_pattern_find(const struct ms_pattern *pattern, struct ms_text *text, size_t *from, struct ms_match *match);

#endif
