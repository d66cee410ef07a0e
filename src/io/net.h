#ifndef IO_NET_H
#define IO_NET_H
/*
 * What probes reach the network with: the loop, the DNS client, TLS, the pace. One for a run.
 * Probes ask it for transports; nothing else in the program opens a socket.
 */
#include <stddef.h>
#include <stdint.h>

#include "cutover/error.h"
#include "io/endpoint.h"

struct dns_client; /* io/dns_client.h */
struct tls_context; /* io/tls_context.h */
struct pacer;       /* io/pacer.h */
struct http_client; /* io/http_client.h */
struct loop;

/* --connect HOST:ADDRESS */
struct connect_override {
	char *host;
	struct endpoint address; /* port 0 */
};

struct net_config {
	int family;               /* 4, 6, or 0 for both */
	struct endpoint *resolvers; /* at least one */
	size_t resolver_count;
	struct connect_override *overrides;
	size_t override_count;
	const char *ca_file;      /* NULL: the system's */
	char *trust_anchors;      /* DNSSEC: DS and DNSKEY lines that were checked; NULL: the root's */
	int64_t connect_timeout_ms; /* one connection, handshake step or reply: LIMIT_CONNECT_MS */
	int64_t dns_timeout_ms;   /* one DNS try: LIMIT_DNS_TRY_MS */
	int dns_tries;            /* LIMIT_DNS_TRIES */
	int64_t dns_patience_ms;  /* silence of one resolver before the next one is asked, too: LIMIT_DNS_PATIENCE_MS */
	uint16_t dns_port;        /* port of authoritative servers: 53 */
	uint16_t http_port, https_port; /* 0: 80 and 443; where URLs name none */
	int rate;                 /* new connections or queries a second */
	int per_host;             /* connections under way to one address */
};

struct net {
	const struct net_config *config; /* borrowed */
	struct loop *loop;
	struct dns_client *dns;
	struct tls_context *tls;
	struct pacer *pacer;
	struct http_client *http; /* made with the first exchange */
	bool is_closed;
};

/* Raises RLIMIT_NOFILE, ignores SIGPIPE, loads trust anchors. NULL with the error when the CA file cannot be read. */
struct net *net_new(const struct net_config *config, struct error *error);

/* Once nothing is probed any more: closes what keeps the loop alive (idle DNS channels, timers), so that loop_run returns. */
void net_close(struct net *net);
void net_free(struct net *net); /* after the loop has run dry */

#endif
