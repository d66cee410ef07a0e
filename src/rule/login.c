/*
 * Sign-ins, a finding a row: what the server's answer means. A row that was good needs no line of its own when there are many.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/product.h"
#include "rule/login_rows.h"
#include "rule/rules.h"
#include "rule/subject.h"

/* Beyond that many good rows they are counted instead. */
enum { GOOD_ROWS_SHOWN = 100 };

static const struct {
	const char *answer;
	enum finding_id id;
	const char *words;
} answers[] = {
    {"wrong-password", FINDING_LOGIN_FAILED, "the server says no"},
    {"app-password", FINDING_LOGIN_APP_PASSWORD, "an application password is wanted"},
    {"imap-off", FINDING_LOGIN_NOT_AUTHORIZED, "IMAP or the account is switched off"},
    {"not-authorized", FINDING_LOGIN_NOT_AUTHORIZED, "the mailbox may not be opened"},
    {"expired", FINDING_LOGIN_EXPIRED, "the password has expired"},
    {"limit", FINDING_LOGIN_LIMITED, "too many connections"},
    {"throttled", FINDING_LOGIN_LIMITED, "too fast"},
    {"locked", FINDING_LOGIN_LIMITED, "locked out"},
    {"unavailable", FINDING_LOGIN_LIMITED, "not available"},
    {"needs-tls", FINDING_LOGIN_WITHOUT_TLS, "the server wants TLS first"},
    {"no-password", FINDING_LOGIN_FAILED, "the server takes no passwords (LOGIN is switched off)"},
};

/* "terry@contoso.com", or "row 7" when the row has no address that looks like one. Allocated. */
static char *subject_of(const struct login_seen *seen)
{
	return seen->address != NULL ? xstrdup(seen->address) : xasprintf("row %d", (int)seen->row);
}

static struct finding *raise(const struct login_judging *judging, const struct login_seen *seen, enum finding_id id, const char *text)
{
	char *subject = subject_of(seen);
	struct finding *finding = findings_add(judging->findings, judging->policy, id, subject, "row %d: %s", (int)seen->row, text);
	finding_because(finding, seen->index);
	finding_arg_int(finding, "row", seen->row);
	if (seen->address != NULL)
		finding_arg(finding, "address", seen->address);
	finding_arg(finding, "host", judging->host);
	free(subject);
	return finding;
}

static void judge_answer(const struct login_judging *judging, const struct login_seen *seen)
{
	const struct observation *o = judging->evidence->observations[seen->index];
	const char *answer = observation_text(o, FACT_LOGIN_ANSWER, 0), *words = observation_text(o, FACT_LOGIN_WORDS, 0);
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		if (!str_equal(answers[i].answer, answer))
			continue;
		char *text = xasprintf("%s: \"%.*s\"", answers[i].words, SHORT(words));
		raise(judging, seen, answers[i].id, text);
		free(text);
	}
}

/* Nothing was sent: no TLS, a certificate that is not good, or a row that cannot be put into LOGIN. */
static void judge_skipped(const struct login_judging *judging, const struct login_seen *seen)
{
	const struct observation *o = judging->evidence->observations[seen->index];
	const char *reason = observation_text(o, FACT_SKIP_REASON, 0), *detail = observation_text(o, FACT_DETAIL, 0);
	if (reason != NULL) {
		char *text = xasprintf("not tried: %.*s", SHORT(reason));
		raise(judging, seen, FINDING_LOGIN_FAILED, text);
		free(text);
	} else {
		raise(judging, seen, FINDING_LOGIN_WITHOUT_TLS, detail != NULL ? detail : "TLS could not be set up");
	}
}

static void judge_row(const struct login_judging *judging, const struct login_seen *seen, bool shows_good)
{
	const struct observation *o = judging->evidence->observations[seen->index];
	if (o->outcome == OUTCOME_OK && shows_good)
		raise(judging, seen, FINDING_LOGIN_OK, "signed in");
	else if (o->outcome == OUTCOME_DENIED || o->outcome == OUTCOME_LIMITED)
		judge_answer(judging, seen);
	else if (o->outcome == OUTCOME_SKIPPED)
		judge_skipped(judging, seen);
}

static void sum_up_good(const struct login_judging *judging, const struct login_rows *rows, size_t good)
{
	struct finding *finding = findings_add(judging->findings, judging->policy, FINDING_LOGIN_OK, judging->target,
	                                       "%d rows signed in", (int)good);
	for (size_t i = 0; i < rows->count; i++)
		if (judging->evidence->observations[rows->items[i].index]->outcome == OUTCOME_OK) {
			finding_because(finding, rows->items[i].index); /* the first stands for all */
			break;
		}
	finding_arg(finding, "host", judging->host);
}

static const char *reason_in_words(const char *reason)
{
	static const struct {
		const char *reason, *words;
	} reasons[] = {
	    {"failures", "too many sign-ins failed in a row"},
	    {"limited", "the server began to put us off"},
	    {"no-tls", "there is no safe connection"},
	    {"login-disabled", "the server takes no passwords"},
	    {"connection", "the connection failed"},
	    {"recording", "the recording cannot be written"},
	    {"cancelled", "interrupted"},
	};
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (str_equal(reasons[i].reason, reason))
			return reasons[i].words;
	return "the run did not end";
}

/* Rows of the file without a verdict: never tried, or cut off. */
static void judge_untried(const struct login_judging *judging, const struct login_rows *rows)
{
	char which[256] = "";
	int64_t left = login_rows_unjudged(judging, rows, which, sizeof which);
	if (left <= 0)
		return;
	struct finding *finding = findings_add(judging->findings, judging->policy, FINDING_LOGIN_STOPPED, judging->target,
	                                       "%d of %d rows without a verdict (%s): %s", (int)left, (int)judging->row_count,
	                                       which, reason_in_words(judging->stopped));
	finding_because(finding, judging->last_logins);
	finding_arg_int(finding, "value", left);
	finding_arg(finding, "host", judging->host);
}

/* The form that fits the product found; rows in another administrator's form would all fail. */
static void judge_form(const struct login_judging *judging, const struct login_rows *rows)
{
	for (size_t i = 0; i < rows->count && judging->product != NULL; i++) {
		const struct login_seen *seen = &rows->items[i];
		const struct observation *o = judging->evidence->observations[seen->index];
		const char *form = observation_text(o, FACT_LOGIN_FORM, 0);
		if (o->outcome == OUTCOME_OK || form == NULL || !product_form_is_foreign(judging->product, csv_form_from_name(form)))
			continue;
		char *text = xasprintf("UserName is in the form %s, but the server is %s%s%s", form, judging->product,
		                       judging->format != NULL ? ": " : "", judging->format != NULL ? judging->format : "");
		finding_because(raise(judging, seen, FINDING_LOGIN_FORMAT, text), judging->product_index);
		free(text);
	}
}

void rule_login(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct login_judging judging = {.evidence = evidence, .policy = policy, .findings = findings};
	struct login_rows rows;
	size_t good = 0;
	if (!login_rows_collect(&judging, &rows))
		return;
	for (size_t i = 0; i < rows.count; i++)
		good += evidence->observations[rows.items[i].index]->outcome == OUTCOME_OK;
	for (size_t i = 0; i < rows.count; i++)
		judge_row(&judging, &rows.items[i], good <= GOOD_ROWS_SHOWN);
	if (good > GOOD_ROWS_SHOWN)
		sum_up_good(&judging, &rows, good);
	judge_form(&judging, &rows);
	judge_untried(&judging, &rows);
	login_rows_clear(&judging, &rows);
}
