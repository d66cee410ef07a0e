#ifndef PROTO_DNSSEC_H
#define PROTO_DNSSEC_H
/*
 * The chain of DNSSEC signatures (RFC 4035 5) from a trust anchor to a record set of a domain, over answers that somebody else
 * fetched with DO and CD. Pure: nothing is asked, nothing is waited for.
 *
 * Times of signatures are compared by our own arithmetic (RFC 4034 3.1.5: serial numbers around now), since ldns takes those behind
 * 2038-01-19 for negative ones.
 */
#include <ldns/ldns.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/error.h"

enum dnssec_status {
	DNSSEC_SECURE,
	DNSSEC_INSECURE, /* proven to be unsigned from here on */
	DNSSEC_BOGUS,
	DNSSEC_UNKNOWN,  /* an answer is missing, or the resolver strips signatures */
};

enum { DNSSEC_LINKS = 32, DNSSEC_REASON_BYTES = 200, DNSSEC_NAME_BYTES = 1024, DNSSEC_DEPTH = 12 };

/* One record set of the chain, from the anchor down. */
struct dnssec_link {
	char name[DNSSEC_NAME_BYTES]; /* owner */
	ldns_rr_type type;
	enum dnssec_status status;
	char reason[DNSSEC_REASON_BYTES]; /* why it is not secure; or which key signs */
	int64_t expires; /* seconds since 1970: the end of the good signature that lasts longest; 0: none */
	int64_t begins;  /* where that signature begins */
	bool is_own;     /* of the domain's own zone, not of one above */
};

struct dnssec_chain {
	enum dnssec_status status;
	bool is_signed_below; /* insecure, though the zone itself has keys: there is no DS above it */
	char alias[DNSSEC_NAME_BYTES]; /* the name at the end is an alias of this one, which the signatures say; else "" */
	struct dnssec_link links[DNSSEC_LINKS];
	size_t count;
};

/* The answer to that question, or NULL: none came. Borrowed. */
typedef const ldns_pkt *dnssec_answer(void *user, const char *name, ldns_rr_type type);

struct dnssec_question {
	const char *domain;           /* without the last dot */
	ldns_rr_type type;            /* of the record set at the end */
	const ldns_rr_list *anchors;  /* DS and DNSKEY records of one name at or above the domain, or of several */
	bool is_told;                 /* the anchors are the user's; else what does not fit them is the world's own root, unknown to us */
	int64_t now;
	dnssec_answer *answer;
	void *user;
};

/*
 * Asks `answer` for DNSKEY and DS of each name from the anchor down, and for the record set itself; that there is no such set must be
 * proven too (the link then says so). A chain that is not whole ends at the link that says why. One that is whole down to an alias is
 * unknown: what the alias stands for has a chain of its own.
 */
void dnssec_judge(const struct dnssec_question *question, struct dnssec_chain *chain);

/* The names of the chain: "", "com", "contoso.com" ("" being the root); at most DNSSEC_DEPTH. Borrows from the domain. */
size_t dnssec_names(const char *domain, const char *names[DNSSEC_DEPTH]);

/* Lines of DS or DNSKEY records in master-file form; ';' and '#' begin remarks. NULL with the error, which names the line. */
ldns_rr_list *dnssec_anchors_read(const char *text, struct error *error);

const char *dnssec_status_name(enum dnssec_status status); /* secure, insecure, bogus, unknown */

#endif
