#ifndef REPLAY_DNS_WORLD_H
#define REPLAY_DNS_WORLD_H
/*
 * DNS evidence as the probes "dns" and "ttl" write it: one question to one server. Two authoritative servers,
 * ns1 and ns2.contoso.com at 192.0.2.53 and .54, one resolver at 198.51.100.53, a parent server at 203.0.113.53.
 */
#include "builder.h"

enum { NS1 = 1, NS2 = 2 };

/* An answer of an authoritative server (with AA), to be filled: outcome OK, NODATA, NXDOMAIN, or what went wrong. */
struct observation *ask_zone(struct world *world, int server, const char *question, const char *type, enum outcome outcome);
/* The same, asked for its TTL alone, as `ttl` does. */
struct observation *ask_ttl(struct world *world, int server, const char *question, const char *type, enum outcome outcome);
struct observation *ask_resolver(struct world *world, const char *question, const char *type, enum outcome outcome);
struct observation *ask_organization(struct world *world, const char *question, enum outcome outcome); /* the resolver, for DMARC above */
struct observation *ask_parent(struct world *world, enum outcome outcome);

/* The domain's MX set at a server: one or two records with one TTL; NULL: no second one. */
struct observation *serve_mx(struct world *world, int server, int64_t ttl_s, const char *host, const char *second);
void serve_mx_everywhere(struct world *world, int64_t ttl_s, const char *host, const char *second);

/* One more record of an answer. */
void add_mx(struct observation *o, int64_t preference, const char *host, int64_t ttl_s);
void add_address(struct observation *o, const char *address, int64_t ttl_s);
void add_alias(struct observation *o, const char *target, int64_t ttl_s);
void add_txt(struct observation *o, const char *text, int64_t ttl_s);
void add_srv(struct observation *o, const char *target);
void add_ns(struct observation *o, const char *host);
void add_soa(struct observation *o, int64_t serial, int64_t negative_ttl_s);

/* The answer's first alias, address, text, ...: the whole question at both authoritative servers. */
void publish_address(struct world *world, const char *name, const char *address, int64_t ttl_s);
void publish_alias(struct world *world, const char *name, const char *target, int64_t ttl_s);
void publish_nothing(struct world *world, const char *name, const char *type, enum outcome outcome);
void publish_txt(struct world *world, const char *first, const char *second);

/* The host's A and AAAA as the resolver gives them: an address, or NULL for NXDOMAIN. */
void resolve_host(struct world *world, const char *host, const char *address);

#endif
