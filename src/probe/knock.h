#ifndef PROBE_KNOCK_H
#define PROBE_KNOCK_H
/*
 * Does a port that stays silent wait for TLS? Client and server of such a mistake both wait for the other to begin,
 * which looks like a dead server. After a while of silence, and only then, a second connection offers TLS at once.
 */
#include "io/endpoint.h"

struct net;
struct knock;

/* Calls opened(user) once when TLS was answered with TLS, an alert included. `name` is the SNI, copied. */
struct knock *knock_new(struct net *net, const struct endpoint *peer, const char *name, void (*opened)(void *user),
                        void *user);
void knock_free(struct knock *knock); /* at any moment; NULL is fine */

#endif
