#ifndef TESTS_PEER_PATIENCE_H
#define TESTS_PEER_PATIENCE_H
/* The wait for one answer in tests of silence: short, but not shorter than a peer under valgrind needs. */
#include <stdlib.h>
#include <string.h>

static inline int patience_ms(void)
{
	const char *preload = getenv("LD_PRELOAD"); /* valgrind puts itself there */
	return preload != NULL && strstr(preload, "vgpreload") != NULL ? 1000 : 120;
}

#endif
