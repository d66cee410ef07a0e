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

/* The options, without the arguments. `to` need not be initialised; it is the caller's to clear. */
void options_copy(struct options *to, const struct options *from);

enum option_id option_find(const char *name); /* by its long name; OPTION_COUNT for none */

/* One more value for an option that takes values, as on the command line. -1 with one line for a malformed one. */
int option_add(struct options *options, enum option_id id, const char *value, struct error *error);
void option_forget(struct options *options, enum option_id id); /* as if it had not been given */

bool option_is_set(const struct options *options, enum option_id id);
const char *option_text(const struct options *options, enum option_id id);           /* NULL when not given */
int64_t option_number(const struct options *options, enum option_id id, int64_t fallback);
const struct names *option_list(const struct options *options, enum option_id id);   /* maybe empty */
const struct option_info *option_info(enum option_id id);
bool option_belongs(enum option_id id, const struct command *command); /* may be given with that command */

#endif
