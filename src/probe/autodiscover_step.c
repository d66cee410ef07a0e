#include "probe/autodiscover_step.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/policy.h"
#include "cutover/probe.h"
#include "probe/web.h"
#include "proto/autodiscover.h"

enum { HOPS_MOST = 10, STATUS_OK = 200, STATUS_MOVED = 300, STATUS_BAD = 400, STATUS_CREDENTIALS = 401 };

struct autodiscover_step {
	struct job *job;
	struct web *web;
	char *name, *url, *request;
	bool is_get; /* the first request is a GET */
	bool is_json;
	int hops;
	struct names visited;
	int64_t started_ms;
	autodiscover_step_done *done;
	void *user;
};

static void step_free(struct autodiscover_step *step)
{
	web_cancel(step->web);
	names_clear(&step->visited);
	free(step->name);
	free(step->url);
	free(step->request);
	free(step);
}

static void mark(struct observation *o, const char *name, int hops)
{
	observation_add_text(o, FACT_AUTODISCOVER_STEP, 0, name);
	observation_add_int(o, FACT_AUTODISCOVER_HOP, 0, hops);
}

static void note_answer(struct observation *o, const struct autodiscover_answer *answer)
{
	for (size_t i = 0; i < answer->type_count; i++)
		observation_add_bytes(o, FACT_AUTODISCOVER_TYPE, (uint32_t)i, answer->types[i], strlen(answer->types[i]));
	if (answer->target != NULL)
		observation_add_bytes(o, FACT_AUTODISCOVER_TARGET, 0, answer->target, strlen(answer->target));
	if (answer->error != NULL)
		observation_add_bytes(o, FACT_AUTODISCOVER_ERROR, 0, answer->error, strlen(answer->error));
	if (answer->fault != NULL)
		observation_add_text(o, FACT_AUTODISCOVER_FAULT, 0, answer->fault);
}

/* What a document of status 200 says, in a word; *next gets the address to ask instead, allocated, or NULL. */
static const char *read_document(const struct autodiscover_step *step, const struct http_reply *reply, struct observation *o, char **next)
{
	static const char *const words[] = {
	    [AUTODISCOVER_OTHER] = "page",           [AUTODISCOVER_SETTINGS] = "settings",        [AUTODISCOVER_REDIRECT_URL] = "redirect",
	    [AUTODISCOVER_REDIRECT_ADDRESS] = "address", [AUTODISCOVER_ERROR] = "error",
	};
	struct autodiscover_answer answer;
	if (step->is_json)
		autodiscover_read_json(reply->body, reply->body_length, &answer);
	else
		autodiscover_read_xml(reply->body, reply->body_length, &answer);
	note_answer(o, &answer);
	*next = answer.kind == AUTODISCOVER_REDIRECT_URL ? xstrdup(answer.target) : NULL;
	const char *word = words[answer.kind];
	autodiscover_answer_clear(&answer);
	return word;
}

/* Why that address is not asked, in a word; NULL: it is. */
static const char *refusal(const struct autodiscover_step *step, const char *next)
{
	char host[256];
	bool is_tls = false;
	uint16_t port;
	if (!http_split_url(next, &is_tls, host, &port))
		return "other";
	if (!is_tls)
		return "downgrade";
	if (names_has(&step->visited, next))
		return "loop";
	return step->hops == HOPS_MOST ? "too-many" : NULL;
}

static void ask(struct autodiscover_step *step);

/* The hop's word goes into the observation; true when the step goes on. */
static bool take(struct autodiscover_step *step, const struct http_reply *reply, struct observation *o)
{
	const char *word = "other";
	char *next = NULL;
	bool is_redirect = reply->status >= STATUS_MOVED && reply->status < STATUS_BAD && reply->location != NULL;
	if (reply->status == STATUS_CREDENTIALS)
		word = "alive";
	else if (reply->status == STATUS_OK)
		word = read_document(step, reply, o, &next);
	else if (is_redirect)
		word = "redirect";
	if (is_redirect && !step->is_json)
		next = xstrdup(reply->location);
	const char *refused = next != NULL ? refusal(step, next) : NULL;
	observation_add_text(o, FACT_AUTODISCOVER_ANSWER, 0, refused != NULL ? refused : word);
	if (next == NULL || refused != NULL) {
		free(next);
		return false;
	}
	free(step->url);
	step->url = next;
	step->hops++;
	return true;
}

static void on_done(void *user, const struct http_reply *reply, struct observation *o, bool is_last)
{
	struct autodiscover_step *step = user;
	bool goes_on = false;
	mark(o, step->name, step->hops);
	if (is_last)
		step->web = NULL;
	if (is_last && reply != NULL && reply->outcome == OUTCOME_OK)
		goes_on = take(step, reply, o);
	job_observe(step->job, o);
	if (!is_last)
		return;
	if (goes_on) {
		ask(step);
		return;
	}
	autodiscover_step_done *done = step->done;
	void *owner = step->user;
	step_free(step);
	done(owner);
}

static void ask(struct autodiscover_step *step)
{
	struct web_request request = {
	    .url = step->url,
	    .body_ceiling = AUTODISCOVER_BYTES,
	    .is_led = step->hops > 0,
	};
	if (!step->is_json && (!step->is_get || step->hops > 0)) {
		request.body = step->request;
		request.content_type = "text/xml; charset=utf-8";
	}
	names_add(&step->visited, step->url);
	step->started_ms = clock_now_ms();
	step->web = web_start(step->job, &request, on_done, step);
}

struct autodiscover_step *autodiscover_step_start(struct job *job, const struct autodiscover_rung *rung, autodiscover_step_done *done,
                                                  void *user)
{
	struct autodiscover_step *step = xcalloc(1, sizeof *step);
	step->job = job;
	step->name = xstrdup(rung->name);
	step->url = xstrdup(rung->url);
	step->request = xstrdup(rung->request);
	step->is_get = rung->is_get;
	step->is_json = rung->is_json;
	step->done = done;
	step->user = user;
	ask(step);
	return step;
}

void autodiscover_step_end(struct autodiscover_step *step, bool is_cancelled)
{
	if (step == NULL)
		return;
	struct observation *o = observation_new("autodiscover", step->job->target->host, NULL, step->started_ms);
	o->outcome = is_cancelled ? OUTCOME_CANCELLED : OUTCOME_TIMEOUT;
	o->elapsed_ms = clock_now_ms() - step->started_ms;
	observation_add_bytes(o, FACT_HTTP_URL, 0, step->url, strlen(step->url));
	if (is_cancelled)
		observation_add_text(o, FACT_SKIP_REASON, 0, "cancelled");
	mark(o, step->name, step->hops);
	job_observe(step->job, o);
	step_free(step);
}

void autodiscover_step_skip(struct job *job, const char *name)
{
	struct observation *o = observation_new("autodiscover", job->target->host, NULL, clock_now_ms());
	o->outcome = OUTCOME_SKIPPED;
	observation_add_text(o, FACT_SKIP_REASON, 0, "not-published");
	mark(o, name, 0);
	job_observe(job, o);
}
