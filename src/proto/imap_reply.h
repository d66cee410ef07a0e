#ifndef PROTO_IMAP_REPLY_H
#define PROTO_IMAP_REPLY_H
/* One line of an IMAP server taken apart: RFC 9051 7, RFC 3501 7, as far as a client that never signs in needs it. */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/policy.h"

enum imap_form { IMAP_UNTAGGED, IMAP_TAGGED, IMAP_CONTINUE };
enum imap_status { IMAP_NO_STATUS, IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_PREAUTH, IMAP_BYE };

/* A stretch of the line; borrowed from it. */
struct slice {
	const char *bytes;
	size_t length;
};

struct imap_reply {
	enum imap_form form;
	struct slice tag;        /* of a tagged reply */
	enum imap_status status; /* IMAP_NO_STATUS: data */
	struct slice code;       /* what stands in brackets before the text: "CAPABILITY IMAP4rev1" */
	struct slice text;       /* behind status and code, for people */
	struct slice data;       /* an untagged reply without status, behind "* " */
};

/* False when the line is none of the three forms. */
bool imap_reply_parse(const char *line, size_t length, struct imap_reply *reply);

/* When the text is "CAPABILITY" and a list: `names` becomes its entries, up to LIMIT_CAPABILITIES. */
bool imap_capabilities_parse(struct slice list, struct names *names);

/* Field and value pairs of RFC 2971, as meant; a NIL value has no call. False when the grammar is broken. */
bool imap_id_parse(struct slice data, void (*each)(void *user, struct slice key, struct slice value), void *user);

#endif
