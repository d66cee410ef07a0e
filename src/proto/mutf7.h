#ifndef PROTO_MUTF7_H
#define PROTO_MUTF7_H
/* Folder names as IMAP4rev1 carries them: modified UTF-7 (RFC 3501 5.1.3). */
#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Adds the name as UTF-8. False when it does not decode: a bad character, bits left over, half a surrogate pair, printable ASCII
 * in base64, '&' without '-', bytes beyond ASCII; `out` then holds what came before the fault.
 */
bool mutf7_decode(struct buf *out, const char *bytes, size_t length);

#endif
