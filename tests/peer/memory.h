#ifndef TESTS_MEMORY_H
#define TESTS_MEMORY_H
/* What a core dump of this process would hold. */
#include <stdbool.h>
#include <stddef.h>

/*
 * How often the text stands in this process's writable memory. `masked` is the text with every byte XORed with 0x5a, so that the
 * search does not find itself.
 */
int memory_count(const char *masked, size_t length);

#endif
