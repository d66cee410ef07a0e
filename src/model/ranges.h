#ifndef MODEL_RANGES_H
#define MODEL_RANGES_H
/*
 * The addresses from which Exchange Online may fetch IMAP mail, by Microsoft's IP Address and URL web service.
 *
 * The service lists what users connect to; that migrations come from the same addresses is said for mailbox moves and,
 * by the IMAP troubleshooter's link, for IMAP. Taken are the records of service area "Exchange" with id 1 or with port
 * 143 or 993 among their tcpPorts: ids 1 and 2 in 2026, ids 1 and 5 before.
 */
#include <stddef.h>
#include <stdint.h>

#include "cutover/error.h"
#include "cutover/policy.h"
#include "model/address.h"
#include "model/prefix_set.h"

struct ranges {
	char *source;         /* "the built-in list of worldwide", or the file's name */
	int64_t dated;        /* seconds since 1970 UTC, or TIME_UNKNOWN */
	struct prefix *items; /* as listed, IPv4 and IPv6 mixed, none twice */
	size_t count;
	struct prefix_set set;
};

void ranges_init(struct ranges *ranges);
void ranges_clear(struct ranges *ranges);

/* The web service's name for that cloud: "Worldwide" (data/ranges.tsv). Returns `name`. */
char *ranges_instance(enum cloud cloud, char name[32]);

/* The built-in list of that cloud (data/ranges.tsv). */
void ranges_builtin(struct ranges *ranges, enum cloud cloud);

/*
 * A download of the service: the array of its endpoints method. `source` names it in messages. -1 with one line: no
 * JSON, another form, a malformed prefix, or no range of Exchange Online in it.
 */
int ranges_parse(struct ranges *ranges, const char *source, const char *json, size_t length, struct error *error);

/* Ranges that were listed once and are no more (data/ranges-former.tsv); owned by the caller. */
struct prefix_set ranges_former(void);

/* Keeps only that family, 4 or 6. */
void ranges_keep_family(struct ranges *ranges, int family);

#endif
