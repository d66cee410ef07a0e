#include "rule/spf_tree.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "cutover/limits.h"

enum { LOOKUPS_MOST = 10, VOIDS_MOST = 2, SAID_BYTES = 600 };

/* One walk and where it stands in the evidence. */
struct tree {
	const struct dns_view *view;
	const struct observation *o;
	size_t index;
};

static struct finding *add(const struct tree *tree, enum finding_id id, const char *says)
{
	struct finding *f = dns_view_add(tree->view, id, NULL, "%s", says);
	const char *record = observation_text(tree->o, FACT_SPF_RECORD, 0);
	finding_arg(f, "value", record != NULL ? record : "");
	finding_because(f, tree->index);
	return f;
}

/* The terms of the domain's own record with what each costs in all: "include:a.example 4, mx 1". */
static void say_costs(const struct tree *tree, struct buf *out)
{
	uint32_t rows = observation_rows(tree->o, FACT_SPF_ROW_TERM);
	int64_t before = 0;
	bool is_first = true;
	for (uint32_t row = 0; row < rows;) {
		uint32_t next = row + 1;
		while (next < rows && observation_int_or(tree->o, FACT_SPF_ROW_DEPTH, next, 0) > 0)
			next++;
		int64_t until = observation_int_or(tree->o, FACT_SPF_ROW_LOOKUPS, next - 1, 0);
		if (until > before) {
			const char *term = observation_text(tree->o, FACT_SPF_ROW_TERM, row);
			buf_printf(out, "%s%s %lld", is_first ? "" : ", ", term, (long long)(until - before));
			is_first = false;
		}
		before = until;
		row = next;
	}
}

static bool judge_limits(const struct tree *tree)
{
	int64_t lookups = observation_int_or(tree->o, FACT_SPF_LOOKUPS, 0, 0), voids = observation_int_or(tree->o, FACT_SPF_VOIDS, 0, 0);
	struct buf says;
	buf_init(&says, SAID_BYTES);
	if (lookups > LOOKUPS_MOST) {
		buf_printf(&says, "%lld look-ups, 10 are allowed: ", (long long)lookups);
		say_costs(tree, &says);
		finding_arg_int(add(tree, FINDING_SPF_TOO_MANY_LOOKUPS, says.bytes), "limit", LOOKUPS_MOST);
	}
	buf_reset(&says);
	if (voids > VOIDS_MOST) {
		buf_printf(&says, "%lld look-ups without an answer, 2 are allowed:", (long long)voids);
		for (uint32_t row = 0; row < observation_rows(tree->o, FACT_SPF_ROW_TERM); row++)
			if (observation_flag(tree->o, FACT_SPF_ROW_VOID, row))
				buf_printf(&says, " %s", observation_text(tree->o, FACT_SPF_ROW_TERM, row));
		finding_arg_int(add(tree, FINDING_SPF_VOID_LOOKUPS, says.bytes), "limit", VOIDS_MOST);
	}
	buf_clear(&says);
	return lookups <= LOOKUPS_MOST && voids <= VOIDS_MOST;
}

static bool judge_end(const struct tree *tree)
{
	const char *end = observation_text(tree->o, FACT_SPF_DEFAULT, 0);
	if (!str_equal(end, "pass") && !str_equal(end, "neutral"))
		return true;
	bool is_open = str_equal(end, "pass");
	add(tree, FINDING_SPF_PERMISSIVE, is_open ? "lets everybody pass (+all)" : "says nothing about other senders (?all, or no all)");
	return false;
}

/* Old senders that pass: one finding for all of them. Microsoft's own pass is spf-ok's business. */
static void judge_old_senders(const struct tree *tree)
{
	struct buf says;
	buf_init(&says, SAID_BYTES);
	for (uint32_t row = 0; row < observation_rows(tree->o, FACT_SPF_SENDER); row++) {
		const char *sender = observation_text(tree->o, FACT_SPF_SENDER, row);
		if (str_equal(sender, "microsoft") || !str_equal(observation_text(tree->o, FACT_SPF_SENDER_RESULT, row), "pass"))
			continue;
		buf_printf(&says, "%s%s (%s)", says.length > 0 ? ", " : "", sender, observation_text(tree->o, FACT_SPF_SENDER_ADDRESS, row));
	}
	if (says.length > 0)
		add(tree, FINDING_SPF_OLD_SENDER, says.bytes);
	buf_clear(&says);
}

static bool judge_tree(const struct tree *tree)
{
	bool is_good = true;
	/* Beyond the limit nobody reads on, and a circle of records is not one that cannot be read. */
	bool is_over = observation_int_or(tree->o, FACT_SPF_LOOKUPS, 0, 0) > LOOKUPS_MOST;
	if (!is_over && str_equal(observation_text(tree->o, FACT_SPF_RESULT, 0), "permerror")) {
		const char *problem = observation_text(tree->o, FACT_SPF_PROBLEM, 0);
		struct finding *f = add(tree, FINDING_SPF_SYNTAX, problem != NULL ? problem : "the record cannot be evaluated");
		finding_arg(f, "name", problem);
		is_good = false;
	}
	is_good = judge_limits(tree) && is_good;
	is_good = judge_end(tree) && is_good;
	judge_old_senders(tree);
	return is_good;
}

/* The next walk of the domain, ended or not, from that index on; count behind the last. */
static size_t next_tree(const struct dns_view *view, size_t from)
{
	for (size_t i = from; (i = evidence_next(view->evidence, i, "spf")) < view->evidence->count; i++)
		if (str_equal_nocase(view->evidence->observations[i]->target, view->domain))
			return i;
	return view->evidence->count;
}

bool spf_tree_judge(const struct dns_view *view)
{
	bool is_good = true;
	for (size_t i = 0; (i = next_tree(view, i)) < view->evidence->count; i++) {
		struct tree tree = {.view = view, .o = view->evidence->observations[i], .index = i};
		if (tree.o->outcome == OUTCOME_OK)
			is_good = judge_tree(&tree) && is_good;
	}
	return is_good;
}

void spf_tree_show(const struct dns_view *view, struct finding *finding)
{
	for (size_t i = 0; (i = next_tree(view, i)) < view->evidence->count; i++)
		finding_because(finding, i);
}
