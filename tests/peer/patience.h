#ifndef TESTS_PEER_PATIENCE_H
#define TESTS_PEER_PATIENCE_H
/* What differs under valgrind. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static inline bool is_under_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD"); /* valgrind puts itself there */
	return preload != NULL && strstr(preload, "vgpreload") != NULL;
}

/* The wait for one answer in tests of silence: not shorter than a peer needs that does answer, on a busy machine or under valgrind. */
static inline int patience_ms(void)
{
	return is_under_valgrind() ? 1500 : 500;
}

/* The wait of a whole dialogue or handshake in which the peer falls silent somewhere. */
static inline int silence_ms(void)
{
	return is_under_valgrind() ? 4000 : 2000;
}

/* The wait where an answer comes: a machine that is busy must not make it look like silence. */
enum { AMPLE_MS = 15000 };

#endif
