#ifndef RULE_MX_VIEW_H
#define RULE_MX_VIEW_H
/* The MX set that is judged: that of the answer that counts (dns_view_best), each host with its kind. */
#include "rule/mx_host.h"
#include "rule/mx_set.h"

struct mx_view {
	const struct dns_view *dns;
	const struct dns_entry *entry;
	struct mx_set set;
	enum mx_kind *kinds;          /* of the set's items */
	struct microsoft_name *names; /* likewise */
	char *source;                 /* behind every summary: dns_entry_source */
};

/* The hosts of some kinds. */
#define MX_KIND_BIT(kind) (1U << (kind))
enum {
	MX_KINDS_FAULTY = MX_KIND_BIT(MX_KIND_NULL) | MX_KIND_BIT(MX_KIND_ADDRESS) | MX_KIND_BIT(MX_KIND_ZONE_APPENDED) |
	                  MX_KIND_BIT(MX_KIND_SUBMISSION) | MX_KIND_BIT(MX_KIND_RETIRED),
	MX_KINDS_USABLE = MX_KIND_BIT(MX_KIND_OTHER) | MX_KIND_BIT(MX_KIND_MICROSOFT) | MX_KIND_BIT(MX_KIND_OTHER_CLOUD),
};

/* False, and nothing to clear, when nobody could answer: then nothing is said about MX. */
bool mx_view_init(struct mx_view *mx, const struct dns_view *dns);
void mx_view_clear(struct mx_view *mx);

bool mx_view_has(const struct mx_view *mx, size_t index, unsigned kinds);
size_t mx_view_count(const struct mx_view *mx, unsigned kinds);

/* "mail.contoso.com, mx2.contoso.com" of those kinds, at most a few and a count; allocated. */
char *mx_view_hosts(const struct mx_view *mx, unsigned kinds);

/* A finding about those hosts: the summary is "HOSTS: SAYS", arguments {name} (the first) and {value} (all). */
struct finding *mx_view_add(const struct mx_view *mx, enum finding_id id, const char *hosts, const char *says);

#endif
