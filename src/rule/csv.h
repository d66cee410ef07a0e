#ifndef RULE_CSV_H
#define RULE_CSV_H
/* What the two files of the CSV rule share. */
#include <stdarg.h>
#include <stdbool.h>

#include "base/buf.h"
#include "cutover/evidence.h"
#include "cutover/finding.h"
#include "cutover/limits.h"
#include "cutover/policy.h"

/* One file under judgement. */
struct csv_case {
	const struct evidence *evidence;
	const struct policy *policy;
	struct findings *findings;
	const struct observation *file;
	size_t file_index;
	bool has_failed; /* something was raised that is a fail by the catalogue: no csv-ok */
};

/* Adds a finding about the file, with the file's observation as a reason. */
struct finding *csv_raise(struct csv_case *c, enum finding_id id, const char *summary);

/* One finding for each fault that the observations behind the file's own keep. */
void csv_judge_faults(struct csv_case *c);

#endif
