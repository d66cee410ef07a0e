#ifndef TESTS_AUTHORITY_H
#define TESTS_AUTHORITY_H
/* Where an authority publishes its certificates (RFC 5280 4.2.2.1): an HTTP server at http://pki.lab.test, or something else there. */
#include <stdbool.h>

#include "pki.h"

enum { AUTHORITY_PATHS = 6 };

/* Of the test that runs. */
extern struct authority {
	const char *head;                 /* "200 OK" when NULL */
	BIO *bodies[AUTHORITY_PATHS + 1]; /* the answers to GET /1, /2, ...; 404 where there is none. Owned. */
	int redirects;                    /* so many connections are sent on to the same address */
	bool is_silent;
} authority;

enum form { FORM_DER, FORM_PEM, FORM_BAG, FORM_PEM_BAG, FORM_GARBAGE, FORM_EMPTY, FORM_HUGE };

/* A body with the certificates of `first` and, in a bag, of `second`, which may be NULL. */
BIO *authority_publish(enum form form, const struct pki_pair *first, const struct pki_pair *second);

void authority_open(void); /* unless it is open */
void authority_close(void);
int authority_asked(void); /* connections so far */

/* A certificate, the leaf's when `cn` is imap.lab.test, that names `host` ("http://..."), the port, and /`path`. Opens. */
struct pki_pair authority_issue(const char *cn, const struct pki_pair *issuer, const char *host, int path);

#endif
