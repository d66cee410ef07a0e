#ifndef MODEL_RECORDING_H
#define MODEL_RECORDING_H
/*
 * Evidence on disk: what --record writes and `judge` reads. JSON Lines, one line a migration:
 *
 *   {"schema": "cutover.evidence/1", "tool": {"name", "version"},
 *    "run": {"command", "phase", "vantage", "started", "finished", "interrupted"},
 *    "policy": {...}, "observations": [...]}
 *
 * Observations and policy as in json_value.h and policy_value.h. Unknown members are ignored within a major version.
 */
#include <stddef.h>

#include "cutover/error.h"
#include "cutover/report.h"

struct sink;

/* Writes one line. */
void recording_write(struct sink *sink, const struct run_info *run, const struct policy *policy,
                     const struct evidence *evidence);

/* One line read back. Owns all; observations without a vantage of their own have the run's. */
struct recording {
	struct run_info run; /* its texts point to the two below */
	char *command, *vantage;
	struct policy policy;
	struct evidence evidence;
	size_t skipped; /* observations and facts that this version does not know */
};

void recording_init(struct recording *recording);
void recording_clear(struct recording *recording);

/* One line, without its newline, into an initialised recording. -1 with the reason; the recording is then empty. */
int recording_parse(const char *line, size_t length, struct recording *recording, struct error *error);

/*
 * Calls each(recording, user) for every line of the file ("-": standard input), in order. The recording is cleared
 * after the call; whoever wants to keep it copies the struct and calls recording_init on the original. A result
 * other than 0 ends the reading and is returned. -1 with a sentence that names file and line when the file cannot be
 * read, holds no recording, or is beyond LIMIT_RECORDING_BYTES; lines before the bad one were handed on. A last line without
 * newline that cannot be read is passed over when others came before it: a run that was killed while it wrote.
 */
typedef int recording_each(struct recording *recording, void *user);
int recording_read(const char *path, recording_each *each, void *user, struct error *error);

#endif
