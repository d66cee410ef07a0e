#include "app/output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/command.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/diagnosis.h"
#include "cutover/renderer.h"
#include "cutover/rule.h"
#include "model/recording.h"

enum { MODE_REPORT = 0644, MODE_RECORDING = 0600 };

struct one_output {
	const struct renderer *renderer;
	struct render render;
};

struct output {
	struct render_options options, of_files; /* borrowed by each render */
	struct one_output *items;
	size_t count;
	bool has_stdout, has_begun;
	struct sink *recording;
	struct verdict verdict;
};

/* https://no-color.org and common practice: any non-empty NO_COLOR, a dumb terminal and a pipe switch colour off. */
static bool wants_color(const char *when)
{
	const char *no_color = getenv("NO_COLOR"), *forced = getenv("CLICOLOR_FORCE"), *term = getenv("TERM");
	if (str_equal(when, "always") || str_equal(when, "never"))
		return str_equal(when, "always");
	if (no_color != NULL && *no_color != '\0')
		return false;
	if (forced != NULL && *forced != '\0' && !str_equal(forced, "0"))
		return true;
	return isatty(STDOUT_FILENO) && term != NULL && *term != '\0' && !str_equal(term, "dumb");
}

static bool is_utf8_locale(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		const char *value = getenv(variables[i]);
		if (value != NULL && *value != '\0')
			return str_find_nocase(value, "utf-8") != NULL || str_find_nocase(value, "utf8") != NULL;
	}
	return false;
}

/* COLUMNS is the user's own word; 0 where there is no terminal. */
static int terminal_width(void)
{
	struct winsize size;
	const char *wanted = getenv("COLUMNS");
	int64_t columns;
	if (isatty(STDOUT_FILENO) && wanted != NULL && str_to_int(wanted, 1, INT16_MAX, &columns))
		return (int)columns;
	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static int add(struct output *output, const char *text, struct error *error)
{
	size_t length = strcspn(text, ":");
	char *name = xstrndup(text, length);
	struct one_output item = {.renderer = renderer_find(name)};
	free(name);
	if (item.renderer == NULL)
		return error_set(error, "-o: '%.40s' is no format: text json jsonl html markdown nagios openmetrics junit", text);
	const char *path = text[length] == ':' ? text + length + 1 : NULL;
	if (path != NULL && *path == '\0')
		return error_set(error, "-o %.40s: no file behind the colon", text);
	if (str_equal(path, "-"))
		path = NULL; /* as users of curl expect */
	if (path == NULL && output->has_stdout)
		return error_set(error, "-o: only one format can go to standard output; give the other a file, as html:report.html");
	output->has_stdout = output->has_stdout || path == NULL;
	item.render.options = path == NULL ? &output->options : &output->of_files;
	item.render.sink = path == NULL ? sink_new_fd(STDOUT_FILENO) : sink_new_file(path, MODE_REPORT, error);
	if (item.render.sink == NULL)
		return -1;
	output->items = xrealloc(output->items, output->count + 1, sizeof item);
	output->items[output->count++] = item;
	return 0;
}

static const char *path_of(const struct options *options, size_t i)
{
	const struct names *formats = option_list(options, OPTION_OUTPUT);
	if (i == formats->count)
		return option_text(options, OPTION_RECORD);
	const char *colon = strchr(formats->items[i], ':');
	return colon != NULL && !str_equal(colon, ":-") ? colon + 1 : NULL;
}

/* Else the last one would win, and the others be lost. */
static int check_twice(const struct options *options, struct error *error)
{
	size_t count = option_list(options, OPTION_OUTPUT)->count + 1;
	for (size_t i = 0; i < count; i++) {
		const char *path = path_of(options, i);
		for (size_t k = 0; path != NULL && !str_starts(path, "/dev/") && k < i; k++)
			if (str_equal(path, path_of(options, k)))
				return error_set(error, "-o: two outputs to the one file %.200s", path);
	}
	return 0;
}

static int check_when(const struct options *options, enum option_id id, const char *also, struct error *error)
{
	const char *when = option_text(options, id);
	if (when == NULL || str_equal(when, "auto") || str_equal(when, "never") || str_equal(when, also))
		return 0;
	return error_set(error, "--%s: '%.40s' is not auto%s or never", option_info(id)->name, when, also != NULL ? ", always" : "");
}

static int open_all(struct output *output, const struct options *options, struct error *error)
{
	const struct names *formats = option_list(options, OPTION_OUTPUT);
	/* Of a run that signs in, it takes the place of the journal, which may be the file that was resumed. */
	const char *recording = option_text(options, OPTION_RECORD);
	if (recording == NULL && options->command->signs_in)
		recording = option_text(options, OPTION_RESUME);
	if (check_twice(options, error) != 0 || check_when(options, OPTION_COLOR, "always", error) != 0 ||
	    check_when(options, OPTION_PROGRESS, NULL, error) != 0)
		return -1;
	for (size_t i = 0; i < formats->count; i++)
		if (add(output, formats->items[i], error) != 0)
			return -1;
	if (option_is_set(options, OPTION_JSON) && add(output, "json", error) != 0)
		return -1;
	if (output->count == 0 && !options->command->is_live && add(output, "text", error) != 0)
		return -1;
	if (recording != NULL && (output->recording = sink_new_file(recording, MODE_RECORDING, error)) == NULL)
		return -1;
	return 0;
}

struct render_options output_render_options(const struct options *options)
{
	return (struct render_options){
	    .verbosity = option_is_set(options, OPTION_QUIET) ? -1 : (int)option_number(options, OPTION_VERBOSE, 0),
	    .use_color = wants_color(option_text(options, OPTION_COLOR)),
	    .use_ascii = option_is_set(options, OPTION_ASCII) || !is_utf8_locale(),
	    .width = terminal_width(),
	};
}

struct output *output_open(const struct options *options, struct error *error)
{
	struct output *output = xcalloc(1, sizeof *output);
	output->options = output->of_files = output_render_options(options);
	output->of_files.use_color = str_equal(option_text(options, OPTION_COLOR), "always"); /* the terminal is not theirs */
	output->of_files.width = 0;
	verdict_init(&output->verdict);
	if (open_all(output, options, error) != 0) {
		output_abandon(output);
		return NULL;
	}
	return output;
}

/* Not before there is something to say: what was never begun can be abandoned without an end. */
static void begin_all(struct output *output)
{
	if (output->has_begun)
		return;
	output->has_begun = true;
	for (size_t i = 0; i < output->count; i++)
		output->items[i].renderer->begin(&output->items[i].render);
}

/* A report that others will follow on the same migration is of use to those who read line by line. */
static void hand_on(struct output *output, const struct report *report, bool is_last)
{
	begin_all(output);
	for (size_t i = 0; i < output->count; i++)
		if (is_last || str_equal(output->items[i].renderer->name, "jsonl"))
			output->items[i].renderer->report(&output->items[i].render, report);
	if (is_last)
		verdict_add(&output->verdict, report);
	if (is_last && output->recording != NULL)
		recording_write(output->recording, report->run, report->policy, report->evidence);
}

void output_report(struct output *output, const struct report *report)
{
	hand_on(output, report, true);
}

bool output_has_stdout(const struct output *output)
{
	return output->has_stdout;
}

void output_judge(struct output *output, const struct run_info *run, const struct policy *policy, const struct evidence *evidence)
{
	output_round(output, run, policy, evidence, true);
}

void output_round(struct output *output, const struct run_info *run, const struct policy *policy, const struct evidence *evidence,
                  bool is_last)
{
	struct findings findings;
	struct diagnosis diagnosis;
	struct report report = {.run = run, .policy = policy, .evidence = evidence, .findings = &findings};
	findings_init(&findings);
	rules_judge(evidence, policy, &findings);
	diagnosis_make(evidence, &findings, &diagnosis);
	report.diagnosis = diagnosis.message != NULL ? &diagnosis : NULL;
	hand_on(output, &report, is_last);
	findings_clear(&findings);
}

static void output_free(struct output *output)
{
	free(output->items);
	free(output);
}

int output_close(struct output *output, struct error *error)
{
	int result = output->verdict.exit_code;
	begin_all(output);
	for (size_t i = 0; i < output->count; i++) {
		output->items[i].renderer->end(&output->items[i].render);
		if (sink_commit(output->items[i].render.sink, result >= 0 ? error : NULL) != 0)
			result = -1;
	}
	if (output->recording != NULL && sink_commit(output->recording, result >= 0 ? error : NULL) != 0)
		result = -1;
	output_free(output);
	return result;
}

void output_abandon(struct output *output)
{
	if (output == NULL)
		return;
	for (size_t i = 0; i < output->count; i++) {
		if (output->has_begun) /* frees the renderer's state; what it still says goes with the sink */
			output->items[i].renderer->end(&output->items[i].render);
		sink_abandon(output->items[i].render.sink);
	}
	sink_abandon(output->recording);
	output_free(output);
}
