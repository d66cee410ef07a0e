#include "probe/web.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/policy.h"
#include "cutover/probe.h"
#include "io/lookup.h"
#include "io/loop.h"
#include "io/net.h"
#include "model/public_address.h"

enum { TRIES = 2, PORT_HTTP = 80, PORT_HTTPS = 443 };

struct web {
	struct job *job;
	char *url, *body, *content_type, *target, host[256];
	size_t body_ceiling;
	uint16_t port;
	bool is_led, is_binary;
	struct lookup *lookup;
	struct http_exchange *exchange;
	struct ready ready;
	struct endpoint addresses[TRIES];
	size_t count, next;
	web_done *done;
	void *user;
};

static void web_free(struct web *web)
{
	lookup_cancel(web->lookup);
	http_cancel(web->exchange);
	ready_cancel(&web->ready);
	free(web->url);
	free(web->body);
	free(web->content_type);
	free(web->target);
	free(web);
}

/* The last word: after this the web is gone. */
static void finish(struct web *web, const struct http_reply *reply, struct observation *o)
{
	web_done *done = web->done;
	void *user = web->user;
	web->exchange = NULL;
	web_free(web);
	done(user, reply, o, true);
}

/* What was not even tried: the host has no address, or none that may be asked. */
static void fail(struct web *web, enum outcome outcome, const char *address, const char *reason)
{
	struct observation *o = observation_new(web->job->probe->name, web->target, address, clock_now_ms());
	o->outcome = outcome;
	observation_add_bytes(o, FACT_HTTP_URL, 0, web->url, strlen(web->url));
	observation_add_text(o, FACT_HTTP_METHOD, 0, web->body != NULL ? "POST" : "GET");
	if (reason != NULL)
		observation_add_text(o, outcome == OUTCOME_SKIPPED ? FACT_SKIP_REASON : FACT_DETAIL, 0, reason);
	finish(web, NULL, o);
}

/* Another address may do better where nothing was heard of this one. */
static bool is_deaf(enum outcome outcome)
{
	return outcome == OUTCOME_REFUSED || outcome == OUTCOME_TIMEOUT || outcome == OUTCOME_UNREACHABLE;
}

static void ask_next(struct web *web);

static void on_reply(void *user, const struct http_reply *reply, struct observation *o)
{
	struct web *web = user;
	web->exchange = NULL;
	if (is_deaf(reply->outcome) && web->next < web->count) {
		web->done(web->user, reply, o, false);
		ask_next(web);
		return;
	}
	/* The reply lives in the exchange, which its owner frees after this call. */
	finish(web, reply, o);
}

static void ask_next(struct web *web)
{
	const struct job *job = web->job;
	struct http_request request = {
	    .probe = job->probe->name,
	    .target = web->target,
	    .url = web->url,
	    .host = web->host,
	    .address = web->addresses[web->next++],
	    .body = web->body,
	    .content_type = web->content_type,
	    .is_binary = web->is_binary,
	    .body_ceiling = web->body_ceiling,
	    .timeout_ms = job->net->config->connect_timeout_ms,
	    .judge_at = job->options->judge_at,
	};
	endpoint_set_port(&request.address, web->port);
	web->exchange = http_start(job->net, &request, on_reply, web);
}

static bool may_ask(const struct web *web, const struct observation *seen, const struct endpoint *address)
{
	char text[ENDPOINT_TEXT_BYTES];
	return !web->is_led || observation_flag(seen, FACT_HOST_OVERRIDDEN, 0) ||
	       address_is_public(web->job->options->policy, endpoint_address(address, text), NULL);
}

/* One of each family first: a dead family should not use up the tries. */
static void take_addresses(struct web *web, const struct lookup_result *result, const struct observation *seen)
{
	bool is_taken[LIMIT_ADDRESSES] = {false};
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < result->count && web->count < TRIES; i++) {
			bool is_turn = round == 2 || endpoint_family(&result->addresses[i]) == (round == 0 ? 4 : 6);
			if (is_taken[i] || !is_turn || !may_ask(web, seen, &result->addresses[i]))
				continue;
			is_taken[i] = true;
			web->addresses[web->count++] = result->addresses[i];
			if (round < 2)
				break;
		}
	}
}

static void on_lookup(void *user, const struct lookup_result *result, struct observation *seen)
{
	struct web *web = user;
	char address[ENDPOINT_TEXT_BYTES];
	enum outcome outcome = seen->outcome;
	web->lookup = NULL;
	take_addresses(web, result, seen);
	observation_free(seen);
	if (web->count > 0)
		ask_next(web);
	else if (result->count > 0)
		fail(web, OUTCOME_SKIPPED, endpoint_address(&result->addresses[0], address), "private-address");
	else
		fail(web, outcome != OUTCOME_OK ? outcome : OUTCOME_NODATA, NULL, "the host has no address");
}

static void on_no_url(void *user)
{
	fail(user, OUTCOME_PROTOCOL, NULL, "not an address of a web server");
}

struct web *web_start(struct job *job, const struct web_request *request, web_done *done, void *user)
{
	struct web *web = xcalloc(1, sizeof *web);
	const struct net_config *config = job->net->config;
	bool is_tls = false;
	web->job = job;
	web->url = xstrdup(request->url);
	web->body = xstrdup(request->body);
	web->content_type = xstrdup(request->content_type);
	web->body_ceiling = request->body_ceiling;
	web->target = xstrdup(request->target != NULL ? request->target : job->target->host);
	web->is_binary = request->is_binary;
	web->is_led = request->is_led;
	web->done = done;
	web->user = user;
	if (http_split_url(web->url, &is_tls, web->host, &web->port)) {
		if (web->port == PORT_HTTP && !is_tls && config->http_port != 0)
			web->port = config->http_port;
		if (web->port == PORT_HTTPS && is_tls && config->https_port != 0)
			web->port = config->https_port;
		web->lookup = lookup_start(job->net, web->host, web->host, on_lookup, web);
	} else {
		ready_queue(&web->ready, job->net->loop, on_no_url, web);
	}
	return web;
}

void web_cancel(struct web *web)
{
	if (web != NULL)
		web_free(web);
}
