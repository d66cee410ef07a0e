#ifndef TESTS_HOUSE_H
#define TESTS_HOUSE_H
/* A mail server that is signed in to: what the peer does there, and the run of the login probe against it. */
#include <stdbool.h>

#include "bench.h"
#include "probe/login_plan.h"

#define HEAD "EmailAddress,UserName,Password\r\n"

struct house {
	const char *login;    /* answer to LOGIN behind the tag; NULL: OK */
	const char *dies_at;  /* a command (or "GREETING", "LITERAL") at which it closes */
	const char *capability;
	int folders;          /* in LIST, besides INBOX */
	const char *list;     /* lines of LIST behind it; NULL: none */
	const char *sizes;    /* answer to FETCH of sizes; NULL: two messages */
	bool repeats;         /* what it heard, in the answer to LOGIN */
};

/* Of the test that runs. */
extern struct house house;
extern struct bench bench;
extern struct peer *peer;
extern struct login_plan plan;

/* Fixtures: a house that says yes to everything, and a plan of five at once. */
void house_begin(void);
void house_end(void);

void house_serve(struct talk *talk, void *argument); /* a peer_script */
void house_read(const char *csv, size_t length);     /* rows into the plan */
void house_sign_in(void);                            /* runs it */
/* All three; the first sign-in. */
const struct observation *house_run(const char *csv);

#endif
