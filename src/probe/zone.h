#ifndef PROBE_ZONE_H
#define PROBE_ZONE_H
/*
 * The shared body of the probes `dns` and `ttl`: finds a domain's zone, its servers and its parent's, asks each address of
 * each server, and the resolvers for what they hold. One observation a question and server.
 *
 *   1. resolvers: NS and SOA of the domain, NS above it, a made-up name (does the resolver rewrite?)
 *   2. resolvers: the addresses of the servers found
 *   3. the servers, RD=0: what is published; the parent's: whom they delegate to
 *   4. resolvers: the addresses of the MX hosts; and, now that the MX set is known to exist, a lead to the probe `cache`
 *
 * Each question goes out as soon as its input is there. When no authoritative server says anything about the MX set, the
 * published records are asked of the resolvers instead (role resolver, purpose records).
 */
#include <stdbool.h>

struct job;

/* Takes the job over until it has ended. `has_records`: all records of a migration, not the MX set alone. */
void zone_start(struct job *job, bool has_records);
void zone_stop(struct job *job);

#endif
