#include "app/since.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/rule.h"
#include "rule/history.h"

/* Recordings of the domain, the newest LIMIT_SINCE_RECORDINGS of them. */
struct past {
	const struct policy *policy;
	struct recording items[LIMIT_SINCE_RECORDINGS];
	size_t count;
	char *other; /* a domain of which there was a recording instead */
};

static int64_t time_of(const struct recording *recording)
{
	return recording->policy.now;
}

/* In their order; when there are too many, the oldest goes. */
static void insert(struct past *past, struct recording *recording)
{
	size_t at = past->count;
	while (at > 0 && time_of(&past->items[at - 1]) > time_of(recording))
		at--;
	if (past->count == LIMIT_SINCE_RECORDINGS) {
		if (at == 0)
			return;
		recording_clear(&past->items[0]);
		memmove(&past->items[0], &past->items[1], --at * sizeof past->items[0]);
	} else {
		memmove(&past->items[at + 1], &past->items[at], (past->count++ - at) * sizeof past->items[0]);
	}
	past->items[at] = *recording;
	recording_init(recording);
}

static int on_recording(struct recording *recording, void *user)
{
	struct past *past = user;
	if (!str_equal_nocase(recording->policy.domain, past->policy->domain)) {
		if (past->other == NULL)
			past->other = xstrdup(recording->policy.domain);
	} else if (time_of(recording) <= past->policy->now) {
		insert(past, recording);
	}
	return 0;
}

/* Files that are no recordings, or of another version, are no matter in a folder. */
static int read_folder(const char *path, recording_each *each, void *user, struct error *error)
{
	struct dirent **names = NULL;
	int count = scandir(path, &names, NULL, alphasort);
	if (count < 0)
		return error_set(error, "--since: %.200s: cannot be read: %s", path, strerror(errno));
	for (int i = 0; i < count; i++) {
		char *file = xasprintf("%s/%s", path, names[i]->d_name);
		struct stat status;
		if (names[i]->d_name[0] != '.' && stat(file, &status) == 0 && S_ISREG(status.st_mode))
			recording_read(file, each, user, NULL);
		free(file);
		free(names[i]);
	}
	free(names);
	return 0;
}

int since_each(const struct options *options, recording_each *each, void *user, struct error *error)
{
	const char *path = option_text(options, OPTION_SINCE);
	struct stat status;
	struct error why = {{0}};
	if (path == NULL)
		return 0;
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return read_folder(path, each, user, error);
	return recording_read(path, each, user, &why) == 0 ? 0 : error_set(error, "--since: %.400s", why.text);
}

/* What the newest one expected, once the change had been made: by TTLs, not by the few caches that it asked. */
static int64_t gone_by(const struct recording *recording)
{
	struct findings findings;
	if (recording->policy.phase != PHASE_AFTER || (recording->policy.since_ttl_s < 0 && recording->policy.old_ttl_s < 0))
		return TIME_UNKNOWN;
	findings_init(&findings);
	rules_judge(&recording->evidence, &recording->policy, &findings);
	int64_t gone = findings.old_gone_by;
	findings_clear(&findings);
	return gone;
}

static void apply(const struct past *past, struct policy *policy)
{
	struct history history;
	history_init(&history);
	for (size_t i = 0; i < past->count; i++)
		history_note(&history, &past->items[i].evidence, &past->items[i].policy, policy->ttl_limit_s);
	history.gone_by = gone_by(&past->items[past->count - 1]);
	history_apply(&history, policy);
	history_clear(&history);
}

int since_apply(const struct options *options, struct policy *policy, struct error *error)
{
	const char *path = option_text(options, OPTION_SINCE);
	if (path == NULL || policy->domain == NULL)
		return 0;
	struct past *past = xcalloc(1, sizeof *past);
	past->policy = policy;
	int result = since_each(options, on_recording, past, error);
	if (result == 0 && past->count > 0)
		apply(past, policy);
	else if (result == 0)
		result = error_set(error, "--since: %.200s holds no earlier recording of %.100s%s%.100s", path, policy->domain,
		                   past->other != NULL ? ", but of " : "", past->other != NULL ? past->other : "");
	while (past->count > 0)
		recording_clear(&past->items[--past->count]);
	free(past->other);
	free(past);
	return result;
}
