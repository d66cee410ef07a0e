#include "proto/csv_faults.h"

#include "cutover/limits.h"

void csv_faults_init(struct csv_faults *faults, const char *target, int64_t started_ms)
{
	*faults = (struct csv_faults){.target = target, .started_ms = started_ms};
}

void csv_faults_add(struct csv_faults *faults, enum csv_fault kind, const struct csv_fault_at *at)
{
	uint32_t row = faults->kept[kind];
	faults->totals[kind]++;
	if (row >= LIMIT_CSV_FAULTS || (row >= LIMIT_SHOWN_ALIKE && faults->all_kept >= LIMIT_CSV_FAULTS_ALL))
		return;
	faults->kept[kind]++;
	faults->all_kept++;
	if (faults->kinds[kind] == NULL) {
		faults->kinds[kind] = observation_new("csv", faults->target, NULL, faults->started_ms);
		observation_add_text(faults->kinds[kind], FACT_CSV_FAULT, 0, csv_fault_name(kind));
	}
	struct observation *o = faults->kinds[kind];
	observation_add_int(o, FACT_CSV_FAULT_ROW, row, (int64_t)at->row);
	observation_add_int(o, FACT_CSV_FAULT_LINE, row, (int64_t)at->line);
	if (at->column != NULL)
		observation_add_text(o, FACT_CSV_FAULT_COLUMN, row, at->column);
	if (at->what != NULL)
		observation_add_text(o, FACT_CSV_FAULT_WHAT, row, at->what);
	if (at->expected > 0 || at->actual > 0) {
		observation_add_int(o, FACT_CSV_FAULT_EXPECTED, row, (int64_t)at->expected);
		observation_add_int(o, FACT_CSV_FAULT_ACTUAL, row, (int64_t)at->actual);
	}
	if (at->address.length > 0)
		observation_add_bytes(o, FACT_CSV_FAULT_ADDRESS, row, at->address.bytes, at->address.length);
	if (at->other_row > 0)
		observation_add_int(o, FACT_CSV_FAULT_OTHER_ROW, row, (int64_t)at->other_row);
}

void csv_faults_steal(struct csv_faults *faults, struct evidence *evidence)
{
	for (int kind = 0; kind < CSV_FAULT_COUNT; kind++) {
		struct observation *o = faults->kinds[kind];
		if (o == NULL)
			continue;
		o->outcome = OUTCOME_OK;
		observation_add_int(o, FACT_CSV_FAULT_TOTAL, 0, (int64_t)faults->totals[kind]);
		evidence_take(evidence, o);
		faults->kinds[kind] = NULL;
	}
}

void csv_faults_clear(struct csv_faults *faults)
{
	for (int kind = 0; kind < CSV_FAULT_COUNT; kind++)
		observation_free(faults->kinds[kind]);
	*faults = (struct csv_faults){0};
}
