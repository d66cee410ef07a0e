#ifndef IO_DNS_CLIENT_H
#define IO_DNS_CLIENT_H
/*
 * One DNS question to one server: c-ares carries it, ldns reads and writes it.
 *
 * Retries, TCP after truncation, the plain query after FORMERR and TCP after silence are steps of ours, each visible in
 * the reply. One channel a server, TCP on a channel of its own (c-ares 1.18 re-sends everything when one socket fails).
 * A reply whose question is not the one asked is dropped by c-ares or by us; it never counts as an answer.
 *
 * Identical questions (server, name, type, flags) of one run are asked once: later callers get the same reply.
 */
#include <ldns/ldns.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/observation.h"
#include "io/endpoint.h"
#include "proto/dns_message.h" /* DNS_RD, DNS_DO, DNS_CD, DNS_NSID, DNS_NO_EDNS, DNS_CHAOS */

struct net;
struct dns_client;
struct dns_query;

/* How it is sent; goes on from enum dns_message_flags. */
enum dns_flags {
	DNS_TCP = 64,      /* TCP at once */
	DNS_NO_MEMO = 128, /* ask even if the same question was asked before */
	DNS_ONCE = 256,    /* one try, no other transport: control queries */
};

struct dns_question {
	const char *name;              /* presentation form, without the last dot */
	ldns_rr_type type;
	const struct endpoint *server; /* copied */
	unsigned flags;
};

struct dns_step {
	const char *step; /* as documented for dns.steps in facts.def */
	bool is_tcp;
	enum outcome outcome;
	int64_t elapsed_ms;
};

enum { DNS_STEPS = 8 };

struct dns_reply {
	enum outcome outcome; /* dns_message_outcome's, or timeout, refused, unreachable, reset, closed, protocol, skipped */
	bool is_icmp;         /* REFUSED or UNREACHABLE came from the network (ICMP, RST), not from a DNS server */
	int error;            /* errno behind it, or 0 */
	const char *skip_reason; /* SKIPPED: no-family, no-route */
	const char *fault;    /* PROTOCOL without a packet: what was wrong with the bytes */
	const ldns_pkt *packet; /* NULL without an answer */
	size_t extra_bytes;   /* behind the packet's last record */
	bool is_tcp, is_edns, was_truncated;
	struct endpoint server;
	int64_t started_ms, elapsed_ms;
	struct dns_step steps[DNS_STEPS];
	int step_count;
};

/* `reply` is borrowed for the call. */
typedef void dns_done(void *user, const struct dns_reply *reply);

struct dns_client *dns_client_new(struct net *net);
void dns_client_close(struct dns_client *client); /* cancels what is under way; closes handles: the loop must turn once more */
void dns_client_free(struct dns_client *client);

/*
 * Never calls back before it returns; always calls back once, unless cancelled. NULL for a name that is no DNS name.
 * Waits at most about dns_timeout_ms * dns_tries, then once more dns_timeout_ms for the query without EDNS and the one over
 * TCP, which are sent side by side. A late answer to an earlier try still counts.
 */
struct dns_query *dns_ask(struct net *net, const struct dns_question *question, dns_done *done, void *user);
void dns_query_cancel(struct dns_query *query); /* done is not called; NULL is fine */

/*
 * An observation of probe `probe` for that reply, with all dns.* facts of its header, steps and records (role, purpose, zone and
 * server name are the caller's to add).
 */
struct observation *dns_observe(const char *probe, const char *target, const struct dns_question *question, const struct dns_reply *reply);

#endif
