#include "io/resolver_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/target.h"
#include "model/embedded.h"
#include "model/table.h"

enum { DNS_PORT = 53, LINE_BYTES = 1024, WORD_BYTES = 200 };

void resolver_list_add(struct cache_options *options, const struct endpoint *address, const char *name, const char *place)
{
	options->resolvers = xgrow(options->resolvers, options->count, &options->room, sizeof *options->resolvers);
	options->resolvers[options->count++] = (struct listed_resolver){.address = *address, .name = xstrdup(name), .place = xstrdup(place)};
}

void resolver_list_clear(struct cache_options *options)
{
	for (size_t i = 0; i < options->count; i++) {
		free(options->resolvers[i].name);
		free(options->resolvers[i].place);
	}
	free(options->resolvers);
	*options = (struct cache_options){0};
}

void resolver_list_builtin(struct cache_options *options)
{
	struct table_row row;
	table_begin(&row, embedded_text("data/resolvers.tsv"));
	while (table_next(&row)) {
		struct endpoint address;
		if (endpoint_from_text(&address, row.fields[0], DNS_PORT))
			resolver_list_add(options, &address, row.fields[1], row.fields[2]);
	}
}

/* The next word, or with `is_rest` all that is left, printable; NULL for none. Moves *line behind it. */
static char *take_text(char **line, bool is_rest)
{
	static const char blanks[] = " \t\r";
	char *start = *line + strspn(*line, blanks);
	size_t length = is_rest ? strlen(start) : strcspn(start, blanks);
	while (length > 0 && strchr(blanks, start[length - 1]) != NULL)
		length--;
	*line = start + length;
	if (length == 0)
		return NULL;
	struct buf text;
	buf_init(&text, WORD_BYTES);
	escape_bytes(&text, start, length);
	return buf_steal(&text);
}

static int parse_address(const char *text, struct endpoint *address, struct error *error)
{
	struct target target = {0};
	if (target_parse(text, &target, error) != 0)
		return -1;
	bool is_address = endpoint_from_text(address, target.host, target.port != 0 ? target.port : DNS_PORT);
	target_clear(&target);
	return is_address ? 0 : error_set(error, "'%.80s' is not an address", text);
}

static int take_line(struct cache_options *options, char *line, struct error *error)
{
	line[strcspn(line, "#\n")] = '\0';
	char *address = take_text(&line, false), *name = take_text(&line, false), *place = take_text(&line, true);
	struct endpoint endpoint;
	int result = 0;
	if (address != NULL)
		result = parse_address(address, &endpoint, error);
	if (address != NULL && result == 0) {
		options->resolvers = xgrow(options->resolvers, options->count, &options->room, sizeof *options->resolvers);
		options->resolvers[options->count++] = (struct listed_resolver){.address = endpoint, .name = name, .place = place};
		name = place = NULL;
	}
	free(address);
	free(name);
	free(place);
	return result;
}

static int compare(const void *left, const void *right)
{
	const struct listed_resolver *a = *(struct listed_resolver *const *)left, *b = *(struct listed_resolver *const *)right;
	int order = memcmp(&a->address, &b->address, sizeof a->address);
	return order != 0 ? order : (a > b) - (a < b);
}

/* One address, one question: later lines for the same address are dropped. */
static void drop_repeated(struct cache_options *options)
{
	struct listed_resolver **sorted = xcalloc(options->count + 1, sizeof *sorted);
	size_t kept = 0;
	for (size_t i = 0; i < options->count; i++)
		sorted[i] = &options->resolvers[i];
	qsort(sorted, options->count, sizeof *sorted, compare);
	for (size_t i = 1; i < options->count; i++) {
		if (!endpoint_equal(&sorted[i - 1]->address, &sorted[i]->address))
			continue;
		free(sorted[i]->name);
		free(sorted[i]->place);
		sorted[i]->name = sorted[i]->place = NULL;
		sorted[i]->address.length = 0;
		sorted[i] = sorted[i - 1];
	}
	free(sorted);
	for (size_t i = 0; i < options->count; i++)
		if (options->resolvers[i].address.length > 0)
			options->resolvers[kept++] = options->resolvers[i];
	options->count = kept;
}

static int read_lines(struct cache_options *options, FILE *file, const char *path, struct error *error)
{
	char line[LINE_BYTES];
	for (size_t number = 1; fgets(line, sizeof line, file) != NULL; number++) {
		struct error why = {{0}};
		if (strchr(line, '\n') == NULL && strlen(line) + 1 == sizeof line)
			return error_set(error, "--resolvers: %.200s:%zu: a line over %d bytes", path, number, LINE_BYTES - 2);
		if (take_line(options, line, &why) != 0)
			return error_set(error, "--resolvers: %.200s:%zu: %s", path, number, why.text);
		if (options->count > LIMIT_LISTED_RESOLVERS)
			return error_set(error, "--resolvers: %.200s: more than %d resolvers", path, LIMIT_LISTED_RESOLVERS);
	}
	if (ferror(file))
		return error_set(error, "--resolvers: %.200s: cannot be read: %s", path, strerror(errno));
	return options->count > 0 ? 0 : error_set(error, "--resolvers: %.200s names no resolver", path);
}

int resolver_list_read(struct cache_options *options, const char *path, struct error *error)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (file == NULL)
		return error_set(error, "--resolvers: %.200s: cannot be read: %s", path, strerror(errno));
	int result = read_lines(options, file, path, error);
	if (file != stdin)
		fclose(file);
	drop_repeated(options);
	return result;
}
