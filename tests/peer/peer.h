#ifndef TESTS_PEER_H
#define TESTS_PEER_H
/*
 * A scripted server on loopback: it listens on a port of the system's choice, and a thread of its own runs the script once for
 * each connection. Scripts block; peer_free ends whatever they wait for.
 */
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peer;
struct talk; /* one accepted connection */

typedef void peer_script(struct talk *talk, void *argument);

/* `address` is "127.0.0.1" or "::1". */
struct peer *peer_new(const char *address, peer_script *script, void *argument);
void peer_free(struct peer *peer);
uint16_t peer_port(const struct peer *peer);
int peer_accepted(struct peer *peer); /* connections so far */
/* All that clients sent, inside TLS or not, in the order in which it was read; valid until the next call. */
const char *peer_heard(struct peer *peer);

/* All of these return at once when the client has gone. */
void talk_say(struct talk *talk, const char *text);
void talk_say_bytes(struct talk *talk, const void *bytes, size_t length);
void talk_spell(struct talk *talk, const char *text); /* a byte a segment */
/* The next line without its end, or NULL when the client has gone; valid until the next call. */
const char *talk_hear(struct talk *talk);
void talk_hold(struct talk *talk); /* reads until the client goes */
void talk_pause(struct talk *talk, int milliseconds);
void talk_reset(struct talk *talk); /* RST instead of FIN when the script returns */
bool talk_begin_tls(struct talk *talk, SSL_CTX *context); /* false when the handshake failed */
int talk_number(const struct talk *talk); /* 0 for the first connection */
int talk_fd(const struct talk *talk);

#endif
