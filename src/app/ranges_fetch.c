#include "app/ranges_fetch.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "app/firewall_files.h"
#include "app/network.h"
#include "app/ranges_state.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/http.h"
#include "io/lookup.h"
#include "io/loop.h"
#include "io/net.h"
#include "rule/web_certificate.h"

#define HOST "endpoints.office.com"

enum { PORT_HTTPS = 443, HOUR_S = 3600, LONGEST_WAIT_S = 86400, TOO_MANY_REQUESTS = 429, UNAVAILABLE = 503 };

/* Two questions at most, one after the other, to one address after the other. */
struct fetch {
	const struct options *options;
	struct net *net;
	struct ready closing;
	struct ranges_state state;
	struct ranges *ranges;
	char instance[32];
	int64_t now;
	struct lookup_result found;
	size_t next;
	bool wants_list; /* the version is known, and another than that of the copy */
	char version[RANGES_VERSION_BYTES];
	int result;
	struct error why;
};

static void ask(struct fetch *fetch);

static void on_closing(void *user)
{
	struct fetch *fetch = user;
	net_close(fetch->net);
}

/* On a later turn: the one who tells us the end is part of the network himself. */
static void end(struct fetch *fetch, int result)
{
	fetch->result = result;
	ready_queue(&fetch->closing, fetch->net->loop, on_closing, fetch);
}

static int take_list(struct fetch *fetch, const char *text, size_t length)
{
	char *source = xasprintf("Microsoft's web service, version %s", fetch->version);
	int result = ranges_parse(fetch->ranges, source, text, length, &fetch->why);
	free(source);
	fetch->ranges->dated = fetch->now;
	return result;
}

/* The saved list; false when it is not there any more, or is none. */
static bool take_copy(struct fetch *fetch)
{
	char *path = ranges_state_copy(&fetch->state);
	bool is_good = fetch->state.version[0] != '\0' && firewall_ranges_read(fetch->ranges, path, &fetch->why) == 0;
	if (is_good) {
		free(fetch->ranges->source);
		fetch->ranges->source = xasprintf("Microsoft's web service, version %s", fetch->state.version);
		fetch->ranges->dated = fetch->state.checked;
	}
	free(path);
	return is_good;
}

static int must_wait(struct fetch *fetch)
{
	char until[CLOCK_TEXT_BYTES];
	return error_set(&fetch->why, "%s wants no more questions before %s", HOST, clock_format(fetch->state.wait_until, until));
}

/* 429, or a service that is away: for as long as it says, an hour when it does not say. */
static int refused(struct fetch *fetch, const struct http_reply *reply)
{
	struct error save = {{0}};
	int64_t wait = reply->retry_after_s > 0 ? reply->retry_after_s : HOUR_S;
	fetch->state.wait_until = fetch->now + (wait < LONGEST_WAIT_S ? wait : LONGEST_WAIT_S);
	if (ranges_state_save(&fetch->state, &save) != 0)
		return error_set(&fetch->why, "%s", save.text);
	return must_wait(fetch);
}

static int check(struct fetch *fetch, const struct http_reply *reply, const struct observation *o)
{
	const char *detail = observation_text(o, FACT_DETAIL, 0);
	char *fault = web_certificate_fault(o);
	int result = 0;
	if (fault != NULL)
		result = error_set(&fetch->why, "%s: the certificate %s", HOST, fault);
	else if (reply->outcome == OUTCOME_PROTOCOL && reply->body_length >= LIMIT_RANGES_BYTES)
		result = error_set(&fetch->why, "%s: more than %d bytes", HOST, LIMIT_RANGES_BYTES);
	else if (reply->outcome != OUTCOME_OK)
		result = error_set(&fetch->why, "%s: %s%s%s", HOST, outcome_name(reply->outcome), detail != NULL ? ": " : "",
		                   detail != NULL ? detail : "");
	else if (!web_certificate_was_seen(o))
		result = error_set(&fetch->why, "%s: no certificate was seen", HOST);
	else if (reply->status == TOO_MANY_REQUESTS || reply->status == UNAVAILABLE)
		result = refused(fetch, reply);
	else if (reply->status != 200)
		result = error_set(&fetch->why, "%s answered with HTTP status %d", HOST, reply->status);
	free(fault);
	return result;
}

/* {"instance": "Worldwide", "latest": "2026081400"} */
static int read_version(struct fetch *fetch, const struct http_reply *reply)
{
	json_t *root = json_loadb(reply->body, reply->body_length, JSON_REJECT_DUPLICATES, NULL);
	const char *latest = json_string_value(json_object_get(root, "latest"));
	bool is_good = latest != NULL && strlen(latest) < sizeof fetch->version && strspn(latest, "0123456789") == sizeof fetch->version - 1;
	if (is_good)
		memcpy(fetch->version, latest, sizeof fetch->version);
	json_decref(root);
	return is_good ? 0 : error_set(&fetch->why, "%s: the answer names no version", HOST);
}

static void on_version(struct fetch *fetch, const struct http_reply *reply)
{
	if (read_version(fetch, reply) != 0) {
		end(fetch, -1);
		return;
	}
	if (str_equal(fetch->version, fetch->state.version) && take_copy(fetch)) {
		fetch->state.checked = fetch->ranges->dated = fetch->now;
		end(fetch, ranges_state_save(&fetch->state, &fetch->why));
		return;
	}
	fetch->wants_list = true;
	fetch->next = 0;
	ask(fetch);
}

static void on_list(struct fetch *fetch, const struct http_reply *reply)
{
	int result = take_list(fetch, reply->body, reply->body_length);
	fetch->state.wait_until = TIME_UNKNOWN;
	fetch->state.checked = fetch->now;
	if (result == 0)
		result = ranges_state_keep(&fetch->state, fetch->version, reply->body, reply->body_length, &fetch->why);
	end(fetch, result);
}

static bool is_deaf(enum outcome outcome)
{
	return outcome == OUTCOME_REFUSED || outcome == OUTCOME_TIMEOUT || outcome == OUTCOME_UNREACHABLE;
}

static void on_reply(void *user, const struct http_reply *reply, struct observation *o)
{
	struct fetch *fetch = user;
	if (is_deaf(reply->outcome) && fetch->next < fetch->found.count)
		ask(fetch);
	else if (check(fetch, reply, o) != 0)
		end(fetch, -1);
	else if (fetch->wants_list)
		on_list(fetch, reply);
	else
		on_version(fetch, reply);
	observation_free(o);
}

static void ask(struct fetch *fetch)
{
	char *url = xasprintf("https://" HOST "/%s/%s?clientrequestid=%s%s", fetch->wants_list ? "endpoints" : "version", fetch->instance,
	                      fetch->state.id, fetch->wants_list ? "&ServiceAreas=Exchange" : "");
	struct http_request request = {
	    .probe = "ranges",
	    .target = HOST,
	    .url = url,
	    .host = HOST,
	    .address = fetch->found.addresses[fetch->next++],
	    .body_ceiling = LIMIT_RANGES_BYTES,
	    .timeout_ms = fetch->net->config->connect_timeout_ms,
	    .judge_at = fetch->now,
	};
	endpoint_set_port(&request.address, PORT_HTTPS);
	http_start(fetch->net, &request, on_reply, fetch);
	free(url);
}

static void on_addresses(void *user, const struct lookup_result *result, struct observation *o)
{
	struct fetch *fetch = user;
	observation_free(o);
	fetch->found = *result;
	if (fetch->found.count > 0) {
		ask(fetch);
		return;
	}
	error_set(&fetch->why, "%s has no address: %s", HOST, outcome_name(result->v4 != OUTCOME_SKIPPED ? result->v4 : result->v6));
	end(fetch, -1);
}

/* Why there is no list, and which one could be taken in its place. */
static int complain(const struct fetch *fetch, struct error *error)
{
	char checked[CLOCK_TEXT_BYTES], *path = ranges_state_copy(&fetch->state);
	bool has_copy = fetch->state.version[0] != '\0' && fetch->state.checked != TIME_UNKNOWN;
	if (has_copy)
		error_set(error, "--fetch-ranges: %.200s; the list of %s is kept: --ranges %.200s", fetch->why.text,
		          clock_format(fetch->state.checked, checked), path);
	else
		error_set(error, "--fetch-ranges: %.400s", fetch->why.text);
	free(path);
	return -1;
}

static int converse(struct fetch *fetch, struct error *error)
{
	struct net_config config = {.family = 0};
	int result = network_config(fetch->options, &config, error);
	config.family = 0; /* -4 and -6 are about the ranges */
	fetch->net = result == 0 ? net_new(&config, error) : NULL;
	if (fetch->net != NULL) {
		lookup_start(fetch->net, HOST, HOST, on_addresses, fetch);
		loop_run(fetch->net->loop);
		net_free(fetch->net);
		result = fetch->result == 0 ? 0 : complain(fetch, error);
	}
	network_config_clear(&config);
	return fetch->net != NULL ? result : -1;
}

int ranges_fetch(struct ranges *ranges, const struct options *options, enum cloud cloud, struct error *error)
{
	struct fetch fetch = {.options = options, .ranges = ranges, .now = clock_now_ms() / 1000, .result = -1};
	ranges_instance(cloud, fetch.instance);
	int result = ranges_state_open(&fetch.state, cloud, error);
	const struct ranges_state *state = &fetch.state;
	bool is_fresh = state->checked != TIME_UNKNOWN && state->checked <= fetch.now && fetch.now - state->checked < HOUR_S;
	bool must_be_quiet = state->wait_until != TIME_UNKNOWN && state->wait_until > fetch.now;
	if (result == 0 && !(is_fresh && take_copy(&fetch))) {
		if (must_be_quiet)
			must_wait(&fetch);
		result = must_be_quiet ? complain(&fetch, error) : converse(&fetch, error);
	}
	if (result != 0)
		ranges_clear(ranges);
	ranges_state_clear(&fetch.state);
	return result;
}
