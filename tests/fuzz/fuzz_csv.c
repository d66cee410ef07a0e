/*
 * A CSV file of anybody: whatever stands in it, reading ends, rows do not depend on how the file is cut into blocks,
 * and what was repaired once is not changed by a second repair.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cutover/evidence.h"
#include "proto/csv_reader.h"
#include "proto/csv_repair.h"
#include "proto/csv_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 1 << 24 };

static void on_row(void *user, const struct csv_row *row)
{
	buf_printf(user, "%llu %llu %zu\n", (unsigned long long)row->number, (unsigned long long)row->line, row->count);
	for (size_t i = 0; i < row->kept; i++)
		buf_add(user, row->fields[i].bytes, row->fields[i].length);
	buf_add(user, row->bytes, row->length);
}

static void on_broken_row(void *user, const struct csv_broken_row *row)
{
	buf_printf(user, "%llu %llu %d\n", (unsigned long long)row->number, (unsigned long long)row->line, (int)row->why);
	buf_add(user, row->bytes, row->length);
}

static void read_rows(const uint8_t *data, size_t size, size_t block, struct buf *out)
{
	static const struct csv_reader_events events = {on_row, on_broken_row};
	struct csv_reader *reader = csv_reader_new(&events, out);
	for (size_t at = 0; at < size; at += block)
		csv_reader_feed(reader, data + at, size - at < block ? size - at : block);
	csv_reader_finish(reader);
	csv_reader_free(reader);
}

static void on_line(void *user, const char *bytes, size_t length, bool is_header)
{
	(void)is_header;
	buf_add(user, bytes, length);
}

/* The repaired file; false when it cannot be repaired. */
static bool repair(const void *data, size_t size, struct buf *out)
{
	struct csv_repair *made = csv_repair_new(on_line, out);
	csv_repair_feed(made, data, size);
	csv_repair_finish(made);
	bool is_repaired = csv_repair_refusal(made) == NULL;
	csv_repair_free(made);
	return is_repaired;
}

static bool is_same(const struct buf *a, const struct buf *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv_scan_options options = {.target = "users.csv", .file_bytes = (int64_t)size, .mode = 0600};
	struct evidence evidence;
	struct buf first, second;
	buf_init(&first, MOST_BYTES);
	buf_init(&second, MOST_BYTES);
	read_rows(data, size, size > 0 ? size : 1, &first);
	read_rows(data, size, 7, &second);
	if (!is_same(&first, &second))
		abort();
	evidence_init(&evidence);
	struct csv_scan *scan = csv_scan_new(&options);
	csv_scan_feed(scan, data, size);
	csv_scan_finish(scan, &evidence, 0);
	csv_scan_free(scan);
	evidence_clear(&evidence);
	buf_reset(&first);
	buf_reset(&second);
	/* Without its mark a file of control characters is no text any more: then the second repair refuses. */
	if (repair(data, size, &first) && repair(first.bytes, first.length, &second) && !is_same(&first, &second))
		abort();
	buf_clear(&first);
	buf_clear(&second);
	return 0;
}
