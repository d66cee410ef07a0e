#include "render/seen_csv.h"

#include "base/buf.h"

static void also(struct buf *out, const struct observation *o, enum fact_key key, const char *before)
{
	const char *text = observation_text(o, key, 0);
	if (text != NULL)
		buf_printf(out, "%s%s", before, text);
}

static void put_faults(struct buf *out, const struct observation *o, const char *fault)
{
	uint32_t kept = observation_rows(o, FACT_CSV_FAULT_ROW);
	int64_t total = observation_int_or(o, FACT_CSV_FAULT_TOTAL, 0, kept);
	buf_printf(out, "%s: %s", fault, total == 1 ? "once" : "");
	if (total != 1)
		buf_printf(out, "%lld times", (long long)total);
	if (total > kept)
		buf_printf(out, ", the first %u are kept", kept);
}

static void put_written(struct buf *out, const struct observation *o, const char *path)
{
	buf_printf(out, "written: %s", path);
	for (uint32_t row = 0; row < observation_rows(o, FACT_CSV_CHANGE); row++) {
		const char *what = observation_text(o, FACT_CSV_CHANGE, row);
		buf_printf(out, "%s%s", row == 0 ? "\n" : "; ", what != NULL ? what : "-");
	}
}

static void put_file(struct buf *out, const struct observation *o)
{
	int64_t bytes = 0, rows = 0;
	if (observation_int(o, FACT_CSV_FILE_BYTES, 0, &bytes))
		buf_printf(out, "%lld bytes", (long long)bytes);
	if (observation_int(o, FACT_CSV_ROWS, 0, &rows) && observation_has(o, FACT_CSV_COLUMN_COUNT, 0))
		buf_printf(out, ", %lld row%s below a header of %lld fields", (long long)rows, rows == 1 ? "" : "s",
		           (long long)observation_int_or(o, FACT_CSV_COLUMN_COUNT, 0, 0));
	if (!observation_flag(o, FACT_CSV_IS_READ, 0))
		buf_puts(out, ", not read");
	also(out, o, FACT_CSV_ENCODING, ", ");
	also(out, o, FACT_CSV_SEPARATOR, ", separator: ");
	also(out, o, FACT_CSV_LINE_ENDS, ", line ends: ");
	also(out, o, FACT_CSV_MODE, ", mode ");
}

void seen_csv(struct buf *out, const struct observation *o)
{
	const char *fault = observation_text(o, FACT_CSV_FAULT, 0), *written = observation_text(o, FACT_CSV_WRITTEN, 0);
	if (fault != NULL)
		put_faults(out, o, fault);
	else if (written != NULL)
		put_written(out, o, written);
	else if (o->outcome == OUTCOME_SKIPPED)
		also(out, o, FACT_SKIP_REASON, "");
	else
		put_file(out, o);
}
