#include "rule/login_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/target.h"

enum { SHOWN_ROWS = 12 };

static int by_row(const void *a, const void *b)
{
	const struct login_seen *one = a, *other = b;
	if (one->row != other->row)
		return one->row < other->row ? -1 : 1;
	return one->index < other->index ? -1 : one->index > other->index;
}

/* Keeps the last of each row. */
static void settle(struct login_rows *rows)
{
	size_t kept = 0;
	if (rows->count > 1)
		qsort(rows->items, rows->count, sizeof *rows->items, by_row);
	for (size_t i = 0; i < rows->count; i++)
		if (i + 1 == rows->count || rows->items[i + 1].row != rows->items[i].row)
			rows->items[kept++] = rows->items[i];
	rows->count = kept;
}

static void take_host(struct login_judging *judging)
{
	struct target target = {0};
	if (target_parse(judging->target, &target, NULL) == 0)
		judging->host = xstrdup(target.host);
	else
		judging->host = xstrdup(judging->target);
	target_clear(&target);
}

void login_rows_last(const struct evidence *evidence, const char *probe, enum fact_key row, enum fact_key address, struct login_rows *rows)
{
	*rows = (struct login_rows){0};
	for (size_t i = evidence_next(evidence, 0, probe); i < evidence->count; i = evidence_next(evidence, i + 1, probe)) {
		const struct observation *o = evidence->observations[i];
		if (!observation_has(o, row, 0))
			continue;
		rows->items = xgrow(rows->items, rows->count, &rows->room, sizeof *rows->items);
		rows->items[rows->count++] = (struct login_seen){observation_int_or(o, row, 0, 0), i, observation_text(o, address, 0)};
	}
	settle(rows);
}

bool login_rows_collect(struct login_judging *judging, struct login_rows *rows)
{
	const struct evidence *evidence = judging->evidence;
	login_rows_last(evidence, "login", FACT_LOGIN_ROW, FACT_LOGIN_ADDRESS, rows);
	for (size_t i = 0; i < evidence->count; i++) {
		const struct observation *o = evidence->observations[i];
		if (str_equal(o->probe, "logins")) {
			judging->target = o->target;
			judging->last_logins = i;
			judging->row_count = observation_int_or(o, FACT_LOGINS_ROWS, 0, judging->row_count);
			judging->stopped = observation_text(o, FACT_LOGINS_STOPPED, 0);
		} else if (str_equal(o->probe, "login")) {
			judging->target = o->target;
		} else if (str_equal(o->probe, "imap") && observation_has(o, FACT_IMAP_PRODUCT, 0)) {
			judging->product = observation_text(o, FACT_IMAP_PRODUCT, 0);
			judging->format = observation_text(o, FACT_IMAP_ADMIN_FORMAT, 0);
			judging->product_index = i;
		}
	}
	if (judging->target == NULL)
		return false;
	take_host(judging);
	return true;
}

void login_rows_clear(struct login_judging *judging, struct login_rows *rows)
{
	free(judging->host);
	free(rows->items);
}

/* The server judged the row, or it was said why it cannot be tried. */
static bool has_verdict(const struct observation *o)
{
	bool is_fault = o->outcome == OUTCOME_SKIPPED && observation_has(o, FACT_SKIP_REASON, 0);
	return o->outcome == OUTCOME_OK || o->outcome == OUTCOME_DENIED || o->outcome == OUTCOME_LIMITED || is_fault;
}

static void name_row(char *text, size_t room, int64_t row, int *named)
{
	size_t length = strlen(text);
	if (*named < SHOWN_ROWS)
		snprintf(text + length, room - length, "%s%s%d", *named > 0 ? ", " : "", *named == 0 ? "rows " : "", (int)row);
	else if (*named == SHOWN_ROWS)
		snprintf(text + length, room - length, ", ...");
	++*named;
}

int64_t login_rows_unjudged(const struct login_judging *judging, const struct login_rows *rows, char *text, size_t room)
{
	const struct observation *logins = judging->evidence->observations[judging->last_logins];
	int64_t judged = 0;
	int named = 0;
	for (size_t i = 0; i < rows->count; i++) {
		bool is_judged = has_verdict(judging->evidence->observations[rows->items[i].index]);
		judged += is_judged;
		if (!is_judged)
			name_row(text, room, rows->items[i].row, &named);
	}
	uint32_t listed = str_equal(logins->probe, "logins") ? observation_rows(logins, FACT_LOGINS_UNTRIED_ROW) : 0;
	for (uint32_t i = 0; i < listed; i++)
		name_row(text, room, observation_int_or(logins, FACT_LOGINS_UNTRIED_ROW, i, 0), &named);
	if (named == 0)
		snprintf(text, room, "not listed");
	return judging->row_count > 0 ? judging->row_count - judged : named;
}
