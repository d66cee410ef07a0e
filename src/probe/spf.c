/*
 * The whole SPF tree of a domain, and what it says to mail from Microsoft and from the old server. A lead of the `dns` probe: it runs
 * only where the zone itself serves a record, which is taken from there, so that no cache is asked for a record that is not there yet.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/policy.h"
#include "cutover/probe.h"
#include "io/deadline.h"
#include "io/net.h"
#include "model/embedded.h"
#include "model/microsoft.h"
#include "model/table.h"
#include "probe/spf_answers.h"
#include "model/spf_record.h"

enum { SENDERS = 24, TIMEOUTS = 6 };

struct sender {
	char *name, *address;
	enum spf_result result;
};

struct spf_probe {
	struct job *job;
	struct spf_answers *answers;
	struct deadline *deadline;
	struct observation *observation;
	int64_t began_ms;
	char *record;
	struct sender senders[SENDERS];
	size_t sender_count;
	struct spf_report report; /* of the walk */
};

static void spf_end(struct spf_probe *probe, enum outcome outcome)
{
	struct job *job = probe->job;
	probe->observation->outcome = outcome;
	probe->observation->elapsed_ms = clock_monotonic_ms() - probe->began_ms;
	job_observe(job, probe->observation);
	spf_answers_free(probe->answers);
	deadline_free(probe->deadline);
	for (size_t i = 0; i < probe->sender_count; i++) {
		free(probe->senders[i].name);
		free(probe->senders[i].address);
	}
	free(probe->record);
	free(probe);
	job->state = NULL;
	job_end(job);
}

static void note_tree(struct spf_probe *probe)
{
	struct observation *o = probe->observation;
	const struct spf_report *report = &probe->report;
	for (int i = 0; i < report->row_count; i++) {
		const struct spf_row *row = &report->rows[i];
		observation_add_int(o, FACT_SPF_ROW_DEPTH, (uint32_t)i, row->depth);
		observation_add_text(o, FACT_SPF_ROW_DOMAIN, (uint32_t)i, row->domain);
		observation_add_text(o, FACT_SPF_ROW_TERM, (uint32_t)i, row->term);
		observation_add_int(o, FACT_SPF_ROW_LOOKUPS, (uint32_t)i, row->lookups);
		observation_add_bool(o, FACT_SPF_ROW_VOID, (uint32_t)i, row->is_void);
	}
}

static void note(struct spf_probe *probe)
{
	struct observation *o = probe->observation;
	const struct spf_report *report = &probe->report;
	bool is_temporary = report->result == SPF_TEMPERROR, is_permanent = report->result == SPF_PERMERROR;
	observation_add_text(o, FACT_SPF_RESULT, 0, is_temporary ? "temperror" : is_permanent ? "permerror" : "ok");
	if (report->problem[0] != '\0')
		observation_add_text(o, FACT_SPF_PROBLEM, 0, report->problem);
	observation_add_int(o, FACT_SPF_LOOKUPS, 0, report->lookups);
	observation_add_int(o, FACT_SPF_VOIDS, 0, report->voids);
	note_tree(probe);
	for (size_t i = 0; i < probe->sender_count; i++) {
		observation_add_text(o, FACT_SPF_SENDER, (uint32_t)i, probe->senders[i].name);
		observation_add_text(o, FACT_SPF_SENDER_ADDRESS, (uint32_t)i, probe->senders[i].address);
		observation_add_text(o, FACT_SPF_SENDER_RESULT, (uint32_t)i, spf_result_name(probe->senders[i].result));
	}
}

static enum spf_result check_sender(struct spf_probe *probe, const char *address)
{
	struct spf_report *report = xmalloc(sizeof *report);
	struct spf_query query = {.domain = probe->job->target->host, .lookup = spf_answers_lookup, .user = probe->answers};
	query.family = strchr(address, ':') != NULL ? 6 : 4;
	enum spf_result result = SPF_NONE;
	if (inet_pton(query.family == 4 ? AF_INET : AF_INET6, address, query.address) == 1)
		result = spf_evaluate(&query, report);
	free(report);
	return result;
}

/* Runs every evaluation on what is known; ends when none waits. */
static void evaluate(struct spf_probe *probe)
{
	struct spf_query walk = {.domain = probe->job->target->host, .is_walk = true, .lookup = spf_answers_lookup, .user = probe->answers};
	bool is_waiting = spf_evaluate(&walk, &probe->report) == SPF_WAIT;
	for (size_t i = 0; i < probe->sender_count; i++) {
		probe->senders[i].result = check_sender(probe, probe->senders[i].address);
		is_waiting = is_waiting || probe->senders[i].result == SPF_WAIT;
	}
	if (is_waiting && !spf_answers_are_settled(probe->answers))
		return;
	note(probe);
	spf_end(probe, OUTCOME_OK);
}

static void on_changed(void *user)
{
	evaluate(user);
}

static void on_late(void *user)
{
	struct spf_probe *probe = user;
	note(probe);
	spf_end(probe, OUTCOME_TIMEOUT);
}

/* The record as the zone serves it; the default that its last term gives. */
static void take_record(struct spf_probe *probe, const char *text)
{
	struct spf_record record;
	spf_answers_seed(probe->answers, probe->job->target->host, text);
	if (!spf_is_record(text) || probe->record != NULL)
		return;
	probe->record = xstrdup(text);
	observation_add_text(probe->observation, FACT_SPF_RECORD, 0, text);
	if (spf_record_parse(text, &record, NULL) != 0)
		return;
	observation_add_text(probe->observation, FACT_SPF_DEFAULT, 0, spf_record_default(&record));
	spf_record_clear(&record);
}

static void add_sender(struct spf_probe *probe, const char *name, const char *address)
{
	if (probe->sender_count == SENDERS)
		return;
	probe->senders[probe->sender_count++] = (struct sender){xstrdup(name), xstrdup(address), SPF_WAIT};
}

static void add_microsoft(struct spf_probe *probe)
{
	struct table_row row;
	table_begin(&row, embedded_text("data/senders.tsv"));
	while (table_next(&row))
		if (str_equal(row.fields[0], cloud_name(probe->job->options->policy->cloud)))
			add_sender(probe, "microsoft", row.fields[1]);
}

/* Whether some server names it as an MX host of the domain: those of the old place send mail too. */
static bool is_mx_host(const struct evidence *seen, const char *name)
{
	for (size_t i = 0; i < seen->count; i++)
		for (uint32_t row = 0; row < observation_rows(seen->observations[i], FACT_DNS_MX_HOST); row++)
			if (str_equal_nocase(observation_text(seen->observations[i], FACT_DNS_MX_HOST, row), name))
				return true;
	return false;
}

/* TXT of the domain, and addresses of its MX hosts, from what the dns probe saw: one server's answer is enough. */
static void take_seen(struct spf_probe *probe)
{
	const struct evidence *seen = job_seen(probe->job);
	bool has_record = false;
	for (size_t i = 0; i < seen->count; i++) {
		const struct observation *o = seen->observations[i];
		const char *type = observation_text(o, FACT_DNS_TYPE, 0), *name = observation_text(o, FACT_DNS_QUESTION, 0);
		if (o->outcome != OUTCOME_OK || type == NULL || name == NULL)
			continue;
		if (!has_record && str_equal(type, "TXT") && str_equal_nocase(name, probe->job->target->host)) {
			for (uint32_t row = 0; row < observation_rows(o, FACT_DNS_TXT); row++)
				take_record(probe, observation_text(o, FACT_DNS_TXT, row));
			has_record = true;
		}
		bool is_address = str_equal(observation_text(o, FACT_DNS_PURPOSE, 0), "addresses");
		if (is_address && microsoft_mx(name, NULL) == MICROSOFT_NONE && is_mx_host(seen, name))
			for (uint32_t row = 0; row < observation_rows(o, FACT_DNS_ADDRESS); row++)
				add_sender(probe, name, observation_text(o, FACT_DNS_ADDRESS, row));
	}
}

static void spf_start(struct job *job)
{
	struct spf_probe *probe = xcalloc(1, sizeof *probe);
	job->state = probe;
	probe->job = job;
	probe->began_ms = clock_monotonic_ms();
	probe->observation = observation_new("spf", job->target->host, NULL, clock_now_ms());
	probe->answers = spf_answers_new(job->net, on_changed, probe);
	probe->deadline = deadline_new(job->net->loop, job->net->config->dns_timeout_ms * TIMEOUTS, on_late, probe);
	add_microsoft(probe);
	take_seen(probe);
	evaluate(probe);
}

static void spf_stop(struct job *job)
{
	spf_end(job->state, OUTCOME_CANCELLED);
}

const struct probe spf_probe = {
    .name = "spf",
    .about = "the whole SPF tree, its look-ups counted, and what it says to old and new senders",
    .start = spf_start,
    .stop = spf_stop,
};
