#ifndef RENDER_TODO_SERVED_H
#define RENDER_TODO_SERVED_H
/* What is served for a name, by the answer that counts. */
#include "cutover/policy.h"
#include "cutover/report.h"

struct served {
	bool is_known;       /* somebody answered */
	struct names data;   /* as in a zone file: "10 mail.contoso.com.", "\"v=spf1 -all\"" */
	struct names texts;  /* of TXT: without quotes */
	int64_t ttl_s;       /* the longest; -1: none */
};

/* The zone's own word first, then a resolver's. `name` is absolute, without the last dot. */
void served_find(struct served *served, const struct report *report, const char *name, const char *type);
void served_clear(struct served *served);

/* TXT data in quotes, parted into strings of 255 octets at most (RFC 1035 3.3.14); allocated. */
char *served_quote(const char *text);

#endif
