#ifndef REPLAY_ENDPOINT_H
#define REPLAY_ENDPOINT_H
/* Evidence of an IMAP endpoint that is all good, to be spoilt in one point by a case. */
#include "replay.h"

#define HOST "imap.contoso.com"
#define IMAPS "imap.contoso.com:993"
#define IMAP "imap.contoso.com:143"
#define V4 "203.0.114.10"
#define V4_OTHER "203.0.114.11"
#define V6 "2a01:110::10"

extern const struct replay_case host_cases[], port_cases[], tls_cases[], cert_cases[], imap_cases[];

struct observation *port_open(struct world *world, const char *target, const char *address);
struct observation *port_dead(struct world *world, const char *target, const char *address, enum outcome outcome);

/* A handshake that agreed on TLS 1.3, without certificates. */
struct observation *tls_agreed(struct world *world, const char *target, const char *address);

/* With a good chain: leaf (RSA 2048, SHA-256, 60 days left) and its intermediate; both have no errors. */
struct observation *tls_good(struct world *world, const char *target, const char *address);

/* One certificate of the chain; an EC intermediate or an RSA leaf by the row, good in all points. */
void give_certificate(struct observation *tls, uint32_t row, const char *subject, const char *issuer);

/* A row of cert.errors, as judged at "at". */
void give_error(struct observation *tls, uint32_t row, const char *when, const char *name, int64_t depth,
                const char *subject);

/* A dialogue inside TLS up to its end. */
struct observation *imap_good(struct world *world, const char *target, const char *address);

#endif
