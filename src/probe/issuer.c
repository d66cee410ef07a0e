/*
 * The certificate that a server forgot to send, fetched from the address in the certificate that it issued (AIA), to prove
 * whether it alone is missing; when its own issuer is missing too, that one from the address in it, and so on, a few deep.
 * A lead of the probes that shake hands, with --fetch only.
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
	STACK_OF(X509) *path; /* the chain in hand: as sent, and behind it what was fetched; NULL before anything is tried */
	int sent;
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

static void drop_path(struct issuer_probe *probe)
{
	sk_X509_pop_free(probe->path, X509_free);
	probe->path = NULL;
	probe->sent = 0;
}

static void issuer_end(struct issuer_probe *probe)
{
	struct job *job = probe->job;
	drop_path(probe);
	free(probe->target);
	free(probe->url);
	free(probe);
	job->state = NULL;
	job_end(job);
}

/* What came is tried. Returns whether it was of use. */
static bool note_certificates(struct issuer_probe *probe, struct observation *o, const struct http_reply *reply)
{
	const char *form = NULL;
	bool is_added = false;
	STACK_OF(X509) *fetched = certificate_read(reply->body, reply->body_length, &form);
	if (probe->path == NULL) {
		probe->path = certificate_kept(chain_seen(probe));
		probe->sent = sk_X509_num(probe->path);
	}
	if (fetched == NULL)
		observation_add_text(o, FACT_ISSUER_FAULT, 0, "what came is no certificate");
	else
		observation_add_text(o, FACT_ISSUER_FORM, 0, form);
	const struct certificate_chain chain = {probe->path, tls_context_store(probe->job->net->tls),
	                                        tls_context_lacks_anchors(probe->job->net->tls)};
	if (fetched != NULL && chain.sent == NULL)
		observation_add_text(o, FACT_ISSUER_FAULT, 0, "the chain as it was sent is too large to be looked at again");
	else if (fetched != NULL)
		is_added = certificate_try_issuer(o, &chain, fetched, probe->job->options->judge_at);
	sk_X509_pop_free(fetched, X509_free);
	return is_added;
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

/* `address` is a stranger's; NULL is as good as one that cannot be asked. */
static void begin_address(struct issuer_probe *probe, const char *address)
{
	free(probe->url);
	probe->url = xstrdup(address != NULL ? address : "");
	probe->hops = 0;
	ask(probe);
}

static void begin_chain(struct issuer_probe *probe)
{
	drop_path(probe);
	if (probe->next == probe->count)
		issuer_end(probe);
	else
		begin_address(probe, observation_text(chain_seen(probe), FACT_CERT_MISSING_AIA, 0));
}

/* The address of what is missing behind the one that was just added, or NULL: none is, none is given, or it is far enough. */
static const char *further_address(const struct issuer_probe *probe, const struct observation *o)
{
	bool is_far = sk_X509_num(probe->path) - probe->sent >= LIMIT_ISSUER_DEPTH;
	return is_far ? NULL : observation_text(o, FACT_CERT_MISSING_AIA, 0);
}

static void on_done(void *user, const struct http_reply *reply, struct observation *o, bool is_last)
{
	struct issuer_probe *probe = user;
	const char *leaf = observation_text(chain_seen(probe), FACT_CERT_SHA256, 0), *further = NULL;
	bool is_redirect = reply != NULL && is_last && follow(probe, reply);
	if (leaf != NULL)
		observation_add_text(o, FACT_ISSUER_LEAF_SHA256, 0, leaf);
	if (reply != NULL && reply->outcome == OUTCOME_OK && reply->status == 200 && note_certificates(probe, o, reply))
		further = further_address(probe, o);
	certificate_tell_added(o, probe->path, probe->sent);
	job_observe(probe->job, o);
	if (!is_last)
		return;
	probe->web = NULL;
	if (is_redirect) {
		ask(probe);
	} else if (further != NULL) {
		begin_address(probe, further);
	} else {
		probe->next++;
		begin_chain(probe);
	}
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
