#include "model/mtasts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/tag_list.h"

static const char *const mode_names[] = {"none", "testing", "enforce"};

const char *mtasts_mode_name(enum mtasts_mode mode)
{
	return mode_names[mode];
}

bool mtasts_is_record(const char *text)
{
	if (!str_starts(text, "v=STSv1"))
		return false;
	text += 7 + strspn(text + 7, " \t");
	return *text == ';';
}

bool mtasts_record_id(const char *text, char id[MTASTS_ID_BYTES])
{
	struct tag_list tags;
	tag_list_parse(text, &tags);
	const char *value = tag_list_get(&tags, "id");
	size_t length = value != NULL ? strlen(value) : 0;
	bool is_good = length >= 1 && length < MTASTS_ID_BYTES;
	for (size_t i = 0; i < length; i++)
		is_good = is_good && isalnum((unsigned char)value[i]);
	snprintf(id, MTASTS_ID_BYTES, "%s", is_good ? value : "");
	tag_list_clear(&tags);
	return is_good;
}

static void fault(struct mtasts_policy *policy, const char *what, const char *value)
{
	if (policy->fault[0] == '\0')
		snprintf(policy->fault, sizeof policy->fault, "%s%.60s", what, value);
}

/* What was seen of the keys that must stand once. */
struct seen {
	bool version, mode, max_age;
};

static void read_mode(struct mtasts_policy *policy, const char *value)
{
	for (int i = 0; i < 3; i++) {
		if (!str_equal(value, mode_names[i]))
			continue;
		policy->mode = (enum mtasts_mode)i;
		return;
	}
	fault(policy, "unknown mode: ", value);
}

static void read_pair(struct mtasts_policy *policy, struct seen *seen, const char *key, char *value)
{
	if (str_equal(key, "version") && !seen->version) {
		seen->version = true;
		if (!str_equal(value, "STSv1"))
			fault(policy, "unknown version: ", value);
	} else if (str_equal(key, "mode") && !seen->mode) {
		seen->mode = true;
		read_mode(policy, value);
	} else if (str_equal(key, "max_age") && !seen->max_age) {
		seen->max_age = true;
		if (!str_to_int(value, 0, MTASTS_MAX_AGE_S, &policy->max_age_s))
			fault(policy, "max_age is not a number from 0 to 31557600: ", value);
	} else if (str_equal(key, "mx") && policy->pattern_count < MTASTS_PATTERNS) {
		str_lower(value);
		policy->patterns[policy->pattern_count++] = xstrdup(value);
	}
}

static void read_line(struct mtasts_policy *policy, struct seen *seen, char *line)
{
	size_t length = strlen(line);
	while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL)
		line[--length] = '\0';
	if (length == 0)
		return;
	char *colon = strchr(line, ':');
	if (colon == NULL) {
		fault(policy, "no key: value line: ", line);
		return;
	}
	*colon = '\0';
	read_pair(policy, seen, line, colon + 1 + strspn(colon + 1, " \t"));
}

void mtasts_policy_parse(const char *bytes, size_t length, struct mtasts_policy *policy)
{
	struct seen seen = {0};
	*policy = (struct mtasts_policy){0};
	if (length > MTASTS_POLICY_BYTES)
		length = MTASTS_POLICY_BYTES;
	while (length > 0) {
		const char *end = memchr(bytes, '\n', length);
		size_t taken = end != NULL ? (size_t)(end - bytes) : length;
		char *line = xstrndup(bytes, taken);
		read_line(policy, &seen, line);
		free(line);
		taken += end != NULL;
		bytes += taken;
		length -= taken;
	}
	if (!seen.version)
		fault(policy, "no version line", "");
	if (!seen.mode)
		fault(policy, "no mode line", "");
	if (!seen.max_age)
		fault(policy, "no max_age line", "");
	if (policy->pattern_count == 0 && policy->mode != MTASTS_NONE)
		fault(policy, "no mx line", "");
}

void mtasts_policy_clear(struct mtasts_policy *policy)
{
	for (size_t i = 0; i < policy->pattern_count; i++)
		free(policy->patterns[i]);
	policy->pattern_count = 0;
}

bool mtasts_pattern_matches(const char *pattern, const char *host)
{
	if (!str_starts(pattern, "*."))
		return str_equal_nocase(pattern, host);
	const char *dot = strchr(host, '.');
	return dot != NULL && dot != host && str_equal_nocase(pattern + 1, dot);
}

bool mtasts_covers(const struct mtasts_policy *policy, const char *host)
{
	for (size_t i = 0; i < policy->pattern_count; i++)
		if (mtasts_pattern_matches(policy->patterns[i], host))
			return true;
	return false;
}
