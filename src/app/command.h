#ifndef APP_COMMAND_H
#define APP_COMMAND_H
/*
 * A command: one row in commands.def, one `const struct command NAME_command` in the file that runs it.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/error.h"
#include "cutover/policy.h"

struct options;

/* Usage errors, internal errors, and "could not decide"; see cli.md, "Exit status". */
enum { EXIT_TROUBLE = 3 };

struct command {
	const char *name;
	const char *arguments; /* "DOMAIN..." */
	const char *about;     /* one line */
	const char *examples;  /* lines, without prompt; '\n' between */
	int least_arguments, most_arguments; /* most: -1 for any number */
	bool takes_plan;       /* arguments may come from --plan instead */
	enum phase phase;      /* that severities are of, unless --phase says otherwise */
	const char *probes;    /* probing commands: names of probes parted by blanks; the first on each argument */
	bool asks_public;        /* caches of the built-in list are looked at, where --resolvers names no other */
	bool is_live;            /* shows on standard output what happens; a report goes there only when one is asked for */
	bool takes_domain;     /* arguments are domains, not hosts */
	bool takes_mailbox;    /* or mailboxes of them */
	bool signs_in;         /* --jobs and --rate are of sign-ins; --record grows as the run goes on */
	/* Returns the exit status, or -1 with the error filled in. */
	int (*run)(const struct options *options, struct error *error);
};

const struct command *command_find(const char *name); /* NULL for none */
void command_each(void (*each)(const struct command *command, void *user), void *user);

#endif
