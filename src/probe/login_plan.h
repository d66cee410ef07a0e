#ifndef PROBE_LOGIN_PLAN_H
#define PROBE_LOGIN_PLAN_H
/* What the login command tells its probe: the rows, how fast, when to stop. */
#include "cutover/observation.h"
#include "cutover/probe.h"
#include "proto/login_file.h"

struct login_plan {
	struct login_file file;
	struct secret *password;     /* for all rows; NULL: each row's own */
	enum security security;
	int at_once;                 /* 1..LIMIT_LOGIN_JOBS */
	int per_second;              /* 1..LIMIT_LOGIN_RATE */
	int max_failures;            /* in a row; 0: any number */
	bool counts_mailboxes;
	int64_t quota_bytes;         /* of the target mailbox */
	/*
	 * Just before LOGIN is sent: the observation of a sign-in that was cut off, for a journal that outlives us, so that nobody
	 * tries it again. Borrowed for the call. False when it could not be kept: then nothing is sent. May be NULL.
	 */
	bool (*begins)(void *user, struct observation *observation);
	void *user;
};

#endif
