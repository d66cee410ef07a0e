#ifndef MODEL_MICROSOFT_H
#define MODEL_MICROSOFT_H
/*
 * Which names are Microsoft's, and of which cloud: data/clouds.tsv, asked. Names are A-labels, in any case, with or
 * without the last dot.
 */
#include <stdbool.h>

#include "cutover/policy.h"

enum microsoft_kind {
	MICROSOFT_MX,           /* takes mail for a domain */
	MICROSOFT_MX_RETIRED,   /* did so in a cloud that is closed */
	MICROSOFT_SUBMISSION,   /* takes mail of signed-in users, none for a domain */
	MICROSOFT_SPF,          /* what an SPF record includes */
	MICROSOFT_AUTODISCOVER, /* answers Autodiscover */
	MICROSOFT_MSOID,        /* what a msoid alias points to */
	MICROSOFT_DKIM,         /* holds DKIM keys of its tenants */
	MICROSOFT_AUTODISCOVER_DIRECT, /* asked by clients before anything of the domain */
	MICROSOFT_AUTODISCOVER_JSON,   /* answers Autodiscover v2 */
	MICROSOFT_NONE,
};

enum { MICROSOFT_LABEL_BYTES = 64, MICROSOFT_NAME_BYTES = 256 };

struct microsoft_name {
	enum microsoft_kind kind;
	unsigned clouds; /* bits 1 << CLOUD_*: GCC High and DoD share MX and SPF names; 0: a closed cloud */
	bool is_dnssec_form; /* MX under *.mx.microsoft or usgovcloud-mx.microsoft: domains added from 2026-07 on */
	char label[MICROSOFT_LABEL_BYTES]; /* the domain's label in an MX name, lower case; "" where the form has none */
};

/* Whether `name` is one of Microsoft's of that kind, in any cloud. `found` is filled then; it may be NULL. */
bool microsoft_is(enum microsoft_kind kind, const char *name, struct microsoft_name *found);

/* The MX host as Microsoft: MICROSOFT_MX, _MX_RETIRED, _SUBMISSION, or MICROSOFT_NONE. */
enum microsoft_kind microsoft_mx(const char *host, struct microsoft_name *found);

/*
 * The name that Microsoft asks for in that cloud (the first such row of the table), "LABEL" replaced by `label` (NULL:
 * left as a word); allocated. NULL where the cloud has none.
 */
char *microsoft_wanted(enum microsoft_kind kind, enum cloud cloud, const char *label);

/*
 * The label that a domain's MX has in that cloud: derived from the domain (model/label.h); in GCC High and DoD the
 * tenant's name. Allocated; NULL when it is not known, as without the tenant there.
 */
char *microsoft_label(enum cloud cloud, const char *domain, const char *tenant);

/* The clouds of the bits as words: "worldwide", "gcc-high, dod"; allocated. */
char *microsoft_clouds(unsigned clouds);

/* The provider to whom a default Autodiscover target belongs (data/providers.tsv), allocated, or NULL. */
char *provider_of(const char *name);

#endif
