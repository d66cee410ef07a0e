#include "model/tlsa.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { OCTET_MOST = 255, SHA256_DIGITS = 64, SHA512_DIGITS = 128 };

static bool read_octet(const char **at, int *value)
{
	char *end = NULL;
	*at += strspn(*at, " \t");
	if (!isdigit((unsigned char)**at))
		return false;
	long number = strtol(*at, &end, 10);
	*at = end;
	*value = (int)number;
	return number <= OCTET_MOST && (*end == ' ' || *end == '\t');
}

bool tlsa_parse(const char *text, struct tlsa *tlsa)
{
	size_t digits = 0;
	*tlsa = (struct tlsa){0};
	if (!read_octet(&text, &tlsa->usage) || !read_octet(&text, &tlsa->selector) || !read_octet(&text, &tlsa->matching))
		return false;
	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '\t')
			continue;
		if (!isxdigit((unsigned char)*text))
			return false;
		if (digits < TLSA_DATA_BYTES - 1)
			tlsa->data[digits] = (char)tolower((unsigned char)*text);
		digits++;
	}
	bool is_long_enough = tlsa->matching == TLSA_SHA256   ? digits == SHA256_DIGITS
	                      : tlsa->matching == TLSA_SHA512 ? digits == SHA512_DIGITS
	                                                      : tlsa->matching == TLSA_FULL && digits > 0;
	tlsa->is_usable = (tlsa->usage == TLSA_TA || tlsa->usage == TLSA_EE) &&
	                  (tlsa->selector == TLSA_CERTIFICATE || tlsa->selector == TLSA_KEY) && is_long_enough;
	return digits > 0 && digits % 2 == 0;
}
