#include "render/seen_login.h"

#include "base/buf.h"
#include "base/str.h"
#include "render/seen_parts.h"
#include "render/words.h"

static long long count(const struct observation *o, enum fact_key key)
{
	return (long long)observation_int_or(o, key, 0, 0);
}

static void put_row(struct buf *out, const struct observation *o, enum fact_key row, enum fact_key address)
{
	buf_printf(out, "row %lld", count(o, row));
	seen_also(out, o, address, ", ");
	buf_puts(out, ": ");
}

void seen_login(struct buf *out, const struct observation *o)
{
	const char *stage = observation_text(o, FACT_LOGIN_STAGE, 0);
	put_row(out, o, FACT_LOGIN_ROW, FACT_LOGIN_ADDRESS);
	if (observation_has(o, FACT_LOGIN_ANSWER, 0))
		seen_also(out, o, FACT_LOGIN_ANSWER, "");
	else
		seen_outcome(out, o);
	if (stage != NULL && !str_equal(stage, "done") && o->outcome != OUTCOME_OK)
		buf_printf(out, ", ended at %s", stage);
	seen_also(out, o, FACT_LOGIN_WORDS, "\nsays: ");
}

void seen_logins(struct buf *out, const struct observation *o)
{
	long long rows = count(o, FACT_LOGINS_ROWS), untried = count(o, FACT_LOGINS_UNTRIED);
	buf_printf(out, "%lld row%s", rows, rows == 1 ? "" : "s");
	if (untried > 0)
		buf_printf(out, ", %lld not tried", untried);
	seen_also(out, o, FACT_LOGINS_STOPPED, ": ");
}

void seen_mailbox(struct buf *out, const struct observation *o)
{
	put_row(out, o, FACT_MAILBOX_ROW, FACT_MAILBOX_ADDRESS);
	buf_printf(out, "%lld messages in %lld folders, %s%lld bytes", count(o, FACT_MAILBOX_MESSAGES), count(o, FACT_MAILBOX_FOLDERS),
	           observation_flag(o, FACT_MAILBOX_SIZES_KNOWN, 0) ? "" : "at least ", count(o, FACT_MAILBOX_BYTES));
	if (!observation_flag(o, FACT_MAILBOX_WHOLE, 0))
		buf_puts(out, ", not all of it was counted");
	if (o->outcome != OUTCOME_OK) {
		buf_puts(out, ": ");
		seen_outcome(out, o);
	}
	if (count(o, FACT_MAILBOX_LARGE) > 0)
		buf_printf(out, ", %lld over 35 MB", count(o, FACT_MAILBOX_LARGE));
	if (observation_has(o, FACT_MAILBOX_SAMPLE_BYTES, 0)) {
		buf_printf(out, "; %lld bytes were read in ", count(o, FACT_MAILBOX_SAMPLE_BYTES));
		words_duration(out, count(o, FACT_MAILBOX_SAMPLE_MS));
	}
}

void seen_limit(struct buf *out, const struct observation *o)
{
	bool is_user = str_equal(observation_text(o, FACT_LIMIT_SCOPE, 0), "user");
	buf_printf(out, "%lld of %lld connections held at once%s", count(o, FACT_LIMIT_HELD), count(o, FACT_LIMIT_ASKED),
	           is_user ? ", all of one user" : "");
	if (count(o, FACT_LIMIT_REFUSED) > 0)
		buf_printf(out, ", %lld refused", count(o, FACT_LIMIT_REFUSED));
	if (count(o, FACT_LIMIT_DROPPED) > 0)
		buf_printf(out, ", %lld closed while they were held", count(o, FACT_LIMIT_DROPPED));
	seen_also(out, o, FACT_LIMIT_HOW, ": ");
	seen_also(out, o, FACT_LIMIT_WORDS, "\nsays: ");
}
