#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "app/command.h"
#include "app/help.h"
#include "app/options.h"
#include "model/embedded.h"

/* Nothing to say: the reader of standard output has gone, as in `| head`. */
static int complain(const struct error *error)
{
	if (error->text[0] == '\0')
		return EXIT_TROUBLE;
	fprintf(stderr, "cutover: %s\n", error->text);
	return EXIT_TROUBLE;
}

static int check_arguments(const struct options *options, struct error *error)
{
	const struct command *command = options->command;
	bool has_plan = command->takes_plan && option_is_set(options, OPTION_PLAN) && options->arguments.count == 0;
	int given = (int)options->arguments.count + (has_plan || option_is_set(options, OPTION_LIST));
	if (given < command->least_arguments)
		return error_set(error, "%s: %s is missing; see 'cutover %s --help'", command->name, command->arguments, command->name);
	if (command->most_arguments >= 0 && given > command->most_arguments)
		return error_set(error, "%s: too many arguments; see 'cutover %s --help'", command->name, command->name);
	return 0;
}

static int run(const struct options *options, struct error *error)
{
	if (option_is_set(options, OPTION_HELP)) {
		help_print(options->command);
		return 0;
	}
	if (option_is_set(options, OPTION_VERSION)) {
		version_print();
		return 0;
	}
	if (option_is_set(options, OPTION_JSON_SCHEMA)) {
		fputs(embedded_text("data/report.schema.json"), stdout);
		return 0;
	}
	if (options->command == NULL)
		return error_set(error, "no command; see 'cutover --help'");
	if (check_arguments(options, error) != 0)
		return -1;
	return options->command->run(options, error);
}

int main(int argc, char **argv)
{
	struct options options;
	struct error error = {{0}};
	options_init(&options);
	signal(SIGPIPE, SIG_IGN); /* files that are begun are taken away again */
	int status = options_parse(&options, argc, argv, &error);
	if (status == 0)
		status = run(&options, &error);
	options_clear(&options);
	if (status >= 0 && fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (status >= 0 && errno != EPIPE)
		error_set(&error, "standard output cannot be written");
	return complain(&error);
}
