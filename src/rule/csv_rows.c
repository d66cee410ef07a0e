/* The faults of a migration file's rows: one finding each, with what Microsoft's message wants to know. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/csv.h"
#include "rule/csv.h"

struct fault {
	int64_t row, line, expected, actual, other_row;
	const char *column, *what, *address; /* NULL: not told; borrowed from the facts */
};

#define FINDING_OF(symbol, name) FINDING_CSV_##symbol,
static const enum finding_id finding_ids[] = {CSV_FAULT_LIST(FINDING_OF)};
#undef FINDING_OF

static void read_fact(struct fault *fault, const struct fact *fact)
{
	switch ((int)fact->key) {
	case FACT_CSV_FAULT_ROW:
		fault->row = fact->value.number;
		break;
	case FACT_CSV_FAULT_LINE:
		fault->line = fact->value.number;
		break;
	case FACT_CSV_FAULT_EXPECTED:
		fault->expected = fact->value.number;
		break;
	case FACT_CSV_FAULT_ACTUAL:
		fault->actual = fact->value.number;
		break;
	case FACT_CSV_FAULT_OTHER_ROW:
		fault->other_row = fact->value.number;
		break;
	case FACT_CSV_FAULT_COLUMN:
		fault->column = fact->value.text;
		break;
	case FACT_CSV_FAULT_WHAT:
		fault->what = fact->value.text;
		break;
	case FACT_CSV_FAULT_ADDRESS:
		fault->address = fact->value.text;
		break;
	default:
		break;
	}
}

/* The table in one pass: asking for cell after cell would read all facts for each of them. */
static struct fault *read_faults(const struct observation *o, uint32_t *count)
{
	*count = observation_rows(o, FACT_CSV_FAULT_ROW);
	struct fault *faults = xcalloc(*count, sizeof *faults);
	for (size_t i = 0; i < o->fact_count; i++)
		if (o->facts[i].row < *count)
			read_fact(&faults[o->facts[i].row], &o->facts[i]);
	return faults;
}

/* "row 7 (line 9)" */
static void put_place(struct buf *out, const struct fault *fault)
{
	buf_printf(out, "row %lld", (long long)fault->row);
	if (fault->line != fault->row)
		buf_printf(out, " (line %lld)", (long long)fault->line);
}

static void put_summary(struct buf *out, enum csv_fault kind, const struct fault *fault)
{
	const char *column = fault->column != NULL ? fault->column : "a field", *address = fault->address != NULL ? fault->address : "";
	if (fault->other_row > 0)
		buf_printf(out, "rows %lld and %lld have the same %s%s%s", (long long)fault->other_row, (long long)fault->row, column,
		           kind == CSV_FAULT_ADDRESS_DUPLICATE ? ": " : "", kind == CSV_FAULT_ADDRESS_DUPLICATE ? address : "");
	else
		put_place(out, fault);
	switch (kind) {
	case CSV_FAULT_ROW_COLUMNS:
		buf_printf(out, " has %lld field%s, the header has %lld", (long long)fault->actual, fault->actual == 1 ? "" : "s",
		           (long long)fault->expected);
		break;
	case CSV_FAULT_FIELD_EMPTY:
		buf_printf(out, ": %s is empty", column);
		break;
	case CSV_FAULT_ADDRESS_INVALID:
		buf_printf(out, ": %s%s%s", address, address[0] != '\0' ? ": " : "EmailAddress has ", fault->what != NULL ? fault->what : "");
		break;
	case CSV_FAULT_ADDRESS_FOREIGN:
		buf_printf(out, ": %s is in none of the domains named", address);
		break;
	case CSV_FAULT_QUOTE:
	case CSV_FAULT_FIELD_BLANKS:
	case CSV_FAULT_EXCEL_DAMAGE:
		buf_printf(out, ", %s: %s", column, fault->what != NULL ? fault->what : "");
		break;
	case CSV_FAULT_ADDRESS_DUPLICATE:
	case CSV_FAULT_USER_DUPLICATE:
	case CSV_FAULT_COUNT:
		break;
	}
}

static void put_arguments(struct finding *finding, const struct fault *fault)
{
	finding_arg_int(finding, "row", fault->row);
	finding_arg_int(finding, "line", fault->line);
	if (fault->column != NULL)
		finding_arg(finding, "column", fault->column);
	if (fault->expected > 0) {
		finding_arg_int(finding, "expected", fault->expected);
		finding_arg_int(finding, "actual", fault->actual);
	}
	if (fault->other_row > 0)
		finding_arg_int(finding, "other_row", fault->other_row);
	char *place = xasprintf("the address on row %lld", (long long)fault->row);
	finding_arg(finding, "address", fault->address != NULL ? fault->address : place);
	free(place);
}

static void judge_kind(struct csv_case *c, const struct observation *o, size_t index)
{
	enum csv_fault kind = csv_fault_from_name(observation_text(o, FACT_CSV_FAULT, 0));
	if (kind == CSV_FAULT_COUNT)
		return; /* of a later version of the program */
	uint32_t count = 0;
	struct fault *faults = read_faults(o, &count);
	int64_t total = observation_int_or(o, FACT_CSV_FAULT_TOTAL, 0, count);
	for (uint32_t i = 0; i < count; i++) {
		struct buf summary;
		buf_init(&summary, LIMIT_FACT_BYTES);
		put_summary(&summary, kind, &faults[i]);
		if (i + 1 == count && total > count)
			buf_printf(&summary, " (and %lld more of this kind that are not listed)", (long long)(total - count));
		struct finding *finding = csv_raise(c, finding_ids[kind], summary.bytes);
		finding_because(finding, index);
		put_arguments(finding, &faults[i]);
		buf_clear(&summary);
	}
	free(faults);
}

void csv_judge_faults(struct csv_case *c)
{
	for (size_t i = evidence_next(c->evidence, c->file_index + 1, "csv"); i < c->evidence->count;
	     i = evidence_next(c->evidence, i + 1, "csv")) {
		const struct observation *o = c->evidence->observations[i];
		if (!str_equal(o->target, c->file->target) || observation_text(o, FACT_CSV_FAULT, 0) == NULL)
			return; /* the next file */
		judge_kind(c, o, i);
	}
}
