#ifndef MODEL_TAG_LIST_H
#define MODEL_TAG_LIST_H
/*
 * "tag=value; tag=value": the form of DKIM keys (RFC 6376 3.2), DMARC (RFC 7489 6.4), MTA-STS records (RFC 8461 3.1) and TLS-RPT
 * (RFC 8460 3). White space round tags and values is dropped; an empty last part is allowed.
 */
#include <stddef.h>

struct tag {
	char *name, *value;
};

enum { TAG_LIST_TAGS = 64 };

struct tag_list {
	struct tag tags[TAG_LIST_TAGS];
	size_t count;
	char fault[128]; /* "" when the whole list parses; else the part at fault (what stood before it was read) */
};

void tag_list_parse(const char *text, struct tag_list *list);
void tag_list_clear(struct tag_list *list);

/* The value of the first tag of that name (case matters: RFC 6376 3.2), or NULL. */
const char *tag_list_get(const struct tag_list *list, const char *name);

#endif
