#ifndef BASE_SECRET_H
#define BASE_SECRET_H
/*
 * A password: locked into memory, left out of core dumps, zeroed when freed, never printed. It is no fact and no
 * string: whoever needs the bytes says so by calling secret_bytes.
 */
#include <stddef.h>

struct secret;

struct secret *secret_new(const void *bytes, size_t length); /* copies; the caller wipes its own (secret_wipe) */
void secret_free(struct secret *secret);                     /* zeroes; NULL is fine */
const char *secret_bytes(const struct secret *secret, size_t *length); /* terminated; borrowed */
void secret_wipe(void *bytes, size_t length);                /* zeroes memory that held a secret */

#endif
