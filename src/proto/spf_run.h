#ifndef PROTO_SPF_RUN_H
#define PROTO_SPF_RUN_H
/* Inside of the SPF evaluation: one run of check_host(), and the mechanisms that ask for something. */
#include <stdbool.h>

#include "model/spf_record.h"
#include "proto/spf.h"

/* One evaluation under way, shared by all its levels. */
struct spf_run {
	const struct spf_query *query;
	struct spf_report *report;
	bool is_waiting; /* some look-up is not known yet */
	char validated[SPF_ROW_BYTES]; /* of macro p, "" until asked */
};

/* How a term came out. */
enum term_result { TERM_NO, TERM_MATCH, TERM_TEMPERROR, TERM_PERMERROR, TERM_WAIT };

/* Returns `result`; the first problem of a run is kept. */
enum term_result spf_run_problem(struct spf_run *run, enum term_result result, const char *what);
/* TERM_MATCH: answered, with records or without. */
enum term_result spf_run_ask(struct spf_run *run, const char *name, enum spf_type type, struct spf_answer *answer);
/* Counts an answer without records against the limit (4.6.4); TERM_MATCH while that holds. `row`, where there is one, is marked. */
enum term_result spf_run_count_void(struct spf_run *run, const struct spf_answer *answer, struct spf_row *row);
/* Finds the name that macro p stands for: TERM_WAIT while it is not known. */
enum term_result spf_run_find_validated(struct spf_run *run, const char *domain);
bool spf_run_is_in(const struct spf_run *run, const struct spf_term *term); /* "ip4" and "ip6" */

/* The mechanisms "a" and "exists", "mx", "ptr" for the expanded name; `row` may be NULL. */
enum term_result spf_run_match_a(struct spf_run *run, const char *name, const struct spf_term *term, struct spf_row *row);
enum term_result spf_run_match_mx(struct spf_run *run, const char *name, const struct spf_term *term, struct spf_row *row);
enum term_result spf_run_match_ptr(struct spf_run *run, const char *name, struct spf_row *row);

#endif
