#ifndef PROBE_OFFERS_H
#define PROBE_OFFERS_H
/*
 * --deep: behind the ordinary handshake one narrower handshake after the other with the same address, each on a connection of
 * its own: every TLS version; when TLS 1.2 is spoken, every suite that Microsoft documents for it; at last all of it without a
 * server name (SNI), which also shows that the server still speaks with us.
 *
 * What an earlier handshake has shown is not tried again. One at a time, with a pause before each; it ends at the first
 * connection that fails, that stalls or that is turned away before TLS, since a server that has enough of us says nothing
 * about versions.
 */
#include "probe/session.h"
#include "proto/starttls.h"

struct offers;

/* The ordinary handshake is done and described in `stage`, which gets the rows. `done` is called once, on a later turn. */
struct offers *offers_new(struct session *session, struct stage *stage, enum starttls_protocol protocol,
                          void (*done)(struct session *session));
void offers_interrupt(struct offers *offers); /* `done` is called at once */
void offers_free(struct offers *offers); /* NULL is fine; `done` is not called any more */

#endif
