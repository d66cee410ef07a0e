#include "proto/ruleset_judge.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "proto/rule_match.h"

/* Connections with one destination: all at first, then one flow for each DNAT rule that they may meet. */
struct flow {
	struct prefix_set live; /* sources that are still on their way */
	struct packet packet;
	bool is_forwarded;
	int64_t passed; /* priority of the prerouting chain that made it: later ones see it, earlier ones saw it before */
};

struct judge {
	const struct ruleset *ruleset;
	struct firewall_answer *answer;
	struct flow *flow; /* the one under way... */
	int64_t priority;  /* ...in chains of that priority */
	bool is_before_routing;
	struct flow *flows;
	size_t flow_count, flow_room;
	size_t steps;
};

/* What came out of a chain. */
struct passed {
	struct prefix_set accepted, refused, returned;
};

static void run_chain(struct judge *judge, const struct rule_chain *chain, const struct prefix_set *entering, unsigned depth,
                      struct passed *out);

static void passed_clear(struct passed *passed)
{
	prefix_set_clear(&passed->accepted);
	prefix_set_clear(&passed->refused);
	prefix_set_clear(&passed->returned);
}

static void note(struct judge *judge, enum firewall_event_kind kind, const char *place, const struct prefix_set *addresses)
{
	struct firewall_answer *answer = judge->answer;
	if (addresses->count == 0 || answer->count >= LIMIT_RULE_EVENTS)
		return;
	answer->events = xgrow(answer->events, answer->count, &answer->room, sizeof *answer->events);
	answer->events[answer->count++] =
	    (struct firewall_event){.kind = kind, .place = place, .addresses = prefix_set_copy(addresses)};
	answer->events[answer->count - 1].is_reply = judge->flow != NULL && judge->flow->packet.is_reply;
}

static void note_uncertain(struct judge *judge, const char *place, const struct prefix_set *addresses, const char *why)
{
	size_t before = judge->answer->count;
	note(judge, FIREWALL_UNCERTAIN, place, addresses);
	if (judge->answer->count > before)
		judge->answer->events[before].why = why;
}

static void either(struct judge *judge, struct passed *out, const struct prefix_set *addresses, const char *place, const char *why)
{
	prefix_set_merge(&out->accepted, addresses);
	prefix_set_merge(&out->refused, addresses);
	note_uncertain(judge, place, addresses, why);
}

static void add_flow(struct judge *judge, const struct rule_case *c, const struct prefix_set *sources)
{
	struct flow flow = {.live = prefix_set_copy(sources),
	                    .packet = judge->flow->packet,
	                    .is_forwarded = !c->is_local,
	                    .passed = judge->priority};
	flow.packet.is_dnat = true;
	flow.packet.has_destination = c->has_address;
	flow.packet.destination = c->address;
	if (c->port != 0)
		flow.packet.port = c->port;
	size_t current = (size_t)(judge->flow - judge->flows);
	judge->flows = xgrow(judge->flows, judge->flow_count, &judge->flow_room, sizeof *judge->flows);
	judge->flows[judge->flow_count++] = flow;
	judge->flow = &judge->flows[current];
}

/* One rule's state while its cases are looked at. */
struct step {
	const struct filter_rule *rule;
	const struct rule_chain *chain;
	unsigned depth;
	struct prefix_set gone; /* certainly not going on to the next rule... */
	struct prefix_set back; /* ...but these may have come back from a chain */
};

static void run_jump(struct judge *judge, struct step *step, const struct rule_case *c, const struct matched *matched, struct passed *out)
{
	const struct rule_chain *target = ruleset_find(judge->ruleset, step->chain->table, c->target);
	if (target == NULL || step->depth >= LIMIT_RULE_DEPTH) {
		judge->answer->is_too_deep = judge->answer->is_too_deep || target != NULL;
		either(judge, out, &matched->possible, step->rule->place,
		       target == NULL ? "it leads to a chain that is not in the rules" : "chains call each other too deep");
		return;
	}
	struct passed inner = {.accepted = {0}};
	run_chain(judge, target, &matched->possible, step->depth + 1, &inner);
	prefix_set_merge(&out->accepted, &inner.accepted);
	prefix_set_merge(&out->refused, &inner.refused);
	/* A goto does not come back here: what its chain returns is returned by this one, too. */
	prefix_set_merge(c->verdict == VERDICT_GOTO ? &out->returned : &step->back, &inner.returned);
	passed_clear(&inner);
}

static void run_case(struct judge *judge, struct step *step, const struct rule_case *c, const struct matched *matched, struct passed *out)
{
	struct prefix_set unsure = prefix_set_minus(&matched->possible, &matched->certain);
	if (c->verdict != VERDICT_NONE)
		note_uncertain(judge, step->rule->place, &unsure, matched->why);
	prefix_set_clear(&unsure);
	switch (c->verdict) {
	case VERDICT_NONE:
		return;
	case VERDICT_ACCEPT:
		prefix_set_merge(&out->accepted, &matched->possible);
		note(judge, FIREWALL_ACCEPTS, step->rule->place, &matched->certain);
		break;
	case VERDICT_DROP:
		prefix_set_merge(&out->refused, &matched->possible);
		note(judge, FIREWALL_REFUSES, step->rule->place, &matched->possible);
		break;
	case VERDICT_RETURN:
		prefix_set_merge(&out->returned, &matched->possible);
		break;
	case VERDICT_JUMP:
	case VERDICT_GOTO:
		run_jump(judge, step, c, matched, out);
		break;
	case VERDICT_NAT:
		add_flow(judge, c, &matched->possible);
		break;
	case VERDICT_UNKNOWN:
		either(judge, out, &matched->possible, step->rule->place, "it hands the packet to something that is not known here");
		if (judge->is_before_routing) /* it may go elsewhere, past the rules that would refuse it here */
			prefix_set_merge(&judge->answer->accepted, &matched->possible);
		break;
	}
	prefix_set_merge(&step->gone, &matched->certain);
}

static void run_rule(struct judge *judge, struct step *step, struct prefix_set *live, struct passed *out)
{
	const struct packet packet = judge->flow->packet;
	struct matched whole = matches_find(&step->rule->matches, &packet, live);
	for (size_t i = 0; i < step->rule->case_count && whole.possible.count > 0; i++) {
		struct matched one = matches_find(&step->rule->cases[i].matches, &packet, &whole.possible);
		prefix_set_keep(&one.certain, &whole.certain);
		one.why = whole.why != NULL ? whole.why : one.why;
		if (one.possible.count > 0)
			run_case(judge, step, &step->rule->cases[i], &one, out);
		matched_clear(&one);
	}
	prefix_set_drop(live, &step->gone);
	prefix_set_merge(live, &step->back);
	prefix_set_clear(&step->gone);
	prefix_set_clear(&step->back);
	matched_clear(&whole);
}

/* What a look at the rule costs: large sets count as several rules. */
static size_t steps_of(const struct filter_rule *rule, const struct prefix_set *live)
{
	enum { STEP_ELEMENTS = 128 };
	size_t elements = live->count, ways = rule->case_count;
	for (size_t i = 0; i < rule->matches.count; i++) {
		elements += rule->matches.items[i].addresses.count;
		ways += rule->matches.items[i].alternative_count;
	}
	return 1 + (elements + ways * (live->count + 1)) / STEP_ELEMENTS;
}

static void run_chain(struct judge *judge, const struct rule_chain *chain, const struct prefix_set *entering, unsigned depth,
                      struct passed *out)
{
	struct prefix_set live = prefix_set_copy(entering);
	for (size_t i = 0; i < chain->count && live.count > 0; i++) {
		struct step step = {.rule = &chain->rules[i], .chain = chain, .depth = depth};
		judge->steps += steps_of(step.rule, &live);
		if (judge->steps > LIMIT_RULE_STEPS) {
			judge->answer->is_too_deep = true;
			either(judge, out, &live, step.rule->place, "there are too many ways through the rules");
			prefix_set_clear(&live);
			break;
		}
		run_rule(judge, &step, &live, out);
	}
	prefix_set_merge(&out->returned, &live);
	prefix_set_clear(&live);
}

/* A chain that the kernel calls: what it returns meets the policy. The flow keeps what may have been accepted. */
static void run_base_chain(struct judge *judge, const struct rule_chain *chain)
{
	struct rule_matches family = {0};
	matches_add(&family, MATCH_FAMILY)->families = chain->families;
	struct matched entering = matches_find(&family, &judge->flow->packet, &judge->flow->live);
	struct passed out = {.accepted = {0}};
	run_chain(judge, chain, &entering.certain, 0, &out);
	size_t before = judge->answer->count;
	if (chain->drops)
		note(judge, FIREWALL_REFUSES, chain->place, &out.returned);
	if (judge->answer->count > before)
		judge->answer->events[before].is_policy = true;
	prefix_set_merge(chain->drops ? &out.refused : &out.accepted, &out.returned);
	prefix_set_merge(&judge->answer->refused, &out.refused);
	prefix_set_drop(&judge->flow->live, &entering.certain);
	prefix_set_merge(&judge->flow->live, &out.accepted);
	passed_clear(&out);
	matched_clear(&entering);
	matches_clear(&family);
}

/* A chain of one device: the packet may come in by another. */
static void run_ingress(struct judge *judge, const struct rule_chain *chain)
{
	const char *interface = judge->flow->packet.interface;
	bool is_known = interface != NULL && chain->device != NULL; /* nft -j may leave the device out */
	if (is_known && str_equal(chain->device, interface))
		run_base_chain(judge, chain);
	if (is_known || str_equal(chain->device, "lo"))
		return;
	struct prefix_set before = prefix_set_copy(&judge->flow->live), refused = prefix_set_copy(&judge->answer->refused);
	run_base_chain(judge, chain);
	struct prefix_set more = prefix_set_minus(&judge->answer->refused, &refused);
	note_uncertain(judge, chain->place, &more, "it depends on the device");
	prefix_set_merge(&judge->flow->live, &before);
	prefix_set_clear(&before);
	prefix_set_clear(&refused);
	prefix_set_clear(&more);
}

/* The chains of the hook by ascending priority beyond `last`; those of equal priority as they stand. */
static void run_hook(struct judge *judge, enum rule_hook hook, int64_t last)
{
	const struct ruleset *ruleset = judge->ruleset;
	bool has_more = true;
	judge->is_before_routing = hook == HOOK_INGRESS || hook == HOOK_PREROUTING;
	while (has_more) {
		int64_t next = INT64_MAX;
		for (size_t i = 0; i < ruleset->chain_count; i++)
			if (ruleset->chains[i]->hook == hook && ruleset->chains[i]->priority > last && ruleset->chains[i]->priority < next)
				next = ruleset->chains[i]->priority;
		has_more = next != INT64_MAX;
		for (size_t i = 0; has_more && i < ruleset->chain_count; i++) {
			if (ruleset->chains[i]->hook != hook || ruleset->chains[i]->priority != next)
				continue;
			judge->priority = next;
			if (hook == HOOK_INGRESS)
				run_ingress(judge, ruleset->chains[i]);
			else
				run_base_chain(judge, ruleset->chains[i]);
		}
		last = next;
	}
}

/* The SYN-ACK of those that came in. NAT is done with by then: its chains see only the first packet. */
static void run_answer(struct judge *judge)
{
	judge->flow->packet.is_reply = true;
	run_hook(judge, HOOK_OUTPUT, INT64_MIN);
	run_hook(judge, HOOK_POSTROUTING, INT64_MIN);
}

static void judge_rules(struct judge *judge, const struct firewall_question *question)
{
	judge->flows = xgrow(NULL, 0, &judge->flow_room, sizeof *judge->flows);
	judge->flows[0] = (struct flow){.live = prefix_set_copy(question->sources),
	                                .packet = {.knows_nat = judge->ruleset->has_nat,
	                                           .port = question->port,
	                                           .has_destination = question->has_destination,
	                                           .destination = question->destination,
	                                           .interface = question->interface},
	                                .is_forwarded = question->hook == HOOK_FORWARD,
	                                .passed = INT64_MIN};
	judge->flow_count = 1;
	judge->flow = judge->flows;
	run_hook(judge, HOOK_INGRESS, INT64_MIN);
	for (size_t i = 0; i < judge->flow_count; i++) {
		judge->flow = &judge->flows[i];
		run_hook(judge, HOOK_PREROUTING, judge->flow->passed);
		run_hook(judge, judge->flow->is_forwarded ? HOOK_FORWARD : HOOK_INPUT, INT64_MIN);
		if (!judge->flow->is_forwarded)
			run_answer(judge);
		prefix_set_merge(&judge->answer->accepted, &judge->flow->live);
		prefix_set_clear(&judge->flow->live);
	}
	free(judge->flows);
	judge->flow = NULL;
}

void ruleset_judge(const struct ruleset *ruleset, const struct firewall_question *question, struct firewall_answer *answer)
{
	struct judge judge = {.ruleset = ruleset, .answer = answer};
	*answer = (struct firewall_answer){.count = 0};
	if (ruleset->is_list) {
		answer->accepted = prefix_set_and(question->sources, &ruleset->allowed);
		answer->refused = prefix_set_minus(question->sources, &ruleset->allowed);
		return;
	}
	judge_rules(&judge, question);
	/* iptables-save is of one family: of the other nothing is known. */
	struct rule_matches family = {0};
	struct matched known = {.why = NULL};
	matches_add(&family, MATCH_FAMILY)->families = ruleset->families;
	known = matches_find(&family, &(struct packet){.port = question->port}, question->sources);
	struct prefix_set unknown = prefix_set_minus(question->sources, &known.certain);
	prefix_set_merge(&answer->accepted, &unknown);
	prefix_set_merge(&answer->refused, &unknown);
	note_uncertain(&judge, NULL, &unknown,
	               ruleset->has_no_family ? "nothing in the rules says whether they are of IPv4 or of IPv6: give -4 or -6"
	                                      : "no rules of this family were given");
	prefix_set_clear(&unknown);
	matched_clear(&known);
	matches_clear(&family);
}

void firewall_answer_clear(struct firewall_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		prefix_set_clear(&answer->events[i].addresses);
	free(answer->events);
	prefix_set_clear(&answer->accepted);
	prefix_set_clear(&answer->refused);
	*answer = (struct firewall_answer){.count = 0};
}

const struct firewall_event *firewall_answer_why(const struct firewall_answer *answer, enum firewall_event_kind kind,
                                                 const struct prefix_set *addresses)
{
	for (size_t i = 0; i < answer->count; i++)
		if (answer->events[i].kind == kind && prefix_set_meets(&answer->events[i].addresses, addresses))
			return &answer->events[i];
	return NULL;
}
