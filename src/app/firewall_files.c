#include "app/firewall_files.h"

#include <stdlib.h>
#include <string.h>

#include "app/csv_input.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

enum { LABEL_BYTES = 300 };

static void feed(void *user, const void *bytes, size_t length)
{
	buf_add(user, bytes, length);
}

/* The whole file; `label` its printable name, `changed` (or NULL) when it was written last. Owned by the caller. */
static int read_file(const char *path, struct buf *text, char **label, int64_t *changed, struct error *error)
{
	struct csv_input input;
	buf_init(text, LIMIT_RULES_BYTES);
	if (csv_input_open(&input, path, error) != 0)
		return -1;
	int result = csv_input_read(&input, feed, text, error);
	if (result == 0 && text->is_full)
		result = error_set(error, "%s: more than %d bytes", input.label, LIMIT_RULES_BYTES);
	if (result == 0)
		*label = xstrdup(input.label);
	if (changed != NULL)
		*changed = input.is_file ? (int64_t)input.status.st_mtime : TIME_UNKNOWN;
	csv_input_close(&input);
	return result;
}

static int read_texts(struct firewall_files *files, const struct names *paths, struct error *error)
{
	struct buf all;
	buf_init(&all, LABEL_BYTES);
	files->texts = xcalloc(paths->count, sizeof *files->texts);
	files->prefixes = xcalloc(paths->count, sizeof *files->prefixes);
	files->lengths = xcalloc(paths->count, sizeof *files->lengths);
	int result = 0;
	for (size_t i = 0; i < paths->count && result == 0; i++) {
		struct buf text;
		char *label = NULL;
		result = read_file(paths->items[i], &text, &label, NULL, error);
		files->lengths[i] = text.length;
		files->texts[files->count++] = buf_steal(&text);
		buf_printf(&all, "%s%s", i > 0 ? ", " : "", label != NULL ? label : "");
		files->prefixes[i] = paths->count > 1 ? xasprintf("%s ", label != NULL ? label : "") : xstrdup("");
		free(label);
	}
	files->label = buf_steal(&all);
	return result;
}

/* "rules.v6", "ip6tables.save", "iptables-ipv4": as Debian and Red Hat name them. */
static unsigned family_of_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	if (strstr(name, "v6") != NULL || strstr(name, "ip6") != NULL)
		return FAMILY_V6;
	return strstr(name, "v4") != NULL || strstr(name, "iptables") != NULL ? FAMILY_V4 : 0;
}

/* One file into the ruleset; what is wrong with it is said with its name. */
static int read_rules(struct firewall_files *files, size_t i, const char *path, struct error *error)
{
	struct error why = {{0}};
	bool was_list = files->ruleset.is_list, had_rules = files->ruleset.chain_count > 0 && !was_list;
	files->ruleset.prefix = files->prefixes[i];
	if (rules_read(&files->ruleset, &files->sets, files->texts[i], files->lengths[i], &why) != 0)
		return error_set(error, "%.200s: %s", str_equal(path, "-") ? "standard input" : path, why.text);
	if (files->ruleset.is_list ? had_rules : was_list)
		return error_set(error, "%.200s: rules and lists of prefixes cannot be judged together; ask about each by itself", path);
	return 0;
}

int firewall_files_read(struct firewall_files *files, const struct names *paths, unsigned hint, struct error *error)
{
	*files = (struct firewall_files){.count = 0};
	ruleset_init(&files->ruleset);
	ipsets_init(&files->sets);
	int result = read_texts(files, paths, error);
	bool has_rules = false;
	for (int wants_sets = 1; wants_sets >= 0; wants_sets--) {
		for (size_t i = 0; i < files->count && result == 0; i++) {
			bool is_set = rules_format(files->texts[i], files->lengths[i]) == RULES_IPSET;
			unsigned by_name = family_of_name(paths->items[i]);
			files->ruleset.hint = by_name != 0 ? by_name : hint;
			if (is_set == (wants_sets == 1))
				result = read_rules(files, i, paths->items[i], error);
			has_rules = has_rules || !is_set;
		}
	}
	if (result == 0 && !has_rules)
		result = error_set(error, "%.200s: sets alone; give the rules that use them as well (iptables-save)", files->label);
	if (result != 0)
		firewall_files_clear(files);
	return result;
}

void firewall_files_clear(struct firewall_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->texts[i]);
		free(files->prefixes[i]);
	}
	free(files->texts);
	free(files->prefixes);
	free(files->lengths);
	free(files->label);
	ipsets_clear(&files->sets);
	ruleset_clear(&files->ruleset);
	*files = (struct firewall_files){.count = 0};
}

int firewall_ranges_read(struct ranges *ranges, const char *path, struct error *error)
{
	struct buf text;
	char *label = NULL;
	int64_t changed = TIME_UNKNOWN;
	int result = read_file(path, &text, &label, &changed, error);
	if (result == 0)
		result = ranges_parse(ranges, label, text.bytes, text.length, error);
	if (result == 0)
		ranges->dated = changed;
	buf_clear(&text);
	free(label);
	return result;
}
