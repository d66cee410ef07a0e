#ifndef IO_HTTP_H
#define IO_HTTP_H
/*
 * One HTTP exchange with one address, by libcurl inside our loop. Redirects are reported, never followed: the caller decides
 * hop by hop. No cookies, no credentials, no proxy from the environment, no compression (so no bomb), HTTP/1.1.
 *
 * Certificates are recorded as for IMAP (certificate.h) and do not stop the exchange: whether they matter is for a rule.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/observation.h"
#include "io/endpoint.h"

struct net;
struct http_client;
struct http_exchange;

struct http_request {
	const char *probe, *target;  /* of the observation */
	const char *url;             /* http:// or https://, A-labels */
	const char *host;            /* the host in it; also the TLS name */
	struct endpoint address;     /* where to connect, with the port */
	const char *body;            /* NULL: GET, else POST */
	const char *content_type;    /* of the body */
	bool is_binary;              /* the answer's body is no text: it is not kept as a fact */
	size_t body_ceiling;         /* bytes of the answer's body that are kept; more ends the exchange */
	int64_t timeout_ms;          /* of the whole exchange */
	int64_t judge_at;            /* certificates are verified as of then */
};

struct http_reply {
	enum outcome outcome; /* ok: an HTTP answer came in whole; protocol: a body beyond the ceiling, or no HTTP */
	int status;           /* 0 without an answer */
	const char *location; /* absolute address of a redirect, or NULL */
	const char *content_type; /* or NULL */
	int64_t retry_after_s; /* of Retry-After, seconds from now; 0 without one */
	const char *body;     /* terminated */
	size_t body_length;
};

/* The reply is borrowed for the call; the observation (http.*, tls.*, cert.* facts) is the callee's. */
typedef void http_done(void *user, const struct http_reply *reply, struct observation *observation);

/* Never calls back before it returns; always once, unless cancelled. Copies the request. */
struct http_exchange *http_start(struct net *net, const struct http_request *request, http_done *done, void *user);
void http_cancel(struct http_exchange *exchange); /* NULL is fine */

/* Takes an http(s) URL apart with libcurl's parser. False when it is none, or has user information in it. */
bool http_split_url(const char *url, bool *is_tls, char host[256], uint16_t *port);

struct http_client *http_client_new(struct net *net);
void http_client_close(struct http_client *client); /* closes its handles; the loop must turn once more */
void http_client_free(struct http_client *client);

#endif
