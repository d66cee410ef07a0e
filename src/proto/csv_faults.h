#ifndef PROTO_CSV_FAULTS_H
#define PROTO_CSV_FAULTS_H
/*
 * The faults of a file's rows as observations: one observation a kind, the first ones kept (LIMIT_CSV_FAULTS of a
 * kind, LIMIT_CSV_FAULTS_ALL of all), all counted. Written straight into facts, so that a file of nothing but faults
 * needs no more memory than these.
 */
#include <stdint.h>

#include "cutover/evidence.h"
#include "model/csv.h"
#include "proto/csv_reader.h"

struct csv_fault_at {
	uint64_t row, line;
	const char *column;       /* NULL: the row as a whole */
	const char *what;         /* NULL: nothing to add */
	uint64_t expected, actual; /* fields; 0 and 0: not told */
	struct csv_field address; /* empty: none that may be shown */
	uint64_t other_row;       /* 0: none */
};

struct csv_faults {
	const char *target; /* borrowed */
	int64_t started_ms;
	struct observation *kinds[CSV_FAULT_COUNT]; /* NULL until the first of its kind */
	uint64_t totals[CSV_FAULT_COUNT];
	uint32_t kept[CSV_FAULT_COUNT], all_kept;
};

void csv_faults_init(struct csv_faults *faults, const char *target, int64_t started_ms);
void csv_faults_add(struct csv_faults *faults, enum csv_fault kind, const struct csv_fault_at *at);

/* Gives the observations to the evidence, in the order of CSV_FAULT_LIST. */
void csv_faults_steal(struct csv_faults *faults, struct evidence *evidence);
void csv_faults_clear(struct csv_faults *faults);

#endif
