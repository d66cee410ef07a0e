#include "app/plan_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { LINE_BYTES = 4096, LINES_MOST = 1000000 };

struct plan_reader {
	const char *path;
	int line;
	const struct options *defaults;
	struct options options; /* of the section that is being read */
	char *domain;           /* NULL: before the first section */
	plan_section *section;
	void *user;
};

static char *trim(char *text)
{
	text += strspn(text, " \t");
	size_t length = strlen(text);
	while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
		text[--length] = '\0';
	return text;
}

static void begin(struct plan_reader *reader, const char *domain)
{
	options_clear(&reader->options);
	reader->options.command = reader->defaults->command;
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_value *from = &reader->defaults->values[i];
		struct option_value *to = &reader->options.values[i];
		to->is_set = from->is_set;
		to->number = from->number;
		for (size_t n = 0; n < from->texts.count; n++)
			names_add(&to->texts, from->texts.items[n]);
	}
	free(reader->domain);
	reader->domain = xstrdup(domain);
}

static int wrong(const struct plan_reader *reader, const char *why, struct error *error)
{
	struct error copy;
	snprintf(copy.text, sizeof copy.text, "%s", why);
	return error_set(error, "%.120s:%d: %.300s", reader->path, reader->line, copy.text);
}

static int finish(struct plan_reader *reader, struct error *error)
{
	struct error why = {{0}};
	if (reader->domain == NULL)
		return 0;
	return reader->section(reader->user, &reader->options, reader->domain, &why) == 0 ? 0 : wrong(reader, why.text, error);
}

static int read_line(struct plan_reader *reader, char *line, struct error *error)
{
	struct error why = {{0}};
	char *text = trim(line);
	size_t length = strlen(text);
	if (length == 0 || *text == '#' || *text == ';')
		return 0;
	if (*text == '[') {
		if (text[length - 1] != ']')
			return wrong(reader, "a section without its closing bracket", error);
		if (finish(reader, error) != 0)
			return -1;
		text[length - 1] = '\0';
		begin(reader, trim(text + 1));
		return 0;
	}
	char *equals = strchr(text, '=');
	if (equals == NULL)
		return wrong(reader, "neither [domain] nor key = value", error);
	if (reader->domain == NULL)
		return wrong(reader, "a key before the first [domain]", error);
	*equals = '\0';
	char *key = trim(text), *value = trim(equals + 1);
	/* "a, b" as on the command line "a,b" */
	char *to = value;
	for (const char *from = value; *from != '\0'; from++)
		if (*from != ' ' && *from != '\t')
			*to++ = *from;
	*to = '\0';
	return options_set(&reader->options, key, value, &why) == 0 ? 0 : wrong(reader, why.text, error);
}

int plan_file_read(const char *path, const struct options *defaults, plan_section *section, void *user, struct error *error)
{
	struct plan_reader reader = {.path = path, .defaults = defaults, .section = section, .user = user};
	char line[LINE_BYTES];
	int result = 0;
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return error_set(error, "%.200s: cannot be read: %s", path, strerror(errno));
	options_init(&reader.options);
	while (result == 0 && reader.line < LINES_MOST && fgets(line, sizeof line, file) != NULL) {
		reader.line++;
		if (strlen(line) == sizeof line - 1 && line[sizeof line - 2] != '\n')
			result = wrong(&reader, "a line over 4,095 bytes", error);
		else
			result = read_line(&reader, line, error);
	}
	if (result == 0 && ferror(file))
		result = error_set(error, "%.200s: cannot be read: %s", path, strerror(errno));
	fclose(file);
	if (result == 0)
		result = finish(&reader, error);
	options_clear(&reader.options);
	free(reader.domain);
	return result;
}
