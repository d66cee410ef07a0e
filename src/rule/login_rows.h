#ifndef RULE_LOGIN_ROWS_H
#define RULE_LOGIN_ROWS_H
/* The rows of a login run as the evidence has them: of several observations of a row the last counts. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/evidence.h"
#include "cutover/finding.h"

struct login_seen {
	int64_t row;
	size_t index;        /* into the evidence */
	const char *address; /* or NULL */
};

struct login_rows {
	struct login_seen *items; /* by row */
	size_t count, room;
};

struct login_judging {
	const struct evidence *evidence;
	const struct policy *policy;
	struct findings *findings;
	const char *target;  /* "imap.contoso.com:993" */
	char *host;
	int64_t row_count;   /* rows of the file; 0: not known */
	const char *stopped; /* why the run ended early, or NULL */
	size_t last_logins;  /* index of the observation that says so, or how many rows there are */
	const char *product, *format; /* as the imap probe found them, or NULL */
	size_t product_index;
};

/* The last observation of that probe for each row, by the facts that hold row and EmailAddress; free(rows->items) afterwards. */
void login_rows_last(const struct evidence *evidence, const char *probe, enum fact_key row, enum fact_key address,
                     struct login_rows *rows);

/* False when nobody signed in to anything. */
bool login_rows_collect(struct login_judging *judging, struct login_rows *rows);
void login_rows_clear(struct login_judging *judging, struct login_rows *rows);

/* How many rows of the file have no verdict; `text` gets some of their numbers, "7, 9, 12-40". */
int64_t login_rows_unjudged(const struct login_judging *judging, const struct login_rows *rows, char *text, size_t room);

#endif
