#include "io/dns_resolve.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/deadline.h"
#include "io/net.h"

/* One resolver's turn. */
struct turn {
	struct dns_resolve *resolve;
	struct dns_query *query; /* NULL: not asked yet, or answered */
};

struct dns_resolve {
	struct net *net;
	char *name;
	struct dns_question question; /* points to name */
	struct turn turns[LIMIT_RESOLVERS];
	size_t count, next; /* resolvers; the first that was not asked yet */
	size_t under_way;
	struct deadline *patience;
	struct dns_reply best; /* of the failures; its packet is ours */
	ldns_pkt *best_packet;
	bool has_best;
	int answered;
	dns_resolve_done *done;
	void *user;
};

bool dns_is_answer(enum outcome outcome)
{
	return outcome == OUTCOME_OK || outcome == OUTCOME_NODATA || outcome == OUTCOME_NXDOMAIN;
}

/* How much a failure tells: a server's word before the network's, that before silence. */
static int weight(const struct dns_reply *reply)
{
	if (reply->packet != NULL)
		return reply->outcome == OUTCOME_SERVFAIL ? 5 : reply->outcome == OUTCOME_REFUSED ? 4 : 3;
	return reply->outcome == OUTCOME_TIMEOUT ? 1 : reply->outcome == OUTCOME_SKIPPED ? 0 : 2;
}

static void resolve_free(struct dns_resolve *resolve)
{
	for (size_t i = 0; i < resolve->count; i++)
		dns_query_cancel(resolve->turns[i].query);
	deadline_free(resolve->patience);
	ldns_pkt_free(resolve->best_packet);
	free(resolve->name);
	free(resolve);
}

static void finish(struct dns_resolve *resolve, const struct dns_reply *reply)
{
	struct dns_resolved resolved = {.reply = reply, .asked = (int)resolve->next, .answered = resolve->answered};
	dns_resolve_done *done = resolve->done;
	void *user = resolve->user;
	resolve->done = NULL; /* cancelling it from the callback changes nothing */
	done(user, &resolved);
	resolve_free(resolve);
}

static void keep_best(struct dns_resolve *resolve, const struct dns_reply *reply)
{
	if (resolve->has_best && weight(reply) <= weight(&resolve->best))
		return;
	ldns_pkt_free(resolve->best_packet);
	resolve->best_packet = reply->packet != NULL ? ldns_pkt_clone(reply->packet) : NULL;
	resolve->best = *reply;
	resolve->best.packet = resolve->best_packet;
	resolve->has_best = true;
}

static bool ask_next(struct dns_resolve *resolve);

static void on_reply(void *user, const struct dns_reply *reply)
{
	struct turn *turn = user;
	struct dns_resolve *resolve = turn->resolve;
	turn->query = NULL;
	resolve->under_way--;
	resolve->answered += reply->packet != NULL;
	if (dns_is_answer(reply->outcome)) {
		finish(resolve, reply);
		return;
	}
	keep_best(resolve, reply);
	if (!ask_next(resolve) && resolve->under_way == 0)
		finish(resolve, &resolve->best);
}

static void on_silence(void *user)
{
	ask_next(user);
}

/* Asks the next resolver; false when there is none left. */
static bool ask_next(struct dns_resolve *resolve)
{
	if (resolve->next == resolve->count)
		return false;
	struct turn *turn = &resolve->turns[resolve->next];
	struct dns_question question = resolve->question;
	question.server = &resolve->net->config->resolvers[resolve->next++];
	turn->resolve = resolve;
	turn->query = dns_ask(resolve->net, &question, on_reply, turn);
	if (turn->query == NULL)
		return false;
	resolve->under_way++;
	if (resolve->next == resolve->count)
		return true;
	int64_t patience_ms = resolve->net->config->dns_patience_ms;
	if (resolve->patience == NULL)
		resolve->patience = deadline_new(resolve->net->loop, patience_ms, on_silence, resolve);
	else
		deadline_again(resolve->patience, patience_ms);
	return true;
}

struct dns_resolve *dns_resolve_start(struct net *net, const struct dns_question *question, dns_resolve_done *done, void *user)
{
	struct dns_resolve *resolve = xcalloc(1, sizeof *resolve);
	size_t count = net->config->resolver_count;
	resolve->net = net;
	resolve->name = xstrdup(question->name);
	resolve->question = (struct dns_question){resolve->name, question->type, NULL, question->flags | DNS_RD};
	resolve->count = count < LIMIT_RESOLVERS ? count : LIMIT_RESOLVERS;
	resolve->done = done;
	resolve->user = user;
	if (ask_next(resolve))
		return resolve;
	resolve_free(resolve);
	return NULL;
}

void dns_resolve_cancel(struct dns_resolve *resolve)
{
	if (resolve != NULL && resolve->done != NULL)
		resolve_free(resolve);
}
