#ifndef MODEL_SPF_MACRO_H
#define MODEL_SPF_MACRO_H
/*
 * Macros of SPF (RFC 7208 section 7). Texts are escaped as observations hold them (escape_bytes): what a backslash stands for is no
 * visible ASCII, and so no part of a macro string, unless it is a backslash.
 */
#include <stdbool.h>
#include <stddef.h>

struct buf;

enum { SPF_NAME_OCTETS = 253 }; /* of a name in text form (7.3) */

/* What the letters stand for (7.2). */
struct spf_macro_values {
	const char *sender;    /* s: local-part@domain */
	const char *domain;    /* d: <domain> of this check_host */
	const char *helo;      /* h */
	const char *validated; /* p: validated domain name of the address, or "unknown" */
	int family;            /* 4 or 6 */
	const unsigned char *address; /* 4 or 16 octets */
};

bool spf_is_macro_string(const char *text);
bool spf_is_domain_spec(const char *text); /* macro-string domain-end (12): a top label or a macro at its end; no c, r, t (7.2) */
bool spf_uses_macro(const char *text, const char *letters); /* any of those letters, case folded */

/*
 * Expands a domain-spec that was accepted above. A result over 253 octets loses labels from its left (7.3).
 * False: the text was not accepted above.
 */
bool spf_expand(const char *text, const struct spf_macro_values *values, struct buf *out);

#endif
