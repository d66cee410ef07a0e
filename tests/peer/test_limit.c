/* The limit probe: how many connections a peer holds. */
#include "bench.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/check_main.h"
#include "patience.h"

static struct bench bench;
static struct peer *peer;
static struct pki_pair root;
static SSL_CTX *server;

enum refusal { BY_BYE, BY_CLOSE, BY_RESET, BY_DROP };

static struct {
	int holds; /* connections that are greeted */
	enum refusal refusal;
	atomic_int farewells; /* LOGOUT heard; connections are heard side by side, so what peer_heard tells is mixed */
} house;

static void setup(void)
{
	const struct pki_request request = {.cn = "imap.lab.test", .names = "DNS:imap.lab.test"};
	root = pki_issue(&request, NULL);
	const struct pki_pair *const sent[] = {&root};
	server = pki_server(sent, 1);
}

static void teardown(void)
{
	bench_clear(&bench);
	peer_free(peer);
	SSL_CTX_free(server);
	pki_clear(&root);
}

static void serve(struct talk *talk, void *argument)
{
	bool is_over = talk_number(talk) >= house.holds;
	char tag[32];
	(void)argument;
	if (is_over && house.refusal == BY_RESET) {
		talk_reset(talk);
		return;
	}
	if (!talk_begin_tls(talk, server))
		return;
	if (is_over && house.refusal == BY_CLOSE) {
		shutdown(talk_fd(talk), SHUT_WR);
		talk_hold(talk); /* closing on unread bytes would be a reset */
		return;
	}
	if (is_over && house.refusal == BY_BYE) {
		talk_say(talk, "* BYE Too many connections from your IP\r\n");
		return;
	}
	talk_say(talk, "* OK [CAPABILITY IMAP4rev1] ready\r\n");
	if (is_over)
		return;
	const char *line = talk_hear(talk);
	if (line == NULL || sscanf(line, "%31s", tag) != 1)
		return;
	house.farewells += strcmp(line + strlen(tag), " LOGOUT") == 0;
	talk_say(talk, "* BYE bye\r\na0 OK bye\r\n");
}

static const struct observation *run(int asked, bool keeps_going)
{
	peer = peer_new("127.0.0.1", serve, NULL);
	bench_init(&bench, peer);
	bench.connections = asked;
	bench.keeps_going = keeps_going;
	bench_run(&bench, "limit");
	return bench_seen(&bench, "limit", 0);
}

static void check(const struct observation *o, int tried, int held, int refused)
{
	ck_assert_int_eq(observation_int_or(o, FACT_LIMIT_TRIED, 0, -1), tried);
	ck_assert_int_eq(observation_int_or(o, FACT_LIMIT_HELD, 0, -1), held);
	ck_assert_int_eq(observation_int_or(o, FACT_LIMIT_REFUSED, 0, -1), refused);
}

START_TEST(all_are_held_and_said_farewell)
{
	house.holds = 100;
	house.farewells = 0;
	const struct observation *o = run(8, false);
	ck_outcome(o, OK);
	check(o, 8, 8, 0);
	ck_text(o, LIMIT_SCOPE, "address");
	ck_assert_int_eq(peer_accepted(peer), 8);
	for (int waited_ms = 0; house.farewells < 8 && waited_ms < AMPLE_MS; waited_ms += 10)
		usleep(10000); /* the client does not wait for the answer to its last word */
	ck_assert_int_eq(house.farewells, 8);
}
END_TEST

static const struct {
	enum refusal refusal;
	enum outcome outcome;
	const char *words;
} refusals[] = {
    {BY_BYE, OUTCOME_LIMITED, "* BYE Too many connections from your IP"},
    {BY_CLOSE, OUTCOME_CLOSED, NULL},
    {BY_RESET, OUTCOME_RESET, NULL},
};

START_TEST(the_first_refusal_ends_it)
{
	house.holds = 5;
	house.refusal = refusals[_i].refusal;
	const struct observation *o = run(20, false);
	ck_assert_str_eq(bench_outcome(o), outcome_name(refusals[_i].outcome));
	check(o, 6, 5, 1);
	ck_assert_pstr_eq(observation_text(o, FACT_LIMIT_WORDS, 0), refusals[_i].words);
	ck_text(o, LIMIT_HOW, outcome_name(refusals[_i].outcome));
}
END_TEST

START_TEST(a_refusal_is_passed_by_when_told_so)
{
	house.holds = 5;
	house.refusal = BY_BYE;
	const struct observation *o = run(9, true);
	ck_outcome(o, LIMITED);
	check(o, 9, 5, 4);
}
END_TEST

START_TEST(one_that_is_dropped_while_held_is_told)
{
	house.holds = 3;
	house.refusal = BY_DROP;
	const struct observation *o = run(4, true);
	ck_assert_int_eq(observation_int_or(o, FACT_LIMIT_DROPPED, 0, -1), 1);
	ck_outcome(o, CLOSED);
}
END_TEST

START_TEST(an_interrupt_ends_it_soon)
{
	house.holds = 100;
	peer = peer_new("127.0.0.1", serve, NULL);
	bench_init(&bench, peer);
	bench.connections = 100;
	bench.stop_after_ms = _i == 0 ? 100 : 1700;
	bench_run(&bench, "limit");
	ck_outcome(bench_seen(&bench, "limit", 0), CANCELLED);
	ck_assert_int_lt(bench.elapsed_ms, 6500); /* a hundred connections take that long */
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tests = tcase_create("limit");
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, all_are_held_and_said_farewell);
	tcase_add_loop_test(tests, the_first_refusal_ends_it, 0, (int)(sizeof refusals / sizeof refusals[0]));
	tcase_add_test(tests, a_refusal_is_passed_by_when_told_so);
	tcase_add_test(tests, one_that_is_dropped_while_held_is_told);
	tcase_add_loop_test(tests, an_interrupt_ends_it_soon, 0, 2);
	suite_add_tcase(suite, tests);
}

CHECK_MAIN("peer/limit", fill)
