#ifndef PROBE_RAMP_H
#define PROBE_RAMP_H
/*
 * How many connections a server holds: opened one by one, each greeted (and signed in, when there is somebody to sign in), all
 * held for LIMIT_HOLD_MS, then closed with LOGOUT. The first refusal ends it unless `keeps_going`.
 */
#include "probe/imap_link.h"

struct ramp;

struct ramp_setup {
	struct imap_link_setup link;  /* net, peer, host, security, needs_trust, judge_at */
	const char *target;           /* "imap.contoso.com:993"; borrowed */
	int wanted;                   /* 1..LIMIT_CONNECTIONS */
	bool keeps_going;
	/* Sends LOGIN for the one user; NULL: nobody signs in. */
	void (*sign_in)(void *user, struct imap_link *link);
	/* Once, on a later turn; the observation "limit" is the callee's, the ramp is gone. */
	void (*done)(void *user, struct observation *observation);
	void *user;
};

struct ramp *ramp_start(const struct ramp_setup *setup);
void ramp_stop(struct ramp *ramp); /* the user interrupts: `done` is called soon; NULL is fine */

#endif
