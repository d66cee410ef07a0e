/*
 * Every row of a migration file signed in with, once. Few at a time and slowly; a guard stops the run when sign-ins fail one
 * after another, or when the server begins to put us off: the next to be locked out would be the users.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/deadline.h"
#include "io/lookup.h"
#include "io/loop.h"
#include "io/net.h"
#include "probe/login_plan.h"
#include "probe/ramp.h"
#include "probe/sign_in.h"

struct login;

/* One row under way. */
struct attempt {
	struct login *login;
	const struct login_row *row;
	struct sign_in *sign_in;
	struct attempt *next;
};

struct login {
	struct job *job;
	const struct login_plan *plan;
	char *target;
	struct lookup *lookup;
	struct endpoint addresses[LIMIT_ADDRESSES];
	size_t address_count, address_at;
	size_t next_row, under_way_count, dialogues;
	struct attempt *under_way;
	const struct login_row *good; /* the first that signed in */
	const struct login_row *again; /* failed at an address; the next one is to be tried */
	int failures;                /* in a row */
	const char *stopped;         /* why no further row is begun, static; NULL: they are */
	bool is_cancelled, was_ramped;
	struct deadline *pace;       /* until the next row may begin */
	bool is_pacing;
	struct ramp *ramp;
	struct ready turn;
};

static void go_on(struct login *login);

/* Rows that nobody tried, and why. Rows beyond the ceiling of an observation are counted, not listed. */
static void observe_untried(struct login *login)
{
	const struct login_file *file = &login->plan->file;
	uint32_t listed = 0;
	int64_t count = 0;
	struct observation *o = observation_new("logins", login->target, NULL, clock_now_ms());
	o->outcome = login->is_cancelled ? OUTCOME_CANCELLED : OUTCOME_SKIPPED;
	observation_add_text(o, FACT_LOGINS_STOPPED, 0, login->stopped);
	for (size_t i = login->next_row; i < file->count; i++) {
		const struct login_row *row = &file->rows[i];
		if (row->is_tried)
			continue;
		count++;
		if (listed >= LIMIT_LOGIN_UNTRIED)
			continue;
		observation_add_int(o, FACT_LOGINS_UNTRIED_ROW, listed, row->number);
		if (row->address != NULL)
			observation_add_bytes(o, FACT_LOGINS_UNTRIED_ADDRESS, listed, row->address, strlen(row->address));
		listed++;
	}
	observation_add_int(o, FACT_LOGINS_UNTRIED, 0, count);
	job_observe(login->job, o);
}

static void end(struct login *login)
{
	struct job *job = login->job;
	if (login->stopped != NULL)
		observe_untried(login);
	ready_cancel(&login->turn);
	deadline_free(login->pace);
	free(login->target);
	free(login);
	job->state = NULL;
	job_end(job);
}

static void stop_because(struct login *login, const char *reason)
{
	if (login->stopped == NULL)
		login->stopped = reason;
}

/* A row that cannot be tried is said, and passed by. */
static void pass_by(struct login *login, const struct login_row *row)
{
	struct observation *o = sign_in_observation(login->target, NULL, row);
	o->outcome = OUTCOME_SKIPPED;
	observation_add_text(o, FACT_SKIP_REASON, 0, row->fault);
	job_observe(login->job, o);
}

static void on_turn(void *user)
{
	go_on(user);
}

static void schedule(struct login *login)
{
	ready_queue(&login->turn, login->job->net->loop, on_turn, login);
}

static void on_paced(void *user)
{
	struct login *login = user;
	login->is_pacing = false;
	go_on(login);
}

/* A quarter more or less, differently for each row, so that no rule of a firewall sees a beat. */
static void pace(struct login *login, const struct login_row *row)
{
	int64_t mean_ms = 1000 / login->plan->per_second;
	int64_t percent = 75 + (int64_t)(row->number * UINT32_C(2654435761) >> 16) % 51;
	int64_t wait_ms = mean_ms * percent / 100;
	login->is_pacing = true;
	if (login->pace == NULL)
		login->pace = deadline_new(login->job->net->loop, wait_ms, on_paced, login);
	else
		deadline_again(login->pace, wait_ms);
}

static void count_end(struct login *login, const struct attempt *attempt, enum sign_in_end how)
{
	switch (how) {
	case SIGN_IN_OK:
		login->failures = 0;
		if (login->good == NULL)
			login->good = attempt->row;
		break;
	case SIGN_IN_DENIED:
		if (++login->failures >= login->plan->max_failures && login->plan->max_failures > 0)
			stop_because(login, "failures");
		break;
	case SIGN_IN_LIMITED: stop_because(login, "limited"); break;
	case SIGN_IN_UNRECORDED: stop_because(login, "recording"); break;
	case SIGN_IN_UNSAFE: stop_because(login, "no-tls"); break;
	case SIGN_IN_CLOSED: stop_because(login, "login-disabled"); break;
	case SIGN_IN_BROKEN:
	case SIGN_IN_CUT: stop_because(login, "connection"); break;
	case SIGN_IN_CANCELLED: break;
	}
}

static void on_done(void *user, enum sign_in_end how, struct observation *observation, struct observation *contents)
{
	struct attempt *attempt = user, **at;
	struct login *login = attempt->login;
	for (at = &login->under_way; *at != attempt;)
		at = &(*at)->next;
	*at = attempt->next;
	login->under_way_count--;
	/* Nothing was sent to that address: the row is for the next one. */
	bool has_other = how == SIGN_IN_BROKEN && login->address_at + 1 < login->address_count && login->good == NULL;
	if (has_other && login->again == NULL && login->under_way_count == 0) {
		login->address_at++;
		login->again = attempt->row;
		observation_free(observation);
	} else {
		count_end(login, attempt, how);
		job_observe(login->job, observation);
		if (contents != NULL)
			job_observe(login->job, contents);
	}
	free(attempt);
	schedule(login);
}

static void begin(struct login *login, const struct login_row *row)
{
	struct attempt *attempt = xcalloc(1, sizeof *attempt);
	const struct sign_in_setup setup = {
	    .job = login->job,
	    .plan = login->plan,
	    .row = row,
	    .target = login->target,
	    .peer = login->addresses[login->address_at],
	    .keeps_dialogue = login->dialogues < LIMIT_LOGIN_TRANSCRIPTS,
	    .wants_sample = login->dialogues < LIMIT_SAMPLES,
	    .done = on_done,
	    .user = attempt,
	};
	login->dialogues++;
	attempt->login = login;
	attempt->row = row;
	attempt->next = login->under_way;
	login->under_way = attempt;
	login->under_way_count++;
	pace(login, row);
	attempt->sign_in = sign_in_start(&setup);
}

/*
 * How many may be under way: until one has succeeded, and after each failure, no more than could fail before the guard stops the
 * run. So a file that is wrong throughout costs max_failures attempts and not one more.
 */
static size_t allowed(const struct login *login)
{
	const struct login_plan *plan = login->plan;
	int left = plan->max_failures - login->failures;
	bool is_wary = plan->max_failures > 0 && (login->good == NULL || login->failures > 0);
	return (size_t)(is_wary && left < plan->at_once ? left : plan->at_once);
}

/* The next row to try, or NULL behind the last. */
static const struct login_row *take_row(struct login *login)
{
	const struct login_file *file = &login->plan->file;
	const struct login_row *again = login->again;
	login->again = NULL;
	if (again != NULL)
		return again;
	while (login->next_row < file->count) {
		const struct login_row *row = &file->rows[login->next_row++];
		if (row->is_tried)
			continue;
		if (row->fault == NULL)
			return row;
		pass_by(login, row);
	}
	return NULL;
}

static void sign_in_for_ramp(void *user, struct imap_link *link)
{
	struct login *login = user;
	(void)sign_in_send(link, login->plan, login->good);
}

static void on_ramped(void *user, struct observation *observation)
{
	struct login *login = user;
	login->ramp = NULL;
	job_observe(login->job, observation);
	end(login);
}

/* How many connections the server allows one user. */
static void begin_ramp(struct login *login)
{
	const struct ramp_setup setup = {
	    .link = sign_in_link(login->job, login->plan, &login->addresses[login->address_at]),
	    .target = login->target,
	    .wanted = login->job->options->connections,
	    .keeps_going = login->job->options->keeps_going,
	    .sign_in = sign_in_for_ramp,
	    .done = on_ramped,
	    .user = login,
	};
	login->was_ramped = true;
	login->ramp = ramp_start(&setup);
}

static void go_on(struct login *login)
{
	if (login->ramp != NULL)
		return;
	bool is_over = login->stopped != NULL;
	while (!is_over && !login->is_pacing && login->under_way_count < allowed(login)) {
		const struct login_row *row = take_row(login);
		is_over = row == NULL;
		if (row != NULL)
			begin(login, row);
	}
	if (login->under_way_count > 0 || !is_over)
		return;
	bool wants_ramp = login->stopped == NULL && login->job->options->connections > 0 && login->good != NULL && !login->was_ramped;
	if (wants_ramp)
		begin_ramp(login);
	else
		end(login);
}

/* The host's observation is the imap probe's to make. */
static void on_looked_up(void *user, const struct lookup_result *result, struct observation *observation)
{
	struct login *login = user;
	login->lookup = NULL;
	observation_free(observation);
	login->address_count = result->count;
	for (size_t i = 0; i < result->count; i++) {
		login->addresses[i] = result->addresses[i];
		endpoint_set_port(&login->addresses[i], login->job->target->port);
	}
	if (result->count == 0)
		stop_because(login, "connection");
	go_on(login);
}

static void start(struct job *job)
{
	struct login *login = xcalloc(1, sizeof *login);
	login->job = job;
	login->plan = job->options->login;
	login->target = target_host_port(job->target->host, job->target->port);
	job->state = login;
	login->lookup = lookup_start(job->net, job->target->host, job->target->host, on_looked_up, login);
}

static void stop(struct job *job)
{
	struct login *login = job->state;
	if (login == NULL)
		return;
	login->is_cancelled = true;
	stop_because(login, "cancelled");
	lookup_cancel(login->lookup);
	login->lookup = NULL;
	ramp_stop(login->ramp);
	for (struct attempt *attempt = login->under_way; attempt != NULL; attempt = attempt->next)
		sign_in_stop(attempt->sign_in);
	schedule(login);
}

const struct probe login_probe = {
    .name = "login",
    .about = "signs in once for each row of a migration file",
    .start = start,
    .stop = stop,
    .is_long = true,
};
