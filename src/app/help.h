#ifndef APP_HELP_H
#define APP_HELP_H
/* --help and --version, made from the tables of commands and options. */

struct command;

void help_print(const struct command *command); /* NULL: the program's; on standard output */
void version_print(void);

#endif
