#ifndef PROTO_SPF_H
#define PROTO_SPF_H
/*
 * check_host() of RFC 7208 as a pure function over DNS answers that somebody else fetches.
 *
 * It runs from the start each time. A look-up that is not known yet is asked for and the run gives SPF_WAIT; once the answer is
 * there, the caller runs again. At most some dozens of look-ups can happen, so running again costs nothing, and there is no
 * suspended state to keep. In a walk (is_walk) nothing ends the evaluation early: every term of the whole tree is visited, so that
 * the look-ups of the worst case are counted (4.6.4) and the tree can be shown.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/outcome.h"

enum spf_result { SPF_NONE, SPF_NEUTRAL, SPF_PASS, SPF_FAIL, SPF_SOFTFAIL, SPF_TEMPERROR, SPF_PERMERROR, SPF_WAIT };

enum spf_type { SPF_TYPE_TXT, SPF_TYPE_A, SPF_TYPE_AAAA, SPF_TYPE_MX, SPF_TYPE_PTR };

/* TXT: records, strings joined; A and AAAA: addresses; MX: hosts; PTR: names. Borrowed for the run. */
struct spf_answer {
	enum outcome outcome; /* OK; NODATA or NXDOMAIN (void); anything else is a temperror */
	const char *const *items;
	size_t count;
};

/* False: not known yet; remembered as wanted by the callee. */
typedef bool spf_lookup(void *user, const char *name, enum spf_type type, struct spf_answer *answer);

struct spf_query {
	const char *domain;    /* A-labels, without the last dot */
	const char *sender;    /* NULL: postmaster@domain (4.3) */
	const char *helo;      /* NULL: the domain */
	int family;            /* 4 or 6; 0: none, in a walk only */
	unsigned char address[16];
	bool is_walk;
	spf_lookup *lookup;
	void *user;
};

enum {
	SPF_LOOKUPS = 10,        /* 4.6.4: terms that cause look-ups */
	SPF_VOIDS = 2,           /* 4.6.4: look-ups without an answer */
	SPF_NAMES = 10,          /* 4.6.4: addresses of one "mx", names of one "ptr" */
	SPF_WALK_LOOKUPS = 60,   /* where a walk stops counting */
	SPF_DEPTH = 20,          /* includes inside includes */
	SPF_ROWS = 200,          /* rows of the tree kept */
	SPF_ROW_BYTES = 256,
};

/* One visited term. */
struct spf_row {
	int depth;        /* 0: the domain's own record */
	int lookups;      /* counted so far, this term included */
	bool costs, is_void;
	char domain[SPF_ROW_BYTES]; /* whose record */
	char term[SPF_ROW_BYTES];
};

struct spf_report {
	enum spf_result result;
	int lookups, voids;
	char problem[SPF_ROW_BYTES]; /* of a permerror or temperror: the term, name or limit at fault */
	char match[SPF_ROW_BYTES];   /* the term that decided */
	struct spf_row rows[SPF_ROWS];
	int row_count;
};

/* Overwrites the report. */
enum spf_result spf_evaluate(const struct spf_query *query, struct spf_report *report);

const char *spf_result_name(enum spf_result result);

#endif
