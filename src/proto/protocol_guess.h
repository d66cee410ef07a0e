#ifndef PROTO_PROTOCOL_GUESS_H
#define PROTO_PROTOCOL_GUESS_H
/* What the first bytes of a peer look like, whatever was expected of it. */
#include <stddef.h>

/* "imap", "smtp", "pop3", "http", "ssh", "ftp", "tls" (a record header), or NULL when it looks like none. */
const char *protocol_guess(const void *bytes, size_t length);

#endif
