#ifndef APP_OUTPUT_H
#define APP_OUTPUT_H
/*
 * All outputs of a run: -o FORMAT[:FILE]..., --record FILE; and the verdict over all reports.
 * Files are written whole or not at all; an output that cannot be opened is said before anything is sent.
 */
#include "app/options.h"
#include "cutover/renderer.h"
#include "cutover/report.h"

struct output;

/* -q, -v, --color, --ascii and the terminal as renderers take them. */
struct render_options output_render_options(const struct options *options);

/* NULL with the error: unknown format, two outputs to standard output, a folder that cannot be written. */
struct output *output_open(const struct options *options, struct error *error);

/* Renders and, with --record, saves one migration. What the report points to may be freed afterwards. */
void output_report(struct output *output, const struct report *report);

/* Judges the evidence by all rules and hands the report on. */
void output_judge(struct output *output, const struct run_info *run, const struct policy *policy, const struct evidence *evidence);

/* The same for a run of several rounds: before the last one only `jsonl` prints. */
void output_round(struct output *output, const struct run_info *run, const struct policy *policy, const struct evidence *evidence,
                  bool is_last);
bool output_has_stdout(const struct output *output); /* a format goes to standard output */

/* Ends all, frees the output. The exit status of the run, or -1 with the first error of a write. */
int output_close(struct output *output, struct error *error);
void output_abandon(struct output *output); /* leaves no file behind; NULL is fine */

#endif
