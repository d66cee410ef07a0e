#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char fold(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool str_equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool str_equal_nocase(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strlen(a) == strlen(b) && str_starts_nocase(a, b);
}

bool str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_starts_nocase(const char *text, const char *prefix)
{
	for (; *prefix != '\0'; text++, prefix++)
		if (fold(*text) != fold(*prefix))
			return false;
	return true;
}

bool str_ends_nocase(const char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);
	return length >= tail && str_equal_nocase(text + length - tail, suffix);
}

const char *str_find_nocase(const char *text, const char *needle)
{
	for (;; text++) {
		if (str_starts_nocase(text, needle))
			return text;
		if (*text == '\0')
			return NULL;
	}
}

void str_lower(char *text)
{
	for (; *text != '\0'; text++)
		*text = fold(*text);
}

bool str_in_domain(const char *host, const char *domain)
{
	size_t length = strlen(host), tail = strlen(domain);
	if (!str_ends_nocase(host, domain))
		return false;
	return length == tail || host[length - tail - 1] == '.';
}

bool str_to_int(const char *text, int64_t low, int64_t high, int64_t *number)
{
	char *end = NULL;
	if (*text == '\0' || strspn(text + (*text == '-'), "0123456789") != strlen(text) - (*text == '-'))
		return false;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < low || value > high)
		return false;
	*number = value;
	return true;
}

size_t str_utf8_length(const unsigned char *bytes, size_t length)
{
	if (length == 0)
		return 0;
	unsigned char lead = bytes[0];
	size_t want = lead < 0x80 ? 1 : lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) == 0xe0 ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
	if (want == 0 || want > length)
		return 0;
	for (size_t i = 1; i < want; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	if ((lead == 0xe0 && bytes[1] < 0xa0) || (lead == 0xed && bytes[1] > 0x9f) || (lead == 0xf0 && bytes[1] < 0x90) ||
	    (lead == 0xf4 && bytes[1] > 0x8f))
		return 0;
	return want;
}

bool str_is_utf8(const char *bytes, size_t length)
{
	const unsigned char *at = (const unsigned char *)bytes;
	while (length > 0) {
		size_t step = str_utf8_length(at, length);
		if (step == 0)
			return false;
		at += step;
		length -= step;
	}
	return true;
}

char *str_hex(const unsigned char *bytes, size_t length, char *text)
{
	for (size_t i = 0; i < length; i++) {
		text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	text[2 * length] = '\0';
	return text;
}
