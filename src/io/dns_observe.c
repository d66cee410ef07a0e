#include <string.h>

#include "base/buf.h"
#include "io/dns_client.h"
#include "proto/dns_facts.h"
#include "proto/dns_name.h"

static void add_steps(struct observation *o, const struct dns_reply *reply)
{
	for (int i = 0; i < reply->step_count; i++) {
		const struct dns_step *step = &reply->steps[i];
		uint32_t row = (uint32_t)i;
		observation_add_text(o, FACT_DNS_STEP, row, step->step);
		observation_add_text(o, FACT_DNS_STEP_TRANSPORT, row, step->is_tcp ? "tcp" : "udp");
		observation_add_text(o, FACT_DNS_STEP_OUTCOME, row, outcome_name(step->outcome));
		observation_add_int(o, FACT_DNS_STEP_MS, row, step->elapsed_ms);
	}
}

static void add_packet(struct observation *o, const char *name, const struct dns_reply *reply, struct buf *detail)
{
	ldns_rdf *dname = dns_name_parse(name);
	observation_add_text(o, FACT_DNS_TRANSPORT, 0, reply->is_tcp ? "tcp" : "udp");
	observation_add_bool(o, FACT_DNS_EDNS, 0, reply->is_edns);
	observation_add_bool(o, FACT_DNS_TC, 0, reply->was_truncated);
	if (dname != NULL)
		dns_facts_add(o, reply->packet, dname, detail);
	ldns_rdf_deep_free(dname);
}

struct observation *dns_observe(const char *probe, const char *target, const struct dns_question *question, const struct dns_reply *reply)
{
	char address[ENDPOINT_TEXT_BYTES], type[DNS_TYPE_TEXT];
	struct buf detail;
	bool has_server = endpoint_family(&reply->server) != 0; /* none: cancelled before a resolver was chosen */
	struct observation *o =
	    observation_new(probe, target, has_server ? endpoint_address(&reply->server, address) : NULL, reply->started_ms);
	buf_init(&detail, LIMIT_TRANSCRIPT_BYTES);
	o->outcome = reply->outcome;
	o->elapsed_ms = reply->elapsed_ms;
	observation_add_text(o, FACT_DNS_QUESTION, 0, question->name);
	observation_add_text(o, FACT_DNS_TYPE, 0, dns_type_text(question->type, type));
	if (has_server)
		observation_add_int(o, FACT_DNS_SERVER_PORT, 0, endpoint_port(&reply->server));
	if (reply->skip_reason != NULL)
		observation_add_text(o, FACT_SKIP_REASON, 0, reply->skip_reason);
	if (reply->error != 0)
		observation_add_text(o, FACT_ERRNO, 0, strerrorname_np(reply->error) != NULL ? strerrorname_np(reply->error) : "?");
	if (reply->fault != NULL)
		buf_puts(&detail, reply->fault);
	if (reply->extra_bytes > 0)
		buf_printf(&detail, "%zu bytes behind the last record", reply->extra_bytes);
	add_steps(o, reply);
	if (reply->packet != NULL)
		add_packet(o, question->name, reply, &detail);
	else if (reply->was_truncated)
		observation_add_bool(o, FACT_DNS_TC, 0, true);
	if (detail.length > 0)
		observation_add_text(o, FACT_DETAIL, 0, detail.bytes);
	buf_clear(&detail);
	return o;
}
