#include "replay.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "cutover/rule.h"
#include "cutover/sink.h"
#include "model/recording.h"

static const struct replay_suite *current;
void (*replay_check)(const struct replay_case *replayed, const struct findings *findings);

static size_t case_count(void)
{
	size_t count = 0;
	for (size_t t = 0; current->tables[t] != NULL; t++)
		for (const struct replay_case *c = current->tables[t]; c->name != NULL; c++)
			count++;
	return count;
}

static const struct replay_case *case_at(size_t index)
{
	for (size_t t = 0; current->tables[t] != NULL; t++)
		for (const struct replay_case *c = current->tables[t]; c->name != NULL; c++)
			if (index-- == 0)
				return c;
	abort(); /* Check counts the cases by case_count */
}

static void judge_case(const struct replay_case *c, struct world *world, struct findings *findings)
{
	world_init(world);
	findings_init(findings);
	c->build(world);
	rules_judge(&world->evidence, &world->policy, findings);
}

static void clear_case(struct world *world, struct findings *findings)
{
	findings_clear(findings);
	world_clear(world);
}

static bool is_expected(const struct expected *expected, const struct finding *finding)
{
	return strcmp(expected->id, catalogue_get(finding->id)->id) == 0 &&
	       strcmp(expected->severity, severity_name(finding->severity)) == 0 &&
	       strcmp(expected->subject, finding->subject) == 0 &&
	       (expected->says == NULL || strstr(finding->summary, expected->says) != NULL);
}

static size_t expected_count(const struct replay_case *c)
{
	size_t count = 0;
	while (count < REPLAY_EXPECTED && c->expected[count].id != NULL)
		count++;
	return count;
}

/* What was found and what was wanted, for the message of a failed case. */
static void describe(struct buf *text, const struct replay_case *c, const struct findings *findings)
{
	buf_printf(text, "case '%s'\n", c->name);
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *f = findings->items[i];
		buf_printf(text, "  found  %s %s %s: %s\n", catalogue_get(f->id)->id, severity_name(f->severity), f->subject,
		           f->summary);
	}
	for (size_t i = 0; i < expected_count(c); i++) {
		const struct expected *e = &c->expected[i];
		buf_printf(text, "  wanted %s %s %s: %s\n", e->id, e->severity, e->subject,
		           e->says != NULL ? e->says : "(any)");
	}
}

START_TEST(the_case_gives_exactly_its_findings)
{
	const struct replay_case *c = case_at((size_t)_i);
	struct world world;
	struct findings findings;
	judge_case(c, &world, &findings);
	bool is_used[REPLAY_EXPECTED] = {false};
	size_t matched = 0;
	for (size_t i = 0; i < findings.count; i++)
		for (size_t e = 0; e < expected_count(c); e++)
			if (!is_used[e] && is_expected(&c->expected[e], findings.items[i])) {
				is_used[e] = true;
				matched++;
				break;
			}
	if (replay_check != NULL)
		replay_check(c, &findings);
	struct buf text;
	buf_init(&text, 65536);
	describe(&text, c, &findings);
	ck_assert_msg(matched == findings.count && matched == expected_count(c), "%s", text.bytes);
	buf_clear(&text);
	clear_case(&world, &findings);
}
END_TEST

static size_t dots(const char *text)
{
	size_t count = 0;
	while ((text = strstr(text, "...")) != NULL) {
		text += 3;
		count++;
	}
	return count;
}

/* "..." stands where a placeholder had no argument; the text may have some of its own. */
static void assert_filled(const struct replay_case *c, const struct finding *finding, const char *text)
{
	char *filled = finding_fill(finding, text);
	ck_assert_msg(filled == NULL || dots(filled) <= dots(text), "case '%s': %s lacks an argument: %s", c->name,
	              catalogue_get(finding->id)->id, filled);
	free(filled);
}

static bool is_covered_here(enum finding_id id)
{
	for (size_t i = 0; current->families[i] != NULL; i++)
		if (str_starts(catalogue_get(id)->id, current->families[i]))
			return true;
	return false;
}

START_TEST(texts_have_all_their_arguments_and_findings_their_reasons)
{
	const struct replay_case *c = case_at((size_t)_i);
	struct world world;
	struct findings findings;
	judge_case(c, &world, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const struct finding *f = findings.items[i];
		const struct catalogue_entry *entry = catalogue_get(f->id);
		assert_filled(c, f, entry->microsoft_message);
		assert_filled(c, f, entry->cause);
		assert_filled(c, f, entry->remedy);
		ck_assert_msg(f->summary[0] != '\0', "case '%s': %s says nothing", c->name, entry->id);
		ck_assert_msg(f->because_count > 0 || !is_covered_here(f->id), "case '%s': %s gives no reason", c->name,
		              entry->id);
		for (size_t b = 0; b < f->because_count; b++)
			ck_assert_msg(f->because[b] < world.evidence.count, "case '%s': %s has a wrong reason", c->name, entry->id);
	}
	clear_case(&world, &findings);
}
END_TEST

static void assert_same(const struct replay_case *c, const struct finding *run, const struct finding *judged)
{
	ck_assert_msg(run->id == judged->id && run->severity == judged->severity &&
	                  strcmp(run->subject, judged->subject) == 0 && strcmp(run->summary, judged->summary) == 0 &&
	                  run->because_count == judged->because_count && run->argument_count == judged->argument_count,
	              "case '%s': the run says %s %s: %s, its recording %s %s: %s", c->name, catalogue_get(run->id)->id,
	              run->subject, run->summary, catalogue_get(judged->id)->id, judged->subject, judged->summary);
}

START_TEST(a_recording_is_judged_as_the_run_was)
{
	const struct replay_case *c = case_at((size_t)_i);
	const struct run_info run = {.command = "before", .vantage = "site-a", .started_ms = REPLAY_NOW * 1000};
	struct world world;
	struct findings findings, judged;
	struct recording recording;
	struct error error = {{0}};
	judge_case(c, &world, &findings);
	struct sink *sink = sink_new_memory();
	recording_write(sink, &run, &world.policy, &world.evidence);
	size_t length = 0;
	const char *line = sink_memory(sink, &length);
	recording_init(&recording);
	findings_init(&judged);
	ck_assert_msg(recording_parse(line, length, &recording, &error) == 0, "case '%s': %s", c->name, error.text);
	rules_judge(&recording.evidence, &recording.policy, &judged);
	ck_assert_msg(judged.count == findings.count && judged.ignored == findings.ignored,
	              "case '%s': %zu findings of the run, %zu of its recording", c->name, findings.count, judged.count);
	for (size_t i = 0; i < findings.count; i++)
		assert_same(c, findings.items[i], judged.items[i]);
	findings_clear(&judged);
	recording_clear(&recording);
	sink_abandon(sink);
	clear_case(&world, &findings);
}
END_TEST

START_TEST(every_id_is_raised_by_a_case_and_absent_from_another)
{
	size_t raised_by[FINDING_COUNT] = {0};
	size_t count = case_count();
	for (size_t i = 0; i < count; i++) {
		struct world world;
		struct findings findings;
		judge_case(case_at(i), &world, &findings);
		for (size_t id = 0; id < FINDING_COUNT; id++)
			raised_by[id] += findings_has(&findings, (enum finding_id)id);
		clear_case(&world, &findings);
	}
	struct buf missing;
	buf_init(&missing, 65536);
	for (size_t id = 0; id < FINDING_COUNT; id++)
		if (is_covered_here((enum finding_id)id) && (raised_by[id] == 0 || raised_by[id] == count))
			buf_printf(&missing, " %s (%zu of %zu)", catalogue_get((enum finding_id)id)->id, raised_by[id], count);
	ck_assert_msg(missing.length == 0, "raised by no case, or by all:%s", missing.bytes);
	buf_clear(&missing);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("cases");
	int count = (int)case_count();
	tcase_add_loop_test(tcase, the_case_gives_exactly_its_findings, 0, count);
	tcase_add_loop_test(tcase, texts_have_all_their_arguments_and_findings_their_reasons, 0, count);
	tcase_add_loop_test(tcase, a_recording_is_judged_as_the_run_was, 0, count);
	tcase_add_test(tcase, every_id_is_raised_by_a_case_and_absent_from_another);
	suite_add_tcase(suite, tcase);
}

int replay_main(const struct replay_suite *suite)
{
	current = suite;
	Suite *check = suite_create(suite->name);
	fill(check);
	SRunner *runner = srunner_create(check);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
