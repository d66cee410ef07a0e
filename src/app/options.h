#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H
/*
 * The command line as typed rows of options.def. Passwords have no option here, and never will.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cutover/error.h"
#include "cutover/policy.h"

struct command;

#define OPTION(symbol, name, letter, type, argument, commands, help) OPTION_##symbol,
enum option_id {
#include "app/options.def"
	OPTION_COUNT
};
#undef OPTION

enum option_type { OPTION_FLAG, OPTION_COUNTER, OPTION_TEXT, OPTION_LIST_OF, OPTION_WHOLE, OPTION_SPAN, OPTION_TIME };

struct option_info {
	const char *name; /* long name, without dashes */
	int letter;       /* 0: none */
	enum option_type type;
	const char *argument; /* NULL: takes none */
	const char *commands; /* names parted by blanks; NULL: every command */
	const char *help;
};

struct option_value {
	bool is_set;
	struct names texts; /* TEXT: the last one; LIST: all, parted at commas */
	int64_t number;     /* WHOLE; SPAN in milliseconds; TIME in seconds since 1970; COUNT */
};

struct options {
	const struct command *command; /* NULL: none was named */
	struct names arguments;        /* what is neither option nor command; @SERVER went to --resolver */
	struct option_value values[OPTION_COUNT];
};

void options_init(struct options *options);
void options_clear(struct options *options);

/* Reads argv. -1 with one line that names the option. */
int options_parse(struct options *options, int argc, char **argv, struct error *error);

/* Sets one option by its long name, as a plan file does. -1 with one line: unknown, or a malformed value. */
int options_set(struct options *options, const char *name, const char *value, struct error *error);

bool option_is_set(const struct options *options, enum option_id id);
const char *option_text(const struct options *options, enum option_id id);           /* NULL when not given */
int64_t option_number(const struct options *options, enum option_id id, int64_t fallback);
const struct names *option_list(const struct options *options, enum option_id id);   /* maybe empty */
const struct option_info *option_info(enum option_id id);
bool option_belongs(enum option_id id, const struct command *command); /* may be given with that command */

#endif
