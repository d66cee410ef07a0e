#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H
/*
 * The replay ring: evidence in, findings out, no network, fixed time. A program is tables of cases, the families of
 * ids that they must cover, and replay_main.
 */
#include "builder.h"
#include "cutover/finding.h"

enum { REPLAY_EXPECTED = 12 };

/* One finding that must be there. */
struct expected {
	const char *id;       /* NULL ends the list */
	const char *severity; /* "fail" */
	const char *subject;
	const char *says; /* a part of the summary; NULL: not looked at */
};

/* All rules run over what `build` builds; the findings must be exactly the expected ones, in any order. */
struct replay_case {
	const char *name; /* NULL ends a table */
	void (*build)(struct world *world);
	struct expected expected[REPLAY_EXPECTED];
};

struct replay_suite {
	const char *name;                        /* "replay/endpoint" */
	const struct replay_case *const *tables; /* ends with NULL */
	const char *const *families; /* how the ids begin that must be covered: "port-", "ttl-ok"; ends with NULL */
};

/*
 * Tests: each case by itself; no text of a raised finding lacks an argument; a recording of the case is judged alike;
 * every id of the families is raised by at
 * least one case and absent from at least one. Returns the exit status of the program.
 */
/* What else must hold of a case, asserted; NULL: nothing. Set before replay_main. */
extern void (*replay_check)(const struct replay_case *replayed, const struct findings *findings);

int replay_main(const struct replay_suite *suite);

#endif
