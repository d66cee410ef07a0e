#ifndef APP_RANGES_STATE_H
#define APP_RANGES_STATE_H
/*
 * What --fetch-ranges keeps from run to run in $XDG_STATE_HOME/cutover (~/.local/state/cutover): the request id that Microsoft's web
 * service wants, one a machine and user; for each cloud the list as it came, its version, when the version was asked for last, and
 * until when the service asked not to be asked.
 */
#include <stdint.h>

#include "cutover/error.h"
#include "cutover/policy.h"

enum { RANGES_ID_BYTES = 37, RANGES_VERSION_BYTES = 11 };

struct ranges_state {
	char *folder;
	const char *cloud;                  /* "worldwide" */
	char id[RANGES_ID_BYTES];           /* a GUID, RFC 9562 version 4 */
	char version[RANGES_VERSION_BYTES]; /* of the saved list, "2026081400"; "" without one */
	int64_t checked, wait_until;        /* seconds since 1970 UTC, or TIME_UNKNOWN; checked: when that version was the latest */
};

/* Makes the folder and the request id where there are none. -1 with one line: no home, not writable. */
int ranges_state_open(struct ranges_state *state, enum cloud cloud, struct error *error);
void ranges_state_clear(struct ranges_state *state);

char *ranges_state_copy(const struct ranges_state *state); /* path of the saved list; owned by the caller */

/* Saves the list as that version's, whole or not at all, then the state; the one before is removed. */
int ranges_state_keep(struct ranges_state *state, const char *version, const char *list, size_t length, struct error *error);

/* The state alone. */
int ranges_state_save(const struct ranges_state *state, struct error *error);

#endif
