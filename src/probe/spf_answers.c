#include "probe/spf_answers.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/observation.h"
#include "cutover/policy.h"
#include "io/dns_resolve.h"
#include "io/loop.h"
#include "io/net.h"

struct entry {
	struct spf_answers *answers;
	struct dns_question question;
	char *name;
	enum spf_type type;
	struct dns_resolve *resolve; /* NULL: answered */
	enum outcome outcome;
	struct names items;
};

struct spf_answers {
	struct net *net;
	struct entry *entries[LIMIT_SPF_QUESTIONS];
	size_t count, under_way;
	struct ready ready;
	void (*changed)(void *user);
	void *user;
};

/* The type to ask for, and the fact that holds what the answer's records say. */
static const struct {
	ldns_rr_type type;
	enum fact_key fact;
} types[] = {
    [SPF_TYPE_TXT] = {LDNS_RR_TYPE_TXT, FACT_DNS_TXT},      [SPF_TYPE_A] = {LDNS_RR_TYPE_A, FACT_DNS_ADDRESS},
    [SPF_TYPE_AAAA] = {LDNS_RR_TYPE_AAAA, FACT_DNS_ADDRESS}, [SPF_TYPE_MX] = {LDNS_RR_TYPE_MX, FACT_DNS_MX_HOST},
    [SPF_TYPE_PTR] = {LDNS_RR_TYPE_PTR, FACT_DNS_OTHER_DATA},
};

struct spf_answers *spf_answers_new(struct net *net, void (*changed)(void *user), void *user)
{
	struct spf_answers *answers = xcalloc(1, sizeof *answers);
	answers->net = net;
	answers->changed = changed;
	answers->user = user;
	return answers;
}

void spf_answers_free(struct spf_answers *answers)
{
	if (answers == NULL)
		return;
	for (size_t i = 0; i < answers->count; i++) {
		dns_resolve_cancel(answers->entries[i]->resolve);
		names_clear(&answers->entries[i]->items);
		free(answers->entries[i]->name);
		free(answers->entries[i]);
	}
	ready_cancel(&answers->ready);
	free(answers);
}

bool spf_answers_are_settled(const struct spf_answers *answers)
{
	return answers->under_way == 0;
}

static struct entry *find(struct spf_answers *answers, const char *name, enum spf_type type)
{
	for (size_t i = 0; i < answers->count; i++)
		if (answers->entries[i]->type == type && str_equal_nocase(answers->entries[i]->name, name))
			return answers->entries[i];
	return NULL;
}

static struct entry *add(struct spf_answers *answers, const char *name, enum spf_type type)
{
	struct entry *entry = xcalloc(1, sizeof *entry);
	entry->answers = answers;
	entry->name = xstrdup(name);
	entry->type = type;
	answers->entries[answers->count++] = entry;
	return entry;
}

void spf_answers_seed(struct spf_answers *answers, const char *name, const char *text)
{
	struct entry *entry = find(answers, name, SPF_TYPE_TXT);
	if (entry == NULL)
		entry = add(answers, name, SPF_TYPE_TXT);
	entry->outcome = OUTCOME_OK;
	names_add(&entry->items, text);
}

/* The records of the answer, as dns_observe states them: TXT strings joined, names in lower case, all printable. */
static void keep_records(struct entry *entry, const struct dns_reply *reply)
{
	struct observation *o = dns_observe("spf", entry->name, &entry->question, reply);
	enum fact_key key = types[entry->type].fact;
	for (uint32_t row = 0; row < observation_rows(o, key); row++)
		if (observation_text(o, key, row) != NULL)
			names_add(&entry->items, observation_text(o, key, row));
	observation_free(o);
}

static void on_resolved(void *user, const struct dns_resolved *resolved)
{
	struct entry *entry = user;
	struct spf_answers *answers = entry->answers;
	entry->resolve = NULL;
	entry->outcome = resolved->reply->outcome;
	if (resolved->reply->packet != NULL && entry->outcome == OUTCOME_OK)
		keep_records(entry, resolved->reply);
	/* An alias to nowhere: an answer without a record of the type. */
	if (entry->outcome == OUTCOME_OK && entry->items.count == 0)
		entry->outcome = OUTCOME_NODATA;
	answers->under_way--;
	ready_queue(&answers->ready, answers->net->loop, answers->changed, answers->user);
}

static bool ask(struct entry *entry)
{
	entry->question = (struct dns_question){.name = entry->name, .type = types[entry->type].type, .flags = DNS_RD};
	entry->resolve = dns_resolve_start(entry->answers->net, &entry->question, on_resolved, entry);
	if (entry->resolve == NULL)
		entry->outcome = OUTCOME_NXDOMAIN; /* no DNS name: it cannot exist (RFC 7208 4.3) */
	else
		entry->answers->under_way++;
	return entry->resolve == NULL;
}

bool spf_answers_lookup(void *user, const char *name, enum spf_type type, struct spf_answer *answer)
{
	struct spf_answers *answers = user;
	struct entry *entry = find(answers, name, type);
	if (entry == NULL && answers->count == LIMIT_SPF_QUESTIONS) {
		*answer = (struct spf_answer){.outcome = OUTCOME_LIMITED};
		return true;
	}
	if (entry == NULL && !ask(entry = add(answers, name, type)))
		return false;
	if (entry->resolve != NULL)
		return false;
	*answer = (struct spf_answer){
	    .outcome = entry->outcome, .items = (const char *const *)entry->items.items, .count = entry->items.count};
	return true;
}
