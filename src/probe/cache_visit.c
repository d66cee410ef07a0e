#include "probe/cache_visit.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/deadline.h"
#include "io/dns_resolve.h"
#include "proto/dns_facts.h"
#include "proto/dns_mx.h"
#include "proto/dns_name.h"

/* Samples without recursion, names that hang on the set, who it is, two controls, one question with recursion. */
enum { QUESTIONS = LIMIT_CACHE_SAMPLES + LIMIT_CACHE_NAMES + 4 };
enum purpose { PURPOSE_SAMPLE, PURPOSE_REACH, PURPOSE_CONTROL, PURPOSE_WARM, PURPOSE_KEPT, PURPOSE_IDENTITY };

/* A question under way. */
struct asked {
	struct cache_visit *visit;
	struct dns_shot *shot; /* NULL: answered */
	enum purpose purpose;
	const struct cache_name *name; /* PURPOSE_KEPT */
};

/* Answers that are alike. */
struct answer {
	enum outcome outcome;
	char *mx;        /* dns_mx_text; NULL without a set */
	int64_t ttl_s;   /* the longest; of a negative answer how long absence is kept; -1: not said */
	int64_t seen;    /* how many */
	bool is_recursive;
};

struct cache_visit {
	struct cache_visit *next, **link;
	const struct cache_question *question;
	const struct listed_resolver *resolver;
	void *user;
	struct asked asked[QUESTIONS];
	size_t asked_count;
	size_t pending; /* of them, but for who it is */
	const struct asked *who; /* NULL: not asked */
	struct answer answers[LIMIT_CACHE_SAMPLES + 1];
	size_t answer_count;
	enum outcome reach, control; /* OUTCOME_COUNT: not known */
	struct observation *observation; /* the facts that come on the way */
	int64_t began_ms;
	struct deadline *late; /* of who it is, once all else is answered */
	ldns_pkt *identity;    /* its answer to that */
	bool was_warm, is_cancelled;
};

void *cache_visit_user(const struct cache_visit *visit)
{
	return visit->user;
}

void cache_visit_free(struct cache_visit *visit)
{
	for (size_t i = 0; i < visit->asked_count; i++)
		dns_shot_cancel(visit->asked[i].shot);
	for (size_t i = 0; i < visit->answer_count; i++)
		free(visit->answers[i].mx);
	observation_free(visit->observation);
	deadline_free(visit->late);
	ldns_pkt_free(visit->identity);
	*visit->link = visit->next;
	if (visit->next != NULL)
		visit->next->link = visit->link;
	free(visit);
}

static void add_answers(struct observation *o, const struct cache_visit *visit)
{
	for (size_t i = 0; i < visit->answer_count; i++) {
		const struct answer *answer = &visit->answers[i];
		uint32_t row = (uint32_t)i;
		observation_add_text(o, FACT_CACHE_OUTCOME, row, outcome_name(answer->outcome));
		if (answer->mx != NULL)
			observation_add_text(o, FACT_CACHE_MX, row, answer->mx);
		if (answer->ttl_s >= 0)
			observation_add_int(o, FACT_CACHE_TTL, row, answer->ttl_s);
		observation_add_int(o, FACT_CACHE_SEEN, row, answer->seen);
		observation_add_bool(o, FACT_CACHE_RECURSIVE, row, answer->is_recursive);
	}
}

/* The observation's own outcome: ok once a set was given, else how the first question ended. */
static enum outcome outcome_of(const struct cache_visit *visit)
{
	for (size_t i = 0; i < visit->answer_count; i++)
		if (visit->answers[i].outcome == OUTCOME_OK)
			return OUTCOME_OK;
	return visit->answer_count > 0 ? visit->answers[0].outcome : OUTCOME_CANCELLED;
}

static void finish(void *user)
{
	struct cache_visit *visit = user;
	struct observation *o = visit->observation;
	visit->observation = NULL;
	o->outcome = visit->is_cancelled && visit->answer_count == 0 ? OUTCOME_CANCELLED : outcome_of(visit);
	o->elapsed_ms = clock_monotonic_ms() - visit->began_ms;
	if (visit->reach != OUTCOME_COUNT)
		observation_add_text(o, FACT_CACHE_REACH, 0, outcome_name(visit->reach));
	if (visit->control != OUTCOME_COUNT)
		observation_add_text(o, FACT_CACHE_CONTROL, 0, outcome_name(visit->control));
	add_answers(o, visit);
	if (visit->identity != NULL && !observation_has(o, FACT_DNS_NSID, 0))
		dns_facts_add_id_server(o, visit->identity);
	visit->question->seen(visit, o);
}

void cache_visit_cancel(struct cache_visit *visit)
{
	visit->is_cancelled = true;
	finish(visit);
}

static bool is_alike(const struct answer *a, const struct answer *b)
{
	return a->outcome == b->outcome && a->is_recursive == b->is_recursive && str_equal(a->mx, b->mx) && (a->ttl_s < 0) == (b->ttl_s < 0);
}

static void take_answer(struct cache_visit *visit, struct answer answer)
{
	for (size_t i = 0; i < visit->answer_count; i++) {
		struct answer *known = &visit->answers[i];
		if (!is_alike(known, &answer))
			continue;
		known->seen++;
		known->ttl_s = answer.ttl_s > known->ttl_s ? answer.ttl_s : known->ttl_s;
		free(answer.mx);
		return;
	}
	visit->answers[visit->answer_count++] = answer;
}

/* RFC 2308 5: the SOA of a negative answer carries the time that is left; -1 without one. */
static int64_t negative_ttl(const ldns_pkt *packet)
{
	const ldns_rr_list *authority = ldns_pkt_authority(packet);
	for (size_t i = 0; i < ldns_rr_list_rr_count(authority); i++) {
		const ldns_rr *record = ldns_rr_list_rr(authority, i);
		if (ldns_rr_get_type(record) != LDNS_RR_TYPE_SOA || ldns_rr_rd_count(record) != 7)
			continue;
		int64_t ttl_s = dns_record_ttl(record), minimum_s = ldns_rdf2native_int32(ldns_rr_rdf(record, 6));
		return ttl_s < minimum_s ? ttl_s : minimum_s;
	}
	return -1;
}

static void add_options(struct observation *o, const ldns_pkt *packet)
{
	size_t length = 0;
	dns_facts_add_nsid(o, packet);
	const uint8_t *bytes = dns_message_option(packet, DNS_OPTION_ECS, &length);
	if (bytes != NULL && length >= 4 && !observation_has(o, FACT_CACHE_ECS_SCOPE, 0))
		observation_add_int(o, FACT_CACHE_ECS_SCOPE, 0, bytes[3]);
}

static void take_mx(struct cache_visit *visit, const struct dns_reply *reply, bool is_recursive)
{
	struct answer answer = {.outcome = reply->outcome, .ttl_s = -1, .seen = 1, .is_recursive = is_recursive};
	if (reply->packet != NULL) {
		ldns_rdf *name = dns_name_parse(visit->question->domain);
		add_options(visit->observation, reply->packet);
		if (reply->outcome == OUTCOME_OK)
			answer.mx = dns_mx_text(reply->packet, name, &answer.ttl_s);
		else if (dns_is_answer(reply->outcome))
			answer.ttl_s = negative_ttl(reply->packet);
		if (reply->outcome == OUTCOME_OK && answer.mx == NULL) /* an alias that leads out of the answer */
			answer.outcome = OUTCOME_PROTOCOL;
		ldns_rdf_deep_free(name);
	} else if (reply->skip_reason != NULL && !observation_has(visit->observation, FACT_SKIP_REASON, 0)) {
		observation_add_text(visit->observation, FACT_SKIP_REASON, 0, reply->skip_reason);
	}
	take_answer(visit, answer);
}

/* The record of that name in the answer: of the type asked for, or the alias that stands for it, wherever that leads. */
static void take_kept(struct cache_visit *visit, const struct cache_name *asked, const struct dns_reply *reply)
{
	char owner[DNS_NAME_TEXT], type[DNS_TYPE_TEXT];
	struct observation *o = visit->observation;
	if (reply->packet == NULL)
		return;
	const ldns_rr_list *answer = ldns_pkt_answer(reply->packet);
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *record = ldns_rr_list_rr(answer, i);
		if (!str_equal_nocase(dns_name_text(ldns_rr_owner(record), owner), asked->name))
			continue;
		uint32_t row = observation_rows(o, FACT_CACHE_KEPT_NAME);
		observation_add_text(o, FACT_CACHE_KEPT_NAME, row, asked->name);
		observation_add_text(o, FACT_CACHE_KEPT_TYPE, row, dns_type_text(ldns_rr_get_type(record), type));
		observation_add_int(o, FACT_CACHE_KEPT_TTL, row, dns_record_ttl(record));
		return;
	}
}

/* Nothing was learnt of the set: an empty cache, or no answer without recursion. */
static bool is_cold(const struct cache_visit *visit)
{
	for (size_t i = 0; i < visit->answer_count; i++)
		if (visit->answers[i].mx != NULL || visit->answers[i].ttl_s >= 0)
			return false;
	return visit->reach == OUTCOME_OK || dns_is_answer(visit->control);
}

/* All is answered but who it is, perhaps: where NSID has not said it, that may take a little longer. */
static void settle(struct cache_visit *visit)
{
	bool is_heard = visit->who == NULL || visit->who->shot == NULL;
	if (is_heard || observation_has(visit->observation, FACT_DNS_NSID, 0))
		finish(visit);
	else if (visit->late == NULL)
		visit->late = deadline_new(visit->question->loop, LIMIT_IDENTITY_MS, finish, visit);
}

static struct asked *ask(struct cache_visit *visit, enum purpose purpose, const struct dns_asking *asking);

static void on_reply(void *user, const struct dns_reply *reply)
{
	struct asked *asked = user;
	struct cache_visit *visit = asked->visit;
	const struct cache_options *options = visit->question->options;
	asked->shot = NULL;
	if (asked->purpose == PURPOSE_REACH)
		visit->reach = reply->outcome;
	else if (asked->purpose == PURPOSE_CONTROL)
		visit->control = reply->outcome;
	else if (asked->purpose == PURPOSE_KEPT)
		take_kept(visit, asked->name, reply);
	else if (asked->purpose == PURPOSE_IDENTITY)
		visit->identity = reply->packet != NULL ? ldns_pkt_clone(reply->packet) : NULL;
	else
		take_mx(visit, reply, asked->purpose == PURPOSE_WARM);
	visit->pending -= asked->purpose != PURPOSE_IDENTITY;
	if (visit->pending > 0)
		return;
	if (options->is_warm && visit->question->may_recurse && !visit->was_warm && is_cold(visit)) {
		visit->was_warm = true;
		const struct prefix *subnet = options->has_subnet ? &options->subnet : NULL;
		ask(visit, PURPOSE_WARM, &(struct dns_asking){visit->question->domain, LDNS_RR_TYPE_MX, DNS_RD | DNS_NSID, subnet});
		if (visit->pending > 0)
			return;
	}
	settle(visit);
}

static struct asked *ask(struct cache_visit *visit, enum purpose purpose, const struct dns_asking *asking)
{
	struct asked *asked = &visit->asked[visit->asked_count++];
	*asked = (struct asked){.visit = visit, .purpose = purpose};
	asked->shot = dns_burst_ask(visit->question->burst, &visit->resolver->address, asking, on_reply, asked);
	visit->pending += asked->shot != NULL && purpose != PURPOSE_IDENTITY;
	return asked;
}

static struct observation *begin_observation(const struct cache_question *question, const struct listed_resolver *resolver)
{
	char address[ENDPOINT_TEXT_BYTES];
	struct observation *o =
	    observation_new("cache", question->domain, endpoint_address(&resolver->address, address), clock_now_ms());
	observation_add_int(o, FACT_CACHE_PORT, 0, endpoint_port(&resolver->address));
	if (resolver->name != NULL)
		observation_add_text(o, FACT_CACHE_NAME, 0, resolver->name);
	if (resolver->place != NULL)
		observation_add_text(o, FACT_CACHE_PLACE, 0, resolver->place);
	return o;
}

void cache_visit_begin(struct cache_visit **list, const struct cache_question *question, const struct listed_resolver *resolver, void *user)
{
	const struct cache_options *options = question->options;
	const struct prefix *subnet = options->has_subnet ? &options->subnet : NULL;
	struct cache_visit *visit = xcalloc(1, sizeof *visit);
	visit->question = question;
	visit->resolver = resolver;
	visit->user = user;
	visit->reach = visit->control = OUTCOME_COUNT;
	visit->began_ms = clock_monotonic_ms();
	visit->observation = begin_observation(question, resolver);
	visit->link = list;
	visit->next = *list;
	if (visit->next != NULL)
		visit->next->link = &visit->next;
	*list = visit;
	for (int i = 0; i < options->samples && i < LIMIT_CACHE_SAMPLES; i++)
		ask(visit, PURPOSE_SAMPLE, &(struct dns_asking){question->domain, LDNS_RR_TYPE_MX, DNS_NSID, subnet});
	for (size_t i = 0; i < question->name_count; i++) {
		const struct dns_asking asking = {question->names[i].name, question->names[i].type, 0, subnet};
		ask(visit, PURPOSE_KEPT, &asking)->name = &question->names[i];
	}
	if (question->is_introduced)
		visit->who = ask(visit, PURPOSE_IDENTITY,
		                 &(struct dns_asking){DNS_ID_SERVER, LDNS_RR_TYPE_TXT, DNS_CHAOS | DNS_NO_EDNS | DNS_ONCE, NULL});
	ask(visit, PURPOSE_REACH, &(struct dns_asking){".", LDNS_RR_TYPE_NS, DNS_RD, NULL});
	ask(visit, PURPOSE_CONTROL, &(struct dns_asking){question->control, LDNS_RR_TYPE_A, DNS_RD, NULL});
}
