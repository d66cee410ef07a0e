#ifndef MODEL_MTASTS_H
#define MODEL_MTASTS_H
/* MTA-STS: the TXT record (RFC 8461 3.1), the policy file (3.2) and how an MX host is matched (4.1). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mtasts_mode { MTASTS_NONE, MTASTS_TESTING, MTASTS_ENFORCE };
enum { MTASTS_PATTERNS = 64, MTASTS_ID_BYTES = 33, MTASTS_POLICY_BYTES = 65536, MTASTS_MAX_AGE_S = 31557600 };

struct mtasts_policy {
	enum mtasts_mode mode;
	int64_t max_age_s;               /* 0..31557600 */
	char *patterns[MTASTS_PATTERNS]; /* mx: lines, lower case */
	size_t pattern_count;
	char fault[128];                 /* "" when the policy can be used */
};

/* "v=STSv1;" at its start (3.1: other TXT records there are discarded). */
bool mtasts_is_record(const char *text);

/* The record's id: 1 to 32 letters and digits. False when it is missing or malformed. */
bool mtasts_record_id(const char *text, char id[MTASTS_ID_BYTES]);

/* Reads the body of the policy file; line ends LF or CRLF, unknown keys ignored, first of each key but mx counts. */
void mtasts_policy_parse(const char *bytes, size_t length, struct mtasts_policy *policy);
void mtasts_policy_clear(struct mtasts_policy *policy);

/* Whether one pattern covers the host: equal, or "*." for exactly one leftmost label (RFC 6125 6.4 as 4.1 has it). */
bool mtasts_covers(const struct mtasts_policy *policy, const char *host);
bool mtasts_pattern_matches(const char *pattern, const char *host);

const char *mtasts_mode_name(enum mtasts_mode mode);

#endif
