#ifndef BASE_STR_H
#define BASE_STR_H
/* Small questions about text, ASCII only: no locale changes an answer. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool str_equal(const char *a, const char *b);        /* NULL equals only NULL */
bool str_equal_nocase(const char *a, const char *b); /* ASCII case folded; NULL equals only NULL */
bool str_starts(const char *text, const char *prefix);
bool str_starts_nocase(const char *text, const char *prefix);
bool str_ends_nocase(const char *text, const char *suffix);
const char *str_find_nocase(const char *text, const char *needle); /* first place, or NULL */
void str_lower(char *text);                          /* in place */

/* `host` is `domain` or below it; both without trailing dot, case folded. */
bool str_in_domain(const char *host, const char *domain);

/* The whole text as a decimal number within [low, high]. */
bool str_to_int(const char *text, int64_t low, int64_t high, int64_t *number);

/* Lower-case hexadecimal; `text` has room for 2 * length + 1. Returns `text`. */
char *str_hex(const unsigned char *bytes, size_t length, char *text);

/* Whether the bytes are valid UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool str_is_utf8(const char *bytes, size_t length);

/* Length of the valid UTF-8 sequence at the start of bytes (1..4), or 0. */
size_t str_utf8_length(const unsigned char *bytes, size_t length);

#endif
