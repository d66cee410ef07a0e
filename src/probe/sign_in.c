#include "probe/sign_in.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/loop.h"
#include "io/net.h"
#include "probe/mailbox.h"
#include "probe/scrub.h"
#include "proto/login_answer.h"

enum step { STEP_CONNECT, STEP_LOGIN, STEP_EXAMINE, STEP_MAILBOX, STEP_DONE };

static const char *const stages[] = {"connect", "login", "examine", "mailbox", "done"};

struct sign_in {
	struct sign_in_setup setup;
	struct imap_link link;
	enum step step;
	struct observation *observation, *contents;
	struct mailbox *mailbox;
	int64_t began_ms;
	enum sign_in_end how;
	bool is_over;
	struct ready ending;
};

static const char *password_of(const struct login_plan *plan, const struct login_row *row, size_t *length)
{
	if (plan->password != NULL)
		return secret_bytes(plan->password, length);
	*length = row->password_length;
	return login_row_password(&plan->file, row);
}

struct observation *sign_in_observation(const char *target, const char *address, const struct login_row *row)
{
	struct observation *o = observation_new("login", target, address, clock_now_ms());
	observation_add_int(o, FACT_LOGIN_ROW, 0, row->number);
	if (row->address != NULL)
		observation_add_bytes(o, FACT_LOGIN_ADDRESS, 0, row->address, strlen(row->address));
	if (row->form != CSV_FORM_COUNT)
		observation_add_text(o, FACT_LOGIN_FORM, 0, csv_form_name(row->form));
	return o;
}

static void on_over(void *user)
{
	struct sign_in *sign_in = user;
	const struct sign_in_setup setup = sign_in->setup;
	struct observation *observation = sign_in->observation, *contents = sign_in->contents;
	enum sign_in_end how = sign_in->how;
	mailbox_free(sign_in->mailbox);
	imap_link_clear(&sign_in->link);
	free(sign_in);
	setup.done(setup.user, how, observation, contents);
}

/* The dialogue of a good sign-in says nothing new: it is dropped, since there may be 50,000. */
static void forget_dialogue(struct observation *o)
{
	for (size_t i = 0; i < o->line_count; i++)
		free(o->lines[i].text);
	free(o->lines);
	o->lines = NULL;
	o->line_count = o->line_room = 0;
}

static void finish(struct sign_in *sign_in, enum sign_in_end how, enum outcome outcome)
{
	struct observation *o = sign_in->observation;
	if (sign_in->is_over)
		return;
	sign_in->is_over = true;
	sign_in->how = how;
	imap_link_close(&sign_in->link);
	o->outcome = outcome;
	o->elapsed_ms = clock_monotonic_ms() - sign_in->began_ms;
	observation_add_text(o, FACT_LOGIN_STAGE, 0, stages[sign_in->step]);
	if (outcome == OUTCOME_CANCELLED)
		observation_add_text(o, FACT_SKIP_REASON, 0, "cancelled");
	if (sign_in->link.fault[0] != '\0')
		observation_add_text(o, FACT_DETAIL, 0, sign_in->link.fault);
	if (sign_in->mailbox != NULL)
		sign_in->contents = mailbox_observe(sign_in->mailbox, how == SIGN_IN_OK ? OUTCOME_OK : outcome);
	if (how == SIGN_IN_OK && !sign_in->setup.keeps_dialogue)
		forget_dialogue(o);
	ready_queue(&sign_in->ending, sign_in->setup.job->net->loop, on_over, sign_in);
}

/* What the server said, with the password masked, and what that means. */
static void keep_answer(struct sign_in *sign_in, enum login_answer answer, const char *line, size_t length)
{
	struct buf words;
	size_t password_length;
	const char *password = password_of(sign_in->setup.plan, sign_in->setup.row, &password_length);
	buf_init(&words, LIMIT_REPLY_BYTES);
	scrub(&words, line, length, password, password_length);
	observation_add_bytes(sign_in->observation, FACT_LOGIN_WORDS, 0, words.bytes, words.length);
	observation_add_text(sign_in->observation, FACT_LOGIN_ANSWER, 0, login_answer_name(answer));
	buf_clear(&words);
}

static void refused(struct sign_in *sign_in, enum login_answer answer, const char *line, size_t length)
{
	bool is_limit = login_answer_is_limit(answer);
	keep_answer(sign_in, answer, line, length);
	finish(sign_in, is_limit ? SIGN_IN_LIMITED : SIGN_IN_DENIED, is_limit ? OUTCOME_LIMITED : OUTCOME_DENIED);
}

bool sign_in_send(struct imap_link *link, const struct login_plan *plan, const struct login_row *row)
{
	struct imap_command command;
	size_t length;
	const char *password = password_of(plan, row, &length);
	imap_link_begin(link, &command, row->user_length + length);
	imap_command_word(&command, "LOGIN");
	imap_command_string(&command, login_row_user(&plan->file, row), row->user_length);
	imap_command_string(&command, password, length);
	if (command.is_too_long) {
		imap_command_clear(&command);
		return false;
	}
	imap_link_send(link, &command, "LOGIN (UserName) (Password)", LIMIT_LOGIN_MS);
	return true;
}

static bool has_capability(const struct imap_link *link, const char *name)
{
	return names_has(&link->dialogue.capabilities, name);
}

/* From here on the row counts as tried, whatever happens to us. False when that could not be written down. */
static bool announce(struct sign_in *sign_in)
{
	const struct login_plan *plan = sign_in->setup.plan;
	if (plan->begins == NULL)
		return true;
	struct observation *o = sign_in_observation(sign_in->setup.target, sign_in->observation->address, sign_in->setup.row);
	o->outcome = OUTCOME_CANCELLED;
	observation_add_text(o, FACT_LOGIN_STAGE, 0, stages[STEP_LOGIN]);
	observation_add_text(o, FACT_SKIP_REASON, 0, "cancelled");
	bool is_kept = plan->begins(plan->user, o);
	observation_free(o);
	return is_kept;
}

static void on_ready(void *user)
{
	struct sign_in *sign_in = user;
	const struct login_plan *plan = sign_in->setup.plan;
	static const char disabled[] = "LOGINDISABLED";
	if (sign_in->link.was_refused_tls) {
		observation_add_text(sign_in->observation, FACT_DETAIL, 0, "the server does not begin TLS");
		finish(sign_in, SIGN_IN_UNSAFE, OUTCOME_SKIPPED);
	} else if (has_capability(&sign_in->link, disabled)) {
		keep_answer(sign_in, LOGIN_ANSWER_NO_PASSWORD, disabled, sizeof disabled - 1);
		finish(sign_in, SIGN_IN_CLOSED, OUTCOME_DENIED);
	} else {
		bool is_kept = announce(sign_in);
		if (is_kept)
			sign_in->step = STEP_LOGIN;
		if (!is_kept)
			finish(sign_in, SIGN_IN_UNRECORDED, OUTCOME_CANCELLED);
		else if (!sign_in_send(&sign_in->link, plan, sign_in->setup.row))
			finish(sign_in, SIGN_IN_DENIED, OUTCOME_SKIPPED);
	}
}

/* INBOX, or what UserRoot names: an administrator who signs in may still not be let into the mailbox. */
static void examine(struct sign_in *sign_in)
{
	const struct login_row *row = sign_in->setup.row;
	const char *root = login_row_root(&sign_in->setup.plan->file, row);
	struct imap_command command;
	sign_in->step = STEP_EXAMINE;
	imap_link_begin(&sign_in->link, &command, 16 + row->root_length);
	imap_command_word(&command, "EXAMINE");
	if (row->root_length > 0)
		imap_command_string(&command, root, row->root_length);
	else
		imap_command_word(&command, "INBOX");
	imap_link_send(&sign_in->link, &command, row->root_length > 0 ? "EXAMINE (UserRoot)" : "EXAMINE INBOX", LIMIT_LOGIN_MS);
}

static void on_mailbox_done(void *user)
{
	struct sign_in *sign_in = user;
	sign_in->step = STEP_DONE;
	finish(sign_in, SIGN_IN_OK, OUTCOME_OK);
}

static void examined(struct sign_in *sign_in)
{
	const struct sign_in_setup *setup = &sign_in->setup;
	keep_answer(sign_in, LOGIN_ANSWER_OK, "", 0);
	if (!setup->plan->counts_mailboxes) {
		sign_in->step = STEP_DONE;
		finish(sign_in, SIGN_IN_OK, OUTCOME_OK);
		return;
	}
	sign_in->step = STEP_MAILBOX;
	struct observation *o = observation_new("mailbox", setup->target, sign_in->observation->address, clock_now_ms());
	observation_add_int(o, FACT_MAILBOX_ROW, 0, setup->row->number);
	if (setup->row->address != NULL)
		observation_add_bytes(o, FACT_MAILBOX_ADDRESS, 0, setup->row->address, strlen(setup->row->address));
	observation_add_int(o, FACT_MAILBOX_QUOTA_BYTES, 0, setup->plan->quota_bytes);
	const struct mailbox_setup mailbox = {
	    .link = &sign_in->link,
	    .observation = o,
	    .root = login_row_root(&setup->plan->file, setup->row),
	    .root_length = setup->row->root_length,
	    .wants_sample = setup->wants_sample,
	    .done = on_mailbox_done,
	    .user = sign_in,
	};
	sign_in->mailbox = mailbox_start(&mailbox);
}

static void on_heard(void *user, const struct imap_reply *reply)
{
	struct sign_in *sign_in = user;
	if (sign_in->step == STEP_MAILBOX)
		mailbox_heard(sign_in->mailbox, reply);
}

static void on_answered(void *user, enum imap_status status, const char *line, size_t length)
{
	struct sign_in *sign_in = user;
	if (sign_in->is_over)
		return;
	if (sign_in->step == STEP_MAILBOX) {
		mailbox_answered(sign_in->mailbox, status);
	} else if (status == IMAP_OK && sign_in->step == STEP_LOGIN) {
		examine(sign_in);
	} else if (status == IMAP_OK) {
		examined(sign_in);
	} else if (sign_in->step == STEP_LOGIN) {
		refused(sign_in, login_answer_read(line, length), line, length);
	} else {
		enum login_answer answer = login_answer_read(line, length);
		refused(sign_in, login_answer_is_limit(answer) ? answer : LOGIN_ANSWER_NOT_AUTHORIZED, line, length);
	}
}

static void on_ended(void *user, enum outcome outcome)
{
	struct sign_in *sign_in = user;
	const struct imap_link *link = &sign_in->link;
	bool was_sent = sign_in->step != STEP_CONNECT;
	const char *words = link->bye != NULL ? link->bye : link->dialogue.kind == IMAP_GREETED_BYE ? link->dialogue.greeting : NULL;
	if (sign_in->is_over)
		return;
	if (words != NULL && sign_in->step < STEP_MAILBOX) {
		enum login_answer answer = login_answer_read(words, strlen(words));
		/* A BYE that does not say why is no verdict on a password. */
		refused(sign_in, answer == LOGIN_ANSWER_WRONG_PASSWORD ? LOGIN_ANSWER_UNAVAILABLE : answer, words, strlen(words));
	} else if (!was_sent && (outcome == OUTCOME_TLS || (outcome == OUTCOME_PROTOCOL && sign_in->setup.plan->security != SECURITY_NONE))) {
		finish(sign_in, SIGN_IN_UNSAFE, OUTCOME_SKIPPED);
	} else if (sign_in->step == STEP_MAILBOX) {
		finish(sign_in, SIGN_IN_CUT, outcome); /* the sign-in itself was good; the contents are not all known */
	} else {
		finish(sign_in, was_sent ? SIGN_IN_CUT : SIGN_IN_BROKEN, outcome);
	}
}

/* Masks the password, should the server repeat it. */
static void on_said(void *user, char direction, const char *line, size_t length)
{
	struct sign_in *sign_in = user;
	struct buf shown;
	size_t password_length;
	const char *password = password_of(sign_in->setup.plan, sign_in->setup.row, &password_length);
	if (sign_in->is_over || sign_in->step == STEP_MAILBOX)
		return;
	buf_init(&shown, LIMIT_REPLY_BYTES);
	if (direction == '<')
		scrub(&shown, line, length, password, password_length);
	else
		buf_add(&shown, line, length);
	observation_say(sign_in->observation, clock_monotonic_ms() - sign_in->began_ms, direction, shown.bytes, shown.length);
	buf_clear(&shown);
}

static const struct imap_link_listener listener = {on_ready, on_heard, on_answered, on_ended, on_said};

struct imap_link_setup sign_in_link(const struct job *job, const struct login_plan *plan, const struct endpoint *peer)
{
	return (struct imap_link_setup){
	    .net = job->net,
	    .peer = *peer,
	    .host = job->target->host,
	    .security = plan->security,
	    .needs_trust = true,
	    .judge_at = job->options->judge_at,
	};
}

struct sign_in *sign_in_start(const struct sign_in_setup *setup)
{
	char address[ENDPOINT_TEXT_BYTES];
	struct sign_in *sign_in = xcalloc(1, sizeof *sign_in);
	struct imap_link_setup link = sign_in_link(setup->job, setup->plan, &setup->peer);
	sign_in->setup = *setup;
	sign_in->observation = sign_in_observation(setup->target, endpoint_address(&setup->peer, address), setup->row);
	sign_in->began_ms = clock_monotonic_ms();
	link.listener = &listener;
	link.user = sign_in;
	imap_link_open(&sign_in->link, &link);
	return sign_in;
}

void sign_in_stop(struct sign_in *sign_in)
{
	finish(sign_in, SIGN_IN_CANCELLED, OUTCOME_CANCELLED);
}
