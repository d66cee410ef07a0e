/* Connections at once: what the ramp held against what the endpoint may open. */
#include <stdio.h>

#include "base/str.h"
#include "rule/rules.h"
#include "rule/subject.h"

/* Whose limit it is, as far as the server's words tell. */
static const char *whose(const struct observation *o)
{
	const char *words = observation_text(o, FACT_LIMIT_WORDS, 0);
	if (words != NULL && str_find_nocase(words, "user+ip") != NULL)
		return " of one user from one address";
	if (words != NULL && str_find_nocase(words, "from [") != NULL) /* Cyrus, maxlogins_per_host */
		return " from one address";
	if (str_equal(observation_text(o, FACT_LIMIT_SCOPE, 0), "user"))
		return " of one user";
	if (words != NULL && (str_find_nocase(words, "your ip") != NULL || str_find_nocase(words, "address") != NULL ||
	                      str_find_nocase(words, "host") != NULL))
		return " from one address";
	return "";
}

static void how_in_words(const struct observation *o, char *text, size_t room)
{
	const char *words = observation_text(o, FACT_LIMIT_WORDS, 0), *how = observation_text(o, FACT_LIMIT_HOW, 0);
	enum outcome outcome = how != NULL ? outcome_from_name(how) : OUTCOME_OK;
	bool is_dropped = observation_int_or(o, FACT_LIMIT_REFUSED, 0, 0) == 0;
	if (words != NULL)
		snprintf(text, room, "\"%.*s\"", SHORT(words));
	else if (outcome == OUTCOME_TIMEOUT)
		snprintf(text, room, "the next one is not answered");
	else
		snprintf(text, room, "%s is %s", is_dropped ? "a held one" : "the next one",
		         outcome == OUTCOME_REFUSED ? "refused" : outcome == OUTCOME_RESET ? "reset" : "closed without a word");
}

static void judge_limit(struct notes *notes)
{
	for (size_t i = 0; i < notes->subject->count; i++) {
		size_t index = notes->subject->seen[i];
		const struct observation *o = notes->judging->evidence->observations[index];
		int64_t asked = observation_int_or(o, FACT_LIMIT_ASKED, 0, 0), held = observation_int_or(o, FACT_LIMIT_HELD, 0, 0);
		bool is_user = str_equal(observation_text(o, FACT_LIMIT_SCOPE, 0), "user");
		char how[256];
		/* Not even one: that is another rule's to say. */
		if (o->outcome == OUTCOME_CANCELLED || held == 0)
			continue;
		how_in_words(o, how, sizeof how);
		if (held >= asked && o->outcome == OUTCOME_OK)
			notes_add(notes, FINDING_LIMIT_OK, index, "holds %d connections at once%s", (int)held,
			          is_user ? " for one user" : "");
		else
			notes_add(notes, FINDING_LIMIT_BELOW_CONCURRENCY, index, "holds %d of %d connections%s; %s", (int)held,
			          (int)asked, whose(o), how);
	}
	notes_raise_all(notes);
}

void rule_limit(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	static const char *const probes[] = {"limit", NULL};
	const struct judging judging = {evidence, policy, findings};
	subjects_each(&judging, probes, judge_limit);
}
