/*
 * The certificate that a server forgot to send, fetched from the address in the certificate that it issued (AIA), to prove
 * whether it alone is missing. A lead of the probes that shake hands, with --fetch only.
 *
 * The address is a stranger's word: it is asked over plain http too (the certificate is signed, so that nobody on the way can
 * give us another), but hosts that are not public are left alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/probe.h"
#include "io/certificate.h"
#include "io/net.h"
#include "io/tls_context.h"
#include "probe/web.h"

struct issuer_probe {
	struct job *job;
	char *target;                    /* "host:port" */
	size_t chains[LIMIT_ISSUERS];    /* observations with a chain that lacks an issuer, each leaf once */
	size_t count, next;
	struct web *web;
	char *url;
	int hops;
};

static const struct observation *chain_seen(const struct issuer_probe *probe)
{
	return job_seen(probe->job)->observations[probe->chains[probe->next]];
}

static bool is_known(const struct issuer_probe *probe, const char *leaf)
{
	const struct evidence *seen = job_seen(probe->job);
	for (size_t i = 0; i < probe->count; i++)
		if (str_equal(observation_text(seen->observations[probe->chains[i]], FACT_CERT_SHA256, 0), leaf))
			return true;
	return false;
}

static void find_chains(struct issuer_probe *probe)
{
	const struct evidence *seen = job_seen(probe->job);
	for (size_t i = evidence_next(seen, 0, "tls"); i < seen->count && probe->count < LIMIT_ISSUERS; i = evidence_next(seen, i + 1, "tls")) {
		const struct observation *o = seen->observations[i];
		if (str_equal(o->target, probe->target) && observation_has(o, FACT_CERT_MISSING_AIA, 0) &&
		    !is_known(probe, observation_text(o, FACT_CERT_SHA256, 0)))
			probe->chains[probe->count++] = i;
	}
}

static void issuer_end(struct issuer_probe *probe)
{
	struct job *job = probe->job;
	free(probe->target);
	free(probe->url);
	free(probe);
	job->state = NULL;
	job_end(job);
}

static void note_certificates(struct issuer_probe *probe, struct observation *o, const struct http_reply *reply)
{
	const char *form = NULL;
	STACK_OF(X509) *fetched = certificate_read(reply->body, reply->body_length, &form);
	const struct certificate_chain chain = {certificate_kept(chain_seen(probe)), tls_context_store(probe->job->net->tls)};
	if (fetched == NULL)
		observation_add_text(o, FACT_ISSUER_FAULT, 0, "what came is no certificate");
	else
		observation_add_text(o, FACT_ISSUER_FORM, 0, form);
	if (fetched != NULL && chain.sent == NULL)
		observation_add_text(o, FACT_ISSUER_FAULT, 0, "the chain as it was sent is too large to be looked at again");
	else if (fetched != NULL)
		certificate_try_issuer(o, &chain, fetched, probe->job->options->judge_at);
	sk_X509_pop_free(chain.sent, X509_free);
	sk_X509_pop_free(fetched, X509_free);
}

static void ask(struct issuer_probe *probe);

/* A redirect within the bound; its address is the next to be asked. */
static bool follow(struct issuer_probe *probe, const struct http_reply *reply)
{
	if (reply->outcome != OUTCOME_OK || reply->status / 100 != 3 || reply->location == NULL || probe->hops == LIMIT_ISSUER_HOPS)
		return false;
	probe->hops++;
	free(probe->url);
	probe->url = xstrdup(reply->location);
	return true;
}

static void begin_chain(struct issuer_probe *probe)
{
	if (probe->next == probe->count) {
		issuer_end(probe);
		return;
	}
	const char *url = observation_text(chain_seen(probe), FACT_CERT_MISSING_AIA, 0);
	probe->url = xstrdup(url);
	probe->hops = 0;
	ask(probe);
}

static void on_done(void *user, const struct http_reply *reply, struct observation *o, bool is_last)
{
	struct issuer_probe *probe = user;
	const char *leaf = observation_text(chain_seen(probe), FACT_CERT_SHA256, 0);
	bool is_redirect = reply != NULL && is_last && follow(probe, reply);
	if (leaf != NULL)
		observation_add_text(o, FACT_ISSUER_LEAF_SHA256, 0, leaf);
	if (reply != NULL && reply->outcome == OUTCOME_OK && reply->status == 200)
		note_certificates(probe, o, reply);
	job_observe(probe->job, o);
	if (!is_last)
		return;
	probe->web = NULL;
	if (is_redirect) {
		ask(probe);
		return;
	}
	free(probe->url);
	probe->url = NULL;
	probe->next++;
	begin_chain(probe);
}

static void ask(struct issuer_probe *probe)
{
	const struct web_request request = {
	    .url = probe->url, .target = probe->target, .body_ceiling = LIMIT_ISSUER_BYTES, .is_binary = true, .is_led = true};
	probe->web = web_start(probe->job, &request, on_done, probe);
}

static void start(struct job *job)
{
	struct issuer_probe *probe = xcalloc(1, sizeof *probe);
	probe->job = job;
	probe->target = target_host_port(job->target->host, job->target->port);
	job->state = probe;
	find_chains(probe);
	begin_chain(probe);
}

static void stop(struct job *job)
{
	struct issuer_probe *probe = job->state;
	if (probe == NULL)
		return;
	struct observation *o = observation_new("issuer", probe->target, NULL, clock_now_ms());
	o->outcome = OUTCOME_CANCELLED;
	observation_add_bytes(o, FACT_HTTP_URL, 0, probe->url, strlen(probe->url));
	observation_add_text(o, FACT_SKIP_REASON, 0, "cancelled");
	job_observe(job, o);
	web_cancel(probe->web);
	issuer_end(probe);
}

const struct probe issuer_probe = {
    .name = "issuer",
    .about = "the certificate that a chain lacks, from the address in it",
    .start = start,
    .stop = stop,
};
