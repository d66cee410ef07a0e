#ifndef RULE_MX_HOST_H
#define RULE_MX_HOST_H
/* One MX host: what sort of name it is, and what is known of its addresses. */
#include <stdbool.h>

#include "model/microsoft.h"
#include "rule/dns_view.h"

enum mx_kind {
	MX_KIND_OTHER,         /* somebody's mail host: before the change, the old one */
	MX_KIND_MICROSOFT,     /* Exchange Online's, of the cloud of the policy */
	MX_KIND_OTHER_CLOUD,   /* Exchange Online's, of another cloud */
	MX_KIND_VERIFICATION,  /* ms########.msv1.invalid: a proof of ownership, no mail host */
	MX_KIND_NULL,          /* "." (RFC 7505) */
	MX_KIND_ADDRESS,       /* an address where a name must stand, with or without the zone behind it */
	MX_KIND_ZONE_APPENDED, /* Microsoft's name with the zone's behind it: a dot was forgotten */
	MX_KIND_SUBMISSION,    /* takes mail from signed-in users only */
	MX_KIND_RETIRED,       /* in a cloud that is closed */
	MX_KIND_COUNT
};

/* `found` is filled for MICROSOFT and OTHER_CLOUD. */
enum mx_kind mx_host_kind(const struct dns_view *view, const char *host, struct microsoft_name *found);

/* MICROSOFT, OTHER_CLOUD or OTHER: a name that mail could be delivered to. */
bool mx_kind_is_usable(enum mx_kind kind);

struct mx_addresses {
	const struct dns_entry *v4, *v6; /* trusted answers, or NULL */
	bool is_absent;                  /* both answers say that there is none */
	const char *alias;               /* the host is a CNAME to that name, or NULL; borrowed */
	bool is_private;                 /* it has addresses, all are known, and nobody outside can reach one */
	char why[128];                   /* of is_private: "10.0.0.5, private use" */
};

void mx_addresses_find(struct mx_addresses *addresses, const struct dns_view *view, const char *host);

#endif
