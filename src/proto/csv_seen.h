#ifndef PROTO_CSV_SEEN_H
#define PROTO_CSV_SEEN_H
/*
 * Which values stood on which row, to find the second of two equal ones. Values are compared byte by byte, so there is
 * no false alarm. Beyond LIMIT_CSV_COMPARED_BYTES nothing is added any more, and is_full is set.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct csv_seen_slot {
	uint32_t hash, length, offset;
	uint32_t row; /* 0: free */
};

struct csv_seen {
	struct csv_seen_slot *slots;
	size_t count, room; /* room is a power of two */
	struct buf text;
	bool is_full;
};

void csv_seen_init(struct csv_seen *seen);
void csv_seen_clear(struct csv_seen *seen);

/* The row on which the value stood first, or 0; then it stands on `row` from now on. */
uint32_t csv_seen_add(struct csv_seen *seen, const void *bytes, size_t length, uint32_t row);

#endif
