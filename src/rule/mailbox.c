/*
 * What is in the mailboxes, against what the service documents (microsoft.md 3.2): items, sizes, folder names; and how long the
 * download would take at the rate that was measured.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/target.h"
#include "rule/login_rows.h"
#include "rule/rules.h"
#include "rule/subject.h"

enum { ITEMS_MOST = 500000, APART_GB = 50, CONNECTIONS = 20, SIZE_TEXT_BYTES = 32, NAMES_SHOWN = 3, NAMES_BYTES = 400 };

/* One mailbox being judged. */
struct box {
	const struct judging *judging;
	const struct observation *o;
	size_t index;
	char *subject, *host;
	bool is_bad;
};

/* "812 B", "3.4 MB", "51 GB", in powers of 1024. */
static const char *size_format(int64_t bytes, char text[SIZE_TEXT_BYTES])
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
	size_t unit = 0;
	double value = (double)bytes;
	while (value >= 1024 && unit + 1 < sizeof units / sizeof units[0]) {
		value /= 1024;
		unit++;
	}
	snprintf(text, SIZE_TEXT_BYTES, unit > 0 && value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
	return text;
}

static int64_t count(const struct box *box, enum fact_key key)
{
	return observation_int_or(box->o, key, 0, 0);
}

static struct finding *raise(struct box *box, enum finding_id id, const char *text)
{
	struct finding *finding = findings_add(box->judging->findings, box->judging->policy, id, box->subject, "%s", text);
	finding_because(finding, box->index);
	finding_arg(finding, "address", box->subject);
	finding_arg(finding, "host", box->host);
	finding_arg_int(finding, "row", count(box, FACT_MAILBOX_ROW));
	box->is_bad = true;
	return finding;
}

static void raise_free(struct box *box, enum finding_id id, char *text)
{
	raise(box, id, text);
	free(text);
}

/* "A", "B" and 12 more */
static void name_some(const struct box *box, enum fact_key key, int64_t total, char text[NAMES_BYTES])
{
	int64_t shown = 0;
	text[0] = '\0';
	for (; shown < total && shown < NAMES_SHOWN; shown++) {
		size_t length = strlen(text);
		const char *name = observation_text(box->o, key, (uint32_t)shown);
		snprintf(text + length, NAMES_BYTES - length, "%s\"%.*s\"", shown > 0 ? ", " : "", SHORT(name));
	}
	size_t length = strlen(text);
	if (total > shown)
		snprintf(text + length, NAMES_BYTES - length, " and %d more", (int)(total - shown));
}

static void judge_sizes(struct box *box)
{
	int64_t messages = count(box, FACT_MAILBOX_MESSAGES), bytes = count(box, FACT_MAILBOX_BYTES), large = count(box, FACT_MAILBOX_LARGE);
	int64_t quota = count(box, FACT_MAILBOX_QUOTA_BYTES), apart = (int64_t)APART_GB << 30;
	char size[SIZE_TEXT_BYTES], limit[SIZE_TEXT_BYTES];
	if (messages > ITEMS_MOST)
		raise_free(box, FINDING_MAILBOX_TOO_MANY_ITEMS,
		           xasprintf("%lld messages, %lld too many", (long long)messages, (long long)(messages - ITEMS_MOST)));
	if (large > 0)
		raise_free(box, FINDING_MAILBOX_LARGE_MESSAGE,
		           xasprintf("%d over 35 MB, the largest %s", (int)large, size_format(count(box, FACT_MAILBOX_LARGEST_BYTES), size)));
	if (quota > 0 && bytes > quota)
		raise_free(box, FINDING_MAILBOX_MAY_NOT_FIT,
		           xasprintf("%s of mail, the target holds %s", size_format(bytes, size), size_format(quota, limit)));
	else if (bytes > apart)
		raise_free(box, FINDING_MAILBOX_MAY_NOT_FIT, xasprintf("%s of mail: move it apart and off-hours", size_format(bytes, size)));
}

static void judge_folders(struct box *box)
{
	int64_t slashes = count(box, FACT_MAILBOX_SLASHES), shared = count(box, FACT_MAILBOX_SHARED_FOLDERS);
	int64_t broken = count(box, FACT_MAILBOX_BROKEN_NAMES);
	char names[NAMES_BYTES];
	if (observation_flag(box->o, FACT_MAILBOX_GMAIL, 0))
		raise(box, FINDING_MAILBOX_GMAIL_LABELS, "there is a [Gmail] folder");
	name_some(box, FACT_MAILBOX_SLASH, slashes, names);
	if (slashes > 0)
		raise(box, FINDING_MAILBOX_FOLDER_SLASH, names);
	name_some(box, FACT_MAILBOX_UNDECODED, broken, names);
	if (broken > 0)
		raise(box, FINDING_MAILBOX_FOLDER_NAME, names);
	name_some(box, FACT_MAILBOX_SHARED, shared, names);
	if (shared > 0)
		raise(box, FINDING_MAILBOX_PUBLIC_FOLDERS, names);
}

static void judge_whole(struct box *box)
{
	bool is_whole = observation_flag(box->o, FACT_MAILBOX_WHOLE, 0) && observation_flag(box->o, FACT_MAILBOX_SIZES_KNOWN, 0);
	char size[SIZE_TEXT_BYTES];
	size_format(count(box, FACT_MAILBOX_BYTES), size);
	char *text = xasprintf("%s%lld messages in %lld folders, %s", is_whole ? "" : "not all could be counted; so far ",
	                       (long long)count(box, FACT_MAILBOX_MESSAGES), (long long)count(box, FACT_MAILBOX_FOLDERS), size);
	if (!box->is_bad) {
		struct finding *finding = raise(box, FINDING_MAILBOX_OK, text);
		if (!is_whole)
			finding->severity = SEVERITY_UNKNOWN; /* what was not counted may pass a limit */
	}
	free(text);
}

static char *host_of(const struct observation *o)
{
	struct target target = {0};
	char *host = xstrdup(target_parse(o->target, &target, NULL) == 0 ? target.host : o->target);
	target_clear(&target);
	return host;
}

static void judge_box(const struct judging *judging, size_t index)
{
	const struct observation *o = judging->evidence->observations[index];
	const char *address = observation_text(o, FACT_MAILBOX_ADDRESS, 0);
	struct box box = {.judging = judging, .o = o, .index = index, .host = host_of(o)};
	box.subject = address != NULL ? xstrdup(address) : xasprintf("row %d", (int)count(&box, FACT_MAILBOX_ROW));
	judge_sizes(&box);
	judge_folders(&box);
	judge_whole(&box);
	free(box.subject);
	free(box.host);
}

void rule_mailbox(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	const struct judging judging = {evidence, policy, findings};
	struct login_rows rows;
	login_rows_last(evidence, "mailbox", FACT_MAILBOX_ROW, FACT_MAILBOX_ADDRESS, &rows);
	for (size_t i = 0; i < rows.count; i++)
		judge_box(&judging, rows.items[i].index);
	free(rows.items);
}

/* What was read of all mailboxes, and how much there is. */
struct speed {
	int64_t bytes, sampled, took_ms;
	const struct observation *o; /* the first that has a sample */
	size_t index, mailboxes;
};

static void add_up(const struct evidence *evidence, struct speed *speed)
{
	struct login_rows rows;
	login_rows_last(evidence, "mailbox", FACT_MAILBOX_ROW, FACT_MAILBOX_ADDRESS, &rows);
	speed->mailboxes = rows.count;
	for (size_t i = 0; i < rows.count; i++) {
		const struct observation *o = evidence->observations[rows.items[i].index];
		speed->bytes += observation_int_or(o, FACT_MAILBOX_BYTES, 0, 0);
		speed->sampled += observation_int_or(o, FACT_MAILBOX_SAMPLE_BYTES, 0, 0);
		speed->took_ms += observation_int_or(o, FACT_MAILBOX_SAMPLE_MS, 0, 0);
		if (speed->o == NULL && observation_has(o, FACT_MAILBOX_SAMPLE_BYTES, 0)) {
			speed->o = o;
			speed->index = rows.items[i].index;
		}
	}
	free(rows.items);
}

void rule_speed(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct speed speed = {0};
	char size[SIZE_TEXT_BYTES], rate[SIZE_TEXT_BYTES], one[CLOCK_TEXT_BYTES], many[CLOCK_TEXT_BYTES];
	add_up(evidence, &speed);
	if (speed.sampled == 0 || speed.took_ms == 0)
		return;
	int64_t per_second = speed.sampled * 1000 / speed.took_ms;
	int64_t seconds = per_second > 0 ? speed.bytes / per_second : 0;
	char *host = host_of(speed.o);
	clock_format_span(seconds, one);
	clock_format_span(seconds / CONNECTIONS, many);
	struct finding *finding = findings_add(findings, policy, FINDING_SPEED_ESTIMATE, speed.o->target,
	                                       "%s/s over one connection: %s in %d mailboxes take %s, with %d at once "
	                                       "%s if the server keeps pace",
	                                       size_format(per_second, rate), size_format(speed.bytes, size), (int)speed.mailboxes,
	                                       one, CONNECTIONS, many);
	finding_because(finding, speed.index);
	finding_arg(finding, "host", host);
	free(host);
}
