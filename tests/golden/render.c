/*
 * Renders a recording with fixed findings, so that the golden files change with the renderers and with nothing else:
 *   render FORMAT [option...] RECORDING FINDINGS
 *   render --version
 * Options: -q -v -vv color ascii width=N. FINDINGS is a JSON array with one array a migration of
 *   {"id", "subject", "summary", "because": [0], "args": {}}, and the object {"clock": {...}, "ignored": N}.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "cutover/diagnosis.h"
#include "cutover/renderer.h"
#include "model/recording.h"

struct work {
	const struct renderer *renderer;
	struct render render;
	json_t *all; /* findings of all migrations */
	size_t index;
};

static void add_finding(struct findings *findings, const struct policy *policy, json_t *value)
{
	enum finding_id id = catalogue_find(json_string_value(json_object_get(value, "id")));
	const char *subject = json_string_value(json_object_get(value, "subject"));
	const char *summary = json_string_value(json_object_get(value, "summary"));
	struct finding *finding = findings_add(findings, policy, id, subject, "%s", summary);
	json_t *because = json_object_get(value, "because"), *arg;
	const char *name;
	for (size_t i = 0; i < json_array_size(because); i++)
		finding_because(finding, (size_t)json_integer_value(json_array_get(because, i)));
	json_object_foreach(json_object_get(value, "args"), name, arg) {
		if (json_is_string(arg))
			finding_arg(finding, name, json_string_value(arg));
		else
			finding_arg_int(finding, name, json_integer_value(arg));
	}
}

static void read_clock(json_t *value, const char *key, int64_t *seconds)
{
	const char *text = json_string_value(json_object_get(value, key));
	if (text != NULL)
		clock_parse(text, seconds);
}

static int report_one(struct recording *recording, void *user)
{
	struct work *work = user;
	struct findings findings;
	findings_init(&findings);
	json_t *list = json_array_get(work->all, work->index++);
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *value = json_array_get(list, i);
		if (json_object_get(value, "id") != NULL)
			add_finding(&findings, &recording->policy, value);
		read_clock(value, "earliest_cutover", &findings.earliest_cutover);
		read_clock(value, "old_gone_by", &findings.old_gone_by);
		read_clock(value, "sync_until", &findings.sync_until);
	}
	findings_settle(&findings, &recording->policy);
	struct diagnosis diagnosis;
	diagnosis_make(&recording->evidence, &findings, &diagnosis);
	struct report report = {.run = &recording->run, .policy = &recording->policy, .evidence = &recording->evidence, .findings = &findings};
	if (diagnosis.message != NULL)
		report.diagnosis = &diagnosis;
	work->renderer->report(&work->render, &report);
	findings_clear(&findings);
	return 0;
}

static void read_option(const char *text, struct render_options *options)
{
	if (str_starts(text, "width="))
		options->width = (int)strtol(text + 6, NULL, 10);
	options->use_color = options->use_color || str_equal(text, "color");
	options->use_ascii = options->use_ascii || str_equal(text, "ascii");
	if (str_equal(text, "-q"))
		options->verbosity = -1;
	if (text[0] == '-' && text[1] == 'v')
		options->verbosity = (int)strlen(text) - 1;
}

int main(int argc, char **argv)
{
	struct render_options options = {0};
	struct error error = {{0}};
	if (argc == 2 && str_equal(argv[1], "--version"))
		return puts(CUTOVER_VERSION) >= 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	if (argc < 4)
		return EXIT_FAILURE;
	for (int i = 2; i < argc - 2; i++)
		read_option(argv[i], &options);
	struct sink *sink = sink_new_fd(STDOUT_FILENO);
	struct work work = {.renderer = renderer_find(argv[1]), .render = {.sink = sink, .options = &options}};
	work.all = json_load_file(argv[argc - 1], 0, NULL);
	if (work.renderer == NULL || work.all == NULL)
		return EXIT_FAILURE;
	work.renderer->begin(&work.render);
	int result = recording_read(argv[argc - 2], report_one, &work, &error);
	work.renderer->end(&work.render);
	json_decref(work.all);
	if (result != 0)
		fprintf(stderr, "%s\n", error.text);
	return sink_commit(sink, &error) == 0 && result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
