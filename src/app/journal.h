#ifndef APP_JOURNAL_H
#define APP_JOURNAL_H
/*
 * A recording that grows while the run goes on: one line an observation, handed to the system at once, so that a run that is
 * killed at any moment leaves all that it had seen. `judge` merges the lines. A run that comes to its end puts a recording of one
 * line in its place.
 */
#include <stdbool.h>

#include "cutover/error.h"
#include "cutover/evidence.h"
#include "cutover/policy.h"

struct journal;

/*
 * A new file, 0600; or with `appends` one that is there: a last line that was cut off is taken away, and the new ones follow.
 * NULL with the error when it cannot be written.
 */
struct journal *journal_open(const char *path, bool appends, struct error *error);
void journal_write(struct journal *journal, const char *command, const char *vantage, const struct policy *policy,
                   const struct evidence *evidence);
bool journal_is_sound(const struct journal *journal); /* all that was written is there; true of NULL */
/* -1 with the first error of a write; NULL is fine. */
int journal_close(struct journal *journal, struct error *error);

#endif
