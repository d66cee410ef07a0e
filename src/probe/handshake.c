#include "probe/handshake.h"

#include <stdlib.h>

#include "base/str.h"
#include "io/net.h"
#include "io/tls_observe.h"

enum starttls_protocol handshake_protocol(const struct job *job)
{
	uint16_t port = job->target->port;
	enum starttls_protocol by_port = starttls_protocol_of_port(port);
	if (port == 993 || port == 995 || port == 465)
		return STARTTLS_NONE;
	return by_port != STARTTLS_NONE ? by_port : starttls_protocol_find(job->options->protocol);
}

void handshake_observe(struct stage *stage, const struct session *session, bool is_starttls)
{
	if (stage->observation == NULL)
		stage_begin(stage, session, "tls");
	observation_add_text(stage->observation, FACT_TLS_MODE, 0, is_starttls ? "starttls" : "implicit");
	observation_add_text(stage->observation, FACT_TLS_NAME, 0, session->job->target->host);
}

void handshake_begin(struct stage *stage, struct session *session, bool is_starttls)
{
	handshake_observe(stage, session, is_starttls);
	stream_start_tls(session->stream, session->job->target->host);
	session_wait(session);
}

void handshake_describe(struct stage *stage, struct session *session)
{
	const struct tls_judgement judgement = {
	    .name = session->job->target->host,
	    .at = session->job->options->judge_at,
	    .cutover = session->job->options->cutover,
	};
	tls_observe_success(stage->observation, session->stream, session->job->net->tls, &judgement);
}

void handshake_succeed(struct stage *stage, struct session *session)
{
	handshake_describe(stage, session);
	stage_end(stage, session, OUTCOME_OK);
}

void handshake_visited(struct job *job)
{
	const struct evidence *seen = job_seen(job);
	if (!job->options->fetches)
		return;
	char *target = target_host_port(job->target->host, job->target->port);
	for (size_t i = evidence_next(seen, 0, "tls"); i < seen->count; i = evidence_next(seen, i + 1, "tls")) {
		const struct observation *o = seen->observations[i];
		if (str_equal(o->target, target) && observation_has(o, FACT_CERT_MISSING_AIA, 0)) {
			job_lead(job, "issuer", target);
			break;
		}
	}
	free(target);
}

void handshake_explain(struct stage *stage, struct session *session, bool is_starttls)
{
	const struct stream_tls *tls = stream_tls(session->stream);
	if (is_starttls && tls->plain_length > 0)
		observation_add_bytes(stage->observation, FACT_STARTTLS_EXTRA_BYTES, 0, tls->plain, tls->plain_length);
	else
		tls_observe_failure(stage->observation, session->stream);
}
