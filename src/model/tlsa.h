#ifndef MODEL_TLSA_H
#define MODEL_TLSA_H
/* One TLSA record (RFC 6698 2) as mail heeds it (RFC 7672 3.1). */
#include <stdbool.h>

enum tlsa_usage { TLSA_TA = 2, TLSA_EE = 3 }; /* an authority of the chain; the host's own certificate */
enum tlsa_selector { TLSA_CERTIFICATE = 0, TLSA_KEY = 1 };
enum tlsa_matching { TLSA_FULL = 0, TLSA_SHA256 = 1, TLSA_SHA512 = 2 };

enum { TLSA_DATA_BYTES = 129 }; /* the longest digest in hexadecimal, and NUL */

struct tlsa {
	int usage, selector, matching;
	bool is_usable;             /* senders check certificates by it: usage 2 or 3, selector and matching known, length right */
	char data[TLSA_DATA_BYTES]; /* lower-case hexadecimal; of TLSA_FULL only the beginning */
};

/* "3 1 1 0123...": presentation form, blanks inside the data allowed. False: it is no such record. */
bool tlsa_parse(const char *text, struct tlsa *tlsa);

#endif
