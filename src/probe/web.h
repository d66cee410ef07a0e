#ifndef PROBE_WEB_H
#define PROBE_WEB_H
/*
 * One address asked over HTTP: its host looked up, then one address after the other until one connects. Redirects are the
 * caller's business. Each attempt is an observation with http.url, http.method and what came back.
 */
#include <stdbool.h>

#include "io/http.h"

struct job;
struct web;

struct web_request {
	const char *url;          /* http(s), A-labels */
	const char *body;         /* NULL: GET, else POST */
	const char *content_type; /* of the body */
	bool is_binary;           /* as in io/http.h */
	const char *target;       /* of the observations; NULL: the job's host */
	size_t body_ceiling;
	/* A stranger's redirect led here: addresses that are not public are not asked, unless --assume-public or --connect lifts that. */
	bool is_led;
};

/*
 * `observation` is the callee's; `reply` is NULL when there was no exchange (no such host, an address not to be asked). With
 * `is_last` false another address is tried after this.
 */
typedef void web_done(void *user, const struct http_reply *reply, struct observation *observation, bool is_last);

/* Never calls back before it returns. Copies the request. */
struct web *web_start(struct job *job, const struct web_request *request, web_done *done, void *user);
void web_cancel(struct web *web); /* NULL is fine; done is not called */

#endif
