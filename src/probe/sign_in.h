#ifndef PROBE_SIGN_IN_H
#define PROBE_SIGN_IN_H
/*
 * One row of the file signed in with, once: connect, TLS, LOGIN, EXAMINE of the mailbox (and its contents, when asked for), LOGOUT.
 * Its observations are handed over in order; the first is "login".
 */
#include "probe/imap_link.h"
#include "probe/login_plan.h"

struct sign_in;
struct mailbox;

/* What a sign-in means for those that come after it. */
enum sign_in_end {
	SIGN_IN_OK,
	SIGN_IN_DENIED,   /* the server judged, and said no */
	SIGN_IN_LIMITED,  /* it put us off: too many, too fast, locked out */
	SIGN_IN_UNSAFE,   /* no TLS, or none to be trusted: nothing was sent */
	SIGN_IN_CLOSED,   /* LOGIN is switched off for all: nothing was sent */
	SIGN_IN_UNRECORDED, /* that it is tried could not be written down: nothing was sent */
	SIGN_IN_BROKEN,   /* the connection failed before LOGIN was sent */
	SIGN_IN_CUT,      /* it failed after that */
	SIGN_IN_CANCELLED,
};

struct sign_in_setup {
	struct job *job;
	const struct login_plan *plan;
	const struct login_row *row;
	const char *target;           /* "imap.contoso.com:993"; borrowed */
	struct endpoint peer;
	bool keeps_dialogue;          /* also of a sign-in that was good */
	bool wants_sample;            /* of the mailbox, for the rate */
	/* Once, on a later turn; the sign-in is gone. `observation` is the callee's, and is followed by what was observed besides. */
	void (*done)(void *user, enum sign_in_end end, struct observation *observation, struct observation *mailbox);
	void *user;
};

struct sign_in *sign_in_start(const struct sign_in_setup *setup);
void sign_in_stop(struct sign_in *sign_in); /* the user interrupts: `done` follows soon */

/* The link's settings for that job and peer. */
struct imap_link_setup sign_in_link(const struct job *job, const struct login_plan *plan, const struct endpoint *peer);

/* Sends LOGIN for the row; false when it cannot be put into a command. */
bool sign_in_send(struct imap_link *link, const struct login_plan *plan, const struct login_row *row);

/* An observation of that row with what is known before it is tried. */
struct observation *sign_in_observation(const char *target, const char *address, const struct login_row *row);

#endif
