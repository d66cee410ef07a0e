#ifndef PROTO_AUTODISCOVER_H
#define PROTO_AUTODISCOVER_H
/*
 * Autodiscover's documents: the POX request, the POX answer (XML) and the v2 answer (JSON).
 * Source: "POX Autodiscover request / response for Exchange", office-developer-exchange-docs, 2026-06.
 *
 * XML is read by libxml2 without network, without entities and without a document type: one that has a DTD is refused.
 */
#include <stdbool.h>
#include <stddef.h>

enum autodiscover_kind {
	AUTODISCOVER_OTHER,            /* no Autodiscover answer at all */
	AUTODISCOVER_SETTINGS,
	AUTODISCOVER_REDIRECT_URL,     /* ask there instead */
	AUTODISCOVER_REDIRECT_ADDRESS, /* ask for that mailbox instead */
	AUTODISCOVER_ERROR,            /* an Autodiscover server that says no */
};

enum { AUTODISCOVER_TYPES = 16, AUTODISCOVER_TYPE_BYTES = 32, AUTODISCOVER_BYTES = 65536 };

struct autodiscover_answer {
	enum autodiscover_kind kind;
	char *target; /* of a redirect, or the service's URL of a v2 answer; or NULL */
	char *error;  /* its code or message, or NULL */
	char types[AUTODISCOVER_TYPES][AUTODISCOVER_TYPE_BYTES]; /* of the protocols offered: EXCH, EXPR, WEB, IMAP, ... */
	size_t type_count;
	const char *fault; /* why the document could not be read, or NULL */
};

/* Reads at most AUTODISCOVER_BYTES. */
void autodiscover_read_xml(const char *bytes, size_t length, struct autodiscover_answer *answer);
void autodiscover_read_json(const char *bytes, size_t length, struct autodiscover_answer *answer);
void autodiscover_answer_clear(struct autodiscover_answer *answer);

/* The request for that mailbox; allocated. */
char *autodiscover_request(const char *address);

#endif
