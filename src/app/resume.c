#include "app/resume.h"

#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/str.h"
#include "cutover/limits.h"
#include "model/recording.h"
#include "proto/login_answer.h"

struct resume {
	const char *path;
	const struct policy *policy;
	struct login_file *file;
	struct evidence *evidence;
	struct error *error;
};

/* Rows are in ascending order. */
static struct login_row *find_row(struct login_file *file, int64_t number)
{
	size_t low = 0, high = file->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (file->rows[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < file->count && file->rows[low].number == number ? &file->rows[low] : NULL;
}

static bool is_same_address(const struct login_row *row, const char *address)
{
	struct buf escaped;
	if (row->address == NULL || address == NULL)
		return row->address == NULL && address == NULL;
	buf_init(&escaped, LIMIT_FACT_BYTES);
	escape_bytes(&escaped, row->address, strlen(row->address));
	bool is_same = str_equal(escaped.bytes, address);
	buf_clear(&escaped);
	return is_same;
}

/* LOGIN was sent. A server that only put us off has not judged, so that row may be tried again; one that locks out has. */
static bool was_tried(const struct observation *o)
{
	const char *stage = observation_text(o, FACT_LOGIN_STAGE, 0);
	enum login_answer answer = login_answer_from_name(observation_text(o, FACT_LOGIN_ANSWER, 0));
	bool was_put_off = o->outcome == OUTCOME_LIMITED && answer != LOGIN_ANSWER_LOCKED;
	return stage != NULL && !str_equal(stage, "connect") && !was_put_off;
}

static int take_login(struct resume *resume, struct observation *o)
{
	int64_t number = observation_int_or(o, FACT_LOGIN_ROW, 0, 0);
	struct login_row *row = find_row(resume->file, number);
	if (row == NULL || !is_same_address(row, observation_text(o, FACT_LOGIN_ADDRESS, 0)))
		return error_set(resume->error, "--resume: row %d of the file is not what it was in %.200s", (int)number, resume->path);
	row->is_tried = row->is_tried || was_tried(o);
	return 0;
}

static int on_recording(struct recording *recording, void *user)
{
	struct resume *resume = user;
	struct evidence *from = &recording->evidence;
	if (!str_equal(recording->policy.imap_host, resume->policy->imap_host))
		return error_set(resume->error, "--resume: %.200s is of another server", resume->path);
	for (size_t i = 0; i < from->count; i++) {
		struct observation *o = from->observations[i];
		bool is_login = str_equal(o->probe, "login"), is_mailbox = str_equal(o->probe, "mailbox");
		if (is_login && take_login(resume, o) != 0)
			return -1;
		if (!is_login && !is_mailbox)
			continue;
		evidence_take(resume->evidence, o);
		from->observations[i] = NULL;
	}
	/* What was not taken is freed, what was taken has moved. */
	size_t kept = 0;
	for (size_t i = 0; i < from->count; i++)
		if (from->observations[i] != NULL)
			from->observations[kept++] = from->observations[i];
	from->count = kept;
	return 0;
}

int resume_read(const char *path, const struct policy *policy, struct login_file *file, struct evidence *evidence, struct error *error)
{
	struct resume resume = {path, policy, file, evidence, error};
	return recording_read(path, on_recording, &resume, error);
}
