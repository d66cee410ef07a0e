#ifndef MODEL_DMARC_H
#define MODEL_DMARC_H
/* One DMARC record (RFC 7489 6.3; RFC 9989 keeps the form, adds psd, t and np, and drops pct, rf and ri). */
#include <stdbool.h>

enum dmarc_policy { DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };

struct dmarc_record {
	enum dmarc_policy policy, subdomain_policy; /* sp, else p */
	bool has_policy;       /* p was given and known */
	bool is_dkim_strict, is_spf_strict; /* adkim=s, aspf=s */
	int percent;           /* pct, 100 when not given */
	bool has_reports;      /* rua */
	char psd;              /* 'y', 'n', or 'u' (RFC 9989) */
	char fault[128];       /* "" when the record can be used */
};

/* "v=DMARC1" as its first tag; white space allowed round "=" . */
bool dmarc_is_record(const char *text);

/*
 * Reads the record. Without a usable p it is still a record when rua is there (then p=none: RFC 7489 6.6.3); else fault says why.
 */
void dmarc_parse(const char *text, struct dmarc_record *record);

const char *dmarc_policy_name(enum dmarc_policy policy);

#endif
