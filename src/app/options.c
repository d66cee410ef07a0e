#include "app/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { LONG_BASE = 1000, SHOWN_BYTES = 120 };
#define TYPE_FLAG OPTION_FLAG
#define TYPE_COUNT OPTION_COUNTER
#define TYPE_TEXT OPTION_TEXT
#define TYPE_LIST OPTION_LIST_OF
#define TYPE_WHOLE OPTION_WHOLE
#define TYPE_SPAN OPTION_SPAN
#define TYPE_TIME OPTION_TIME

#define OPTION(symbol, name, letter, type, argument, commands, help) {name, letter, TYPE_##type, argument, commands, help},
static const struct option_info infos[] = {
#include "app/options.def"
};
#undef OPTION

void options_init(struct options *options)
{
	*options = (struct options){0};
}

void options_clear(struct options *options)
{
	names_clear(&options->arguments);
	for (int i = 0; i < OPTION_COUNT; i++)
		names_clear(&options->values[i].texts);
	options_init(options);
}

const struct option_info *option_info(enum option_id id)
{
	return &infos[id];
}

void options_copy(struct options *to, const struct options *from)
{
	options_init(to);
	to->command = from->command;
	for (int i = 0; i < OPTION_COUNT; i++) {
		to->values[i].is_set = from->values[i].is_set;
		to->values[i].number = from->values[i].number;
		for (size_t n = 0; n < from->values[i].texts.count; n++)
			names_add(&to->values[i].texts, from->values[i].texts.items[n]);
	}
}

bool option_is_set(const struct options *options, enum option_id id)
{
	return options->values[id].is_set;
}

const char *option_text(const struct options *options, enum option_id id)
{
	const struct names *texts = &options->values[id].texts;
	return texts->count > 0 ? texts->items[texts->count - 1] : NULL;
}

int64_t option_number(const struct options *options, enum option_id id, int64_t fallback)
{
	return options->values[id].is_set ? options->values[id].number : fallback;
}

const struct names *option_list(const struct options *options, enum option_id id)
{
	return &options->values[id].texts;
}

bool option_belongs(enum option_id id, const struct command *command)
{
	const char *at = infos[id].commands;
	if (at == NULL || command == NULL)
		return at == NULL;
	size_t length = strlen(command->name);
	for (; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == length && strncmp(at, command->name, length) == 0)
			return true;
	return false;
}

static int malformed(const struct option_info *info, const char *value, const char *wanted, struct error *error)
{
	struct buf shown;
	buf_init(&shown, SHOWN_BYTES);
	escape_terminal(&shown, value);
	error_set(error, "--%s: '%s' is not %s", info->name, shown.bytes, wanted);
	buf_clear(&shown);
	return -1;
}

/* "a,b" is two values; an empty one is a slip. */
static int add_list(struct option_value *value, const struct option_info *info, const char *text, struct error *error)
{
	for (;;) {
		size_t length = strcspn(text, ",");
		if (length == 0)
			return malformed(info, text, "a list without empty entries", error);
		char *item = xstrndup(text, length);
		names_add(&value->texts, item);
		free(item);
		if (text[length] == '\0')
			return 0;
		text += length + 1;
	}
}

int option_add(struct options *options, enum option_id id, const char *text, struct error *error)
{
	struct option_value *value = &options->values[id];
	const struct option_info *info = &infos[id];
	value->is_set = true;
	switch (info->type) {
	case OPTION_FLAG:
		if (text != NULL && !str_equal(text, "1"))
			return malformed(info, text, "a version of the JSON that is known: 1", error);
		value->number++;
		return 0;
	case OPTION_COUNTER:
		value->number++;
		return 0;
	case OPTION_TEXT:
		if (*text == '\0')
			return malformed(info, text, "a value: it is empty", error);
		names_add(&value->texts, text);
		return 0;
	case OPTION_LIST_OF:
		return add_list(value, info, text, error);
	case OPTION_WHOLE:
		return str_to_int(text, 1, 1000000, &value->number) ? 0 : malformed(info, text, "a number from 1 to 1000000", error);
	case OPTION_SPAN:
		return clock_parse_duration(text, &value->number) ? 0 : malformed(info, text, "a time such as 5, 5s, 400ms or 2m", error);
	case OPTION_TIME:
		return clock_parse(text, &value->number) ? 0 : malformed(info, text, "an RFC 3339 time such as 2026-11-21T22:00:00Z", error);
	}
	return -1;
}

enum option_id option_find(const char *name)
{
	int id = 0;
	while (id < OPTION_COUNT && !str_equal(infos[id].name, name))
		id++;
	return (enum option_id)id;
}

void option_forget(struct options *options, enum option_id id)
{
	names_clear(&options->values[id].texts);
	options->values[id] = (struct option_value){0};
}

/* Other spellings that users have in their fingers. */
static const struct {
	const char *name;
	enum option_id id;
} aliases[] = {{"colour", OPTION_COLOR}};
enum { ALIASES = sizeof aliases / sizeof aliases[0] };

/* getopt's tables, from ours. */
static void make_getopt(struct option *longs, struct buf *shorts)
{
	buf_puts(shorts, ":");
	for (int i = 0; i < ALIASES; i++)
		longs[OPTION_COUNT + i] = (struct option){aliases[i].name, required_argument, NULL, LONG_BASE + (int)aliases[i].id};
	for (int id = 0; id < OPTION_COUNT; id++) {
		const struct option_info *info = &infos[id];
		int has_argument = id == OPTION_JSON ? optional_argument : info->argument != NULL ? required_argument : no_argument;
		longs[id] = (struct option){info->name, has_argument, NULL, LONG_BASE + id};
		if (info->letter == 0)
			continue;
		buf_putc(shorts, (char)info->letter);
		if (info->argument != NULL)
			buf_putc(shorts, ':');
	}
}

static enum option_id by_code(int code)
{
	if (code >= LONG_BASE)
		return (enum option_id)(code - LONG_BASE);
	for (int id = 0; id < OPTION_COUNT; id++)
		if (infos[id].letter == code)
			return (enum option_id)id;
	return OPTION_COUNT;
}

/* optopt is a letter, the code of a long option that lacks or must not have an argument, or 0 for an unknown long one. */
static int complain(int code, char **argv, struct error *error)
{
	enum option_id id = optopt != 0 ? by_code(optopt) : OPTION_COUNT;
	struct buf shown;
	buf_init(&shown, SHOWN_BYTES);
	escape_terminal(&shown, argv[optind - 1]);
	if (code == ':')
		error_set(error, "--%s needs an argument: %s", infos[id].name, infos[id].argument);
	else if (optopt >= LONG_BASE)
		error_set(error, "--%s takes no argument", infos[id].name);
	else if (optopt != 0)
		error_set(error, "-%c: unknown option; see 'cutover --help'", optopt);
	else
		error_set(error, "%s: unknown option; see 'cutover --help'", shown.bytes);
	buf_clear(&shown);
	return -1;
}

static int take_argument(struct options *options, const char *text, struct error *error)
{
	if (text[0] == '@')
		return option_add(options, OPTION_RESOLVER, text + 1, error);
	if (options->command != NULL) {
		names_add(&options->arguments, text);
		return 0;
	}
	options->command = command_find(text);
	if (options->command != NULL)
		return 0;
	struct buf shown;
	buf_init(&shown, SHOWN_BYTES);
	escape_terminal(&shown, text);
	error_set(error, "'%s' is no command; see 'cutover --help'", shown.bytes);
	buf_clear(&shown);
	return -1;
}

static int check_pairs(const struct options *options, struct error *error)
{
	for (int id = 0; id < OPTION_COUNT; id++)
		if (options->values[id].is_set && options->command != NULL && !option_belongs((enum option_id)id, options->command))
			return error_set(error, "--%s does not belong to '%s'", infos[id].name, options->command->name);
	if (option_is_set(options, OPTION_IPV4) && option_is_set(options, OPTION_IPV6))
		return error_set(error, "-4 and -6 exclude each other");
	if (option_is_set(options, OPTION_QUIET) && option_is_set(options, OPTION_VERBOSE))
		return error_set(error, "-q and -v exclude each other");
	return 0;
}

int options_parse(struct options *options, int argc, char **argv, struct error *error)
{
	struct option longs[OPTION_COUNT + ALIASES + 1] = {{0}};
	struct buf shorts;
	buf_init(&shorts, 256);
	make_getopt(longs, &shorts);
	int code, result = 0;
	opterr = 0;
	optind = 1;
	while (result == 0 && (code = getopt_long(argc, argv, shorts.bytes, longs, NULL)) != -1)
		result = code == '?' || code == ':' ? complain(code, argv, error) : option_add(options, by_code(code), optarg, error);
	for (; result == 0 && optind < argc; optind++)
		result = take_argument(options, argv[optind], error);
	buf_clear(&shorts);
	return result == 0 ? check_pairs(options, error) : -1;
}
