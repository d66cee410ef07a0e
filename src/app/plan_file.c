#include "app/plan_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/facts.h"
#include "base/str.h"
#include "cutover/target.h"

enum { LINE_BYTES = 4096, LINES_MOST = 1000000 };

/* As editors on Windows put it before the first line. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* What may differ from domain to domain. */
static const enum option_id keys[] = {
    OPTION_IMAP,     OPTION_EXPECT_MX, OPTION_OLD_MX, OPTION_TENANT,   OPTION_VERIFY,    OPTION_CSV,
    OPTION_CLOUD,    OPTION_SINCE,     OPTION_AT,     OPTION_CUTOVER,  OPTION_OLD_TTL,   OPTION_PHASE,
    OPTION_ONLY,     OPTION_IGNORE,    OPTION_SEVERITY, OPTION_TTL_LIMIT, OPTION_CERT_DAYS, OPTION_ASSUME_PUBLIC,
};

struct plan_reader {
	const char *path;
	int line;
	const struct options *defaults;
	struct options options; /* of the section that is being read */
	bool is_said[OPTION_COUNT]; /* by the section itself */
	int section_line;
	struct target domain;   /* its host is NULL before the first section */
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

static int wrong_at(const struct plan_reader *reader, int line, const char *why, struct error *error)
{
	struct error copy;
	snprintf(copy.text, sizeof copy.text, "%s", why);
	return error_set(error, "%.120s:%d: %.300s", reader->path, line, copy.text);
}

static int wrong(const struct plan_reader *reader, const char *why, struct error *error)
{
	return wrong_at(reader, reader->line, why, error);
}

static int begin(struct plan_reader *reader, const char *domain, struct error *error)
{
	struct error why = {{0}};
	options_clear(&reader->options);
	options_copy(&reader->options, reader->defaults);
	memset(reader->is_said, 0, sizeof reader->is_said);
	reader->section_line = reader->line;
	target_clear(&reader->domain);
	return target_parse_domain(domain, &reader->domain, &why) == 0 ? 0 : wrong(reader, why.text, error);
}

static int finish(struct plan_reader *reader, struct error *error)
{
	struct error why = {{0}};
	if (reader->domain.host == NULL)
		return 0;
	int result = reader->section(reader->user, &reader->options, reader->domain.host, &why);
	return result == 0 ? 0 : wrong_at(reader, reader->section_line, why.text, error);
}

static bool is_key(enum option_id id)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (keys[i] == id)
			return true;
	return false;
}

/* "a, b" as on the command line "a,b" */
static void drop_blanks(char *text)
{
	char *to = text;
	for (const char *from = text; *from != '\0'; from++)
		if (*from != ' ' && *from != '\t')
			*to++ = *from;
	*to = '\0';
}

static int take_key(struct plan_reader *reader, const char *key, char *value, struct error *error)
{
	enum option_id id = option_find(key);
	struct error why = {{0}};
	if (id == OPTION_COUNT) {
		error_set(&why, "'%.80s' is not known", key);
		return wrong(reader, why.text, error);
	}
	if (!is_key(id)) {
		error_set(&why, "'%s' is of the whole run: it belongs on the command line", key);
		return wrong(reader, why.text, error);
	}
	if (option_info(id)->type == OPTION_LIST_OF)
		drop_blanks(value);
	if (!reader->is_said[id])
		option_forget(&reader->options, id);
	reader->is_said[id] = true;
	int result = option_add(&reader->options, id, value, &why);
	if (!option_belongs(id, reader->options.command))
		option_forget(&reader->options, id);
	return result == 0 ? 0 : wrong(reader, why.text, error);
}

static int read_line(struct plan_reader *reader, char *line, struct error *error)
{
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
		return begin(reader, trim(text + 1), error);
	}
	char *equals = strchr(text, '=');
	if (equals == NULL)
		return wrong(reader, "neither [domain] nor key = value", error);
	if (reader->domain.host == NULL)
		return wrong(reader, "a key before the first [domain]", error);
	*equals = '\0';
	return take_key(reader, trim(text), trim(equals + 1), error);
}

static int read_file(struct plan_reader *reader, FILE *file, struct error *error)
{
	char line[LINE_BYTES];
	int result = 0;
	while (result == 0 && reader->line < LINES_MOST && fgets(line, sizeof line, file) != NULL) {
		reader->line++;
		if (strlen(line) == sizeof line - 1 && line[sizeof line - 2] != '\n')
			result = wrong(reader, "a line over 4,095 bytes", error);
		else
			result = read_line(reader, line + (reader->line == 1 && str_starts(line, BYTE_ORDER_MARK) ? 3 : 0), error);
	}
	if (result == 0 && ferror(file))
		result = error_set(error, "%.200s: cannot be read: %s", reader->path, strerror(errno));
	return result == 0 ? finish(reader, error) : -1;
}

int plan_file_each(const struct options *options, plan_section *section, void *user, struct error *error)
{
	const char *path = option_text(options, OPTION_PLAN);
	struct plan_reader reader = {.path = path, .defaults = options, .section = section, .user = user};
	if (path == NULL)
		return 0;
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return error_set(error, "%.200s: cannot be read: %s", path, strerror(errno));
	options_init(&reader.options);
	int result = read_file(&reader, file, error);
	fclose(file);
	options_clear(&reader.options);
	target_clear(&reader.domain);
	return result;
}

struct wanted {
	const char *domain; /* or NULL */
	struct policy *policy;
	bool is_found;
};

static int on_wanted(void *user, const struct options *options, const char *domain, struct error *error)
{
	struct wanted *wanted = user;
	if (wanted->is_found || !str_equal_nocase(domain, wanted->domain))
		return 0;
	wanted->is_found = true;
	return facts_apply(options, wanted->policy, error);
}

int plan_file_apply(const struct options *options, const char *domain, struct policy *policy, struct error *error)
{
	struct wanted wanted = {.domain = domain, .policy = policy};
	int result = plan_file_each(options, on_wanted, &wanted, error);
	return result == 0 && !wanted.is_found ? facts_apply(options, policy, error) : result;
}
