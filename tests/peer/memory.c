#include "memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MASK = 0x5a, BLOCK_BYTES = 65536, OVERLAP_BYTES = 64 };

static bool fits(const char *at, const char *masked, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((char)(at[i] ^ MASK) != masked[i])
			return false;
	return true;
}

static int count_in(const char *bytes, size_t length, const char *masked, size_t masked_length)
{
	int count = 0;
	for (size_t i = 0; i + masked_length <= length; i++)
		count += fits(bytes + i, masked, masked_length);
	return count;
}

/* Block by block, each masked at once: the search must not leave copies. */
static int count_range(int fd, unsigned long start, unsigned long end, const char *masked, size_t length)
{
	static char block[BLOCK_BYTES + OVERLAP_BYTES];
	int count = 0;
	unsigned long own = (unsigned long)block;
	for (unsigned long at = start; at < end; at += BLOCK_BYTES) {
		if (at < own + sizeof block && own < at + BLOCK_BYTES + OVERLAP_BYTES)
			continue;
		size_t wanted = end - at < sizeof block ? end - at : sizeof block;
		ssize_t got = pread(fd, block, wanted, (off_t)at);
		/* A match that begins in the overlap belongs to the next block. */
		size_t limit = got > 0 && (size_t)got > BLOCK_BYTES + length ? BLOCK_BYTES + length - 1 : (size_t)(got > 0 ? got : 0);
		count += count_in(block, limit, masked, length);
		memset(block, 0, sizeof block);
	}
	return count;
}

int memory_count(const char *masked, size_t length)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC), count = 0;
	char line[512], rights[8];
	unsigned long start, end;
	if (maps == NULL || fd < 0)
		abort();
	while (fgets(line, sizeof line, maps) != NULL)
		if (sscanf(line, "%lx-%lx %7s", &start, &end, rights) == 3 && strncmp(rights, "rw", 2) == 0)
			count += count_range(fd, start, end, masked, length);
	fclose(maps);
	close(fd);
	return count;
}
