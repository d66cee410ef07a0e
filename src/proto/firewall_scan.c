#include "proto/firewall_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/special_range.h"

/* A set as rows of a table. */
struct listing {
	struct observation *o;
	enum fact_key key;
	uint32_t count;
};

static void put_prefix(const struct prefix *prefix, void *user)
{
	struct listing *listing = user;
	char text[PREFIX_TEXT_BYTES];
	observation_add_text(listing->o, listing->key, listing->count++, prefix_format(prefix, text));
}

static void put_set(struct observation *o, enum fact_key key, const struct prefix_set *set)
{
	struct listing listing = {.o = o, .key = key};
	prefix_set_each(set, put_prefix, &listing);
}

/* Private and other addresses that are nobody's on the Internet are no leftovers of a list of Microsoft's. */
static void put_ordinary(const struct prefix *prefix, void *user)
{
	struct special_range special;
	if (!special_range_find(&prefix->address, &special))
		put_prefix(prefix, user);
}

static void put_why(struct observation *o, uint32_t row, const struct firewall_event *event)
{
	if (event == NULL || (event->why == NULL && !event->is_policy && !event->is_reply))
		return;
	const char *reason = event->why != NULL ? event->why : event->is_policy ? "policy" : "";
	const char *colon = event->is_reply && reason[0] != '\0' ? ": " : "";
	char *why = xasprintf("%s%s%s", event->is_reply ? "the answer on its way out" : "", colon, reason);
	observation_add_text(o, FACT_FIREWALL_WHY, row, why);
	free(why);
}

static void put_row(struct observation *o, uint32_t row, const struct prefix *prefix, const struct firewall_answer *answer)
{
	char text[PREFIX_TEXT_BYTES];
	struct prefix_set range;
	prefix_set_init(&range);
	prefix_set_add(&range, prefix);
	struct prefix_set accepted = prefix_set_and(&range, &answer->accepted), refused = prefix_set_and(&range, &answer->refused);
	struct prefix_set unsure = prefix_set_and(&accepted, &refused);
	bool is_yes = refused.count == 0, is_no = accepted.count == 0;
	const struct firewall_event *event = NULL;
	if (unsure.count > 0)
		event = firewall_answer_why(answer, FIREWALL_UNCERTAIN, &unsure);
	else if (!is_yes)
		event = firewall_answer_why(answer, FIREWALL_REFUSES, &refused);
	observation_add_text(o, FACT_FIREWALL_RANGE, row, prefix_format(prefix, text));
	observation_add_text(o, FACT_FIREWALL_VERDICT, row, unsure.count > 0 ? "uncertain" : is_yes ? "yes" : is_no ? "no" : "partly");
	if (event != NULL && event->place != NULL)
		observation_add_text(o, FACT_FIREWALL_PLACE, row, event->place);
	put_why(o, row, event);
	prefix_set_clear(&accepted);
	prefix_set_clear(&refused);
	prefix_set_clear(&unsure);
	prefix_set_clear(&range);
}

/* Addresses that have nothing to do with Microsoft, one a family: who lets them in, lets everybody in. */
static struct prefix_set strangers(void)
{
	static const char *const texts[] = {"9.9.9.9", "2620:fe::fe"};
	struct prefix_set set;
	struct prefix prefix;
	prefix_set_init(&set);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (prefix_parse(texts[i], &prefix))
			prefix_set_add(&set, &prefix);
	prefix_set_settle(&set);
	return set;
}

/* What the rules certainly let in of these sources. */
static struct prefix_set let_in(const struct firewall_scan *scan, const struct firewall_question *question,
                                const struct prefix_set *sources)
{
	struct firewall_answer answer;
	struct firewall_question other = *question;
	other.sources = sources;
	ruleset_judge(scan->ruleset, &other, &answer);
	struct prefix_set set = prefix_set_minus(&answer.accepted, &answer.refused);
	firewall_answer_clear(&answer);
	return set;
}

/*
 * What is let in beyond the list: of a list of prefixes all; rules let much in that has nothing to do with Microsoft,
 * so of them only what was listed once. A family that is open to everybody has no leftovers.
 */
static void put_extra(struct observation *o, const struct firewall_scan *scan, const struct firewall_question *question)
{
	struct listing listing = {.o = o, .key = FACT_FIREWALL_EXTRA};
	struct prefix_set former = ranges_former(), nobody = strangers();
	struct prefix_set extra = scan->ruleset->is_list ? prefix_set_copy(&scan->ruleset->allowed) : let_in(scan, question, &former);
	struct prefix_set open = let_in(scan, question, &nobody);
	for (size_t i = 0; i < open.count; i++) {
		struct prefix_set family;
		prefix_set_init(&family);
		prefix_set_add_family(&family, open.items[i].first.family);
		prefix_set_drop(&extra, &family);
		prefix_set_clear(&family);
	}
	prefix_set_drop(&extra, &scan->ranges->set);
	prefix_set_each(&extra, put_ordinary, &listing);
	prefix_set_clear(&extra);
	prefix_set_clear(&former);
	prefix_set_clear(&nobody);
	prefix_set_clear(&open);
}

static void put_notes(struct observation *o, const struct ruleset *ruleset)
{
	for (size_t i = 0; i < ruleset->note_count; i++) {
		observation_add_bytes(o, FACT_FIREWALL_NOTE_PLACE, (uint32_t)i, ruleset->notes[i].place, strlen(ruleset->notes[i].place));
		observation_add_text(o, FACT_FIREWALL_NOTE, (uint32_t)i, ruleset->notes[i].text);
	}
	observation_add_bool(o, FACT_FIREWALL_HAS_LOST, 0, ruleset->has_lost);
}

struct observation *firewall_scan_run(const struct firewall_scan *scan)
{
	struct observation *o = observation_new("firewall", scan->target, NULL, scan->started_ms);
	struct firewall_question question = {.port = scan->port,
	                                     .hook = scan->hook,
	                                     .sources = &scan->ranges->set,
	                                     .has_destination = scan->has_destination,
	                                     .destination = scan->destination,
	                                     .interface = scan->interface};
	struct firewall_answer answer;
	int64_t count = 0;
	ruleset_judge(scan->ruleset, &question, &answer);
	struct prefix_set unsure = prefix_set_and(&answer.accepted, &answer.refused);
	struct prefix_set missing = prefix_set_minus(&answer.refused, &answer.accepted);
	o->outcome = OUTCOME_OK;
	observation_add_int(o, FACT_FIREWALL_PORT, 0, scan->port);
	observation_add_text(o, FACT_FIREWALL_HOOK, 0, scan->ruleset->is_list ? "list" : scan->hook == HOOK_FORWARD ? "forward" : "input");
	if (scan->interface != NULL)
		observation_add_bytes(o, FACT_FIREWALL_INTERFACE, 0, scan->interface, strlen(scan->interface));
	observation_add_text(o, FACT_FIREWALL_LIST, 0, scan->ranges->source);
	if (scan->ranges->dated != TIME_UNKNOWN)
		observation_add_time(o, FACT_FIREWALL_LIST_DATE, 0, scan->ranges->dated);
	for (size_t i = 0; i < scan->ranges->count; i++) {
		put_row(o, (uint32_t)i, &scan->ranges->items[i], &answer);
		count += str_equal(observation_text(o, FACT_FIREWALL_VERDICT, (uint32_t)i), "yes");
	}
	observation_add_int(o, FACT_FIREWALL_LET_IN, 0, count);
	put_set(o, FACT_FIREWALL_MISSING, &missing);
	put_set(o, FACT_FIREWALL_UNCERTAIN, &unsure);
	put_extra(o, scan, &question);
	put_notes(o, scan->ruleset);
	prefix_set_clear(&missing);
	prefix_set_clear(&unsure);
	firewall_answer_clear(&answer);
	return o;
}
