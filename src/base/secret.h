#ifndef BASE_SECRET_H
#define BASE_SECRET_H
/*
 * A password: locked into memory, left out of core dumps, zeroed when freed, never printed. It is no fact and no
 * string: whoever needs the bytes says so by calling secret_bytes.
 */
#include <stddef.h>

struct secret;

struct secret *secret_new(const void *bytes, size_t length); /* copies; the caller wipes its own (secret_wipe) */
struct secret *secret_new_room(size_t length);               /* zeros, to be written through secret_room */
char *secret_room(struct secret *secret, size_t *length);    /* all of it, to write to */
void secret_free(struct secret *secret);                     /* zeroes; NULL is fine */
const char *secret_bytes(const struct secret *secret, size_t *length); /* terminated; borrowed */
void secret_wipe(void *bytes, size_t length);                /* zeroes memory that held a secret */
void secret_wipe_stack(void);                               /* the stack below the caller, where calls that are over left copies */

/* Many in one place: a page each would be too much for a file of 50,000. Zeroed at first. */
struct secret_store {
	struct secret *memory;
	size_t used;
};

size_t secret_store_add(struct secret_store *store, const void *bytes, size_t length); /* returns its offset */
const char *secret_store_at(const struct secret_store *store, size_t offset);          /* borrowed until the next add */
void secret_store_clear(struct secret_store *store);                                   /* zeroes */

/* Nothing of this process's memory goes to disk or to another process of the same user: no core, no ptrace. */
void secret_guard_process(void);

#endif
