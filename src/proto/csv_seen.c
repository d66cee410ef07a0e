#include "proto/csv_seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cutover/limits.h"

void csv_seen_init(struct csv_seen *seen)
{
	*seen = (struct csv_seen){.room = 1024};
	seen->slots = xcalloc(seen->room, sizeof *seen->slots);
	buf_init(&seen->text, LIMIT_CSV_COMPARED_BYTES);
}

void csv_seen_clear(struct csv_seen *seen)
{
	free(seen->slots);
	buf_clear(&seen->text);
	*seen = (struct csv_seen){0};
}

/* FNV-1a, its upper half folded in. */
static uint32_t hash_of(const unsigned char *bytes, size_t length)
{
	uint64_t hash = 14695981039346656037u;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 1099511628211u;
	return (uint32_t)(hash ^ hash >> 32);
}

/* The slot of that value, or the free one where it belongs. */
static struct csv_seen_slot *find(const struct csv_seen *seen, uint32_t hash, const void *bytes, size_t length)
{
	size_t at = hash & (seen->room - 1);
	for (;; at = (at + 1) & (seen->room - 1)) {
		struct csv_seen_slot *slot = &seen->slots[at];
		if (slot->row == 0)
			return slot;
		if (slot->hash == hash && slot->length == length && memcmp(seen->text.bytes + slot->offset, bytes, length) == 0)
			return slot;
	}
}

static void grow(struct csv_seen *seen)
{
	struct csv_seen_slot *old = seen->slots;
	size_t count = seen->room;
	seen->room *= 2;
	seen->slots = xcalloc(seen->room, sizeof *seen->slots);
	for (size_t i = 0; i < count; i++)
		if (old[i].row != 0)
			*find(seen, old[i].hash, seen->text.bytes + old[i].offset, old[i].length) = old[i];
	free(old);
}

uint32_t csv_seen_add(struct csv_seen *seen, const void *bytes, size_t length, uint32_t row)
{
	uint32_t hash = hash_of(bytes, length);
	struct csv_seen_slot *slot = find(seen, hash, bytes, length);
	if (slot->row != 0)
		return slot->row;
	if (seen->is_full || length > seen->text.ceiling - seen->text.length) {
		seen->is_full = true;
		return 0;
	}
	*slot = (struct csv_seen_slot){.hash = hash, .length = (uint32_t)length, .offset = (uint32_t)seen->text.length, .row = row};
	buf_add(&seen->text, bytes, length);
	if (++seen->count * 2 > seen->room)
		grow(seen);
	return 0;
}
