#ifndef CUTOVER_REPORT_H
#define CUTOVER_REPORT_H
/*
 * What renderers get: the run, the policy, the evidence and the findings of one migration. Owns nothing.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cutover/evidence.h"
#include "cutover/finding.h"
#include "cutover/policy.h"

/* What decides on the exit status: the findings, or, of a run that waits for something, whether that came. */
enum run_end { END_BY_FINDINGS, END_AWAITED, END_LATE };

struct run_info {
	const char *command; /* "before" */
	const char *vantage; /* --vantage or the host's name */
	int64_t started_ms, finished_ms; /* milliseconds since 1970 UTC */
	bool is_interrupted; /* SIGINT: what is here is what was known */
	enum run_end end;
};

struct diagnosis;

struct report {
	const struct run_info *run;
	const struct policy *policy;
	const struct evidence *evidence;
	const struct findings *findings;
	const struct diagnosis *diagnosis; /* cutover/diagnosis.h; NULL when no message was given */
};

/* Whether a message's cause was asked for (diagnose), and found. */
enum answer { ANSWER_NOT_ASKED, ANSWER_FOUND, ANSWER_OPEN };

struct verdict {
	enum severity status; /* the worst finding; PASS when there is none */
	int exit_code;        /* 0 pass, info, skip; 1 warn; 2 fail; 3 unknown is the worst; 0 awaited, 4 late; 130 interrupted */
	size_t counts[SEVERITY_COUNT];
	size_t findings; /* ignored ones included */
	size_t ignored;  /* dropped by --ignore or --only */
	bool is_interrupted;
	enum answer answer;      /* the worst of all reports; an open one decides nothing: UNKNOWN unless there is worse */
	int64_t earliest_cutover; /* the latest of all reports; seconds since 1970 UTC, or TIME_UNKNOWN */
	int64_t old_gone_by;
	int64_t sync_until;
};

/* An empty verdict, and one report more in it: for runs that free each report once it was rendered. */
void verdict_init(struct verdict *verdict);
void verdict_add(struct verdict *verdict, const struct report *report);

/* The verdict over several reports (one for a single domain). No finding at all is UNKNOWN: nothing was decided. */
struct verdict report_verdict(const struct report *reports, size_t count);

#endif
